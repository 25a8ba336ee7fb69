"""Office documents that are one XML file."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from leakwatch.documents import html, plain, reader_for
from leakwatch.documents.office_xml import flat
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

W = "http://schemas.microsoft.com/office/word/2003/wordml"
S = "urn:schemas-microsoft-com:office:spreadsheet"
PNG = b"\x89PNG\r\n\x1a\n0000"
DECLARED = '<?xml version="1.0" encoding="{}"?>\n<?mso-application progid="Excel.Sheet"?>\n'


def word(body: str) -> bytes:
    return f'<w:wordDocument xmlns:w="{W}" xmlns:v="urn:v"><w:body>{body}</w:body></w:wordDocument>'.encode()


def sheet(rows: str, name: str = "值班") -> str:
    return (
        f'<Workbook xmlns="{S}" xmlns:ss="{S}"><Worksheet ss:Name="{name}"><Table>{rows}</Table>'
        '<WorksheetOptions xmlns="urn:x"><PageSetup><Header x:Data="&amp;C机密★" xmlns:x="urn:x"/></PageSetup>'
        "</WorksheetOptions></Worksheet></Workbook>"
    )


def row(*cells: str, more: str = "") -> str:
    inside = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells)
    return f"<Row {more}>{inside}</Row>"


def pieces(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    return [(item.spot, item.text) for item in flat.read(file, vault) if isinstance(item, TextPiece)]


def test_word_2003_joins_its_runs(keep: Keep, vault: Vault) -> None:
    body = "<w:p><w:r><w:t>机</w:t></w:r><w:r><w:t>密★10年</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert pieces(keep("a.xml", word(body)), vault) == [("正文第1-2段", "机密★10年\n甲\t乙")]


def test_word_2003_has_margins_deleted_text_and_watermarks(keep: Keep, vault: Vault) -> None:
    body = (
        "<w:p><w:r><w:delText>秘密★5年</w:delText></w:r><w:r><w:t>正文</w:t></w:r></w:p>"
        "<w:sectPr><w:hdr><w:p><w:r><w:pict><v:textpath string='机密'/></w:pict><w:t>页眉字</w:t></w:r></w:p></w:hdr></w:sectPr>"
    )
    assert pieces(keep("a.doc", word(body)), vault) == [
        ("正文第1段", "正文"),
        ("修订删除", "秘密★5年"),
        ("水印", "机密"),
        ("页眉", "页眉字"),
    ]


def test_a_picture_in_the_text_comes_out(keep: Keep, vault: Vault) -> None:
    data = base64.b64encode(PNG).decode()
    body = f"<w:p><w:r><w:pict><w:binData w:name='wordml://01.png'>{data}</w:binData></w:pict></w:r></w:p>"
    found = [item for item in flat.read(keep("a.xml", word(body)), vault) if not isinstance(item, TextPiece)]
    assert [(item.name, item.path.read_bytes()) for item in found if isinstance(item, Evidence)] == [
        ("图1.png", PNG)
    ]


def test_pictures_beyond_the_limit_are_said(
    keep: Keep, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakwatch.documents.office_xml.writing._MOST_PICTURE_CHARACTERS", 8)
    body = f"<w:p><w:r><w:pict><w:binData>{'A' * 64}</w:binData></w:pict></w:r></w:p>"
    rows = list(flat.read(keep("a.xml", word(body)), vault))
    assert Reason.TOO_BIG in [row.reason for row in rows if isinstance(row, Skipped)]


def test_excel_2003_has_sheets_rows_and_page_headers(keep: Keep, vault: Vault) -> None:
    rows = row("姓名", "电话") + row("王明远", "13800000000", more='ss:Index="5"')
    assert pieces(keep("a.xls", sheet(rows).encode()), vault) == [
        ("值班!1:5", "姓名\t电话\n王明远\t13800000000"),
        ("页眉", "&C机密★"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["UTF-8", "GB2312"])
def test_the_encoding_is_that_of_the_bytes(keep: Keep, vault: Vault, encoding: str, declared: str) -> None:
    text = DECLARED.format(declared) + sheet(row("机密★10年 值班人员名单"))
    file = keep("a.xls", text.encode(encoding))
    assert reader_for(file.path.read_bytes(), file.name) is flat
    assert pieces(file, vault)[0] == ("值班!1:1", "机密★10年 值班人员名单")


def test_a_bare_ampersand_of_a_careless_program_costs_no_rows(keep: Keep, vault: Vault) -> None:
    items = list(flat.read(keep("a.xls", sheet(row("甲&乙") + row("机密★10年")).encode()), vault))
    assert "机密★10年" in next(item.text for item in items if isinstance(item, TextPiece))
    assert [item.reason for item in items if isinstance(item, Skipped)] == [Reason.DAMAGED]


def test_the_new_word_package_in_one_file(keep: Keep, vault: Vault) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = (
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>'
        f'<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>机密★10年</w:t></w:r></w:p></w:body></w:document>'
        "</pkg:xmlData></pkg:part>"
        f'<pkg:part pkg:name="/word/media/image1.png"><pkg:binaryData>{base64.b64encode(PNG).decode()}</pkg:binaryData></pkg:part>'
        "</pkg:package>"
    )
    items = list(flat.read(keep("a.xml", text.encode()), vault))
    assert [item.text if isinstance(item, TextPiece) else item.name for item in items] == [
        "机密★10年",
        "图1.png",
    ]


def test_uof_1_in_one_file(keep: Keep, vault: Vault) -> None:
    text = (
        '<uof:UOF xmlns:uof="http://schemas.uof.org/cn/2003/uof" xmlns:表="urn:表" xmlns:字="urn:字">'
        "<uof:元数据><uof:标题>值班表</uof:标题></uof:元数据>"
        '<表:工作表 表:名称="八月"><表:行 表:行号="3"><表:单元格><表:数据><字:句><字:文本串>机密</字:文本串></字:句></表:数据></表:单元格>'
        "</表:行></表:工作表></uof:UOF>"
    )
    assert pieces(keep("a.uos", text.encode()), vault) == [("八月!3:3", "机密"), ("文档属性", "值班表")]


def test_entities_do_not_multiply(keep: Keep, vault: Vault) -> None:
    steps = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY a0 "机密">{steps}]><w:wordDocument xmlns:w="{W}"><w:p><w:t>&a9;</w:t></w:p></w:wordDocument>'
    rows = list(flat.read(keep("a.xml", text.encode()), vault))
    assert sum(len(item.text) for item in rows if isinstance(item, TextPiece)) < 1_000_000
    assert any(isinstance(item, Skipped) for item in rows)


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (b'<html xmlns:w="http://schemas.microsoft.com/office/word"><body>x</body></html>', html),
        (b"<config><Workbook>1</Workbook></config>", plain),
        ("<document>普通的文字</document>".encode(), plain),
    ],
)
def test_other_markup_is_left_to_others(data: bytes, reader: object) -> None:
    assert reader_for(data, "a.xml") is reader
