"""`evidence make-key|rotate|open`: the master key of the sealed originals, and packages from others."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command, Group
from leakwatch.config import load

_path = click.Path(path_type=Path)


@click.group(cls=Group, help="证据：主密钥和交接包")
def evidence() -> None:
    """The group of the four commands; each loads the vault only when it is called."""


@evidence.command("make-key", cls=Command, help="生成一把新的主密钥")
@click.argument("file", metavar="文件", type=_path)
@settings.option
def make_key(file: Path, config_file: Path | None) -> None:
    """Never over a file that is there, and not where the evidence lies."""
    from leakwatch.vault import keys

    key = keys.make_key(file, [load(config_file, os.environ).paths.data_dir])
    output.write(
        f"主密钥已写入 {file}（编号 {key.id}，只有本用户可读）。\n"
        "请立即另存一份备份，与证据分开存放：丢失后已封存的证据无法打开。\n"
        f"然后在 config.toml 的 [store] 里写：key_file = {_quoted(file)}\n",
        None,
    )


@evidence.command(cls=Command, help="换用新的主密钥（请先停止常驻程序）")
@click.argument("file", metavar="新主密钥文件", type=_path)
@settings.option
def rotate(file: Path, config_file: Path | None) -> None:
    """The originals are not sealed anew: only their data keys are wrapped by the new key."""
    from leakwatch.keeping import KEYS, evidence_vault
    from leakwatch.vault.keyring import Keyring
    from leakwatch.vault.keys import load_key

    config = load(config_file, os.environ)
    new = load_key(file, {}, [config.paths.data_dir])
    vault = evidence_vault(config, os.environ)
    own = Keyring(config.paths.data_dir / KEYS, vault.keys.master)
    moved = vault.keys.rotate(new) + (own.rotate(new) if own.folder.exists() else 0)
    output.write(
        f"已有 {moved} 批证据换用主密钥 {new.id}。请把 key_file 改为 {_quoted(file)}，再销毁旧主密钥及其备份。\n",
        None,
    )


@evidence.command("open", cls=Command, help="核对并解开交接包（口令另行索取）")
@click.argument("package", metavar="交接包", type=_path)
@click.argument("folder", metavar="新文件夹", type=_path)
def open_(package: Path, folder: Path) -> None:
    """All of it or nothing; the passphrase is typed, or the first line of standard input."""
    from leakwatch.vault.receipt import open_package

    names = open_package(package, _passphrase(), folder)
    output.write("".join(f"{folder / name}\n" for name in names), None)
    click.echo(f"共 {len(names)} 个文件，校验值全部相符；解开的文件没有加密，请妥善保管。", err=True)


def _passphrase() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("口令", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _quoted(path: Path) -> str:
    """As TOML and JSON write it."""
    return json.dumps(str(path.resolve()), ensure_ascii=False)
