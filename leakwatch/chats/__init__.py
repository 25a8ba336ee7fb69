"""Exported chats → messages: one module a format, the order of `READERS` is the priority.

A format claims a file on a strong signature only; what nobody claims is read as plain text without
sender and time.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

from leakwatch.chats.beside import Beside
from leakwatch.chats.office import dingtalk_md, feishu, wecom, welink_txt
from leakwatch.chats.others import (
    bubble_page,
    chatlab,
    chatlab_jsonl,
    line_txt,
    records_json,
    stamped_txt,
    telegram,
    whatsapp_txt,
    word_paste,
)
from leakwatch.chats.parts.json_stream import JsonFile, opens_json
from leakwatch.chats.qq import qce_html, qce_json, qce_txt, qce_viewer, qq_backup, qq_mht, qq_txt, qqnt_export
from leakwatch.chats.tables import table
from leakwatch.chats.wechat import (
    chatlog,
    chatlog_keeper,
    chatlog_txt,
    memotrace_docx,
    memotrace_json,
    memotrace_md,
    memotrace_page,
    memotrace_txt,
    pywxdump_json,
    wda,
    wda_txt,
    wechat_mail,
    weflow,
    weflow_articles,
    weflow_page,
    weflow_sql,
    weflow_txt,
)
from leakwatch.compound import MAGIC
from leakwatch.model import Conversation, Evidence, Message, Skipped, TextPiece

_HEAD_BYTES = 1 << 20


class ChatReader(Protocol):
    """What every module of this room offers."""

    NAME: str

    def is_mine(self, head: bytes, name: str) -> bool:
        """Whether the first MiB of a file bears this format's signature; never raises.

        Of a longer JSON file the head is asked about again with all long strings emptied.
        """
        ...

    def read(self, file: Evidence, beside: Beside) -> Iterator[Message | TextPiece | Skipped | Conversation]:
        """Messages in the order of the file, each conversation's `Conversation` after its last.

        What the file says beside its messages, as text of nobody, is a piece.
        """
        ...


class ThoroughReader(ChatReader, Protocol):
    """A reader of a format whose signature may lie beyond the first MiB, or in an OLE2 file's streams."""

    def is_mine_file(self, file: Evidence) -> bool:
        """Whether the inside of a file whose head says nothing bears the signature; never raises."""
        ...


READERS: tuple[ChatReader, ...] = (
    weflow,
    weflow_articles,
    weflow_page,
    weflow_sql,
    weflow_txt,
    memotrace_docx,
    memotrace_json,
    memotrace_md,
    memotrace_page,
    pywxdump_json,
    chatlog,
    chatlog_keeper,
    chatlog_txt,
    wda,
    wda_txt,
    chatlab,
    chatlab_jsonl,
    qce_json,
    qce_txt,
    qce_html,
    qce_viewer,
    qq_mht,
    qqnt_export,
    wecom,
    feishu,
    dingtalk_md,
    welink_txt,
    telegram,
    whatsapp_txt,
    line_txt,
    qq_txt,
    memotrace_txt,
    bubble_page,
    stamped_txt,
    records_json,
    word_paste,
    table,
    wechat_mail,
)
THOROUGH_READERS: tuple[ThoroughReader, ...] = (memotrace_docx, word_paste, table)
TABLE = table.NAME
IN_WORD = (word_paste.NAME, memotrace_docx.NAME)
REFUSED: tuple[ChatReader, ...] = (qq_backup,)
"""Formats that are known only to be given up with advice; asked last."""


def reader_for(file: Evidence) -> ChatReader | None:
    """The first reader that claims the file."""
    with file.path.open("rb") as opened:
        head = _in_utf8(opened.read(_HEAD_BYTES))
    claimed = _claimed(head, file.name)
    if claimed is not None or (file.size <= _HEAD_BYTES and not head.startswith(MAGIC)):
        return claimed
    if opens_json(head):
        with JsonFile(file.path) as source:
            return _claimed(source.condensed_head(), file.name)
    return next((reader for reader in THOROUGH_READERS if reader.is_mine_file(file)), None)


def reader_named(name: str) -> ChatReader:
    """The reader of that `NAME`."""
    return next(reader for reader in (*READERS, *REFUSED) if name == reader.NAME)


def _in_utf8(head: bytes) -> bytes:
    """The head without a mark of its encoding, of UTF-16 in UTF-8: the readers look for keys and tags in bytes."""
    head = head.removeprefix(codecs.BOM_UTF8)
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head
    return head.decode("utf-16", "replace").encode("utf-8", "replace")


def _claimed(head: bytes, name: str) -> ChatReader | None:
    return next((reader for reader in (*READERS, *REFUSED) if reader.is_mine(head, name)), None)
