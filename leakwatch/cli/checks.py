"""What `doctor` asks of the machine that keeps watch: disk, clock, rights, key, database, alarms of the system."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from leakwatch.config import FILE_NAME, Config
from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI

_ROOM_MIB = 2_048
_WATCHES = 8_192
"""Folders below the inboxes that the system may be asked to watch; each takes one."""
_INOTIFY = Path("/proc/sys/fs/inotify/max_user_watches")
_DATABASE = "leakwatch.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    is_ok: bool
    detail: str
    """What was found, or how to mend it (Chinese)."""
    is_needed: bool = True


def keeping_checks(config: Config, config_file: Path | None = None) -> Iterator[Check]:
    """All of them, in the order in which they are mended."""
    yield _disk(config)
    yield _clock(config)
    yield _rights(config, config_file or (Path(FILE_NAME) if Path(FILE_NAME).exists() else None))
    yield _inboxes(config)
    yield _key(config)
    yield _database(config)
    yield _alarms()


def _disk(config: Config) -> Check:
    place = _there(config.paths.data_dir)
    free = shutil.disk_usage(place).free >> 20
    need = max(_ROOM_MIB, 2 * config.limits.file_mib) if config.inbox else _ROOM_MIB
    detail = f"{place} 所在磁盘剩 {free} MiB"
    if free < _ROOM_MIB:
        return Check(name="磁盘", is_ok=False, detail=f"{detail}，至少要 {_ROOM_MIB} MiB，请清理")
    if free < need:
        detail += f"；最大的文件（file_mib）约需 {need} MiB，届时会等到磁盘腾出再读"
    return Check(name="磁盘", is_ok=True, detail=detail)


def _clock(config: Config) -> Check:
    """Deadlines hang on it: a clock behind what is written already was set back."""
    now = datetime.now(SHANGHAI)
    newest = _newest_row(config)
    if newest is not None and newest > now:
        detail = f"现在是 {now:%Y-%m-%d %H:%M}，比数据库里最近的记录（{newest:%Y-%m-%d %H:%M}）还早，请校准系统时间"
        return Check(name="时钟", is_ok=False, detail=detail)
    return Check(name="时钟", is_ok=True, detail=f"{now:%Y-%m-%d %H:%M}（北京时间），请核对")


def _rights(config: Config, config_file: Path | None) -> Check:
    from leakwatch.daemon.refusals import refusals

    found = refusals(config, config_file)
    detail = f"{len(found)} 处，常驻程序不会启动；第一处：{found[0]}" if found else "可以启动常驻程序"
    return Check(name="文件夹和权限", is_ok=not found, detail=detail)


def _inboxes(config: Config) -> Check:
    """Notes and our own daily export are written there."""
    names = (inbox.path for inbox in config.inbox)
    closed = [
        str(path) for path in names if path.exists() and not os.access(path, os.R_OK | os.W_OK | os.X_OK)
    ]
    if closed:
        detail = f"{'、'.join(closed)} 打不开或写不进去，请放开权限，或以只读方式挂载的改为可写"
        return Check(name="收件箱", is_ok=False, detail=detail)
    return Check(name="收件箱", is_ok=True, detail=f"{len(config.inbox)} 个")


def _key(config: Config) -> Check:
    """Also whether it opens what is there."""
    from leakwatch.keeping import KEYS, prepare
    from leakwatch.vault.keys import VARIABLE, load_key

    place = config.store.key_file
    given = {VARIABLE: os.environ[VARIABLE]} if VARIABLE in os.environ else {}
    if not place.exists() and not given:
        is_new = not (config.paths.data_dir / _DATABASE).exists()
        detail = "还没有，第一次运行时生成" if is_new else f"{place} 不见了，请从另存的备份放回"
        return Check(name="主密钥", is_ok=is_new, detail=detail)
    try:
        key = load_key(place, given, [config.paths.data_dir])
        if (config.paths.data_dir / KEYS).exists() or (config.paths.data_dir / _DATABASE).exists():
            prepare(config, given, lambda _said: None)
    except LeakwatchError as why:
        return Check(name="主密钥", is_ok=False, detail=str(why))
    return Check(name="主密钥", is_ok=True, detail=f"编号 {key.id}，请确认另有一份备份")


def _database(config: Config) -> Check:
    from leakwatch.store.backup import BACK
    from leakwatch.vault import EVIDENCE

    if config.store.database:
        return Check(name="数据库", is_ok=True, detail="PostgreSQL，运行时检查")
    place = config.paths.data_dir / _DATABASE
    if not place.exists() or not place.stat().st_size:
        if any((config.paths.data_dir / EVIDENCE).glob("*/??/*")):
            detail = f"{place} 不见了或是空的，而封存的原件还在；{BACK}"
            return Check(name="数据库", is_ok=False, detail=detail)
        return Check(name="数据库", is_ok=True, detail="还没有，第一次运行时建立")
    try:
        with closing(sqlite3.connect(place, timeout=5)) as database:
            (said,) = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as why:
        said = type(why).__name__
    if said != "ok":
        detail = f"{place} 损坏或打不开；{BACK}"
        return Check(name="数据库", is_ok=False, detail=detail)
    return Check(name="数据库", is_ok=True, detail=f"{place} 完好，{place.stat().st_size >> 20} MiB")


def _alarms() -> Check:
    """Without them the listing of each minute finds everything all the same."""
    try:
        most = int(_INOTIFY.read_text("ascii"))
    except (OSError, ValueError):
        return Check(name="文件夹通知", is_ok=True, detail="由系统决定", is_needed=False)
    advice = f"上限 {most} 个文件夹，偏少；请运行 sysctl fs.inotify.max_user_watches=524288，否则靠定时查看"
    is_enough = most >= _WATCHES
    detail = f"上限 {most} 个文件夹" if is_enough else advice
    return Check(name="文件夹通知", is_ok=is_enough, detail=detail, is_needed=False)


def _newest_row(config: Config) -> datetime | None:
    place = config.paths.data_dir / _DATABASE
    if config.store.database or not place.exists():
        return None
    try:
        with closing(sqlite3.connect(place, timeout=5)) as database:
            (at,) = database.execute("SELECT max(at) FROM store_logentry").fetchone()
            return datetime.fromisoformat(f"{at}+00:00").astimezone(SHANGHAI) if at else None
    except (sqlite3.Error, ValueError):
        return None


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
