"""Chats in OpenDocument workbooks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch import readings
from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.errors import Unreadable
from leakwatch.model import SHANGHAI, Conversation, Evidence, Message, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

HEADER = ("发送时间", "发送人", "消息内容")
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
REST = '<table:table-cell table:number-columns-repeated="1021"/>'
BLANK = f'<table:table-row table:number-rows-repeated="1048560">{REST}</table:table-row>'


def cell(text: str, attributes: str = "") -> str:
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell {attributes}>{paragraphs}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}{REST}</table:table-row>"


def sheet(*rows: str, name: str = "聊天") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}{BLANK}</table:table>'


def workbook(*sheets: str) -> bytes:
    content = (
        f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet>{''.join(sheets)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def export(*rows: str) -> bytes:
    return workbook(sheet(row(*map(cell, HEADER)), *rows))


TIME = cell("2031-05-06 08:01:02")
SENDER = cell("王明远")


def _messages(file: Evidence) -> list[Message]:
    return [item for item in table.read(file, Alone()) if isinstance(item, Message)]


def test_a_row_is_a_message(keep: Keep) -> None:
    file = keep("值班群.ods", export(row(TIME, SENDER, cell("机密★10年\n第二行"))))
    assert reader_for(file) is table
    (message,) = _messages(file)
    assert (message.chat.name, message.sender, message.text, message.sent_at) == (
        "值班群",
        "王明远",
        "机密★10年\n第二行",
        datetime(2031, 5, 6, 8, 1, 2, tzinfo=SHANGHAI),
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (cell("a") .replace("<text:p>a", "<text:p>机<text:s text:c='2'/>密<text:tab/><text:span>★</text:span><text:line-break/>尾"), "机  密\t★\n尾"),
        (cell("Err:510", 'table:formula="of:==分割线=="'), "==分割线=="),
        (cell("#NAME?", 'table:formula="of:=绝密"'), "=绝密"),
        (cell("12", 'table:formula="of:=[.A1]+2"'), "12"),
        (cell("#青石话题"), "#青石话题"),
        ('<table:table-cell office:value-type="float" office:value="12"/>', "12"),
        (cell("x").replace("<text:p>", "<office:annotation><text:p>批注</text:p></office:annotation><text:p>"), "x"),
    ],
)  # fmt: skip
def test_a_cell_says_what_it_shows(keep: Keep, content: str, text: str) -> None:
    assert [one.text for one in _messages(keep("群.ods", export(row(TIME, SENDER, content))))] == [text]


def test_a_time_is_as_exact_as_it_is_stored(keep: Keep) -> None:
    shown = cell("5月6日", 'office:value-type="date" office:date-value="2031-05-06T08:01:02"')
    (message,) = _messages(keep("群.ods", export(row(shown, SENDER, cell("收到")))))
    assert message.sent_at == datetime(2031, 5, 6, 8, 1, 2, tzinfo=SHANGHAI)


def test_repeated_rows_are_repeated_as_far_as_anybody_says_the_same(keep: Keep) -> None:
    thrice = row(TIME, SENDER, cell("收到"), attributes='table:number-rows-repeated="3"')
    endless = row(TIME, SENDER, cell("在"), attributes='table:number-rows-repeated="1048576"')
    found = _messages(keep("群.ods", export(thrice, endless)))
    assert [found[0].text, len(found)] == ["收到", 1003]


def test_every_sheet_is_read(keep: Keep) -> None:
    second = sheet(row(cell("另附")), name="说明")
    data = workbook(sheet(row(*map(cell, HEADER)), row(TIME, SENDER, cell("收到"))), second)
    found = [one for one in table.read(keep("群.ods", data), Alone()) if isinstance(one, Message | TextPiece)]
    assert [one.text for one in found] == ["收到", "另附"]


def test_what_stands_beside_the_rows_is_read_as_of_any_document(keep: Keep, vault: Vault) -> None:
    note = cell("x").replace(
        "<text:p>", "<office:annotation><text:p>机密★5年</text:p></office:annotation><text:p>"
    )
    file = keep("群.ods", export(row(TIME, SENDER, note)))
    found = list(readings.around(file, table.NAME, vault))
    assert [(piece.spot, piece.text) for piece in found if isinstance(piece, TextPiece)] == [
        ("批注", "机密★5年")
    ]


@pytest.mark.parametrize(
    "data",
    [
        workbook(sheet(row(*map(cell, ("姓名", "工号", "部门"))))),
        workbook(sheet(row(*map(cell, ("日期", "内容"))), row(cell("2031-05-06"), cell("值班")))),
        export().replace(b"opendocument.spreadsheet", b"opendocument.text-master"),
        workbook(),
    ],
)
def test_other_workbooks_are_left_alone(keep: Keep, data: bytes) -> None:
    assert reader_for(keep("a.ods", data)) is None


def test_a_workbook_beyond_a_gibibyte_is_no_chat(keep: Keep) -> None:
    data = export(row(TIME, SENDER, cell("收到")))
    entry = data.rindex(b"PK\x01\x02")
    file = keep("a.ods", data[: entry + 24] + b"\xff\xff\xff\x7f" + data[entry + 28 :])
    assert reader_for(file) is None
    with pytest.raises(Unreadable, match="超过 1 GiB"):
        list(table.read(file, Alone()))


@pytest.mark.parametrize("end", ["</table:table-row>", "&nbsp;", "<table:table-row><", "\0"])
def test_messages_above_broken_xml_are_read(keep: Keep, end: str) -> None:
    data = export(*(row(TIME, SENDER, cell(f"第{number}条")) for number in range(60)), end)
    file = keep("群.ods", data)
    assert reader_for(file) is table
    found: list[str] = []
    with pytest.raises(Unreadable, match="电子表格文件已损坏"):
        found.extend(item.text for item in table.read(file, Alone()) if isinstance(item, Message))
    assert found[0] == "第0条"


@given(damage=st.binary(max_size=12), at=st.integers(0, 2000), cut=st.booleans())
def test_no_damage_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes, at: int, cut: bool
) -> None:
    data = export(row(TIME, SENDER, cell("收到")))
    at %= len(data)
    path = tmp_path_factory.mktemp("ods") / "a.ods"
    path.write_bytes(data[:at] if cut else data[:at] + damage + data[at + len(damage) :])
    file = Evidence(
        sha256="0" * 64,
        size=path.stat().st_size,
        name=path.name,
        inner_path=path.name,
        path=path,
        taken_at=datetime(2031, 5, 6, tzinfo=SHANGHAI),
    )
    reader_for(file)
    with suppress(Unreadable):
        assert any(isinstance(one, Conversation) for one in table.read(file, Alone()))
