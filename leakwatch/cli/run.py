"""`run`: keeps watch; `work`: the process that it has reading done by."""

from __future__ import annotations

import os
from pathlib import Path

import click
from msgspec import structs

from leakwatch.cli import settings, stopping
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import FILE_NAME, Config, load
from leakwatch.daemon import instance, refusals
from leakwatch.daemon.proving import pass_now
from leakwatch.daemon.refusals import RULES_KEPT
from leakwatch.errors import RulesError

_path = click.Path(path_type=Path)
_STOPPING = "正在停止：读完手里的一项就结束，最多等 10 分钟；定时任务最多再等 1 分钟，没做完的下次启动接着做。再按一次 Ctrl+C 立即停止。"
_PARTIAL = (
    "的名字像是没有传完（临时文件、隐藏文件），没有读；常驻程序（leakwatch run）会等它一小时，再按现有内容读"
)


@click.command(cls=Command, help="常驻监视：收件箱、夜间扫描、期限提醒、审核页面")
@click.option("--once", is_flag=True, help="读完收件箱里现有的内容就结束")
@settings.option
@click.pass_obj
def run(road: Road, /, once: bool, config_file: Path | None) -> None:
    """Until SIGTERM or Ctrl+C: what was read by then is recorded, the rest waits for the next start."""
    config = load(config_file, os.environ)
    file = config_file or (Path(FILE_NAME) if Path(FILE_NAME).exists() else None)
    refusals.check(config, file)
    _refuse_bad_rules(config, file)
    if once:
        _handle_what_is_there(road, config, file)
    else:
        _keep_watch(road, config, file)


def _refuse_bad_rules(config: Config, file: Path | None) -> None:
    """Before the first start; later the rules that passed last are there."""
    if not (config.paths.data_dir / RULES_KEPT).is_dir() and not pass_now(file):
        raise RulesError("没有启动：规则没有通过检查，请运行 leakwatch rules check 查看，改正后再启动")


def _keep_watch(road: Road, config: Config, file: Path | None) -> None:
    environ = dict(os.environ)
    keeping = road.open_page(config)
    from leakwatch.daemon import running, systemd  # its tables need Django ready

    with running.watchman(config, file, environ) as watchman:
        watchman.sealer = keeping.sealer
        stop = stopping.until_signals(watchman.bell.set)
        server = road.start_page(config, file, environ)
        with running.timers(config, keeping, watchman, file):
            systemd.notify(systemd.READY, os.environ)
            click.echo(
                f"正在监视。审核页面：http://{config.web.host}:{config.web.port}/ ，按 Ctrl+C 停止。",
                err=True,
            )
            watchman.keep_watch(stop.is_set)
            systemd.notify(systemd.STOPPING, os.environ)
            click.echo(_STOPPING, err=True)
            watchman.close()
        server.close()


def _handle_what_is_there(road: Road, config: Config, file: Path | None) -> None:
    environ = dict(os.environ)
    keeping = road.open_store(config)
    from leakwatch.daemon import running

    with running.watchman(config, file, environ) as watchman:
        watchman.sealer = keeping.sealer
        stop = stopping.until_signals(watchman.bell.set)
        watchman.keep_watch(lambda: stop.is_set() or watchman.is_idle)
        watchman.close()
    if watchman.is_idle and watchman.partial:
        click.echo(f"{watchman.partial} 项{_PARTIAL}", err=True)


@click.command(cls=Command, hidden=True, help="读取队列里的内容（由 run 启动）")
@click.option("--owner", required=True)
@click.option("--daemon", "given", type=(int, _path, _path), default=(0, Path(), Path()))
@settings.option
@click.pass_obj
def work(road: Road, /, owner: str, given: tuple[int, Path, Path], config_file: Path | None) -> None:
    """Until nothing came for a while, or the daemon that wanted it is gone.

    given: the daemon's process id, and the folders of rules and of data that it was started with.
    """
    config, (parent, rules, data) = load(config_file, os.environ), given
    if parent:  # edited since then, its queue would lie elsewhere and nobody would work it off
        config = structs.replace(config, paths=structs.replace(config.paths, data_dir=data))
    if not rules.is_dir():  # moved away: those that passed last hold, not those that leakwatch comes with
        config = structs.replace(config, paths=structs.replace(config.paths, keyword_lists=rules))
    stop = stopping.until_signals(lambda: None)
    keeping = road.join_store(config)
    from leakwatch.daemon import running  # its tables need Django ready

    lives = instance.has_parent(parent)
    running.work(config, keeping, owner, lambda: stop.is_set() or not lives())
