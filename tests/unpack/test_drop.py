"""The account of one received file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import Drop, Member
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


@dataclass
class Whole:
    """Content without a fault."""

    data: bytes
    problem: str = ""

    def __iter__(self) -> Iterator[bytes]:
        yield self.data


def taken(drop: Drop, file: Evidence, names: str) -> Iterator[Evidence | Skipped]:
    for name in names:
        yield from drop.take(Member(name=name, content=Whole(name.encode())), file)


def test_unpacking_that_takes_too_long_stops(keep: Keep, vault: Vault) -> None:
    seconds = count()
    drop = Drop(vault=vault, limits=Limits(archive_seconds=9), clock=lambda: next(seconds))
    found = list(drop.timed(taken(drop, keep("a.zip", b"zip"), "abcdefgh")))
    reasons = [row.reason if isinstance(row, Skipped) else None for row in found]
    assert reasons == [None] * 4 + [Reason.TIMED_OUT] * 4


def test_the_row_names_the_limit(keep: Keep, vault: Vault) -> None:
    drop = Drop(vault=vault, limits=Limits(archive_seconds=9), spent_s=9.5)
    (row,) = taken(drop, keep("a.zip", b"zip"), "a")
    assert isinstance(row, Skipped)
    assert "上限 9 秒" in row.detail
    assert "archive_seconds" in row.detail


def test_what_happens_to_a_row_meanwhile_is_not_counted(keep: Keep, vault: Vault) -> None:
    now = [0.0]
    drop = Drop(vault=vault, limits=Limits(archive_seconds=1), clock=lambda: now[0])
    for _ in drop.timed(taken(drop, keep("a.zip", b"zip"), "abc")):
        now[0] += 1000
    assert (drop.spent_s, drop.exhausted()) == (0.0, None)


@pytest.mark.parametrize(
    ("limits", "spent_s", "reason"),
    [
        (Limits(), 0.0, None),
        (Limits(archive_entries=3), 0.0, Reason.TOO_BIG),
        (Limits(archive_total_mib=1), 0.0, Reason.TOO_BIG),
        (Limits(archive_seconds=5), 5.0, Reason.TIMED_OUT),
    ],
)
def test_a_drop_is_exhausted_by_entries_bytes_or_time(
    limits: Limits, spent_s: float, reason: Reason | None, vault: Vault
) -> None:
    drop = Drop(vault=vault, limits=limits, spent_s=spent_s, entries=3, unpacked_bytes=1 << 20)
    why = drop.exhausted()
    assert (why and why.reason) == reason


@pytest.mark.parametrize(("passwords", "told"), [((), "无法检查"), (("青石2031", "b"), "2 个密码都打不开")])
def test_the_sentence_on_a_lock_never_holds_a_password(
    passwords: tuple[str, ...], told: str, vault: Vault
) -> None:
    sentence = Drop(vault=vault, limits=Limits(archive_passwords=passwords)).locked_sentence()
    assert (told in sentence, "青石2031" in sentence) == (True, False)
