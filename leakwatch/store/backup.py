"""A copy of everything that cannot be made again: database, data keys, sealed originals; and back.

    <backups>/20310506-010000/      leakwatch.sqlite3, keys/, whole or not there
    <backups>/evidence/<batch>/…    the sealed originals, each copied once

The master key is in none of it: whoever finds a backup opens nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI
from leakwatch.vault import make_folder
from leakwatch.vault.files import copy_whole, sync_file, sync_folder
from leakwatch.vault.keyring import KEY_FILE

DATABASE, KEYS, EVIDENCE = "leakwatch.sqlite3", "keys", "evidence"
BACK = "请停止常驻程序，把数据文件夹改名留存，再用 leakwatch restore 从备份恢复"
"""What is to be done where a part of the data is lost."""
_PAGES = 2_000
"""Copied at a time; others write in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup holds."""

    folder: Path
    originals: int
    """Sealed files that were not in the backup before."""


def make(data_dir: Path, backups: Path, keep: int, now: datetime) -> Copied:
    """A new backup; older ones than the newest `keep` are gone. LeakwatchError if it cannot be written."""
    try:
        make_folder(backups)
        # Originals first: every one that the copied database speaks of is then there but those sealed meanwhile.
        originals = _copy_new(data_dir / EVIDENCE, backups / EVIDENCE)
        folder = backups / f"{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
        part = backups / f".part-{folder.name}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        if (data_dir / DATABASE).exists():
            _copy_database(data_dir / DATABASE, part / DATABASE)
        if (data_dir / KEYS).exists():
            shutil.copytree(data_dir / KEYS, part / KEYS, copy_function=copy_whole)
        originals += _copy_new(data_dir / EVIDENCE, backups / EVIDENCE)
        part.rename(folder)
        sync_folder(backups)
        for old in made(backups)[:-keep]:
            shutil.rmtree(old)
    except (OSError, sqlite3.Error) as why:
        said = why.strerror if isinstance(why, OSError) else type(why).__name__
        raise LeakwatchError(f"{backups}：备份没有做成（{said}），请检查磁盘空间和权限") from why
    return Copied(folder=folder, originals=originals)


def made(backups: Path) -> list[Path]:
    """The backups there are, oldest first."""
    return sorted(path for path in backups.glob("[0-9]*-[0-9]*") if (path / DATABASE).exists())


def restore(backup: Path, data_dir: Path) -> int:
    """How many originals lie in data_dir again, with database and keys; LeakwatchError if something is there."""
    if not (backup / DATABASE).is_file():
        raise LeakwatchError(f"{backup}：不是备份（里面没有 {DATABASE}），请选备份文件夹里以日期命名的那一个")
    for name in (DATABASE, KEYS, EVIDENCE):
        if (data_dir / name).exists():
            raise LeakwatchError(
                f"{data_dir / name} 已经存在，没有恢复；请先停止常驻程序，把原来的数据文件夹改名留存"
            )
    if not _is_whole(backup / DATABASE):
        raise LeakwatchError(f"{backup / DATABASE}：数据库损坏，请换一份备份")
    try:
        make_folder(data_dir)
        originals = _copy_new(backup.parent / EVIDENCE, data_dir / EVIDENCE)
        if (backup / KEYS).exists():
            shutil.copytree(backup / KEYS, data_dir / KEYS, copy_function=copy_whole)
        copy_whole(backup / DATABASE, data_dir / DATABASE)
        (data_dir / DATABASE).chmod(0o600)
    except OSError as why:
        raise LeakwatchError(f"{data_dir}：没有恢复完（{why.strerror}），请检查磁盘空间和权限") from why
    return originals


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=_PAGES)
    target.chmod(0o600)
    sync_file(target)
    if not _is_whole(target):
        raise LeakwatchError(f"{source}：数据库损坏，没有备份，以前的备份都还在；{BACK}")


def _is_whole(database: Path) -> bool:
    """Of a copy that nobody writes: unlike mode=ro alone, immutable leaves no -wal, and works on a read-only disc."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        try:
            return bool(copy.execute("PRAGMA quick_check").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


def _copy_new(source: Path, target: Path) -> int:
    """How many files were copied; an original is never written again, a data key is wrapped anew by a new master."""
    count = 0
    for file in _sealed(source):
        place = target / file.relative_to(source)
        if not place.exists() or (file.name == KEY_FILE and file.read_bytes() != place.read_bytes()):
            _make_folders(place.parent, target)
            copy_whole(file, place)
            count += 1
    return count


def _make_folders(folder: Path, top: Path) -> None:
    """Each for this user alone: mkdir's own parents are open to others."""
    for one in (*reversed(folder.relative_to(top).parents), folder.relative_to(top)):
        (top / one).mkdir(exist_ok=True, mode=0o700)


def _sealed(vault: Path) -> Iterator[Path]:
    """The files of the batches, without what is being written."""
    for batch in sorted(vault.glob("[0-9a-f]*")):
        yield from (path for path in sorted(batch.rglob("*")) if path.is_file() and path.name[0] != ".")
