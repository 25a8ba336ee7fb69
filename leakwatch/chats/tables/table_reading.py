"""One pass over the tables of a chat export: its rows → messages, counted for the chat each belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from leakwatch.chats.parts.tally import Tally
from leakwatch.chats.tables.table_headers import Layout, Role, layout_of
from leakwatch.chats.tables.table_names import name_of, session_name
from leakwatch.chats.tables.table_rows import message_of
from leakwatch.model import Attachment, Chat, Conversation, Evidence, Message, MessageKind, Origin, TextPiece

_ROWS_A_PIECE = 20
_LOSSY = {
    "MemoTrace v1": ("此版本留痕导出的 CSV 不含文件名、引用和链接的内容",),
    "WeFlow": ("WeFlow 导出不含被撤回消息的原文",),
    "QQChatExporter": ("QQ Chat Exporter 的表格只写合并转发的前三条，不写被引用的消息",),
    "chatlog": ("chatlog 导出的图片和文件只有本机链接，没有内容",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one layout (None: no chat, but text all the same), and what stood above their header."""

    layout: Layout | None
    preamble: Sequence[Sequence[str]]
    rows: Iterable[Sequence[str]]
    name: str = ""
    """Of its sheet."""
    first_row: int = 1
    finish: Callable[[Message, int], Message] | None = None
    """Adds what lies outside the row, by its number: names, pictures."""


class Reading:
    """One pass over a table: numbers its messages and counts them for the chat each belongs to."""

    def __init__(self, file: Evidence, name: str) -> None:
        """name: of the format."""
        self._file = file
        self._format = name
        self._number = 0
        self._chats: dict[Chat, Tally] = {}
        self._exporter = ""

    def messages(self, tables: Iterable[Table]) -> Iterator[Message | TextPiece]:
        """Every row of every chat as a message; what stands above its header and on other sheets as text."""
        chat = Chat(name=name_of(self._file), platform="other")
        for table in tables:
            layout = table.layout
            if layout is None:
                yield from self._said(table)
                continue
            self._exporter = layout.exporter
            chat = Chat(name=session_name(table.preamble) or chat.name, platform=layout.platform)
            title = "" if session_name(table.preamble) else "\n".join(map(_joined, table.preamble)).strip()
            if title:
                yield self._piece(title, f"{table.name}表头上方")
            for number, row in enumerate(table.rows, table.first_row):
                if not _is_phantom(row, layout):
                    message = message_of(row, layout, _chat_of(row, layout, chat), self._number + 1)
                    yield self._count(table.finish(message, number) if table.finish else message)
        self._chats = self._chats or {chat: Tally(self._file, chat)}

    def conversations(self, encoding: str, replacements: int) -> Iterator[Conversation]:
        """Each chat once, with its counts."""
        for chat, tally in self._chats.items():
            yield Conversation(
                chat=chat,
                format=self._format,
                encoding=encoding,
                coverage=tally.coverage(replacements),
                lossy=_LOSSY.get(self._exporter, ()),
            )

    def leftover(self, files: tuple[Attachment, ...]) -> Iterator[Message]:
        """One message of nobody for the files that no row speaks of."""
        if files:
            chat, number = next(reversed(self._chats)), self._number + 1
            yield self._count(
                Message(
                    chat=chat,
                    number=number,
                    sender="",
                    text="",
                    kind=MessageKind.OTHER,
                    attachments=files,
                )
            )

    def _said(self, table: Table) -> Iterator[TextPiece]:
        """The rows of a sheet that is no chat, some of them a piece."""
        rows = ((number, _joined(row)) for number, row in enumerate(table.rows, table.first_row))
        while some := list(islice(((number, text) for number, text in rows if text), _ROWS_A_PIECE)):
            spot = f"{table.name}!{some[0][0]}:{some[-1][0]}" if table.name else "表外"
            yield self._piece("\n".join(text for _, text in some), spot)

    def _piece(self, text: str, spot: str) -> TextPiece:
        return TextPiece(text=text, origin=Origin.DOCUMENT, evidence=self._file, spot=spot)

    def _count(self, message: Message) -> Message:
        self._number += 1
        if (tally := self._chats.get(message.chat)) is None:
            tally = self._chats[message.chat] = Tally(self._file, message.chat)
        return tally.count(message)


def _joined(row: Sequence[str]) -> str:
    return "\t".join(cell.strip() for cell in row if cell.strip())


def _is_phantom(row: Sequence[str], layout: Layout) -> bool:
    """Blank rows, a header that was pasted in again, and MemoTrace's rows of a lone link in column E."""
    if row[:1] and row[0].strip() and layout.cell(row, Role.TIME)[:1].isdigit():  # nearly all
        return False
    filled = list(filter(None, map(str.strip, row)))
    if not filled or (layout.exporter.startswith("MemoTrace") and not row[0].strip() and len(filled) == 1):
        return True
    has_digit = any(map(str.isdigit, layout.cell(row, Role.TIME)))
    return not has_digit and layout_of(row) is not None


def _chat_of(row: Sequence[str], layout: Layout, chat: Chat) -> Chat:
    if Role.CHAT not in layout.columns and Role.CHAT_ID not in layout.columns:
        return chat
    name, chat_id = layout.cell(row, Role.CHAT) or chat.name, layout.cell(row, Role.CHAT_ID)
    return Chat(name=name, platform=chat.platform, id=chat_id) if name != chat.name or chat_id else chat
