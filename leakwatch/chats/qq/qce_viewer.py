"""Chats as QQ Chat Exporter writes them for its viewer: chunks of scripts beside a page, or all inside it.

Written by: QQ Chat Exporter V5 and V6 (exportChunked, export_single_inline).
Tell-tales: data/manifest.js `__QCE_MANIFEST__({…"format":"qce-modern-html-chunked"…})` (and its twin .json);
  index.html with QCE_METADATA of mode "chunked"; all in one page: `window.__QCE_INLINE__=`.
Field map: manifest.chat.name, .type, .peerUin → chat; stats.totalMessages → declared; chunks[].file and .count;
  a chunk is `__QCE_CHUNK__({id:"c000001",messages:[…]})`, a record {id, ts (ms), uid, name, text, html}.
  `text` is in lower case and cut at 4096 characters: `html` is read, by qce_page.py.
Specimen:
  window.__QCE_CHUNK__ && window.__QCE_CHUNK__({id:"c000001",messages:[
  {"id":"msg-70","ts":1714554005000,"uid":"u_a","name":"王明远","text":"收到","html":"<div class=\\"message-block\\"…"}
  ]});
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import head_lines, stem
from leakwatch.chats.parts.json_stream import as_id, as_object, as_text, outline
from leakwatch.chats.parts.jsonp import ScriptFile
from leakwatch.chats.parts.moments import from_epoch
from leakwatch.chats.parts.page_blocks import Page, text_of
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.qq.qce_chunks import Chunk, listed, missing, verified
from leakwatch.chats.qq.qce_html import metadata_of
from leakwatch.chats.qq.qce_names import chat_of, declared_of
from leakwatch.chats.qq.qce_page import Place, is_message, message_of
from leakwatch.errors import Unreadable
from leakwatch.model import Conversation, Evidence, Message, Precision, Reason, Skipped

NAME = "qce-viewer"

_LOSSY = ("较早的 QQ Chat Exporter 网页只显示合并转发的一部分，不含其中的图片和文件",)
_HEAD_BYTES = 1 << 18
_FORMAT = "qce-modern-html-chunked"
_MANIFEST = re.compile(r"__QCE_MANIFEST__\(\s*(?=\{)")
_CHUNK = re.compile(r"__QCE_CHUNK__\(\s*\{[^\[\]{}]{0,200}?\"?messages\"?\s*:\s*\[")
_SIGN_BYTES = (b"__QCE_MANIFEST__", b"QCE_METADATA: ", _FORMAT.encode())
_INLINE = "window.__QCE_INLINE__={"
_INDEX = re.compile(r"msgid_b[0-9a-f]{2,4}\.js")
"""Lists of ids, and nothing else."""


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether it is the manifest, the page beside it or the page that holds everything."""
    if not any(sign in head[:_HEAD_BYTES].replace(b"\0", b"") for sign in _SIGN_BYTES):
        return False  # without decoding it
    text = "".join(head_lines(head[:_HEAD_BYTES]))
    if text.lstrip("\ufeff \r\n").startswith("window.__QCE_MANIFEST__"):
        return _MANIFEST.search(text) is not None
    if metadata_of(text).get("mode") == "chunked":
        return True
    return outline(head).get("format") == _FORMAT


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the chunks, then the chat."""
    page = _head(file)
    is_inline = _INLINE in page
    is_page = "<html" in page[:4096].lower()
    root = "" if is_page else ".."
    main = (
        file
        if is_inline or not is_page
        else beside.take("data/manifest.js") or beside.take("data/manifest.json")
    )
    if main is None:
        raise Unreadable(
            Reason.INCOMPLETE,
            "这是 QQ Chat Exporter 网页查看器的外壳，消息在它旁边的 data 文件夹里；请把整个导出文件夹一起放入",
        )
    manifest = _manifest(main)
    tally = Tally(file, chat_of(as_object(manifest.get("chat")), stem(file.name)))
    encoding, replacements = "utf-8", 0
    if is_inline:
        source = ScriptFile(file.path)
        yield from _messages(source, tally, beside)
        encoding, replacements = source.encoding.name, source.replacements
    else:
        for chunk in _chunks(manifest, root, beside):
            replacements += yield from _chunk_messages(chunk, tally, beside)
        _take_shell(file, root, beside)
    yield Conversation(
        chat=tally.chat,
        format=NAME,
        encoding=encoding,
        declared=declared_of(as_object(manifest.get("stats")).get("totalMessages")),
        coverage=tally.coverage(replacements),
        lossy=_LOSSY,
    )


def _head(file: Evidence) -> str:
    with file.path.open("rb") as opened:
        return "".join(head_lines(opened.read(_HEAD_BYTES)))


def _manifest(file: Evidence) -> dict[str, object]:
    marker = re.compile(r"\A\ufeff?(?=\s*\{)") if file.name.endswith(".json") else _MANIFEST
    return as_object(ScriptFile(file.path).argument(marker))


def _chunks(manifest: Mapping[str, object], root: str, beside: Beside) -> Iterator[Chunk]:
    """The chunks in their order, as seen from the main file; of a broken manifest those that lie there."""
    chunks = list(listed(manifest.get("chunks")))
    for chunk in chunks:
        yield replace(chunk, path=posixpath.join(root, chunk.path))
    if not chunks:
        folder = posixpath.join(root, "data/chunks")
        for file in beside.within(folder):
            yield Chunk(path=f"{folder}/{file.name}")


def _take_shell(file: Evidence, root: str, beside: Beside) -> None:
    """Claims the viewer itself, so that nobody reads it as a document or the chat a second time."""
    for path in ("data/manifest.js", "data/manifest.json", "assets/app.js", "assets/style.css"):
        beside.take(posixpath.join(root, path))
    for index in beside.within(posixpath.join(root, "data/index")):
        if _INDEX.fullmatch(index.name):
            beside.take(posixpath.join(root, "data/index", index.name))
    top = _folder(file.inner_path) if not root else _folder(_folder(file.inner_path))
    for page in beside.within(root):
        if page.name.lower().endswith(".html") and _folder(page.inner_path) == top and _is_shell(page):
            beside.take(posixpath.join(root, page.name))


def _folder(path: str) -> str:
    return posixpath.dirname(path.replace("!", "/"))


def _is_shell(page: Evidence) -> bool:
    text = _head(page)
    return metadata_of(text).get("mode") == "chunked" and _INLINE not in text


def _chunk_messages(chunk: Chunk, tally: Tally, beside: Beside) -> Generator[Message | Skipped, None, int]:
    """The messages of a chunk; returns how many of its characters could not be decoded."""
    file = beside.take(chunk.path)
    if file is None:
        yield missing(chunk, tally)
        return 0
    source = ScriptFile(file.path)
    yield from verified(_messages(source, tally, beside), chunk, file, tally)
    return source.replacements


def _messages(source: ScriptFile, tally: Tally, beside: Beside) -> Iterator[Message | Skipped]:
    return messages_of(
        source.records(_CHUNK),
        tally,
        lambda record, number: _message(record, Place(chat=tally.chat, number=number, beside=beside)),
    )


def _message(record: Mapping[str, object], place: Place) -> Message:
    """The message that a record's page shows, with the time and sender that the record knows better."""
    page = Page(io.StringIO(as_text(record.get("html"))))
    block = next(
        page.blocks(lambda tag, names: is_message(tag, names.get("class") or "", "data-message-id" in names)),
        None,
    )
    shown = Message(chat=place.chat, number=place.number, sender="", text=as_text(record.get("text")))
    if block is None:
        shown = replace_struct(shown, text=_fuller(shown.text, as_text(record.get("html"))))
    else:
        rendered = message_of(block, place)
        is_empty = not (rendered.text or rendered.attachments or rendered.forwarded or rendered.quoted)
        shown = replace_struct(rendered, text=shown.text) if is_empty else rendered
    stamp = record.get("ts")
    moment = from_epoch(stamp // 1000 if isinstance(stamp, int) and stamp > 10**11 else 0)
    if moment.at is not None:
        shown = replace_struct(
            shown, sent_at=moment.at, precision=Precision.SECOND, zone_assumed=False, clock=""
        )
    is_nobody = not shown.sender and block is not None
    return replace_struct(
        shown,
        id=(as_id(record.get("id")) or "").removeprefix("msg-") or shown.id,
        sender="" if is_nobody else shown.sender or as_text(record.get("name")),
        sender_id=None if is_nobody else as_id(record.get("uid")),
    )


def _fuller(text: str, html: str) -> str:
    """The words of a page without a message's block, where they say more than the record's text, which is cut."""
    words = "\n".join(filter(None, map(text_of, Page(io.StringIO(html)).blocks(lambda *_: True))))
    if text.casefold() in words.casefold():
        return words
    return f"{text}\n{words}".strip()
