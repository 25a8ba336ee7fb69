"""Chats in tables of web pages and of Excel 2003 XML, which consoles name .xls."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from leakwatch import readings
from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.model import Conversation, Evidence, Message, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

S = "urn:schemas-microsoft-com:office:spreadsheet"
HEADER = ("发送时间", "发送人", "会话名称", "消息内容")
ROWS = (
    ("2031-05-06 08:01:02", "王明远", "值班群", "机密★10年"),
    ("2031-05-06 08:02:02", "李青", "值班群", "收到"),
)
PNG = b"\x89PNG\r\n\x1a\n0000"


def page(*rows: tuple[str, ...], before: str = "", after: str = "") -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><style>td{{color:red}}</style></head><body>{before}<table>{lines}</table>{after}</body></html>"


def sheet(*rows: tuple[str, ...], name: str = "聊天") -> str:
    def cells(row: tuple[str, ...]) -> str:
        return "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)

    lines = "".join(f"<Row>{cells(row)}</Row>" for row in rows)
    return f'<Worksheet ss:Name="{name}"><Table>{lines}</Table></Worksheet>'


def book(*sheets: str) -> str:
    settings = "<ExcelWorkbook><WindowHeight>9000</WindowHeight></ExcelWorkbook>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="{S}" xmlns:ss="{S}">{settings}'
        + "".join(sheets)
        + "</Workbook>"
    )


def read(keep: Keep, text: str, encoding: str = "utf-8") -> list[tuple[str, str, str]]:
    """Chat, sender and text of each message; spot and text of what is none."""
    file = keep("审计.xls", text.encode(encoding))
    assert reader_for(file) is table
    return [
        (item.chat.name, item.sender, item.text)
        if isinstance(item, Message)
        else (item.spot or "", "", item.text)
        for item in table.read(file, Alone())
        if isinstance(item, Message | TextPiece)
    ]


SAID = [("值班群", "王明远", "机密★10年"), ("值班群", "李青", "收到")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [page(HEADER, *ROWS), book(sheet(HEADER, *ROWS))])
def test_rows_are_messages_in_every_encoding(keep: Keep, text: str, encoding: str) -> None:
    assert read(keep, text, encoding) == SAID


def test_words_around_the_table_are_kept(keep: Keep) -> None:
    text = page(HEADER, *ROWS, before="<h3>审计导出</h3>", after="<p>共 2 条</p>")
    assert read(keep, text) == [("表头上方", "", "审计导出"), *SAID, ("审计", "", "共 2 条")]


def test_a_table_inside_a_table_gives_its_rows(keep: Keep) -> None:
    inner = page(HEADER, *ROWS)
    assert read(keep, f"<html><body><table><tr><td>{inner}</td></tr></table></body></html>") == SAID


def test_markup_and_line_ends_inside_a_cell(keep: Keep) -> None:
    rows = (("2031-05-06 08:01:02", "王明远", "值班群", "机<b>密★</b>10年<br>\n  不要外传&amp;转发"),)
    assert read(keep, page(HEADER, *rows)) == [("值班群", "王明远", "机密★10年\n不要外传&转发")]


def test_each_worksheet_is_read_and_cells_may_be_left_out(keep: Keep) -> None:
    row = '<Row><Cell><Data>2031-05-06T08:03:00.000</Data></Cell><Cell/><Cell ss:Index="4"><Data>散会</Data></Cell></Row>'
    second = sheet(HEADER, name="附").replace("</Table>", f"{row}</Table>")
    assert read(keep, book(sheet(HEADER, *ROWS), second)) == [*SAID, ("审计", "", "散会")]


def test_pictures_in_the_page_are_read_beside(keep: Keep, vault: Vault) -> None:
    picture = f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}">'
    rows = ((*ROWS[0][:3], picture),)
    file = keep("审计.xls", page(HEADER, *rows).encode())
    found = readings.around(file, table.NAME, vault)
    assert [item.path.read_bytes() for item in found if isinstance(item, Evidence)] == [PNG]


def test_characters_that_cannot_be_decoded_are_counted(keep: Keep) -> None:
    data = page(HEADER, *ROWS).encode("gb18030").replace("收到".encode("gb18030"), b"\xff\xff\xca")
    items = list(table.read(keep("审计.xls", data), Alone()))
    (chat,) = (item for item in items if isinstance(item, Conversation) and item.chat.name == "值班群")
    assert chat.coverage.decode_replacements > 0


@pytest.mark.parametrize(
    "text",
    [
        page(("姓名", "日期", "内容"), ("王明远", "2031-05-06", "值班")),
        book(sheet(("项目", "金额"), ("办公费", "100"))),
        "<html><body><p>发送时间 发送人 消息内容</p></body></html>",
    ],
)
def test_other_tables_are_documents(keep: Keep, text: str) -> None:
    assert reader_for(keep("表.xls", text.encode())) is None
