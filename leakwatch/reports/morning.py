"""The morning report: what was looked at, what was found, what was not read, what is due; as a page and a sheet.

Numbers of leads, counts and names of groups; no words of messages, no names of persons or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from leakwatch.model import SHANGHAI
from leakwatch.text import inert, printable

_MOST_WIDTH = 60
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:56em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.5em 0}td,th{border:1px solid #999;padding:.2em .8em;text-align:left}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What was looked at of one group."""

    group: str
    conversations: int
    messages: int
    incomplete: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a stretch of time brought."""

    since: datetime
    until: datetime
    arrived: int
    read: int
    given_up: int
    files: int
    messages: int
    pieces: int
    unread: int
    opened: tuple[str, ...]
    """Ids of leads found in it."""
    overdue: tuple[tuple[str, datetime], ...]
    """Undecided leads beyond their time, the oldest first."""
    due: tuple[tuple[str, datetime], ...]
    """Undecided leads within their time, the next first."""
    covered: tuple[Covered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One part of the report."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def summary(day: Day) -> str:
    """What it comes to, in one sentence; that nothing was found says by how much was looked at."""
    looked = f"共检查 {day.read} 批、{day.files} 个文件、{day.messages} 条消息、{day.pieces} 段文字"
    found = f"新线索 {len(day.opened)} 件" if day.opened else "没有发现新线索"
    unread = f"，有 {day.unread} 处没有读到" if day.unread else "，全部读到"
    late = f"已超过报告期限 {len(day.overdue)} 件，请立即处理。" if day.overdue else ""
    if not day.read:
        return f"这段时间没有收到新的导出文件，没有检查任何内容。{late}"
    return f"{looked}{unread}；{found}。{late}"


def html(day: Day) -> str:
    """The report as a page that needs nothing else."""
    title = f"保密检查早报 {_moment(day.until)}"
    tables = "".join(
        f"<h2>{escape(table.title)}</h2>" + _rows("th", [table.head]) + _rows("td", table.rows) + "</table>"
        for table in _tables(day)
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><p>{escape(summary(day))}</p>{tables}</html>\n"
    )


def workbook(day: Day) -> bytes:
    """The same as .xlsx, a sheet for each part."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in _tables(day):
        sheet = book.create_sheet(table.title)
        for row in (table.head, *table.rows):
            sheet.append([inert(printable(cell)) for cell in row])
        for number, column in enumerate(zip(table.head, *table.rows, strict=True), 1):
            width = max(map(_width, column)) + 2
            sheet.column_dimensions[get_column_letter(number)].width = min(width, _MOST_WIDTH)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _rows(cell: str, rows: Sequence[Sequence[str]]) -> str:
    start = "<table>" if cell == "th" else ""
    return start + "".join(
        "<tr>" + "".join(f"<{cell}>{escape(printable(text))}</{cell}>" for text in row) + "</tr>"
        for row in rows
    )


def _tables(day: Day) -> Iterator[Table]:
    figures = (
        ("起", _moment(day.since)),
        ("止", _moment(day.until)),
        ("收到", f"{day.arrived} 批"),
        ("已读", f"{day.read} 批"),
        ("放弃", f"{day.given_up} 批"),
        ("没有读到", f"{day.unread} 处"),
        ("新线索", f"{len(day.opened)} 件"),
        ("已超期", f"{len(day.overdue)} 件"),
    )
    yield Table(title="概况", head=("项目", "数量"), rows=figures)
    due = [(lead_id, "已超期", _moment(at)) for lead_id, at in day.overdue]
    due += [(lead_id, "待报告", _moment(at)) for lead_id, at in day.due]
    fresh = set(day.opened)
    yield Table(
        title="待处理线索",
        head=("线索编号", "情况", "报告时限", "新"),
        rows=tuple((*row, "新" if row[0] in fresh else "") for row in due),
    )
    yield Table(
        title="各群覆盖",
        head=("群（会话）", "导出", "消息", "不完整的导出"),
        rows=tuple(
            (one.group, str(one.conversations), str(one.messages), str(one.incomplete)) for one in day.covered
        ),
    )


def _width(text: str) -> int:
    """In digits, of which a Chinese character takes two."""
    return sum(1 + (character > "⺀") for character in text)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
