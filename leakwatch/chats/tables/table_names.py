"""What a chat is called by its table: what stands above the header, else the file, else its folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePath

from leakwatch.chats.qq.qce_names import named_by
from leakwatch.model import Evidence

_GENERIC_NAMES = frozenset("messages message chat 聊天记录 消息记录 export sheet1 data".split())
_AFFIXES = re.compile(
    r"""^(?:群聊|私聊)_|_\d+_\d+$|_(?:utf8|chat|聊天记录)$
    |\((?:wxid_\w+|\w+@chatroom|\d{1,2})\)$|\s*[-_]?\s*副本$""",
    re.VERBOSE | re.IGNORECASE,
)


def session_name(preamble: Sequence[Sequence[str]]) -> str:
    """The chat's name from the lines that WeFlow and EchoTrace write above the header."""
    cells = [cell.strip() for row in preamble for cell in row]
    if "会话信息" not in cells:
        return ""
    values = {label: value for label, value in pairwise(cells) if label in ("备注", "昵称") and value}
    return values.get("备注") or values.get("昵称") or ""


def name_of(file: Evidence) -> str:
    """The chat's name from the file's, without what exporters add; messages.csv is named by its folder."""
    name = _without_affixes(PurePath(file.name).stem)
    if name.lower() in _GENERIC_NAMES:
        folders = re.split(r"[\\/!]", file.inner_path)[:-1]
        return _without_affixes(folders[-1]) if folders and folders[-1] else name
    return name


def _without_affixes(stem: str) -> str:
    if (exported := named_by(stem)) != stem:
        return exported
    while (shorter := _AFFIXES.sub("", stem).strip()) != stem and shorter:
        stem = shorter
    return stem
