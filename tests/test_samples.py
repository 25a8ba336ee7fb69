"""Every sample through the real command line and the real engine; samples/ is as received, made up in whole.

expected.toml names a finding by its place, never by its words: the folder is scanned as a whole too.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.others import word_paste
from leakwatch.cli import run
from leakwatch.cli.road import Road
from leakwatch.config import VARIABLE_PREFIX
from tests.roads import ProvedOnce

SAMPLES = Path(__file__).parents[1] / "samples"
CONFIG = SAMPLES.parent / "config.toml"
CASES = sorted(path.parent for path in SAMPLES.glob("*/expected.toml"))
_OFFSETS_VARY = "ocr"
"""Engines differ in blanks and stars, so recognised text is placed by its file alone."""


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests counts."""
    for name in [name for name in os.environ if name.startswith(VARIABLE_PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def road() -> Road:
    """For all samples."""
    return ProvedOnce()


def scanned(road: Road, case: Path, output: Path) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and JSON lines of one case, with the config.toml that is shipped."""
    wanted = ["--format", "jsonl", "--no-store", "--config", str(CONFIG), "--output", str(output)]
    code = run(["scan", str(case / "received"), *wanted], road)
    return code, [json.loads(line) for line in output.read_text("utf-8").splitlines()]


def place(line: dict[str, Any]) -> dict[str, Any]:
    """Where and what, without the words."""
    found = {
        "outcome": line["outcome"],
        "category": line["category"],
        "level": line["level"],
        "file": line["evidence"]["path"].removeprefix("received/"),
        "origin": line["origin"],
        "message": line["message"]["number"] if line["message"] else None,
        "start": None if line["origin"] == _OFFSETS_VARY else line["start"],
        "end": None if line["origin"] == _OFFSETS_VARY else line["end"],
    }
    return {key: value for key, value in found.items() if value is not None}


def gap(line: dict[str, Any]) -> dict[str, Any]:
    """What was not read and why."""
    found = {"reason": line["reason"], "file": line["evidence"]["path"].removeprefix("received/")}
    return found | ({"message": line["message"]["number"]} if line["message"] else {})


def conversation(line: dict[str, Any]) -> dict[str, Any]:
    """How much of a chat was read."""
    return {key: line[key] for key in ("name", "format", "messages", "declared") if line[key] is not None}


def _sorted(entries: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries)


@pytest.mark.engine
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_sample_gives_what_it_should_and_nothing_else(road: Road, case: Path, tmp_path: Path) -> None:
    expected = tomllib.loads((case / "expected.toml").read_text("utf-8"))

    code, lines = scanned(road, case, tmp_path / "out.jsonl")

    findings = [place(line) for line in lines if line["type"] == "finding"]
    unread = [gap(line) for line in lines if line["type"] == "unread"]
    assert _sorted(findings) == _sorted(expected.get("finding", []))
    assert _sorted(unread) == _sorted(expected.get("unread", []))
    conversations = [
        conversation(one) for line in lines if line["type"] == "summary" for one in line["conversations"]
    ]
    assert _sorted(conversations) == _sorted(expected.get("conversation", []))
    assert code == expected["exit_code"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize(
    "path", [path for path in SAMPLES.glob("*/received/**/*") if path.is_file()], ids=lambda path: path.name
)
def test_at_most_one_reader_claims_a_file(path: Path) -> None:
    head = path.read_bytes()[: 1 << 20]

    assert len([reader.NAME for reader in READERS if reader.is_mine(head, path.name)]) <= 1


def test_every_chat_reader_has_a_sample() -> None:
    """What lies in Word keeps the name of the form that was pasted."""
    formats = {
        conversation["format"]
        for case in CASES
        for conversation in tomllib.loads((case / "expected.toml").read_text("utf-8")).get("conversation", [])
    }

    assert formats | {word_paste.NAME} == {reader.NAME for reader in READERS}
