"""`config show|check`: the effective configuration and its mistakes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from leakwatch.cli import output
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.road import Road
from leakwatch.config import MASKED, Setting, load, settings

option = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="配置文件，默认 ./config.toml",
)
"""The --config that every command has."""


@click.group("config", cls=Group, help="查看和检查配置")
def config() -> None:
    """The group of the two commands."""


@config.command(cls=Command, help="显示每项设置的值和来源")
@option
def show(config_file: Path | None) -> None:
    """Valid TOML; the source of each value is its comment."""
    section = ""
    lines: list[str] = []
    for setting in settings(config_file, os.environ):
        name, _, key = setting.name.partition(".")
        if name != section:
            lines.append(f"\n[{name}]" if lines else f"[{name}]")
            section = name
        lines.append(f"{key} = {json.dumps(_shown(setting), ensure_ascii=False)}  # {setting.source}")
    output.write("\n".join(lines) + "\n", None)


def _shown(setting: Setting) -> int | str | list[str]:
    """The value as TOML and JSON write it; of passwords only how many there are."""
    if isinstance(setting.value, tuple):
        return ["***" if setting.name == MASKED else word for word in setting.value]
    return setting.value if isinstance(setting.value, int) else str(setting.value)


@config.command(cls=Command, help="检查配置和规则文件的写法")
@option
@click.pass_obj
def check(road: Road, /, config_file: Path | None) -> None:
    """Says that all is well; ConfigError or RulesError otherwise."""
    effective = load(config_file, os.environ)
    book = road.load_rules(effective.paths.keyword_lists)
    output.write(f"配置没有问题；规则 {len(book.rules)} 条，版本 {book.version}。\n", None)
