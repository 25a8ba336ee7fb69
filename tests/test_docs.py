"""What the README promises is what the program offers."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from leakwatch.chats import READERS, ChatReader
from leakwatch.cli import leakwatch
from leakwatch.cli.rules import rules
from leakwatch.corpus import Label
from leakwatch.reports import FORMATS
from leakwatch.rules import CATEGORIES
from leakwatch.rules.allowed import WRITTEN
from leakwatch.rules.entries import AllowedEntry

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TABLE = (ROOT / "docs" / "formats.md").read_text("utf-8")
MANUAL = (ROOT / "README.zh-CN.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*leakwatch.commands, *FORMATS])
def test_every_command_and_format_is_in_the_readme(name: str) -> None:
    assert name in README


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
def test_every_chat_format_has_its_row(reader: ChatReader) -> None:
    assert f"`{reader.NAME}" in TABLE


def test_every_option_of_scan_is_in_the_readme() -> None:
    options = [
        option
        for parameter in leakwatch.commands["scan"].params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option not in ("--config", "--store", "--help")
    ]

    assert [
        option for option in options if option not in README and option.replace("--no-", "--") not in README
    ] == []


def test_every_category_is_in_the_readme() -> None:
    named = {category for category in CATEGORIES if category in README}
    families = {category for category in CATEGORIES if f"`{category[:2]}.*`" in README}

    assert named | families >= set(CATEGORIES)


@pytest.mark.parametrize("path", sorted((ROOT / "keyword_lists").glob("*.toml")), ids=lambda path: path.name)
def test_every_rule_file_is_in_the_manual(path: Path) -> None:
    assert path.name in MANUAL


@pytest.mark.parametrize(
    "word", [*rules.commands, "mode", "shadow", *AllowedEntry.__struct_fields__, *WRITTEN]
)
def test_what_clerks_write_and_run_is_in_the_manual(word: str) -> None:
    assert word in MANUAL


@pytest.mark.parametrize("key", sorted({*Label.__struct_fields__} - {"place"}))
def test_every_key_of_a_labelled_message_is_in_the_manual(key: str) -> None:
    assert f"`{key}`" in MANUAL


@pytest.mark.parametrize(
    "target", ["make demo", "make test", "make setup", "make lock", "make run", "make bundle"]
)
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert f"\n{target.removeprefix('make ')}:" in (ROOT / "Makefile").read_text("utf-8")
    assert target in README


def test_contributing_stays_short() -> None:
    assert len(CONTRIBUTING.splitlines()) <= 80


def test_contributing_shows_the_rooms_as_they_are_enforced() -> None:
    contract = ConfigParser()
    contract.read(ROOT / ".importlinter", "utf-8")
    floors = contract["importlinter:contract:rooms"]["layers"].split("\n")

    assert " > ".join(filter(None, floors)) in " ".join(CONTRIBUTING.split())
