"""Chats in the web pages of WeFlow and of EchoTrace, its forerunner.

Written by: WeFlow (WeChat 4.x, until 2026), EchoTrace (2025), `.html`; beyond 20 000 messages WeFlow puts the
  rows into `<name>_data/chunk-000000.js` and so on.
Tell-tales: `window.WEFLOW_DATA = [` or `= null;` after `window.WEFLOW_MANIFEST = {`; EchoTrace
  `const messagesData = [{"date":…`; a chunk alone `window.__WEFLOW_CHUNK_LOADED__(0,[`.
Field map: <h1> → chat.name, `n 条消息` → declared, 群聊|私聊 → is_group; WeFlow's row: t (s) → sent_at, p → id, b is
  HTML: .sender-name → sender (else the alt of the picture in a), img/audio/video/a.file → attachment,
  .quoted-sender and .quoted-text → quoted, .message-text → text; EchoTrace's: timestamp, senderName, content.
Specimen:
  window.WEFLOW_DATA = [
  {"i":1,"t":1714554005,"s":0,"a":"<span>王</span>","b":"<div class=\\"message-time\\">…</div><div
  class=\\"sender-name\\">王明远</div><div class=\\"message-content\\"><div class=\\"message-text\\">收到</div></div>"}
  ];
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import head_lines
from leakwatch.chats.parts.json_stream import Cut, JsonFile, Torn, as_id, as_text
from leakwatch.chats.parts.moments import from_epoch
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.wechat.weflow_body import Body, body_of, picture_name
from leakwatch.chats.wechat.weflow_text import taken_apart
from leakwatch.model import Chat, Conversation, Evidence, Message, MessageKind, Reason, Skipped

NAME = "weflow-page"

_HEAD_BYTES = 1 << 20
_WEFLOW = re.compile(rb"window\.WEFLOW_DATA\s*=\s*(?:\[|null)")
_CHUNK = re.compile(rb"\s*window\.__WEFLOW_CHUNK_LOADED__\(\s*\d+\s*,\s*\[")
_ECHOTRACE = re.compile(rb"const\s+messagesData\s*=\s*\[\s*\{[^{}]{0,400}?\"(?:isSend|senderName)\"\s*:")
_ROWS = re.compile(
    r"(?:window\.WEFLOW_DATA\s*=|const\s+messagesData\s*=|__WEFLOW_CHUNK_LOADED__\(\s*\d+\s*,)\s*(?=\[)"
)
_MANIFEST = re.compile(r"window\.WEFLOW_MANIFEST\s*=\s*(?P<json>\{.*?\})\s*;\s*\n", re.DOTALL)
_TITLE = re.compile(r"<h1[^>]*>(?P<title>[^<]*)</h1>")
_COUNT = re.compile(r"<span>(?:共\s*)?(?P<count>\d{1,9})\s*条消息</span>")
_SORT = re.compile(r"<span>(?P<sort>群聊|私聊)</span>")
_CHUNK_PLACE = re.compile(r"(?P<chat>[^\\/!]+)_data[\\/]chunk-\d+\.js$")
_KNOWN = frozenset("i t s a b p r date time isSend content senderName timestamp avatarKey mediaPath".split())
_LOSSY = {
    True: ("WeFlow 导出不含被撤回消息的原文",),
    False: ("EchoTrace 只写“[聊天记录]”，合并转发的内容没有导出", "EchoTrace 不导出文件附件"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What stands above the rows."""

    chat: Chat
    declared: int | None
    is_weflow: bool
    chunks: tuple[str, ...] = ()


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows the script that holds the rows, or names the files that do."""
    return any((_WEFLOW.search(head), _CHUNK.match(head), _ECHOTRACE.search(head)))


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the page and its chunks, then the chat."""
    page = _page(file)
    tally = Tally(file, page.chat)
    replacements = 0
    with JsonFile(file.path) as source:
        encoding = source.encoding
        if not page.chunks:
            yield from _messages(source.array_behind(_ROWS), tally)
            replacements += source.replacements
    for path in page.chunks:
        part = beside.take(path)
        if part is None:
            yield _missing(file, path)
            continue
        with JsonFile(part.path) as source:
            yield from _messages(source.array_behind(_ROWS), tally)
            replacements += source.replacements
    yield Conversation(
        chat=page.chat,
        format=NAME,
        encoding=encoding,
        declared=page.declared,
        coverage=tally.coverage(replacements),
        lossy=_LOSSY[page.is_weflow],
    )


def _page(file: Evidence) -> _Page:
    with file.path.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    text = "".join(head_lines(head))
    title, count, sort = (shape.search(text) for shape in (_TITLE, _COUNT, _SORT))
    name = unescape(title["title"]).strip() if title else ""
    if not name and (alone := _CHUNK_PLACE.search(file.inner_path)):
        name = alone["chat"]
    return _Page(
        chat=Chat(
            name=name or name_of(file), platform="wechat", is_group=sort["sort"] == "群聊" if sort else None
        ),
        declared=int(count["count"]) if count else None,
        is_weflow=_ECHOTRACE.search(head) is None,
        chunks=tuple(_chunks(text)),
    )


def _chunks(text: str) -> Iterator[str]:
    """The paths of the files that hold the rows, where the page does not hold them itself."""
    found = _MANIFEST.search(text)
    manifest: object = None
    with suppress(msgspec.DecodeError):
        manifest = msgspec.json.decode(found["json"]) if found else None
    if isinstance(manifest, dict) and manifest.get("external"):
        rows = manifest.get("chunks")
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and (path := as_text(row.get("u"))):
                yield unquote(path)


def _messages(rows: Iterator[object | Torn | Cut], tally: Tally) -> Iterator[Message | Skipped]:
    return messages_of(rows, tally, lambda row, number: _message(row, tally.chat, number))


def _message(row: Mapping[str, object], chat: Chat, number: int) -> Message:
    is_weflow = "b" in row
    stamp = row.get("t" if is_weflow else "timestamp")
    moment = from_epoch(stamp) if isinstance(stamp, int | float | str) else from_epoch("")
    body = body_of(as_text(row["b"])) if is_weflow else Body(text=as_text(row.get("content")))
    sender = body.sender or picture_name(as_text(row.get("a"))) or as_text(row.get("senderName")).strip()
    is_own = row.get("s") == 1 or row.get("isSend") is True
    message = Message(
        chat=chat,
        number=number,
        sender=sender or ("我" if is_own else "" if chat.is_group else chat.name),
        text=body.text,
        id=as_id(row.get("p")),
        sender_id=as_id(row.get("avatarKey")),
        sent_at=moment.at,
        precision=moment.precision,
    )
    message = taken_apart(message, row)
    if body.attachments:
        kind = MessageKind(body.attachments[0].kind.value)
        message = replace(message, kind=kind, attachments=body.attachments)
    if body.quoted is not None:
        message = replace(message, kind=MessageKind.QUOTE, quoted=body.quoted)
    return with_unknown_fields(message, row, _KNOWN, body.text)


def _missing(file: Evidence, path: str) -> Skipped:
    detail = f"网页的一部分消息存放在 {path}，但没有随来，未能检查；请把同名的 _data 文件夹一并放入"
    return Skipped(evidence=file, name=path, reason=Reason.INCOMPLETE, detail=detail)
