"""Chats that somebody pasted into a Word document: copied messages, mailed chat history, a text export.

Written by: people (复制粘贴到 Word、WPS), Feishu and other clients (导出为文档). Tell-tales: the body, read as a text
file, bears the signature of one of the text formats, or a table in it the header of a chat and dates with clocks;
two of its lines hold a clock time. Fields: as that format's; a picture in the body is the
attachment of the message it lies in. Specimen: a .docx whose paragraphs are those of wechat_mail.py.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Protocol

from msgspec import structs

from leakwatch.chats.beside import Beside
from leakwatch.chats.office import welink_txt
from leakwatch.chats.others import line_txt, whatsapp_txt
from leakwatch.chats.parts.blocks import stem
from leakwatch.chats.parts.word_body import WordBody, WordFiles, is_word
from leakwatch.chats.qq import qq_txt
from leakwatch.chats.tables import table
from leakwatch.chats.tables.table_csv import CsvRows
from leakwatch.chats.tables.table_headers import shows_clocks
from leakwatch.chats.wechat import wechat_mail, weflow_txt
from leakwatch.errors import Unreadable
from leakwatch.model import Conversation, Evidence, Message, MessageKind, Reason, Skipped, TextPiece

NAME = "word-paste"

_Item = Message | TextPiece | Skipped | Conversation
_SAMPLE_LINES = 2000
_ROWS_TO_SNIFF = 30
_CLOCK = re.compile(r"^.*\d{1,2}[:：]\d\d", re.MULTILINE)
_FEWEST_CLOCKS = 2
"""Lines; what has none could be any questions and answers."""


class _TextReader(Protocol):
    def is_mine(self, head: bytes, name: str) -> bool: ...

    def read(self, file: Evidence, beside: Beside) -> Iterator[_Item]: ...


_READERS: tuple[_TextReader, ...] = (weflow_txt, welink_txt, whatsapp_txt, line_txt, qq_txt, wechat_mail)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the body of a document that the head holds whole is a chat."""
    return is_word(head) and _reader(io.BytesIO(head)) is not None


def is_mine_file(file: Evidence) -> bool:
    """Whether the body of a document of any size is a chat."""
    with file.path.open("rb") as opened:
        return is_word(opened.read(1 << 20)) and _reader(opened) is not None


def read(file: Evidence, beside: Beside) -> Iterator[_Item]:
    """The messages of the chats in the document, then the chats; pictures of no message go to the last."""
    reader = _reader(file.path)
    if reader is None:
        raise Unreadable(Reason.UNKNOWN_FORMAT, "文档里没有认出聊天记录，请作为普通文档检查")
    with WordBody(file.path) as body, tempfile.TemporaryDirectory(dir=file.path.parent) as folder:
        text = Path(folder) / "body.txt"
        with text.open("w", encoding="utf-8", errors="replace") as written:
            written.writelines(f"{line}\n" for line in body.lines())
        files = WordFiles(body, file, beside)
        source = replace(file, path=text, name=f"{stem(file.name)}.txt")
        yield from _with_files(reader.read(source, beside), files, file)
        yield from files.gaps


def _with_files(items: Iterator[_Item], files: WordFiles, file: Evidence) -> Iterator[_Item]:
    closing: list[Conversation] = []
    messages = 0
    for item in items:
        if isinstance(item, Message):
            yield from closing
            closing.clear()
            messages = item.number
            yield files.hung(item)
        elif isinstance(item, Conversation):
            yield from closing
            closing = [item]
        elif isinstance(item, TextPiece):
            yield structs.replace(item, evidence=file)
        else:
            yield replace(item, evidence=file)
    for last in closing:
        if left := files.left():
            number = messages + 1
            yield Message(
                chat=last.chat, number=number, sender="", text="", kind=MessageKind.OTHER, attachments=left
            )
        yield last


def _reader(source: Path | IO[bytes]) -> _TextReader | None:
    """The text format that the body is in."""
    try:
        with WordBody(source) as body:
            sample = "\n".join(islice(body.lines(), _SAMPLE_LINES))
    except Unreadable:
        return None
    if len(_CLOCK.findall(sample)) < _FEWEST_CLOCKS:
        return None
    head = sample.encode("utf-8", "replace")
    return next(
        (reader for reader in _READERS if reader.is_mine(head, "")), table if _is_table(sample) else None
    )


def _is_table(sample: str) -> bool:
    """Whether rows of a chat stand near the top: minutes and duty logs have headers that only look alike."""
    rows = CsvRows(iter(sample.split("\n")))
    layout = rows.layout
    return layout is not None and layout.is_sure and shows_clocks(layout, islice(rows, _ROWS_TO_SNIFF))
