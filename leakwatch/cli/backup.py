"""`backup` and `restore`: everything that cannot be made again, and back."""

from __future__ import annotations

import os
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import Config, load
from leakwatch.errors import KeyRefused, UsageError

_path = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(cls=Command, help="备份数据库、数据密钥和封存的原件（不含主密钥）")
@settings.option
def backup(config_file: Path | None) -> None:
    """May be made while the daemon runs."""
    from leakwatch.store.backup import make
    from leakwatch.vault import system_clock

    config = load(config_file, os.environ)
    _must_be_sqlite(config)
    made = make(config.paths.data_dir, config.store.backup_dir, config.store.backup_keep, system_clock())
    output.write(
        f"备份在 {made.folder}，新增原件 {made.originals} 个。主密钥 {config.store.key_file} 不在其中，请另行保管。\n",
        None,
    )


@click.command(cls=Command, help="从备份恢复到空的数据文件夹（请先停止常驻程序）")
@click.argument("folder", metavar="备份文件夹", type=_path)
@settings.option
@click.pass_obj
def restore(road: Road, /, folder: Path, config_file: Path | None) -> None:
    """Nothing that is there is overwritten, nor anything brought back that the master key does not open."""
    from leakwatch.daemon.instance import alone
    from leakwatch.store import backup

    config = load(config_file, os.environ)
    _must_be_sqlite(config)
    _must_open(config, folder)
    with alone(config.paths.data_dir, "daemon"):
        originals = backup.restore(folder, config.paths.data_dir)
        keeping = road.open_store(config)
        from leakwatch.store import verifying  # its tables need Django ready
        from leakwatch.vault import system_clock

        now, anchor = system_clock(), config.store.anchor_file
        if anchor.exists():  # it knows of rows that came after the backup
            anchor.rename(anchor.with_name(f"{anchor.name}.{now:%Y%m%d-%H%M%S}"))
        said = verifying.verify(keeping.vault, keeping.sealer, anchor, now)
    output.write(f"已恢复，封存文件 {originals} 个；{said}。\n", None)


def _must_open(config: Config, folder: Path) -> None:
    """KeyRefused before anything is copied: what came back could not be opened, and would stand in the way."""
    from leakwatch.keeping import KEYS
    from leakwatch.vault.keyring import Keyring
    from leakwatch.vault.keys import VARIABLE, load_key

    place, given = config.store.key_file, {VARIABLE: os.environ[VARIABLE]} if VARIABLE in os.environ else {}
    if not given and not place.exists():
        raise KeyRefused(f"{place}：没有主密钥，没有恢复；请先把另存的主密钥放回这里（新生成的打不开备份）")
    ring = Keyring(folder / KEYS, load_key(place, given, [config.paths.data_dir]))
    for key_id in filter(ring.has, ring.ids()) if ring.folder.is_dir() else ():
        ring.lock(key_id)


def _must_be_sqlite(config: Config) -> None:
    if config.store.database:
        raise UsageError("数据库是 PostgreSQL，请用它自己的工具（pg_dump、pg_restore）备份和恢复")
