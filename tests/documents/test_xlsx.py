"""Workbooks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from leakwatch.documents import xlsx
from leakwatch.documents.legacy import OLE
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def book() -> tuple[Workbook, Worksheet]:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "名单"
    return workbook, sheet


def saved(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def pieces(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    found = [row for row in xlsx.read(file, vault) if isinstance(row, TextPiece)]
    return [(row.spot, row.text) for row in found if row.spot != "文档属性"]


def test_cells_come_out_as_excel_shows_them(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["B2"] = "王明远"
    sheet["C2"] = 13800000000.0
    sheet["D2"] = dt.date(2031, 5, 6)
    sheet["E2"] = dt.datetime(2031, 5, 6, 7, 8)  # noqa: DTZ001 - Excel knows no zone
    sheet["B3"] = 1.5
    sheet["E3"] = True
    file = keep("a.xlsx", saved(workbook))
    assert pieces(file, vault) == [
        ("工作表名", "名单"),
        ("名单!B2:E3", "王明远\t13800000000\t2031-05-06\t2031-05-06 07:08:00\n1.5\tTRUE"),
    ]


def test_hidden_sheets_and_rows_far_apart_are_read(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["A1"] = "首"
    sheet["A20"] = "二十"
    sheet["A21"] = "二十一"
    hidden = workbook.create_sheet("隐藏表")
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = "机密"
    file = keep("a.xlsx", saved(workbook))
    assert pieces(file, vault) == [
        ("工作表名", "名单\n隐藏表"),
        ("名单!A1:A20", "首\n二十"),
        ("名单!A21:A21", "二十一"),
        ("隐藏表!A1:A1", "机密"),
    ]


def test_comments_and_page_headers_are_read(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["A1"] = "x"
    sheet["B4"] = "y"
    sheet["B4"].comment = Comment("内部掌握", "甲")
    assert sheet.oddHeader is not None
    sheet.oddHeader.center.text = "秘密★3年"
    sheet.oddHeader.center.font = "宋体,Bold"
    found = pieces(keep("a.xlsx", saved(workbook)), vault)
    assert ("批注B4", "内部掌握") in found
    assert ("名单!页眉页脚", "秘密★3年") in found


def test_a_cell_in_the_last_corner_is_read_without_the_rectangle(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["A1"] = "机密"
    sheet["B1"] = 12.0
    sheet["XFD1048576"] = "角落"
    assert pieces(keep("a.xlsx", saved(workbook)), vault) == [
        ("工作表名", "名单"),
        ("名单!A1:B1", "机密\t12"),
        ("名单!XFD1048576:XFD1048576", "角落"),
    ]


def test_pictures_become_evidence(keep: Keep, vault: Vault) -> None:
    from openpyxl.drawing.image import Image
    from PIL import Image as Picture

    workbook, sheet = book()
    stream = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(stream, "PNG")
    sheet.add_image(Image(stream), "A1")
    file = keep("a.xlsx", saved(workbook))
    found = [row.inner_path for row in xlsx.read(file, vault) if isinstance(row, Evidence)]
    assert found == ["a.xlsx!xl/media/image1.png"]


@pytest.mark.parametrize("data", [b"PK\x03\x04 rubbish", OLE + b"\0" * 600, saved(book()[0])[:2000]])
def test_a_broken_workbook_is_given_up_with_a_sentence(data: bytes, keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        list(xlsx.read(keep("a.xlsx", data), vault))
    assert caught.value.reason == Reason.DAMAGED


def test_an_old_document_with_a_sheet_inside_is_not_taken_for_a_workbook() -> None:
    inside = "Workbook\0".encode("utf-16-le")
    assert xlsx.is_mine(OLE + inside, "表")
    assert not xlsx.is_mine(OLE + inside + "WordDocument".encode("utf-16-le"), "a.doc")
    assert not xlsx.is_mine(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xls")
