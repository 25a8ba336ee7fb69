"""Workbooks."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from leakwatch.documents.ooxml import xlsx
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
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
    assert ("名单!B4批注", "内部掌握") in found
    assert ("名单!页眉页脚", "秘密★3年") in found


def test_what_is_shown_to_who_fills_a_cell_in_is_read(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    rule = DataValidation(type="whole", prompt="内部<资料>", promptTitle="注意", error="不得外传")
    rule.add("B4")
    sheet.add_data_validation(rule)
    found = pieces(keep("a.xlsx", saved(workbook)), vault)
    assert [sorted(text.split("\n")) for spot, text in found if spot == "名单!输入提示"] == [
        ["不得外传", "内部<资料>", "注意"]
    ]


@pytest.mark.parametrize(
    ("formula", "choices"),
    [('"内部,机密★10年"', ["内部,机密★10年"]), ("$A$1:$A$9", []), ("名单!$A$1", [])],
)
def test_what_there_is_to_choose_from_is_read(
    formula: str, choices: list[str], keep: Keep, vault: Vault
) -> None:
    workbook, sheet = book()
    rule = DataValidation(type="list", formula1=formula)
    rule.add("B4")
    sheet.add_data_validation(rule)
    found = pieces(keep("a.xlsx", saved(workbook)), vault)
    assert [text for spot, text in found if spot == "名单!输入提示"] == choices


def test_the_words_of_a_formula_without_a_result_are_read(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["B4"] = '=IF(A1>"3","机密★10年","<公开>")&A2'
    found = pieces(keep("a.xlsx", saved(workbook)), vault)
    assert ("名单!公式", "机密★10年、<公开>") in found


def test_a_formula_with_a_result_says_it_alone(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["B4"] = '=IF(A1>3,"机密","公开")'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(workbook))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(b"<v ?/>|<v></v>", b"<v>3</v>", old.read(name)))
    found = pieces(keep("a.xlsx", stream.getvalue()), vault)
    assert not [text for spot, text in found if spot == "名单!公式"]


def test_the_words_of_a_number_format_are_read(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["A1"], sheet["A2"], sheet["A3"] = 1, 2, 3
    sheet["A1"].number_format = '0"元 机密★10年"'
    sheet["A2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A3"].number_format = '上午/下午h"时"mm"分"'
    found = pieces(keep("a.xlsx", saved(workbook)), vault)
    assert [text for spot, text in found if spot == "数字格式"] == ["0元 机密★10年"]


def test_words_outside_the_cells_are_read_alone(keep: Keep) -> None:
    workbook, sheet = book()
    sheet["B4"] = "甲"
    sheet["B4"].comment = Comment("内部掌握", "甲")
    assert sheet.oddHeader is not None
    sheet.oddHeader.center.text = "秘密★3年"
    found = [piece for piece in xlsx.around(keep("a.xlsx", saved(workbook))) if isinstance(piece, TextPiece)]
    assert [(piece.spot, piece.text) for piece in found if piece.spot != "文档属性"] == [
        ("名单!页眉页脚", "秘密★3年"),
        ("名单!B4批注", "内部掌握"),
    ]


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


@pytest.mark.parametrize("data", [b"PK\x03\x04 rubbish", saved(book()[0])[:300]])
def test_a_broken_workbook_is_given_up_with_a_sentence(data: bytes, keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        list(xlsx.read(keep("a.xlsx", data), vault))
    assert caught.value.reason == Reason.DAMAGED


def with_parts(data: bytes, parts: dict[str, str]) -> bytes:
    """The same package with some parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in {**dict.fromkeys(old.namelist()), **parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


SHARED = '<worksheet><sheetData><row r="1"><c r="A1" s="2" t="s"><v>0</v></c></row></sheetData></worksheet>'


def test_strings_that_no_cell_shows_any_more_are_read(keep: Keep, vault: Vault) -> None:
    strings = "<sst><si><t>在</t></si><si><t>删去的机密</t><rPh><t>x</t></rPh></si></sst>"
    parts = {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": SHARED}
    found = pieces(keep("a.xlsx", with_parts(saved(book()[0]), parts)), vault)
    assert ("未引用的字符串", "删去的机密") in found


def test_names_and_caches_are_read_where_no_cell_repeats_them(keep: Keep, vault: Vault) -> None:
    workbook, _ = book()
    workbook.defined_names["密表"] = DefinedName("密表", attr_text="名单!$A$1")
    cache = (
        '<pivotCacheDefinition><sharedItems><s v="在"/><s v="王明远"/></sharedItems></pivotCacheDefinition>'
    )
    parts = {
        "xl/worksheets/sheet1.xml": SHARED,
        "xl/sharedStrings.xml": "<sst><si><t>在</t></si></sst>",
        "xl/pivotCache/pivotCacheDefinition1.xml": cache,
        "xl/externalLinks/externalLink1.xml": '<externalLink><cell r="A1"><v>外部机密</v></cell></externalLink>',
    }
    assert pieces(keep("a.xlsx", with_parts(saved(workbook), parts)), vault)[2:] == [
        ("定义名称", "密表\t名单!$A$1"),
        ("数据透视表缓存", "王明远"),
        ("外部链接缓存", "外部机密"),
    ]


def test_a_threaded_comment_is_read_once(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["B4"] = "y"
    sheet["B4"].comment = Comment("[线程批注]\n批注：\n    内部掌握\n答复：\n    照办", "甲")
    threads = '<ThreadedComments><threadedComment ref="B4"><text>内部掌握</text></threadedComment>'
    threads += '<threadedComment ref="B4"><text>照办</text></threadedComment></ThreadedComments>'
    data = saved(workbook)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("sheet1.xml.rels"))
        rels = archive.read(name).decode()
    rels = rels.replace(
        "</Relationships>",
        '<Relationship Id="t" Type="x/threadedComment" Target="/xl/t.xml"/></Relationships>',
    )
    found = pieces(keep("a.xlsx", with_parts(data, {name: rels, "xl/t.xml": threads})), vault)
    assert [piece for piece in found if "批注" in str(piece[0])] == [("名单!B4批注", "内部掌握\n照办")]


def test_a_workbook_that_calamine_gives_up_is_read_cell_by_cell(keep: Keep, vault: Vault) -> None:
    workbook, sheet = book()
    sheet["A1"] = "机密"
    data = with_parts(saved(workbook), {"xl/workbook.xml": "<workbook"})
    rows = list(xlsx.read(keep("a.xlsx", data), vault))
    assert ("sheet1!A1:A1", "机密") in [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]
    assert [row.reason for row in rows if isinstance(row, Skipped)] == [Reason.DAMAGED]
