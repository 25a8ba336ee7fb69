"""Chats in JSON of exporters nobody has named yet: records whose keys say time, sender and content.

Written by: wechat-decrypt, wechat-decrypt-export, wx-cli and WeChatExporter (chat.json), lark-cli, OneBot programs
  (NapCat: get_group_msg_history), WeChatTweak, AstrBot (.json, .jsonl), small converters.
Tell-tales: an array of objects, at the top or at one of the keys below, or an object a line, whose first object has the keys of a chat
  table (table_headers.py: time, sender, content) and a time with a clock, and no reader of a known format claims it.
Field map: a record is a row of a table with its keys as header; an object gives its name (`sender: {id, name}`), a
  list of texts its lines, a list of OneBot's elements their text, a list of paths one attachment each; what no column is for is kept where a person wrote
  it (unknown_fields.py). Beside the array: name, chat, display_name … → chat.name; message_count, count … → declared.
Specimen:
  {"display_name": "云岭区值班群", "message_count": 1, "messages": [
    {"time_str": "2024-05-01 17:00:05", "sender": "王明远", "type_name": "文本", "content": "收到"}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from functools import lru_cache

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.office import feishu, wecom
from leakwatch.chats.others import chatlab, chatlab_jsonl, telegram
from leakwatch.chats.parts.json_stream import Cut, Joined, JsonFile, Torn, as_object, as_text, outline
from leakwatch.chats.parts.kinds import file_at
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.qq import qce_json
from leakwatch.chats.tables.table_headers import Layout, Role, layout_of, shows_clocks
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.tables.table_rows import message_of
from leakwatch.chats.wechat import chatlog, chatlog_keeper, memotrace_json, pywxdump_json, wda, weflow
from leakwatch.errors import Unreadable
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message, Reason, Skipped

NAME = "records-json"

_NAMED = (
    *(weflow, memotrace_json, pywxdump_json, chatlog, chatlog_keeper, wda),
    *(chatlab, chatlab_jsonl, qce_json, wecom, feishu, telegram),
)
"""Whose messages have such keys too."""
_WAYS = ("", "messages", "items", "results", "records", "list", "data", "rows", "msgs", "chatLogs")
_LINES = "lines"
"""The way where each line is a record."""
_ANSWER = "data"
"""Where APIs put the whole answer: data.messages."""
_NAMES = "display_name displayName chat_name chatName chat session name title talkerName talker group".split()
_COUNTS = "message_count messageCount totalMessages total count".split()
_SAID_BY_OBJECTS = "card name display_name displayName nickname nickName remark title text content id".split()
_SEGMENTS = {"image": "图片", "record": "语音", "video": "视频", "file": "文件", "forward": "聊天记录"}
"""OneBot's elements of a message."""
_LOG_KEYS = frozenset("level levelname loglevel severity logger pid hostname".split())
_MOST_KEYS = 200
_LARGEST_COUNT = 10**9


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns the records have, and under which keys."""

    keys: tuple[str, ...]
    layout: Layout

    @property
    def known(self) -> frozenset[str]:
        """The keys that a column stands for."""
        return frozenset(self.keys[column] for columns in self.layout.columns.values() for column in columns)

    def cells(self, record: Mapping[str, object]) -> list[str]:
        """The record as a row."""
        return [
            "" if _says_sort_of_chat(key, record.get(key)) else _cell(record.get(key)) for key in self.keys
        ]


def is_mine(head: bytes, name: str) -> bool:
    """Whether the first record of an array has the keys of a chat, a sender and a clock, in no known format."""
    shown = outline(head)
    is_part = qce_json.is_record(shown)  # a chunk is read with its manifest
    return (
        _found(shown) is not None and not is_part and not any(known.is_mine(head, name) for known in _NAMED)
    )


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of all chats in the file, then the chats."""
    with JsonFile(file.path) as source:
        shown = outline(source.condensed_head())
        found = _found(shown)
        if found is None:
            raise Unreadable(
                Reason.UNKNOWN_FORMAT, "没有找到聊天记录的字段（时间、发送人、内容），无法按聊天记录读取"
            )
        way, shape = found
        about = as_object(shown.get(_ANSWER)) if "/" in way else shown
        chat = Chat(name=_named(about) or name_of(file), platform="other")
        ledger = Ledger(file, chat)
        records: Iterator[object | Torn | Cut | Joined] = (
            source.lines() if way == _LINES else source.records(way)
        )
        yield from messages_of(
            records, ledger, lambda record, number: _message(record, shape, (chat, number))
        )
        pattern = Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            declared=_declared(about),
            coverage=Coverage(decode_replacements=source.replacements),
        )
        yield from ledger.conversations(pattern)


def _found(shown: Mapping[str, object]) -> tuple[str, _Shape] | None:
    """The way to the records of a chat and what they look like; None if there are none."""
    answer = as_object(shown.get(_ANSWER))
    places = [
        (_LINES, [shown]),
        *((way, shown.get(way)) for way in _WAYS),
        *((f"{_ANSWER}/{way}", answer.get(way)) for way in _WAYS[1:]),
    ]
    for way, rows in places:
        first = rows[0] if isinstance(rows, list) and rows else None
        shape = _shape_of(tuple(first)) if isinstance(first, dict) else None
        if shape is not None and isinstance(first, dict) and shows_clocks(shape.layout, [shape.cells(first)]):
            return way, shape
    return None


# A file has a handful of sets of keys: exporters leave out what says nothing.
@lru_cache(256)
def _shape_of(keys: tuple[str, ...]) -> _Shape | None:
    layout = layout_of(keys) if len(keys) < _MOST_KEYS else None
    if layout is None or Role.SENDER not in layout.columns or _LOG_KEYS & {key.lower() for key in keys}:
        return None
    return _Shape(keys, replaced(layout, others={}))


def _message(record: Mapping[str, object], first: _Shape, place: tuple[Chat, int]) -> Message:
    """The message of a record; the columns of one that lacks some are those of the first."""
    shape = _shape_of(tuple(record)) or first
    message = message_of(shape.cells(record), shape.layout, *place)
    content = shape.layout.cell(shape.cells(record), Role.CONTENT)
    return with_unknown_fields(_with_more_files(message, record, shape), record, shape.known, content)


def _with_more_files(message: Message, record: Mapping[str, object], shape: _Shape) -> Message:
    """The message with all files of a list of which a cell shows the first."""
    lists = [record.get(shape.keys[column]) for column in shape.layout.columns.get(Role.SOURCE, ())]
    more = [file_at(as_text(path)) for paths in lists if isinstance(paths, list) for path in paths[1:]]
    return replace(message, attachments=(*message.attachments, *filter(None, more))) if more else message


def _cell(value: object) -> str:
    """A field as a table has it: an object by its name, of a list of paths the first, of other lists all lines."""
    if isinstance(value, dict):
        said = (value.get(key) for key in _SAID_BY_OBJECTS)
        return next((as_text(one) for one in said if isinstance(one, str | int) and one), as_text(value))
    if isinstance(value, list) and value and all(map(_is_segment, value)):
        return "".join(map(_segment, value))
    if isinstance(value, list):
        lines = [_cell(one) for one in value]
        return lines[0] if lines and all(file_at(line) is not None for line in lines) else "\n".join(lines)
    return "" if value is None or (isinstance(value, bool) and not value) else as_text(value)


def _says_sort_of_chat(key: str, value: object) -> bool:
    """Whether it is what OneBot gives as the type of a message."""
    return key == "message_type" and value in ("group", "private")


def _is_segment(value: object) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("type"), str) and isinstance(value.get("data"), dict)
    )


def _segment(value: object) -> str:
    """What an element of a message says: text, `@name`, or `[图片: a.jpg]`."""
    kind, data = as_text(as_object(value).get("type")), as_object(as_object(value).get("data"))
    if kind == "at":
        return f"@{as_text(data.get('name') or data.get('qq'))} "
    if kind == "text" or kind not in _SEGMENTS:
        return "" if kind in ("reply", "face") else as_text(data.get("text") or data.get("data") or data)
    name = as_text(data.get("name") or data.get("file"))
    shown = f"[{_SEGMENTS[kind]}: {name}]" if name else f"[{_SEGMENTS[kind]}]"
    inner = data.get("content")
    return "\n".join([shown, *map(_forwarded, inner if isinstance(inner, list) else [])])


def _forwarded(message: object) -> str:
    """A line for a message inside a forward, nested ones too."""
    said = as_object(message)
    text = _cell(said.get("message") or said.get("content") or said.get("raw_message") or message)
    return f"{_cell(said.get('sender'))}：{text}"


def _named(about: Mapping[str, object]) -> str:
    names = (_cell(about.get(key)).strip() for key in _NAMES if isinstance(about.get(key), str | dict))
    return next(filter(None, names), "")


def _declared(about: Mapping[str, object]) -> int | None:
    counts = (about.get(key) for key in _COUNTS)
    return next((one for one in counts if isinstance(one, int) and 0 < one < _LARGEST_COUNT), None)
