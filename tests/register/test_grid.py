"""Workbooks from outside → rows, or a sentence why not."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.register.grid import Row, sheets


def book(*rows: tuple[object, ...], merged: str = "") -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def edited(data: bytes, pattern: bytes, new: bytes) -> bytes:
    """The workbook with its sheet's XML changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for part in old.namelist():
            text = old.read(part)
            package.writestr(part, re.sub(pattern, new, text) if "sheet1" in part else text)
    return file.getvalue()


def read(folder: Path, data: bytes) -> list[Row]:
    (folder / "表.xlsx").write_bytes(data)
    return [row for _, rows in sheets(folder / "表.xlsx") for row in rows]


def test_cells_become_texts_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, book((1, 2.5, 138e8, True), (), (None, " 甲\u3000\n群\u202e ", "="))) == [
        Row(number=1, texts=("1", "2.5", "13800000000", "True")),
        Row(number=3, texts=("", "甲 群", "=")),
    ]


@pytest.mark.parametrize("dimension", [b'ref="A1"', b'ref="A1:XFD1048576"', b'ref="B9:C9"'])
def test_a_false_dimension_hides_nothing(tmp_path: Path, dimension: bytes) -> None:
    data = edited(book(("甲",), ("乙", "丙")), rb'(?<=<dimension )ref="[^"]*"', dimension)
    assert [row.texts for row in read(tmp_path, data)] == [("甲",), ("乙", "丙")]


def test_a_merge_over_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    data = edited(book(("甲", "乙"), (None, "丙"), merged="A1:A2"), rb"A1:A2", b"A1:XFD1048576")
    assert [row.texts for row in read(tmp_path, data)] == [("甲", "乙"), ("甲", "丙")]


def test_a_row_beyond_the_end_of_excel_is_refused(tmp_path: Path) -> None:
    data = edited(book(("甲",), ("乙",)), rb'(?<=<row )r="2"', b'r="99999999999"')
    with pytest.raises(Unreadable, match="过大"):
        read(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.DAMAGED),
        (b"PK\x03\x04", Reason.DAMAGED),
        ("序号,群名称".encode(), Reason.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.UNSUPPORTED),
        (book(("甲",))[:-40], Reason.DAMAGED),
        (edited(book(("甲",)), rb"</row>", b"<row>"), Reason.DAMAGED),
    ],
)
def test_what_is_no_workbook_is_told_with_what_to_do(tmp_path: Path, data: bytes, reason: Reason) -> None:
    with pytest.raises(Unreadable, match=r"另存为 \.xlsx 或 \.docx") as refused:
        read(tmp_path, data)
    assert refused.value.reason is reason


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "表.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(65 << 20))
    with pytest.raises(Unreadable, match="过大"):
        list(sheets(tmp_path / "表.xlsx"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="读不出来"):
        list(sheets(tmp_path / "表.xlsx"))


@pytest.mark.parametrize("seed", range(60))
def test_broken_bytes_raise_nothing_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same bytes each time
    whole = book(("序号", "群名称"), (1, "甲群"), (2, "乙群"), merged="A2:A3")
    parts = {
        name: zipfile.ZipFile(BytesIO(whole)).read(name)
        for name in zipfile.ZipFile(BytesIO(whole)).namelist()
    }
    broken = chance.choice(sorted(parts))
    data = bytearray(parts[broken])
    for _ in range(chance.choice((1, 3, 20))):
        place = chance.randrange(len(data))
        data[place : place + chance.choice((0, 1, 9))] = chance.randbytes(chance.choice((0, 1, 4)))
    with zipfile.ZipFile(tmp_path / "表.xlsx", "w") as package:
        for name, content in parts.items():
            package.writestr(name, bytes(data) if name == broken else content)
    try:
        for _, rows in sheets(tmp_path / "表.xlsx"):
            list(rows)
    except Unreadable as why:
        assert why.detail
