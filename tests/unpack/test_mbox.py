"""Folders of mails in one file."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

FIRST = b"From wang@example.com Thu Mar  5 09:01:01 2031\n"
HEADERS = b"Subject: a\nContent-Type: text/plain; charset=utf-8\n"
ONE = HEADERS + "\n甲\n\n".encode()
TWO = HEADERS + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes("乙".encode()) + b"\n"


def _found(file: Evidence, vault: Vault, limits: Limits | None = None) -> list[tuple[str, str | Reason]]:
    return [
        (row.name, row.reason)
        if isinstance(row, Skipped)
        else (row.inner_path, row.path.read_text("utf-8").strip())
        for row in unpack(file, vault, limits or Limits())
        if isinstance(row, Skipped) or "邮件头" not in row.name
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_every_mail_is_read(keep: Keep, vault: Vault, end: bytes) -> None:
    file = keep("收件箱.mbox", (FIRST + ONE + FIRST + TWO).replace(b"\n", end))
    assert _found(file, vault) == [
        ("收件箱.mbox!00001.eml!邮件正文.txt", "甲"),
        ("收件箱.mbox!00002.eml!邮件正文.txt", "乙"),
    ]


@pytest.mark.parametrize(
    "line",
    ["From 2031 on this holds\n", ">From wang Thu Mar  5 09:01:01 2031\n", "\nFrom May to June 2031\n\n"],
)
def test_a_line_that_only_begins_alike_parts_nothing(keep: Keep, vault: Vault, line: str) -> None:
    file = keep("a", FIRST + ONE + line.encode() + b"\n" + FIRST + TWO)
    assert [text for _, text in _found(file, vault)] == [f"甲\n\n{line}".strip(), "乙"]


def test_a_mail_alone_is_a_mail(keep: Keep, vault: Vault) -> None:
    file = keep("a.eml", FIRST + b"To: li@example.com\n" + ONE)
    assert _found(file, vault) == [("a.eml!邮件正文.txt", "甲")]


def test_what_is_over_a_limit_is_said(keep: Keep, vault: Vault) -> None:
    file = keep("a.mbox", (FIRST + ONE) * 9)
    *_, last = _found(file, vault, Limits(archive_entries=5))
    assert last == ("a.mbox", Reason.TOO_BIG)
