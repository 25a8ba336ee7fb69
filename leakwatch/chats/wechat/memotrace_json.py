"""Chats as MemoTrace v3 writes them beside its web page, and in the page itself.

Written by: MemoTrace (留痕) v3, `聊天记录/<chat>(<wxid>)/<chat>.html` and `<chat>.html.json`. The JSON is the
best that this exporter gives: nested forwards, paths of pictures and files.
Tell-tales: a top array whose first object has timestamp, server_id, display_name, is_send; in the page
  `const chatMessages = [` before such an object. Version 1's page is no JSON: see memotrace_html.py.
Field map: see memotrace_rows.py. In the page all outer strings but links are HTML-escaped, nested ones not.
Specimen:
  [{"type":"1","is_send":false,"timestamp":1714554005,"server_id":"70","display_name":"王明远",
    "avatar_src":"","xml_dict":{"msg":null},"text":"各位早上好"}]
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.json_stream import Cut, JsonFile, Torn, opens_json, outline
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.wechat.memotrace_pictures import Pictures
from leakwatch.chats.wechat.memotrace_rows import ROW_KEYS, blank, message_of
from leakwatch.model import Chat, Conversation, Evidence, Message, Skipped

NAME = "memotrace-json"

_SCRIPT = re.compile(r"\b(?:const|let|var)\s+chatMessages\s*=\s*(?=\[)", re.ASCII)
_SCRIPT_BYTES = re.compile(rb"chatMessages\s*=\s*\[\s*\{\s*\"(?:type|is_send|timestamp)\"\s*:")
_ENDING = re.compile(r"(?:\.html?)?(?:\.(?:json|txt|md))?$", re.IGNORECASE)
_CHAT_ID = re.compile(
    r"\((?P<id>[A-Za-z][\w-]{5,31}|[\w.-]{1,40}@(?:chatroom|openim))\)[\\/!][^\\/!]*$", re.ASCII
)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows rows with MemoTrace's keys, bare or in a page's script."""
    if opens_json(head):
        rows = outline(head).get("")
        first = rows[0] if isinstance(rows, list) and rows else None
        return isinstance(first, dict) and first.keys() >= ROW_KEYS
    return _SCRIPT_BYTES.search(head) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the file, then the chat."""
    chat = chat_of(file)
    tally = Tally(file, chat)
    pictures = Pictures(beside)
    with JsonFile(file.path) as source:
        with file.path.open("rb") as opened:
            is_page = not opens_json(opened.read(256))
        records = map(_unescaped, source.array_behind(_SCRIPT)) if is_page else source.records()
        yield from messages_of(
            records, tally, lambda row, number: message_of(row, blank(chat, number), pictures)
        )
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            coverage=tally.coverage(source.replacements),
        )


def chat_of(file: Evidence) -> Chat:
    """The chat by the names of the file and of its folder `<chat>(<wxid>)`."""
    found = _CHAT_ID.search(file.inner_path)
    chat_id = found["id"] if found else ""
    name = name_of(replace(file, name=_ENDING.sub("", file.name) + ".html"))
    return Chat(
        name=name, platform="wechat", id=chat_id, is_group=chat_id.endswith("@chatroom") if chat_id else None
    )


def _unescaped(record: object | Torn | Cut) -> object | Torn | Cut:
    if not isinstance(record, dict):
        return record
    return {key: _plain(value) for key, value in record.items()}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value if value.startswith("http") else html.unescape(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value
