"""OpenDocument and UOF packages, as LibreOffice 7.4 and 标文通 write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.config import Limits
from leakwatch.documents import reader_for
from leakwatch.documents.office_xml import opendocument
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

NAMESPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "presentation": "presentation",
        }.items()
    )
    + ' xmlns:svg="urn:svg" xmlns:dc="urn:dc"'
)
PNG = b"\x89PNG\r\n\x1a\n0000"


def package(parts: dict[str, bytes | str], mimetype: str = "text") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{mimetype}", zipfile.ZIP_STORED)
        for name, data in {"META-INF/manifest.xml": "<manifest/>", **parts}.items():
            archive.writestr(name, data)
    return stream.getvalue()


def content(body: str, kind: str = "text") -> str:
    return f"<office:document-content {NAMESPACES}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"


def pieces(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    return [(row.spot, row.text) for row in opendocument.read(file, vault) if isinstance(row, TextPiece)]


def test_spans_of_a_paragraph_are_one_string(keep: Keep, vault: Vault) -> None:
    body = "<text:p>机<text:span>密★</text:span>10年<text:s text:c='2'/>值班<text:tab/>表</text:p>"
    file = keep("a.odt", package({"content.xml": content(body)}))
    assert pieces(file, vault) == [("正文第1段", "机密★10年  值班\t表")]


def test_a_number_of_blanks_is_bounded(keep: Keep, vault: Vault) -> None:
    file = keep(
        "a.odt", package({"content.xml": content("<text:p>甲<text:s text:c='99999999'/>乙</text:p>")})
    )
    ((_, text),) = pieces(file, vault)
    assert len(text) < 2000


def test_a_table_of_a_text_is_lines_with_tabs(keep: Keep, vault: Vault) -> None:
    cells = "<table:table-cell><text:p>王</text:p><text:p>明远</text:p></table:table-cell><table:table-cell><text:p>值班</text:p></table:table-cell>"
    body = f"<text:h>名单</text:h><table:table table:name='表1'><table:table-row>{cells}</table:table-row></table:table>"
    file = keep("a.odt", package({"content.xml": content(body)}))
    assert pieces(file, vault) == [("正文第1-2段", "名单\n王 明远\t值班")]


@pytest.mark.parametrize(
    ("body", "spot", "text"),
    [
        ("<text:p>正文<office:annotation><dc:creator>李青</dc:creator><text:p>秘密</text:p></office:annotation></text:p>", "批注", "秘密"),
        ("<text:p>正文<text:note><text:note-body><text:p>注一</text:p></text:note-body></text:note></text:p>", "脚注", "注一"),
        ("<text:tracked-changes><text:deletion><text:p>机密★10年</text:p></text:deletion></text:tracked-changes>", "修订删除", "机密★10年"),
        ("<text:p><draw:frame><draw:text-box><text:p>框内</text:p></draw:text-box></draw:frame></text:p>", "文本框", "框内"),
        ("<text:p><draw:frame><svg:desc>会场平面图</svg:desc></draw:frame></text:p>", "文本框", "会场平面图"),
        ("<text:p><text:hidden-text text:string-value='藏起的字'/></text:p>", "隐藏文字", "藏起的字"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_body_is_read(
    keep: Keep, vault: Vault, body: str, spot: str, text: str
) -> None:
    file = keep("a.odt", package({"content.xml": content(body)}))
    assert (spot, text) in [(where, said.rpartition("\n")[2]) for where, said in pieces(file, vault)]


def test_margins_and_properties_lie_in_other_parts(keep: Keep, vault: Vault) -> None:
    styles = f"<office:document-styles {NAMESPACES}><style:master-page><style:header><text:p>机密★</text:p></style:header></style:master-page></office:document-styles>"
    meta = f"<office:document-meta {NAMESPACES}><office:meta><dc:title>值班表</dc:title></office:meta></office:document-meta>"
    parts: dict[str, str | bytes] = {
        "styles.xml": styles,
        "meta.xml": meta,
        "content.xml": content("<text:p>一</text:p>"),
    }
    file = keep("a.odt", package(parts))
    assert pieces(file, vault) == [("正文第1段", "一"), ("页眉", "机密★"), ("文档属性", "值班表")]


def test_sheets_have_names_and_row_numbers(keep: Keep, vault: Vault) -> None:
    def row(text: str, more: str = "") -> str:
        return f"<table:table-row {more}><table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>"

    rows = row("甲") + row("", 'table:number-rows-repeated="3"') + row("乙")
    body = f'<table:table table:name="值班">{rows}</table:table><table:table table:name="附">{row("丙")}</table:table>'
    file = keep("a.ods", package({"content.xml": content(body, "spreadsheet")}, "spreadsheet"))
    assert pieces(file, vault) == [("值班!1:5", "甲\n乙"), ("附!1:1", "丙")]


def test_slides_are_numbered_and_have_notes(keep: Keep, vault: Vault) -> None:
    def box(text: str) -> str:
        return f"<draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"

    body = (
        f"<draw:page>{box('一')}<presentation:notes>{box('备忘')}</presentation:notes></draw:page>"
        f"<draw:page>{box('二')}</draw:page>"
    )
    file = keep("a.odp", package({"content.xml": content(body, "presentation")}, "presentation"))
    assert pieces(file, vault) == [("第1页", "一"), ("第2页", "二"), ("第1页备注", "备忘")]


def test_pictures_come_out_and_the_thumbnail_does_not(keep: Keep, vault: Vault) -> None:
    parts: dict[str, str | bytes] = {
        "content.xml": content("<text:p>一</text:p>"),
        "Pictures/1.png": PNG,
        "Thumbnails/thumbnail.png": PNG + b"1",
    }
    file = keep("a.odt", package(parts))
    assert [item.name for item in opendocument.read(file, vault) if isinstance(item, Evidence)] == ["1.png"]


def test_a_password_is_said(keep: Keep, vault: Vault) -> None:
    manifest = "<manifest><encryption-data/></manifest>"
    file = keep("a.odt", package({"content.xml": b"\x01\x02", "META-INF/manifest.xml": manifest}))
    with pytest.raises(Unreadable) as caught:
        list(opendocument.read(file, vault))
    assert caught.value.reason is Reason.PASSWORD


def test_broken_xml_is_read_as_far_as_it_goes_and_said(keep: Keep, vault: Vault) -> None:
    cut = content("<text:p>机密★10年</text:p><text:p>没写完").partition("写完")[0]
    rows = list(opendocument.read(keep("a.odt", package({"content.xml": cut})), vault))
    assert [row.text for row in rows if isinstance(row, TextPiece)] == ["机密★10年\n没"]
    assert [row.reason for row in rows if isinstance(row, Skipped)] == [Reason.DAMAGED]


def test_uof_2_drops_the_codes_of_its_names(keep: Keep, vault: Vault) -> None:
    uof = "http://schemas.uof.org/cn/2009/wordproc"
    body = f'<字:文字处理 xmlns:字="{uof}"><字:段落_416B><字:句_419D><字:文本串_415B>机密</字:文本串_415B></字:句_419D><字:句_419D><字:文本串_415B>★10年</字:文本串_415B></字:句_419D></字:段落_416B></字:文字处理>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("uof.xml", '<uof:UOF_0000 xmlns:uof="urn:uof"/>')
        archive.writestr("content.xml", body)
    file = keep("a.uot", stream.getvalue())
    assert pieces(file, vault) == [("正文第1段", "机密★10年")]


def test_a_document_is_no_archive(keep: Keep, vault: Vault) -> None:
    file = keep("无扩展名", package({"content.xml": content("<text:p>一</text:p>")}))
    assert list(unpack(file, vault, Limits())) == [file]
    assert reader_for(Path(file.path).read_bytes(), file.name) is opendocument
