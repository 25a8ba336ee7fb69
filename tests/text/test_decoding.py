"""Bytes → text."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.text import Encoding, decode, is_binary, looks_like_text, open_text


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("机密★1年".encode(), "机密★1年", Encoding(name="utf-8")),
        ("机密★1年".encode("utf-8-sig"), "机密★1年", Encoding(name="utf-8", bom_bytes=3)),
        ("机密★1年".encode("gb18030"), "机密★1年", Encoding(name="gb18030")),
        ("时间 12:30\n机密\n".encode("utf-16-le"), "时间 12:30\n机密\n", Encoding(name="utf-16-le")),
        ("\ufeff机密".encode("utf-16-be"), "机密", Encoding(name="utf-16-be", bom_bytes=2)),
        (b"\xef\xbb\xbf" + "时间,发送人".encode("gbk"), "时间,发送人", Encoding(name="gb18030", bom_bytes=3)),
        (
            "我們這個單位的機密★5年文件，請大家不要外傳".encode("big5"),
            "我們這個單位的機密★5年文件，請大家不要外傳",
            Encoding(name="big5"),
        ),
        (b"", "", Encoding(name="utf-8")),
    ],
)
def test_the_cascade_finds_the_encoding(data: bytes, text: str, encoding: Encoding) -> None:
    assert decode(data) == (text, encoding)


def test_one_bad_byte_does_not_turn_a_chat_into_mojibake() -> None:
    text, encoding = decode("领导的行程先别说".encode() + b"\xff" + "机密★1年".encode())

    assert "机密★1年" in text
    assert not encoding.is_exact


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_lines_of_two_encodings_are_both_read(bom: bytes) -> None:
    text, encoding = decode(
        bom + "先是这一行，机密★1年\n".encode() + "再是那一行，秘密★2年\n".encode("gbk") + "好".encode()
    )

    assert text == "先是这一行，机密★1年\n再是那一行，秘密★2年\n好"
    assert not encoding.is_exact


def test_a_torn_character_costs_no_more_than_itself() -> None:
    whole = "拟任王明远为云岭局副局长，还没公示，别外传".encode()

    text, _ = decode(whole[:10] + whole[11:])

    assert text.endswith("为云岭局副局长，还没公示，别外传")


@pytest.mark.parametrize("left", [1, 2])
def test_a_file_cut_inside_a_character_says_so_and_makes_up_none(left: int, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes("收到\n最后一条".encode()[: left - 3])

    text, encoding = decode(path.read_bytes())
    stream, _ = open_text(path)
    with stream:
        streamed = stream.read(4) + stream.read()

    assert text == streamed == "收到\n最后一\ufffd"
    assert not encoding.is_exact


def test_a_file_cut_inside_a_character_stays_utf8() -> None:
    text, encoding = decode("这是一条很长的消息，机密★1年".encode()[:-1])

    assert text.startswith("这是一条很长的消息，机密★1")
    assert encoding == Encoding(name="utf-8", is_exact=False)


def test_open_text_streams_behind_the_bom(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes("机密\n".encode("utf-8-sig") * 1)

    stream, encoding = open_text(path)
    with stream:
        assert stream.read() == "机密\n"
    assert encoding.bom_bytes == 3


@pytest.mark.parametrize(
    ("head", "is_text"),
    [
        ("普通文字".encode(), True),
        ("普通文字".encode("gbk") * 30, True),
        ("普通文字".encode()[:-1], True),
        (b"", True),
        ("前半 机密★5年\n".encode() + "后半 秘密★6年\n".encode("gbk"), True),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", False),
        (bytes(range(256)) * 4, False),
    ],
)
def test_text_is_told_from_binary(head: bytes, is_text: bool) -> None:
    assert looks_like_text(head) is is_text


@pytest.mark.parametrize(
    ("head", "is_dense"),
    [
        (bytes(range(256)) * 16, True),
        (b"", False),
        ("青石市云岭区".encode("gb18030") * 100, False),
        ("青石市云岭区".encode("utf-16"), False),
        ("上下文\r\n12:30\t".encode("utf-16-le") * 100, False),
        ("时间\0,发送人\0,内容\0\r\n".encode() * 100, False),
        (b"\x01" + "值班".encode() * 100, False),
    ],
)
def test_only_many_control_characters_make_a_binary(head: bytes, is_dense: bool) -> None:
    assert is_binary(head) is is_dense
