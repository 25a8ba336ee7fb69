"""The names of people and groups that PyWxDump keeps in `users.json` beside its pages of messages.

{"wxid_a": {"wxid": "wxid_a", "nickname": "山高水长", "remark": "王明远", "account": "", …}, "1@chatroom": {…}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.json_stream import as_object, as_text
from leakwatch.model import Evidence, Message

_LARGEST = 1 << 26
_NAME = "users.json"


def names_beside(file: Evidence, beside: Beside) -> dict[str, str]:
    """Id → name by the users.json in the folder of the file; empty if there is none that can be read."""
    folder = _folder(file)
    for near in beside.within(""):
        if near.name.lower() == _NAME and _folder(near) == folder and near.size <= _LARGEST:
            return _names(near)
    return {}


def names_in(users: object) -> dict[str, str]:
    """Id → remark, or else nickname, of a table of users."""
    found = {}
    for user_id, user in as_object(users).items():
        names = (as_text(as_object(user).get(key)).strip() for key in ("remark", "nickname"))
        if name := next(filter(None, names), ""):
            found[user_id] = name
    return found


def with_names(message: Message, names: Mapping[str, str]) -> Message:
    """The message with its people and its group under the names they are known by."""
    if not names:
        return message
    chat = replace(message.chat, name=names.get(message.chat.id) or message.chat.name)
    sender = message.sender if message.sender != message.sender_id else names.get(message.sender, "")
    return replace(message, chat=chat, sender=sender or message.sender)


def _names(file: Evidence) -> dict[str, str]:
    users: object = None
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        users = msgspec.json.decode(file.path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    return names_in(users)


def _folder(file: Evidence) -> str:
    return re.split(r"[\\/!][^\\/!]*$", file.inner_path)[0] if re.search(r"[\\/!]", file.inner_path) else ""
