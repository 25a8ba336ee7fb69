"""`status`: how things stand, in counts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import Config, load
from leakwatch.model import SHANGHAI

if TYPE_CHECKING:
    from leakwatch.store.standing import Standing

_LEAST_MIB = 512
"""Where hardly anything is left the database cannot even take down why nothing is read."""
_JOBS = {
    "watch": "收件箱",
    "worker": "读取进程",
    "rules": "规则",
    "forms": "线索报告表",
    "uploads": "封存上传的内容",
    "nightly": "夜间扫描",
    "backup": "备份",
    "verify": "核对证据和日志",
    "report": "早报",
    "canary": "自检",
    "silence": "自检回音",
    "clocks": "期限提醒",
    "letters": "通知",
    "register": "登记表提醒",
    "tidying": "清理",
    "purge": "到期清除",
}


@click.command(cls=Command, help="现在的情况：在不在运行、队列、昨夜、超期、未读")
@settings.option
@click.pass_obj
def status(road: Road, /, config_file: Path | None) -> int:
    """0 if the daemon runs and nothing is overdue, else 1."""
    config = load(config_file, os.environ)
    road.open_store(config)
    from leakwatch.daemon.instance import is_held  # its tables need Django ready
    from leakwatch.store.standing import now_standing
    from leakwatch.vault import system_clock

    now = system_clock()
    runs = is_held(config.paths.data_dir, "daemon")
    shown = now_standing(now)
    free_mib = shutil.disk_usage(config.paths.data_dir).free >> 20
    full = (
        f"磁盘快满：数据文件夹所在磁盘只剩 {free_mib} MiB，请清理，腾出后自动接着读\n"
        if free_mib < _LEAST_MIB
        else ""
    )
    output.write(full + "".join(f"{line}\n" for line in _lines(config, runs, shown)), None)
    return int(not runs or bool(shown.overdue))


def _lines(config: Config, runs: bool, shown: Standing) -> Iterator[str]:
    yield f"常驻程序：{'正在运行' if runs else '没有运行，请运行 leakwatch run'}"
    yield f"审核页面：http://{config.web.host}:{config.web.port}/"
    since = shown.oldest_waits_since
    yield f"队列：{shown.waiting} 项等待或正在读取" + (f"，最早的从 {_moment(since)} 等起" if since else "")
    yield from (f"  正在读取：{progress or '刚开始'}" for progress in shown.progress)
    yield from (f"  {sentence}" for sentence in shown.waits_because)
    arrived = sum(shown.arrivals.values())
    states = (("done", "已读"), ("seen", "以前读过"), ("given_up", "已放弃"), ("gone", "读前被拿走"))
    yield f"收到：{arrived} 项，" + "，".join(f"{word} {shown.arrivals.get(key, 0)}" for key, word in states)
    yield f"没有读到：{shown.unread} 处" + ("，请在审核页面“未读”里逐处处理" if shown.unread else "")
    yield f"线索：待处理 {shown.leads} 件，须立即报告 {shown.at_once} 件，已超期 {shown.overdue} 件"
    yield f"没有写出的线索报告表：{shown.forms_unwritten} 份"
    yield "；".join((f"没有送出的通知：{shown.undelivered} 条", *shown.undelivered_because))
    yield f"最近一次扫描：{_moment(shown.last_scan_at)}"
    for run in shown.runs:
        failed = f"{_moment(run.tried_at)} 没有做成，" if run.has_failed else ""
        detail = f"；{run.detail}" if run.detail else ""
        yield f"{_JOBS.get(run.name, run.name)}：{failed}上次完成 {_moment(run.succeeded_at)}{detail}"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "还没有"
