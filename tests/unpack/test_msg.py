"""Outlook mails, built stream by stream."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from leakwatch.compound import Place, written
from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.unpack.msg import unpacked_rich_text
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

NOON = 133_000_000_000_000_000


def text(number: str, value: str) -> dict[Place, bytes | None]:
    return {(f"__substg1.0_{number}001F",): value.encode("utf-16-le")}


def mail(*parts: dict[Place, bytes | None], head: int = 32) -> dict[Place, bytes | None]:
    table = bytes(head) + struct.pack("<IIQ", 0x00390040, 6, NOON)
    found: dict[Place, bytes | None] = {("__properties_version1.0",): table}
    for part in parts:
        found |= part
    return found


def attachment(number: int, parts: dict[Place, bytes | None]) -> dict[Place, bytes | None]:
    return {(f"__attach_version1.0_#{number:08X}", *place): data for place, data in parts.items()}


def rows(parts: dict[Place, bytes | None], keep: Keep, vault: Vault) -> dict[str, bytes | Reason]:
    return {
        row.inner_path if isinstance(row, Evidence) else row.name: row.reason
        if isinstance(row, Skipped)
        else row.path.read_bytes()
        for row in unpack(keep("a.msg", written(parts)), vault, Limits())
    }


def test_a_mail_gives_its_headers_its_body_and_its_attachments(keep: Keep, vault: Vault) -> None:
    file = attachment(0, text("3707", "名单.txt") | {("__substg1.0_37010102",): b"abc"})
    parts = mail(
        text("0037", "工作群"), text("0C1A", "王明远"), text("0E04", "李"), text("1000", "秘密★1年"), file
    )
    assert rows(parts, keep, vault) == {
        "a.msg!邮件头.txt": "主题：工作群\n发件人：王明远\n收件人：李\n日期：2022-06-18 12:26:40".encode(),
        "a.msg!邮件正文.txt": "秘密★1年".encode(),
        "a.msg!名单.txt": b"abc",
    }


@pytest.mark.parametrize("kind", ["001E", "0102"])
def test_texts_in_gbk_are_decoded(kind: str, keep: Keep, vault: Vault) -> None:
    parts = mail({(f"__substg1.0_1000{kind}",): "机密文件".encode("gbk")})
    assert rows(parts, keep, vault)["a.msg!邮件正文.txt"] == "机密文件".encode()


def test_a_page_is_the_body_where_there_is_no_plain_text(keep: Keep, vault: Vault) -> None:
    parts = mail({("__substg1.0_10130102",): "<html><p>机密</p></html>".encode()})
    assert rows(parts, keep, vault)["a.msg!邮件正文.txt"] == "机密".encode()


def test_a_mail_within_a_mail_is_opened_too(keep: Keep, vault: Vault) -> None:
    inner = {
        ("__substg1.0_3701000D", *place): data
        for place, data in mail(text("1000", "转发的机密"), head=24).items()
    }
    found = rows(mail(attachment(0, text("3001", "转发") | inner)), keep, vault)
    assert found["a.msg!转发.msg!邮件正文.txt"] == "转发的机密".encode()
    assert found["a.msg!转发.msg!邮件头.txt"] == "日期：2022-06-18 12:26:40".encode()


def test_an_attachment_that_is_a_link_is_said_to_be_missing(keep: Keep, vault: Vault) -> None:
    found = rows(mail(attachment(0, text("3707", "云盘.docx"))), keep, vault)
    assert found["云盘.docx"] == Reason.MISSING_ATTACHMENT


def test_a_body_in_rich_text_alone_is_unpacked(keep: Keep, vault: Vault) -> None:
    packed = struct.pack("<II4sI", 12 + 9, 9, b"MELA", 0) + b"{\\rtf1 x}"
    assert rows(mail({("__substg1.0_10090102",): packed}), keep, vault)["a.msg!邮件正文.rtf"] == b"{\\rtf1 x}"
    broken = rows(mail({("__substg1.0_10090102",): b"rubbish"}), keep, vault)
    assert broken["邮件正文"] == Reason.DAMAGED


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        # The example of the specification (MS-OXRTFCP 4.1).
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        # 4.2: a reference that reaches into what it writes.
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        ("", b""),
        ("00" * 20, b""),
    ],
)
def test_compressed_rich_text_is_unpacked(packed: str, expected: bytes) -> None:
    found = unpacked_rich_text(bytes.fromhex(packed))
    assert found == expected
