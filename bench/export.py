"""Messages → a chat export as WeFlow writes it, and the bare reading of one: the least that any tool must do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

_PIECE_BYTES = 8 << 20
_FIRST_SECOND = 1_920_000_000
_BREAK = b"},\n    {"
_SENDERS = ("王明远", "李青", "张望川", "陈屿", "白云舒")


class _Row(msgspec.Struct):
    """What a scan needs of a message."""

    content: str
    createTime: int
    senderDisplayName: str
    platformMessageId: str


def write(texts: Sequence[str], path: Path, group: str = "云岭区值班群") -> None:
    """One group chat with all messages, two blanks a level, ~500 bytes a message."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{\n  "weflow": {"version": "4.1"},\n  "session": ')
        session = {
            "wxid": "1@chatroom",
            "displayName": group,
            "type": "群聊",
            "messageCount": len(texts),
        }
        file.write(json.dumps(session, ensure_ascii=False) + ',\n  "messages": [\n    ')
        for number, text in enumerate(texts):
            row = json.dumps(_row(number, text), ensure_ascii=False, indent=2).replace("\n", "\n    ")
            file.write((",\n    " if number else "") + row)
        file.write("\n  ]\n}\n")


def parse(path: Path) -> int:
    """The number of messages, decoded by msgspec into typed rows in constant memory."""
    decoder = msgspec.json.Decoder(list[_Row])
    return sum(len(decoder.decode(b"[" + piece + b"]")) for piece in _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    """The rows in pieces of ~8 MB, cut between two of them."""
    with path.open("rb") as file:
        rest = file.read(_PIECE_BYTES).partition(b'"messages": [')[2]
        while more := file.read(_PIECE_BYTES):
            whole, _, begun = (rest + more).rpartition(_BREAK)
            yield whole + b"}"
            rest = b"{" + begun
        yield rest[: rest.rindex(b"]")]


def _row(number: int, text: str) -> dict[str, object]:
    sender = number * 7919 % len(_SENDERS)
    return {
        "localId": number + 1,
        "createTime": _FIRST_SECOND + number * 20,
        "formattedTime": "2030-11-04 10:40:00",
        "type": "文本消息",
        "localType": 1,
        "content": text,
        "isSend": 0,
        "senderUsername": f"wxid_{sender:016d}",
        "senderDisplayName": _SENDERS[sender],
        "senderAvatarKey": f"wxid_{sender:016d}",
        "source": "",
        "platformMessageId": str(7_000_000_000_000_000_000 + number),
    }
