"""The shapes of the files in keyword_lists/: unknown keys and wrong types are mistakes with a sentence."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from leakwatch.errors import RulesError
from leakwatch.model import Mode

_EXAMPLES_FLOOR = 3
_Shape = TypeVar("_Shape", bound="Strict")


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A table of keyword_lists/."""


class RuleEntry(Strict):
    """One rule as clerks write it; a pattern may be a list, one way of saying it in each line, @name those of a cue."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}\.[a-z]+(\.[a-z_]+)?$")]
    name: str
    category: str
    score: Annotated[float, msgspec.Meta(ge=0, le=1)]
    clauses: Annotated[list[str], msgspec.Meta(min_length=1)]
    examples: Annotated[list[str], msgspec.Meta(min_length=_EXAMPLES_FLOOR)]
    non_examples: Annotated[list[str], msgspec.Meta(min_length=_EXAMPLES_FLOOR)]
    terms: list[str] = []
    loose: list[str] = []
    pattern: str | list[str] = ""
    beside: list[str] = []
    """What must stand before or behind the pattern in the same sentence, as patterns."""
    grammar: str = ""
    level: str = ""
    context: str = ""
    support: str = ""
    mode: Mode = Mode.ACTIVE
    owner: str = ""
    since: date | None = None


class RuleFile(Strict):
    """marks.toml, numbers.toml, work_secrets.toml, personal.toml and what a bureau adds.

    owner, since: of every rule of the file that does not name its own.
    """

    owner: Annotated[str, msgspec.Meta(min_length=1)]
    since: date
    rule: list[RuleEntry]


class AllowedEntry(Strict):
    """One entry of the allow-list as clerks write it."""

    scope: str
    text: str
    since: date
    owner: str = ""
    reason: str = ""
    expires: date | None = None
    applies_to: list[str] = []


class AllowedFile(Strict):
    """allowed.toml."""

    allowed: list[AllowedEntry] = []


class CueEntry(Strict):
    """Words that raise or lower what stands beside them."""

    why: str
    terms: Annotated[list[str], msgspec.Meta(min_length=1)]
    loose: list[str] = []
    """Words that are said by the way of other things too."""
    patterns: list[str] = []
    least: int = 1
    hushes: bool = False


class CueFile(Strict):
    """cues.toml."""

    cue: dict[str, CueEntry]


class WindowEntry(Strict):
    """A cue with its reach and its weight."""

    cue: str
    weight: float
    within: int = 40


class ContextEntry(Strict):
    """What rules that name this context are raised and lowered by."""

    near: list[WindowEntry] = []
    unless: list[WindowEntry] = []


class SignalEntry(Strict):
    """What a scanner may see at a hit."""

    weight: float
    why: str


class SupportEntry(Strict):
    """How much the supporting words of a topic count."""

    weight: float
    within: int


class WeightFile(Strict):
    """weights.toml: the one place of all weights besides the score of a rule itself."""

    support: SupportEntry
    signal: dict[str, SignalEntry]
    context: dict[str, ContextEntry]


class RegulationEntry(Strict):
    """A regulation that clauses name by its key."""

    title: str
    source: str


class RegulationFile(Strict):
    """regulations.toml."""

    regulation: dict[str, RegulationEntry]


def table(path: Path, shape: type[_Shape]) -> _Shape:
    """The file's content; RulesError names the file, what is wrong and the remedy."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), shape)
    except FileNotFoundError as why:
        raise RulesError(f"{path.name}：文件不见了，请从发行包恢复") from why
    except OSError as why:
        raise RulesError(f"{path.name}：打不开（{why.strerror}），请检查文件权限") from why
    except UnicodeDecodeError as why:
        raise RulesError(f"{path.name}：不是 UTF-8 编码，请用 UTF-8 另存") from why
    except tomllib.TOMLDecodeError as why:
        raise RulesError(f"{path.name}：TOML 写法有误（{why}）") from why
    except msgspec.ValidationError as why:
        raise RulesError(f"{path.name}：内容不合要求（{why}）") from why


def joined(where: str, pattern: str | list[str]) -> str:
    """One expression of a pattern or of its lines; a mistake is told with the line it is in."""
    lines = [pattern] if isinstance(pattern, str) else pattern
    for line in lines:
        try:
            re.compile(line)
        except re.error as why:
            raise RulesError(f"{where}：正则表达式有误（{why}）：{line}") from why
    return "|".join(lines)


def listed(where: str, entries: list[str], folder: Path) -> tuple[str, ...]:
    """The terms themselves, and for each @name.txt the lines of that list; `where` opens an error."""
    return tuple(term for entry in entries for term in _lines(where, entry, folder))


def _lines(where: str, entry: str, folder: Path) -> list[str]:
    if not entry.startswith("@"):
        return [entry]
    path = folder / entry[1:]
    if not path.is_file():
        raise RulesError(f"{where}：词表 {entry[1:]} 不存在")
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as why:
        raise RulesError(f"{where}：词表 {entry[1:]} 不是 UTF-8 编码，请用 UTF-8 另存") from why
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
