"""QQ's own backup (.bak) and databases: known only to be refused with advice.

Written by: QQ desktop's message manager (备份, 导出为 bak) and QQ itself. Tell-tales: `SQLite header 3` (QQ's and
QQNT's encrypted databases, also inside the zip that some versions call .bak), else a file named .bak that is
neither text nor any other known kind. leakwatch extracts no keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from leakwatch.chats.beside import Beside
from leakwatch.errors import Unreadable
from leakwatch.model import Conversation, Evidence, Message, Reason, Skipped
from leakwatch.text import looks_like_text

NAME = "qq-backup"

_MAGIC = b"SQLite header 3"
_OTHERS = (
    b"PK",
    b"%PDF",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format",
    b"Rar!",
    b"7z\xbc",
)


def is_mine(head: bytes, name: str) -> bool:
    """Whether it begins as QQ's databases do, or is named .bak and is nothing that others read."""
    if head.startswith(_MAGIC):
        return True
    return bool(
        head and name.lower().endswith(".bak") and not head.startswith(_OTHERS) and not looks_like_text(head)
    )


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """Unreadable, with what to export instead."""
    raise Unreadable(
        Reason.UNSUPPORTED,
        "这是 QQ 加密的备份或数据库文件，leakwatch 不解密，其中的聊天记录未能检查；"
        "请在 QQ 消息管理器里改用“导出消息记录”，选 txt 或 mht 格式后再放入",
    )
