"""Chats as QQ Chat Exporter writes them in JSON: one file, or a manifest with chunks of JSONL.

Written by: QQ Chat Exporter V4 to V6 (shuakami/qq-chat-exporter, for QQNT).
Tell-tales: `metadata.name` begins QQChatExporter (or its `copyright` names the project) beside `chatInfo`;
  chunked: `chunked`, or `metadata.format` = chunked-jsonl, which can lie beyond a megabyte of senders.
Field map: chatInfo.name → chat.name, .peerUin → chat.id, .type → is_group; statistics.totalMessages →
  declared; messages[] → qce_records.py. Chunks: relativePath (V5.5+) or file (V5.0), count or messages.
  Files lie in resources/images/ though localPath says images/x.jpg: the bundle looks there.
Specimen:
  {"metadata":{"name":"QQChatExporter","version":"5.5.30"},"chatInfo":{"name":"云岭区值班群","type":"group"},
   "statistics":{"totalMessages":1},"messages":[{"id":"70","timestamp":1714554005000,"sender":{"uid":"u_a",
   "uin":"10001","name":"王明远"},"type":"text","content":{"text":"收到","elements":[],"resources":[]},
   "recalled":false,"system":false}]}
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.json_stream import JsonFile, as_object, as_text, outline
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.qq.qce_chunks import Chunk, listed, missing, verified
from leakwatch.chats.qq.qce_names import chat_of, declared_of
from leakwatch.chats.qq.qce_records import message_of
from leakwatch.model import Conversation, Evidence, Message, Skipped

NAME = "qce-json"

_LOSSY = ("较早的 QQ Chat Exporter 不导出合并转发里的图片和文件",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows the exporter's name and a chat, or a message of its shape among sorted keys."""
    keys = outline(head)
    metadata = as_object(keys.get("metadata"))
    is_signed = as_text(metadata.get("name")).startswith("QQChatExporter") or (
        "qq-chat-exporter" in as_text(metadata.get("copyright"))
    )
    messages = keys.get("messages")
    first = as_object(messages[0]) if isinstance(messages, list) and messages else {}
    return "chatInfo" in keys and (is_signed or is_record(first))


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the file or in its chunks, then the chat."""
    with JsonFile(file.path) as source:
        chunked = source.fields(frozenset({"chunked"}), until="messages")
        fields = source.fields(frozenset({"chatInfo", "statistics"}))
        is_manifest = bool(chunked) or _is_manifest(source)
        chat = chat_of(as_object(fields.get("chatInfo")), _name_of(file, is_manifest))
        tally = Tally(file, chat)
        replacements = 0
        if is_manifest:
            for chunk in _chunks(as_object(chunked.get("chunked")), beside):
                replacements += yield from _chunk_messages(chunk, tally, beside)
            beside.take("avatars.json")  # portraits of the members, in base64
        else:
            yield from messages_of(
                source.records("messages"), tally, lambda row, number: message_of(row, chat, number)
            )
            replacements = source.replacements
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            declared=declared_of(as_object(fields.get("statistics")).get("totalMessages")),
            coverage=tally.coverage(replacements),
            lossy=_LOSSY,
        )


def is_record(record: Mapping[str, object]) -> bool:
    """Whether it is a message of this exporter, as its chunks have them a line."""
    content, sender = as_object(record.get("content")), as_object(record.get("sender"))
    return "uid" in sender and "resources" in content and ("elements" in content or "mentions" in content)


def _is_manifest(source: JsonFile) -> bool:
    metadata = as_object(source.fields(frozenset({"metadata"}), until="messages").get("metadata"))
    return metadata.get("format") == "chunked-jsonl"


def _name_of(file: Evidence, is_manifest: bool) -> str:
    """What a chat without a name is called: its file, of a manifest its folder."""
    way = PurePath(file.inner_path.replace("!", "/"))
    return way.parent.name if is_manifest and way.parent.name else PurePath(file.name).stem


def _chunks(chunked: Mapping[str, object], beside: Beside) -> Iterator[Chunk]:
    """The chunks in their order; of a manifest that does not list them those in its folder."""
    folder = as_text(chunked.get("chunksDir")) or "chunks"
    chunks = list(listed(chunked.get("chunks")))
    for chunk in chunks:
        yield chunk if chunk.name != chunk.path else replace(chunk, path=f"{folder}/{chunk.path}")
    if not chunks:
        for file in beside.within(folder):
            if file.name.endswith(".jsonl"):
                yield Chunk(path=f"{folder}/{file.name}")


def _chunk_messages(chunk: Chunk, tally: Tally, beside: Beside) -> Generator[Message | Skipped, None, int]:
    """The messages of a chunk; returns how many of its characters could not be decoded."""
    file = beside.take(chunk.path)
    if file is None:
        yield missing(chunk, tally)
        return 0
    with JsonFile(file.path) as source:
        rows = messages_of(source.lines(), tally, lambda row, number: message_of(row, tally.chat, number))
        yield from verified(rows, chunk, file, tally)
        return source.replacements
