"""Records of Excel 97 workbooks."""

from __future__ import annotations

import struct

import pytest

from leakwatch.biff import records, shared_texts, streamed


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def table(*parts: bytes) -> bytes:
    head, *rest = parts
    return record(0xFC, bytes(8) + head) + b"".join(record(0x3C, part) for part in rest)


def test_a_record_takes_those_that_continue_it() -> None:
    stream = record(1, b"a") + record(0x3C, b"b") + record(2, b"c")
    assert [*records(stream)] == [(0, 1, [b"a", b"b"]), (10, 2, [b"c"])]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (table(b"\x02\0\0ab\x01\0\x01" + "密".encode("utf-16-le")), ["ab", "密"]),
        (table(b"\x02\0\x01" + "机".encode("utf-16-le"), b"\x01" + "密".encode("utf-16-le")), ["机密"]),
        (table(b"\x04\0\x01" + "机密".encode("utf-16-le"), b"\0ab"), ["机密ab"]),
        (table(b"\x01\0\x0c\x01\0\x02\0\0\0axxxxyy\x01\0\0b"), ["a", "b"]),
        (table(b"\x01\0\0a", b"\x01\0\0b"), ["a", "b"]),
        (table(b"\xff\xff\x01a"), ["\ufffd"]),
        (b"", []),
    ],
)
def test_the_table_of_texts_is_read_over_the_seams(stream: bytes, expected: list[str]) -> None:
    assert shared_texts(stream) == expected


def test_a_result_of_a_formula_belongs_to_its_row() -> None:
    formula = record(6, struct.pack("<HHH6x", 0, 2, 0) + b"\xff\xff" + bytes(4))
    stream = record(0x809, bytes(16)) + formula + record(0x207, b"\x02\0\0ab") + record(0x0A, b"")
    assert [*streamed(stream, 0, [])] == [(1, [(0, "ab")])]
