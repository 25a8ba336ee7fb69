"""Chats in tables: CSV (comma, tab, semicolon), XLSX, XLS, ODS, web pages and Excel 2003 XML, known by their header row.

Written by: MemoTrace v1 and v3, PyWxDump/WeClone, WeFlow, chatlog, CipherTalk, QQ Chat Exporter, audit
  consoles of DingTalk and WeCom, clerks; often re-saved by Excel (GBK, lost seconds, rounded ids).
Tell-tales: one row within the first ten that names a time and a content, and who sent it; a table that
  only looks alike (a schedule, a roster) is told apart by its dates without clock times.
Field map: see table_headers.py; a cell of WeChat XML is read as such, `【文件】name size path type md5`
  and PyWxDump's src give the attachment, indented lines or src's dict the forward. Columns that nobody
  knows are kept as lines `column：value` of the text.
Specimen:
  消息ID,类型,发送人,时间,内容,备注,昵称,更多信息
  70,文本,王明远,2024-05-01 17:00:05,各位早上好,王明远,山高水长,more
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from leakwatch.chats.beside import Beside
from leakwatch.chats.tables import table_markup, table_ods, table_xls
from leakwatch.chats.tables.table_csv import Counted, CsvRows
from leakwatch.chats.tables.table_headers import Layout, Role, shows_clocks
from leakwatch.chats.tables.table_links import WorkbookFiles, straightened
from leakwatch.chats.tables.table_peek import holds_workbook
from leakwatch.chats.tables.table_reading import Reading, Table
from leakwatch.chats.tables.table_xlsx import Sheet, is_chat, is_chat_file, is_workbook, rows_of, sheets
from leakwatch.chats.wechat.memotrace_pictures import Pictures
from leakwatch.chats.wechat.pywxdump_names import names_beside, with_names
from leakwatch.compound import MAGIC
from leakwatch.errors import Unreadable
from leakwatch.model import (
    Conversation,
    Evidence,
    Message,
    Reason,
    Skipped,
    TextPiece,
)
from leakwatch.text import decode, is_binary, open_text

NAME = "table"

_Item = Message | TextPiece | Skipped | Conversation
_HEAD_BYTES = 1 << 20
_CHUNK_CHARACTERS = 1 << 18
_ROWS_TO_SNIFF = 30
_TABLE_NAMES = (".csv", ".tsv")
# Written beside the chat by MemoTrace, QQ Chat Exporter and EchoTrace: members, counts, lists of files.
_SIDE_SHEETS = frozenset({"成员信息", "统计信息", "发送者统计", "资源列表", "头像索引"})
_CUT = "表格的结尾像是被截断了（引号没有成对），可能没有导完；请重新导出后再检查一次"


def is_mine(head: bytes, name: str) -> bool:
    """Whether the head is a table with the header of a chat, and not just a table of data."""
    if is_workbook(head):
        return is_chat(head, name)
    if table_ods.is_workbook(head):
        return table_ods.is_chat(head)
    if head[:2] in (b"PK", b"%P", MAGIC[:2]) or is_binary(head):
        return False
    if table_markup.is_markup(head):
        return table_markup.is_chat(head)
    try:
        text, _ = decode(head)
    except UnicodeDecodeError:
        return False
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if len(head) >= _HEAD_BYTES:
        lines.pop()
    rows = CsvRows(iter(lines), 10 if name.lower().endswith(_TABLE_NAMES) else 1)
    layout = rows.layout
    return layout is not None and (layout.is_sure or shows_clocks(layout, islice(rows, _ROWS_TO_SNIFF)))


def is_mine_file(file: Evidence) -> bool:
    """Whether it is a workbook with a sheet that has the header of a chat."""
    head = _head_of(file)
    if head.startswith(MAGIC):
        return table_xls.is_chat_file(file.path)
    if table_ods.is_workbook(head):
        return table_ods.is_chat(file.path)
    return holds_workbook(file.path) and is_chat_file(file.path)


def read(file: Evidence, beside: Beside) -> Iterator[_Item]:
    """The messages of all chats in the table and what is said beside them, then the chats."""
    head = _head_of(file)
    if head.startswith(MAGIC):
        yield from _read_sheets(file, table_xls.sheets(file.path))
    elif table_ods.is_workbook(head):
        yield from _read_sheets(file, table_ods.sheets(file.path))
    elif is_workbook(head) or holds_workbook(file.path):
        yield from _read_workbook(file, beside)
    elif table_markup.is_markup(head):
        yield from _read_markup(file, head)
    else:
        yield from _read_csv(file, beside)


def _head_of(file: Evidence) -> bytes:
    with file.path.open("rb") as opened:
        return opened.read(_HEAD_BYTES)


def _read_sheets(file: Evidence, found: Iterable[Sheet]) -> Iterator[_Item]:
    """The rows of sheets on which nothing hangs."""
    reading = Reading(file, NAME)
    yield from reading.messages(map(_bare, found))
    yield from reading.conversations("utf-8", 0)


def _read_markup(file: Evidence, head: bytes) -> Iterator[_Item]:
    stream, encoding = open_text(file.path)
    with stream:
        chunks = Counted(iter(lambda: stream.read(_CHUNK_CHARACTERS), ""))
        reading = Reading(file, NAME)
        yield from reading.messages(map(_bare, table_markup.sheets(iter(chunks), head)))
        yield from reading.conversations(encoding.name, 0 if encoding.is_exact else chunks.replacements)


def _bare(sheet: Sheet) -> Table:
    return Table(
        layout=sheet.layout,
        preamble=sheet.preamble,
        rows=_rows_of(sheet),
        name=sheet.name,
        first_row=sheet.first_row,
    )


def _rows_of(sheet: Sheet) -> Iterable[Sequence[str]]:
    """None of a sheet that exporters write beside the chat."""
    return [] if sheet.layout is None and sheet.name in _SIDE_SHEETS else sheet.rows


def _read_workbook(file: Evidence, beside: Beside) -> Iterator[_Item]:
    reading = Reading(file, NAME)
    pictures = Pictures(beside)
    with WorkbookFiles(file, beside) as files:
        tables = (_table(sheet, file.path, files) for sheet in sheets(file.path))
        for item in reading.messages(tables):
            yield pictures.joined(item) if isinstance(item, Message) else item
        yield from reading.leftover(files.left())
    yield from reading.conversations("utf-8", 0)
    yield from files.gaps


def _read_csv(file: Evidence, beside: Beside) -> Iterator[_Item]:
    stream, encoding = open_text(file.path)
    with stream:
        lines = Counted(stream)
        reading = Reading(file, NAME)
        rows = CsvRows(iter(lines))
        if rows.layout is None:
            raise Unreadable(
                Reason.UNKNOWN_FORMAT,
                "表格中没有找到聊天记录的表头（时间、发送人、内容），无法按聊天记录读取",
            )
        finish = _finish(rows.layout, file, beside)
        table = Table(layout=rows.layout, preamble=rows.preamble, rows=rows, finish=finish)
        yield from reading.messages([table])
        if rows.is_cut:
            yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=_CUT)
        yield from reading.conversations(encoding.name, 0 if encoding.is_exact else lines.replacements)


def _finish(layout: Layout, file: Evidence, beside: Beside) -> Callable[[Message, int], Message] | None:
    """What else an exporter's files around the table say of its messages."""
    if layout.exporter == "PyWxDump":
        names = names_beside(file, beside)
        return lambda message, _row: with_names(message, names)
    if layout.exporter == "MemoTrace":
        pictures = Pictures(beside)
        return lambda message, _row: pictures.joined(message)
    return None


def _table(sheet: Sheet, path: Path, files: WorkbookFiles) -> Table:
    layout, hanging = sheet.layout, files.of_sheet(sheet.name)
    if layout is not None and layout.exporter == "MemoTrace" and hanging.rows:
        rows = enumerate(rows_of(path, sheet.name), 1)
        kinds = {number: layout.cell(row, Role.KIND) for number, row in rows if number in hanging.rows}
        hanging = straightened(hanging, kinds)
    return Table(
        layout=layout,
        preamble=sheet.preamble,
        rows=_rows_of(sheet),
        name=sheet.name,
        first_row=sheet.first_row,
        finish=lambda message, number: files.hang(message, hanging, number),
    )
