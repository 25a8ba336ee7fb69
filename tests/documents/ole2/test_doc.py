"""Word 6 to 2007 documents: one of a real writer, and some built by hand for what it does not write."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.compound import written
from leakwatch.documents.ole2 import legacy
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

FILES = Path(__file__).parents[1] / "files"
START = 0x800


def word(text: str, counts: dict[int, int] | None = None, *, flags: int = 0x0200, missing: int = 0) -> bytes:
    """A Word 97 file with one piece; `counts` gives other parts than the body their characters, `missing` nobody."""
    units = text.encode("utf-16-le")
    length = len(units) // 2
    counts = counts or {}
    head = bytearray(START)
    struct.pack_into("<HH6xH", head, 0, 0xA5EC, 193, flags)
    struct.pack_into("<I", head, 0x4C, length - sum(counts.values()) - missing)
    for place, count in counts.items():
        struct.pack_into("<I", head, 0x4C + 4 * place, count)
    clx = b"\x02" + struct.pack("<I", 16) + struct.pack("<IIHIH", 0, max(length, -missing), 0, START, 0)
    struct.pack_into("<II", head, 0x1A2, 0, len(clx))
    return written({("WordDocument",): bytes(head) + units, ("1Table",): clx})


def pieces(data: bytes, keep: Keep, vault: Vault) -> list[tuple[str | None, str]]:
    rows = legacy.read(keep("a.doc", data), vault)
    return [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]


def test_a_document_of_a_real_writer_is_read_whole(keep: Keep, vault: Vault) -> None:
    data = (FILES / "word97.doc").read_bytes()
    assert pieces(data, keep, vault)[:7] == [
        (
            "正文第1-7段",
            "第一段 正文𠮷字\n前后隐藏文字\n姓名 第二行\t电话\t备注\n王明远\t13800000000\n表后\n框：",
        ),
        ("页眉", "页眉机密★10年"),
        ("页脚", "页脚文字"),
        ("首页页眉", "首页页眉秘密"),
        ("批注", "批注内容"),
        ("文本框", "文本框内字"),
        ("修订删除", "被删除的机密"),
    ]


def test_its_picture_becomes_evidence(keep: Keep, vault: Vault) -> None:
    rows = legacy.read(keep("a.doc", (FILES / "word97.doc").read_bytes()), vault)
    (picture,) = [row for row in rows if isinstance(row, Evidence)]
    assert (picture.inner_path, picture.path.read_bytes()[:4]) == ("a.doc!图1.png", b"\x89PNG")


def test_parts_behind_the_body_have_their_own_spots(keep: Keep, vault: Vault) -> None:
    text = "正文\r" + "注一\r" + "批语\r" + "尾巴\r" + "框里\r"
    found = pieces(word(text, {1: 3, 4: 3, 5: 3, 6: 3}), keep, vault)
    assert found == [
        ("正文第1段", "正文"),
        ("脚注", "注一"),
        ("批注", "批语"),
        ("尾注", "尾巴"),
        ("文本框", "框里"),
    ]


def test_fields_show_their_result_and_codes_with_words_are_kept(keep: Keep, vault: Vault) -> None:
    text = '第\x13 PAGE \x14 3 \x15页\x13 HYPERLINK "名单.doc" \x14见\x13 SEQ \x14表一\x15\x15。\r'
    assert pieces(word(text), keep, vault) == [
        ("正文第1段", "第 3 页见表一。"),
        ("域代码", 'HYPERLINK "名单.doc"'),
    ]


def test_a_field_without_end_loses_nothing(keep: Keep, vault: Vault) -> None:
    assert pieces(word("前\x13 QUOTE 机密\r"), keep, vault) == [("正文第1段", "前 QUOTE 机密")]


def test_marks_of_word_become_plain(keep: Keep, vault: Vault) -> None:
    text = "机\x1f密\uf0ab10年\x0b下\x1e行\x0c乙\x07丙\x01\r"
    assert pieces(word(text), keep, vault) == [("正文第1-3段", "机密★10年\n下-行\n乙\t丙")]


def test_text_that_the_counts_leave_out_is_read_all_the_same(keep: Keep, vault: Vault) -> None:
    data = word("机密文件\r", missing=3)
    assert pieces(data, keep, vault) == [("正文第1段", "机密"), ("其余文字", "文件")]


def test_a_forged_length_costs_no_memory_and_is_said(keep: Keep, vault: Vault) -> None:
    rows = list(legacy.read(keep("a.doc", word("机密文件\r", missing=-0x7FFFFF00)), vault))
    assert [row.text for row in rows if isinstance(row, TextPiece)] == ["机密文件"]
    assert [row.reason for row in rows if isinstance(row, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize("flags", [0x0300, 0x8300])
def test_a_locked_document_is_a_password_case(flags: int, keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        pieces(word("x\r", flags=flags), keep, vault)
    assert caught.value.reason == Reason.PASSWORD


@pytest.mark.parametrize(("flags", "reasons"), [(0, []), (4, [Reason.INCOMPLETE])])
def test_word_95_gives_its_text_and_says_when_it_may_be_in_disorder(
    flags: int, reasons: list[Reason], keep: Keep, vault: Vault
) -> None:
    text = "青石市 机密★10年\r王明远\x07".encode("gb18030")
    head = bytearray(0x300)
    struct.pack_into("<HH6xH12xII", head, 0, 0xA5DC, 104, flags, 0x300, 0x300 + len(text))
    rows = list(legacy.read(keep("a.doc", written({("WordDocument",): bytes(head) + text})), vault))
    assert [row.text for row in rows if isinstance(row, TextPiece)] == ["青石市 机密★10年\n王明远"]
    assert [row.reason for row in rows if isinstance(row, Skipped)] == reasons
