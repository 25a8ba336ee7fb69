from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.documents.plain import is_mine, read
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def pieces(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    return [(item.spot, item.text) for item in read(file, vault) if isinstance(item, TextPiece)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_paragraph_is_a_piece_with_its_line(keep: Keep, vault: Vault, encoding: str) -> None:
    file = keep("通知.txt", "\n云岭区通知\n  第二行\n \n\n结尾  \n".replace("\n", "\r\n").encode(encoding))
    assert list(read(file, vault)) == [
        TextPiece(text="云岭区通知\n  第二行", origin=Origin.DOCUMENT, evidence=file, spot="第2行"),
        TextPiece(text="结尾  ", origin=Origin.DOCUMENT, evidence=file, spot="第6行"),
    ]


def test_long_paragraphs_are_cut_at_line_ends(keep: Keep, vault: Vault) -> None:
    file = keep("a.log", ("字" * 999 + "\n").encode() * 5)
    assert [(spot, len(text)) for spot, text in pieces(file, vault)] == [
        ("第1行", 1999),
        ("第3行", 1999),
        ("第5行", 999),
    ]


def test_an_endless_line_is_cut_with_overlap_and_loses_nothing(keep: Keep, vault: Vault) -> None:
    line = "".join(f"{number:07}" for number in range(400_000))
    found = pieces(keep("a", f"{line}\n末行".encode()), vault)
    joined = found[0][1] + "".join(text[512:] for _, text in found[1:-1])
    assert (joined == line, found[-1], {spot for spot, _ in found[:-1]}) == (
        True,
        ("第2行", "末行"),
        {"第1行"},
    )


def test_bytes_that_are_no_text_are_reported(keep: Keep, vault: Vault) -> None:
    file = keep("a.txt", "云岭区工作会议纪要".encode() * 9 + b"\xff")
    *_, last = read(file, vault)
    assert isinstance(last, Skipped)
    assert (last.reason, "1 处" in last.detail) == (Reason.DAMAGED, True)


def test_half_a_surrogate_pair_does_not_stop_the_reader(keep: Keep, vault: Vault) -> None:
    file = keep("a.txt", "甲\n".encode("utf-16") + b"\x3d\xd8" + "乙乙".encode("utf-16-le"))
    assert "乙" in pieces(file, vault)[0][1]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("通知.txt", b"ok", True),
        ("README", b"ok", True),
        ("a.MD", "通知".encode("gb18030"), True),
        ("a.txt", b"", True),
        (".profile", b"ok", True),
        ("a.html", b"ok", True),
        ("a.csv", b"ok", True),
        ("a.txt", b"\x7fELF\x02\x00\x00\x01\x03" * 9, False),
    ],
)
def test_any_plausible_text_is_claimed_whatever_its_name(name: str, data: bytes, expected: bool) -> None:
    assert is_mine(data, name) is expected


def test_escaped_characters_are_decoded_and_paths_are_not(keep: Keep, vault: Vault) -> None:
    file = keep("a.log", rb"\u673a\u5bc6 C:\new\ud800")
    assert pieces(file, vault) == [("第1行", "机密 C:\\new\ufffd")]
