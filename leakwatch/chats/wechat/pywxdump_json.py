"""Chats as PyWxDump writes them in JSON, and in the script of its web page.

Written by: PyWxDump, `<wxid>_<from>_<to>.json` (users.json beside it) and `data.js` for its viewer; the CSV twin
  is read by table.py.
Tell-tales: a top array whose first object has MsgSvrID, type_name, talker, room_name; in data.js
  `const local_msg_list = [` with such objects.
Field map: as in the CSV (table_headers.py); src may be the object that the CSV writes as a Python literal;
  local_user_list or users.json: id → remark, nickname.
Specimen:
  [{"id":1,"MsgSvrID":"70","type_name":"文本","is_sender":0,"talker":"wxid_a","room_name":"1@chatroom",
    "msg":"收到","src":"","extra":{},"CreateTime":"2024-05-01 17:00:05"}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.json_stream import JsonFile, as_object, as_text, opens_json, outline
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.tables.table_headers import Layout, layout_of
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.tables.table_rows import message_of
from leakwatch.chats.wechat.pywxdump_names import names_beside, names_in, with_names
from leakwatch.errors import Unreadable
from leakwatch.model import Chat, Conversation, Evidence, Message, Reason, Skipped

NAME = "pywxdump-json"

_COLUMNS = "id MsgSvrID type_name is_sender talker room_name msg src CreateTime".split()
_SIGNS = frozenset({"MsgSvrID", "type_name", "talker", "CreateTime"})
_ROWS = re.compile(r"\blocal_msg_list\s*=\s*(?=\[)", re.ASCII)
_USERS = re.compile(r"\blocal_user_list\s*=\s*(?=\{)", re.ASCII)
_SCRIPT = re.compile(rb"const\s+local_(?:mywxid|msg_list|user_list)\s*=")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows rows with PyWxDump's keys, or the script of its page."""
    if not opens_json(head):
        return _SCRIPT.search(head) is not None
    rows = outline(head).get("")
    first = rows[0] if isinstance(rows, list) and rows else None
    return isinstance(first, dict) and first.keys() >= _SIGNS


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the file, then the chat."""
    layout = layout_of(_COLUMNS)
    if layout is None:
        raise Unreadable(Reason.UNKNOWN_FORMAT, "无法按聊天记录读取")
    with JsonFile(file.path) as source, file.path.open("rb") as opened:
        is_script = not opens_json(opened.read(256))
        names = names_in(source.value_behind(_USERS)) if is_script else names_beside(file, beside)
        records = source.array_behind(_ROWS) if is_script else source.records()
        first = next(records, None)
        chat = _chat(as_text(as_object(first).get("room_name")), names, file)
        tally = Tally(file, chat)
        yield from messages_of(
            chain([] if first is None else [first], records),
            tally,
            lambda row, number: with_names(_message(row, layout, (chat, number)), names),
        )
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            coverage=tally.coverage(source.replacements),
        )


def _chat(room: str, names: Mapping[str, str], file: Evidence) -> Chat:
    is_group = room.endswith("@chatroom") if room else None
    return Chat(name=names.get(room) or name_of(file), platform="wechat", id=room, is_group=is_group)


def _message(row: Mapping[str, object], layout: Layout, place: tuple[Chat, int]) -> Message:
    cells = [_cell(row.get(column)) for column in _COLUMNS]
    message = message_of(cells, layout, *place)
    return with_unknown_fields(message, row, frozenset(_COLUMNS), as_text(row.get("msg")))


def _cell(value: object) -> str:
    """A field as the CSV has it: an object as a Python literal."""
    return repr(value) if isinstance(value, dict | list) and value else as_text(value or "")
