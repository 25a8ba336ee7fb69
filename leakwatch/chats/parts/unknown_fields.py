"""Text in fields of a JSON message that its reader does not know → lines `key：value` behind its own text.

Exporters add fields with every version (digest, voiceTranscript, rawContent …); what a person wrote there
must be found. Ids, keys, times, paths and the names of senders are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from leakwatch.chats.parts.json_stream import as_text
from leakwatch.chats.parts.wechat_xml import is_xml, read_xml
from leakwatch.model import Message, MessageKind

_DEEPEST = 3
_HAN = "[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_WORDS = re.compile(rf"{_HAN}[\s\S]*?{_HAN}")
_TELLING = re.compile(rf"\d{{5}}|{_WORDS.pattern}")
_BOOKKEEPING = re.compile(
    r"""(?:^|_)(?:(?:wx|msg|svr|server|client|local|user|group|room|chat|message)?ids?|key|md5|sha\d*|hash|e?tag
        |(?:create|send|update|msg)?time(?:stamp)?|type|kind|status|seq|token|path|size|length|duration|version
        |source|src|format|platform|encoding|generator|avatar_?\w*|thumb\w*|cdn\w*|icon|logo|width|height)$
    |^(?:avatar|thumb|cdn|head_?img|aes)
    |^(?:sender|talker|user|account|member|group|room|self|from|to|my|nick|display)
        _?(?:user|group)?_?(?:display|nick|account)?_?(?:name|remark|alias|title|role)?$""",
    re.VERBOSE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Base64, hashes, links to pictures inline: random digits, no words.
_OPAQUE = re.compile(r"(?=\d*[A-Za-z+/=])(?:data:[\w/+.;=-]+,)?[A-Za-z0-9+/=_\-\r\n]{32,}", re.ASCII)
# Raw texts of groups begin with the id of the sender.
_SENDER_PREFIX = re.compile(r"[\w@.-]{1,64}:[ \t]*\n", re.ASCII)


def with_unknown_fields(
    message: Message, record: Mapping[str, object], known: frozenset[str], content: str
) -> Message:
    """The message with the lines of unknown fields that neither it nor `content` says already."""
    if known.issuperset(record):
        return message
    unknown = [
        found for key, value in record.items() if key not in known for found in _texts(key, value, _DEEPEST)
    ]
    seen = [content, *_said(message)] if unknown else []
    added: list[str] = []
    for key, text, telling in unknown:
        if new := _new_lines(text, seen, telling):
            added.append(f"{key}：{new}")
            seen.append(new)
    return replace(message, text="\n".join(filter(None, (message.text, *added)))) if added else message


def _texts(key: str, value: object, depth: int) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Key, text and what makes a line of it worth keeping, for each string in the value."""
    if _is_bookkeeping(key) or not value:
        return
    if isinstance(value, str) or (depth == 0 and isinstance(value, dict | list)):
        text = as_text(value)
        if _OPAQUE.fullmatch(text) or not _TELLING.search(text):
            return
        if is_xml(text):
            yield (key, *_of_xml(text))
        else:
            yield key, _SENDER_PREFIX.sub("", text, count=1), _TELLING
    elif isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from _texts(inner_key, inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(key, inner, depth - 1)


def _of_xml(xml: str) -> tuple[str, re.Pattern[str]]:
    """What the XML says; in XML of no known sort numbers are ids."""
    found = read_xml(xml)
    quoted = found.quoted.text if found.quoted else ""
    parts = (
        found.text,
        quoted,
        *(file.name for file in found.attachments),
        *(one.text for one in found.inner),
    )
    is_known = found.kind not in (MessageKind.SYSTEM, MessageKind.RECALL, MessageKind.OTHER)
    return "\n".join(filter(None, parts)), _TELLING if is_known else _WORDS


def _new_lines(text: str, seen: list[str], telling: re.Pattern[str]) -> str:
    lines = (line.strip() for line in text.splitlines())
    new = [line for line in lines if line and not any(line in said for said in seen)]
    return "\n".join(new) if telling.search("\n".join(new)) else ""


def _said(message: Message) -> Iterator[str]:
    yield message.text
    yield message.sender
    if message.quoted:
        yield f"{message.quoted.sender}\n{message.quoted.text}"
    for file in message.attachments:
        yield f"{file.name}\n{file.path}"
    for inner in message.forwarded:
        yield from _said(inner)


@lru_cache(4096)
def _is_bookkeeping(key: str) -> bool:
    return _BOOKKEEPING.search(_CAMEL.sub("_", key).lower()) is not None
