"""What all outputs of QQ Chat Exporter say alike: the chat, its kind, how many messages, which files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from leakwatch.chats.parts.json_stream import as_id, as_text
from leakwatch.model import Attachment, AttachmentKind, Chat

EXPORTED = re.compile(
    r"(?:group|friend)_(?P<name>.+?)_(?:u_[A-Za-z0-9_-]+|[^_]+)_\d{8}_\d{6}(?:_chunked_jsonl)?(?: ?\(\d+\))?"
)
"""File names without extension: group_云岭区值班群_700001_20240501_170005, friend_王明远_u_x_20240501_170005."""
FILE_KINDS = {
    "image": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.VOICE,
    "voice": AttachmentKind.VOICE,
    "file": AttachmentKind.FILE,
}
_IN_CELL = re.compile(rf"(?:^| )\[(?P<kind>{'|'.join(FILE_KINDS)}): ")
_GROUPS = {
    "group": True,
    "群聊": True,
    "private": False,
    "friend": False,
    "私聊": False,
    "temp": False,
    "临时会话": False,
    "临时聊天": False,
}


def chat_of(info: Mapping[str, object], fallback: str) -> Chat:
    """The chat that `chatInfo` describes; one without a name is called by the exported file's."""
    name = as_text(info.get("name")).strip()
    return Chat(
        name=name or named_by(fallback),
        platform="qq",
        id=as_id(info.get("peerUin")) or as_id(info.get("peerUid")) or "",
        is_group=is_group(as_text(info.get("type"))),
    )


def named_by(stem: str) -> str:
    """The chat's name in the name of an exported file, or the whole where it is none of the exporter's."""
    found = EXPORTED.fullmatch(stem)
    return found["name"] if found else stem


def is_group(kind: str) -> bool | None:
    """Whether the exporter calls the chat a group; None where it does not know."""
    return _GROUPS.get(kind.strip())


def declared_of(value: object) -> int | None:
    """A count of messages, None for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def split_files(cell: str) -> tuple[str, tuple[Attachment, ...]]:
    """The text of a spreadsheet's cell and the files that it lists behind it: `看 [image: A.jpg] [file: b.docx]`."""
    files: list[Attachment] = []
    for found in reversed(list(_IN_CELL.finditer(cell))):
        if not cell.endswith("]"):
            break
        name = cell[found.end() : -1].strip()
        files.insert(0, Attachment(kind=FILE_KINDS[found["kind"]], name=name, path=name))
        cell = cell[: found.start()]
    return cell, tuple(files)
