"""What a card of QQ (ark: links, mini-programs, group announcements) says, out of the JSON within its JSON."""

from __future__ import annotations

import base64
import json
from binascii import Error
from collections.abc import Iterator, Mapping

from leakwatch.chats.parts.json_stream import as_object, as_text

_DEEPEST = 8


def opened(element: Mapping[str, object]) -> dict[str, object]:
    """The data of a card with the strings of its inner JSON under their own keys."""
    data = as_object(element.get("data"))
    raw = data.get("content")
    if not isinstance(raw, str) or not raw.lstrip().startswith("{"):
        return data
    try:
        inner = json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return data
    strings: dict[str, list[str]] = {}
    for key, text in _strings("content", inner, _DEEPEST):
        strings.setdefault(key, []).append(text)
    return {**data, "content": "", "card": {key: "\n".join(texts) for key, texts in strings.items()}}


def _strings(key: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    """All strings of a card; group announcements (群公告) have theirs in base64 where `encode` is 1."""
    if depth == 0:
        yield key, as_text(value)
    elif isinstance(value, dict):
        is_encoded = value.get("encode") in (1, "1")
        for inner_key, inner in value.items():
            for last_key, text in _strings(str(inner_key), inner, depth - 1):
                yield last_key, _from_base64(text) if is_encoded else text
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(key, inner, depth - 1)
    elif isinstance(value, str):
        yield key, value


def _from_base64(text: str) -> str:
    """What the base64 says, or the text where it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (Error, ValueError):
        return text
