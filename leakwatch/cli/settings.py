"""`config show|check`: the effective configuration and its mistakes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from msgspec import Struct, structs

from leakwatch.cli import output
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.road import Road
from leakwatch.config import MASKED, Setting, load, settings

option = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="LEAKWATCH_CONFIG",
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
        name, dot, key = setting.name.partition(".")
        if not dot:
            lines += _tables(setting)
            continue
        if name != section:
            lines.append(f"\n[{name}]" if lines else f"[{name}]")
            section = name
        lines.append(f"{key} = {json.dumps(_shown(setting), ensure_ascii=False)}  # {setting.source}")
    output.write("\n".join(lines) + "\n", None)


def _tables(setting: Setting) -> list[str]:
    """What may be there several times, each under its [[heading]]."""
    lines = []
    sections = setting.value if isinstance(setting.value, tuple) else ()
    for section in (section for section in sections if isinstance(section, Struct)):
        lines.append(f"\n[[{setting.name}]]  # {setting.source}")
        for key, value in structs.asdict(section).items():
            lines.append(f"{key} = {json.dumps(_plain(value), ensure_ascii=False)}")
    return lines


def _shown(setting: Setting) -> int | str | list[str]:
    """The value as TOML and JSON write it; of passwords only how many there are."""
    if isinstance(setting.value, tuple):
        return ["***" if setting.name == MASKED else str(word) for word in setting.value]
    return _plain(setting.value)


def _plain(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


@config.command(cls=Command, help="检查配置和规则文件的写法")
@option
@click.pass_obj
def check(road: Road, /, config_file: Path | None) -> None:
    """Says that all is well; ConfigError or RulesError otherwise."""
    effective = load(config_file, os.environ)
    book = road.load_rules(effective.paths.keyword_lists)
    output.write(f"配置没有问题；规则 {len(book.rules)} 条，版本 {book.version}。\n", None)
