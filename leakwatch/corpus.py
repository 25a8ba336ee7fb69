"""Labelled messages: what a careful officer would want to become of each."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from leakwatch.errors import UsageError
from leakwatch.model import Level, Origin


class Sort(StrEnum):
    """What a message is an instance of."""

    MARK = "mark"
    NUMBER = "number"
    WORKSECRET = "worksecret"
    PERSONAL = "personal"
    EVASIVE = "evasive"
    NEGATIVE = "negative"
    EVERYDAY = "everyday"


class Wanted(StrEnum):
    """What is to become of a message; `none` is a note at most."""

    LEAD = "lead"
    REVIEW = "review"
    NONE = "none"


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message with its label, as a line of a .jsonl file holds it."""

    text: str
    sort: Sort
    expect: Wanted
    category: str | None = None
    level: Level | None = None
    origin: Origin = Origin.MESSAGE
    quote: str | None = None
    """The exact span of the document number or mark."""
    before: tuple[str, ...] = ()
    """What the same sender wrote within two minutes; so `after`."""
    after: tuple[str, ...] = ()
    note: str = ""
    place: str = ""
    """File and line, filled by `read`."""


def read(path: Path) -> tuple[Label, ...]:
    """The labels of a .jsonl file, or of all those in a folder; UsageError names file and line."""
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    labels = tuple(label for file in files for label in _labels(file))
    if not labels:
        raise UsageError(f"{path}：没有标注过的消息，应为 .jsonl 文件或放有 .jsonl 文件的文件夹")
    return labels


def _labels(file: Path) -> Iterator[Label]:
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"{file}：读不出来，应为 UTF-8 编码的 .jsonl 文件，请检查后重试") from why
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _label(line, f"{file.name}:{number}")


def _label(line: str, place: str) -> Label:
    try:
        label = msgspec.json.decode(line, type=Label)
    except msgspec.DecodeError as why:
        raise UsageError(f"{place}：不合标注的格式（{why}），格式见 README.zh-CN.md") from why
    return msgspec.structs.replace(label, place=place)
