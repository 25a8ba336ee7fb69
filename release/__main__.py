"""`python -m release` writes dist/leakwatch-VERSION-PLATFORM.tar.gz; `make bundle` calls it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from leakwatch.errors import LeakwatchError
from release import debs, pins
from release.assembling import Order, assemble, pack
from release.targets import PYTHONS, TARGETS, this_machine

_ROOT = Path(__file__).parents[1]


@click.command(help="制作离线安装包")
@click.option("--platform", type=click.Choice([target.name for target in TARGETS]), help="默认：和本机相同")
@click.option("--python", "pythons", multiple=True, type=click.Choice(PYTHONS), help="默认：全部，可以写几次")
@click.option("--debs/--no-debs", "has_debs", default=True, help="附上本机系统版本的 .deb 软件包")
@click.option("--output", type=click.Path(path_type=Path), default=_ROOT / "dist", help="放到哪个文件夹")
def main(platform: str | None, pythons: Sequence[str], has_debs: bool, output: Path) -> None:
    """The path of the bundle on stdout."""
    here = this_machine()
    target = next((target for target in TARGETS if target.name == platform), here)
    if target is None:
        raise click.UsageError("本机不在支持之列，请用 --platform 写明给哪种机器用")
    version = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    order = Order(root=_ROOT, version=version, target=target, pythons=pythons or PYTHONS)
    locked = pins.read((_ROOT / "requirements-run.lock").read_text("utf-8"))
    with TemporaryDirectory(prefix="leakwatch-bundle-") as place:
        folder = Path(place) / order.name
        folder.mkdir()
        click.echo(f"正在收集 {order.name}（Python {'、'.join(order.pythons)}）…", err=True)
        assemble(order, locked, folder)
        if has_debs and target == here and target.system == "linux":
            _add_debs(folder / "debs")
        click.echo(str(pack(folder, output)))


def _add_debs(folder: Path) -> None:
    """They are extras: where apt has none, the notes name them."""
    try:
        debs.download(folder)
    except LeakwatchError as why:
        click.echo(f"没有附上 .deb 软件包，安装说明里列出了需要哪些：{why}", err=True)


if __name__ == "__main__":
    try:
        main()
    except LeakwatchError as why:
        click.echo(str(why), err=True)
        sys.exit(1)
