"""The chain of the append-only log: each row's hash covers the hash of the row before it.

What is hashed is one line of JSON (sorted keys, no spaces, UTF-8, no floats), so that anyone can check a row with
`sha256sum` or `openssl dgst -sm3`:

    {"algorithm":"sha256","previous":"…","row":{…},"seq":7}

A chain alone does not stop who rewrites all of it from some row on: an `Anchor` kept elsewhere (printed on a form,
in another system) does, up to that row, and a key that does not live in the database does, from row to row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes, hmac

from leakwatch.errors import LeakwatchError

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

ALGORITHMS: Mapping[str, hashes.HashAlgorithm] = MappingProxyType(
    {"sha256": hashes.SHA256(), "sm3": hashes.SM3()}
)
_LARGEST = 1 << 63


class Flaw(StrEnum):
    """How a log differs from what was written."""

    EDITED = "edited"
    MISSING = "missing"
    EXTRA = "extra"
    REORDERED = "reordered"
    BROKEN = "broken"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The last row at some moment, as kept outside the log."""

    seq: int
    hash: str


START = Anchor(seq=0, hash="0" * 64)
"""What the first row follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of the log in its place."""

    seq: int
    """From 1, without gaps."""
    row: Mapping[str, Json]
    algorithm: str
    """sha256 or sm3; a log may change from one to the other."""
    previous: str
    hash: str

    @property
    def anchor(self) -> Anchor:
        """What the next row follows, and what is worth keeping outside."""
        return Anchor(seq=self.seq, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a log."""

    flaw: Flaw
    seq: int
    """The row; the first one of those that are missing."""
    detail: str
    """A Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Chain:
    """How rows are linked and checked."""

    key: bytes | None = field(default=None, repr=False)
    """Makes the hashes HMACs; it must not live where the log does. Never taken from the log itself."""

    def link(self, row: Mapping[str, Json], last: Anchor, algorithm: str) -> Link:
        """The row behind the last one; LeakwatchError if it holds what has no one way to be written."""
        seq = last.seq + 1
        value = self._hash(row, Anchor(seq=seq, hash=last.hash), algorithm)
        return Link(seq=seq, row=row, algorithm=algorithm, previous=last.hash, hash=value)

    def verify(self, links: Iterable[Link], anchor: Anchor | None) -> Iterator[Problem]:
        """What is wrong with a whole log, given in the order in which it is stored.

        anchor: the last row known outside; None leaves a cut tail and a whole rewriting unseen.
        """
        last, gaps = START, Gaps()
        for link in links:
            if not self._holds(link):
                yield _problem(Flaw.EDITED, link.seq, "内容与它的校验值不符，写入后被改过")
            if anchor and link.seq == anchor.seq and link.hash != anchor.hash:
                yield _problem(
                    Flaw.REWRITTEN, link.seq, "与库外留存的校验值不符，这一条或更早的记录被整体改写过"
                )
            if link.seq <= last.seq:
                yield _out_of_order(link.seq, was_missing=gaps.fill(link.seq))
                continue
            if link.seq > last.seq + 1:
                gaps.add(last.seq + 1, link.seq - 1)
            elif link.previous != last.hash:
                yield _problem(Flaw.BROKEN, link.seq, "与前一条接不上，其中一条被换过")
            last = link.anchor
        for start, end in gaps.open:
            yield _problem(
                Flaw.MISSING, start, "缺失，被删除过" if start == end else f"起至第 {end} 条缺失，被删除过"
            )
        if anchor and last.seq < anchor.seq:
            detail = f"起至第 {anchor.seq} 条缺失，末尾被截去"
            yield _problem(Flaw.CUT, last.seq + 1, detail)

    def _holds(self, link: Link) -> bool:
        try:
            own = self._hash(link.row, Anchor(seq=link.seq, hash=link.previous), link.algorithm)
        except LeakwatchError:  # nothing that was ever linked
            return False
        return own == link.hash

    def _hash(self, row: Mapping[str, Json], place: Anchor, algorithm: str) -> str:
        if algorithm not in ALGORITHMS:
            raise LeakwatchError(f"日志：没有 {algorithm!r} 这种校验算法，可用的有：{'、'.join(ALGORITHMS)}")
        data = canonical({"algorithm": algorithm, "previous": place.hash, "row": row, "seq": place.seq})
        kind = ALGORITHMS[algorithm]
        work = hashes.Hash(kind) if self.key is None else hmac.HMAC(self.key, kind)
        work.update(data)
        return work.finalize().hex()


class Gaps:
    """Ranges of rows that have not been seen yet."""

    def __init__(self) -> None:
        self.open: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Both ends are missing too."""
        self.open.append((start, end))

    def fill(self, seq: int) -> bool:
        """Whether the row was missing; it no longer is."""
        for place, (start, end) in enumerate(self.open):
            if start <= seq <= end:
                rest = [(start, seq - 1), (seq + 1, end)]
                self.open[place : place + 1] = [(first, last) for first, last in rest if first <= last]
                return True
        return False


def canonical(value: Json) -> bytes:
    """The one way to write a value as JSON; LeakwatchError for a float, a date or whatever else has none."""
    _refuse_ambiguous(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")  # names from an archive may hold half a surrogate pair


def _refuse_ambiguous(value: object) -> None:
    match value:
        case None | bool() | str():
            return
        case int() if -_LARGEST <= value < _LARGEST:
            return
        case list() | tuple():
            for item in value:
                _refuse_ambiguous(item)
        case dict() if all(isinstance(key, str) for key in value):
            for item in value.values():
                _refuse_ambiguous(item)
        case _:
            raise LeakwatchError(f"日志：{type(value).__name__} 不能写入日志，请先写成文字或 64 位以内的整数")


def _out_of_order(seq: int, *, was_missing: bool) -> Problem:
    if was_missing:
        return _problem(Flaw.REORDERED, seq, "排在了后面的记录之后，顺序被调换过")
    return _problem(Flaw.EXTRA, seq, "重复或多出，是后来插入的")


def _problem(flaw: Flaw, seq: int, what: str) -> Problem:
    return Problem(flaw=flaw, seq=seq, detail=f"日志第 {seq} 条{what}；请保留现场并向保密办报告")
