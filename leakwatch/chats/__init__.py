"""Exported chats → messages: one module a format, the order of `READERS` is the priority.

A format claims a file on a strong signature only; what nobody claims is read as plain text without
sender and time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from leakwatch.chats import chatlab, chatlab_jsonl, qq_txt, table, wechat_mail, weflow
from leakwatch.model import Conversation, Evidence, Message, Skipped


class ChatReader(Protocol):
    """What every module of this room offers."""

    NAME: str

    def is_mine(self, head: bytes, name: str) -> bool:
        """Whether the first MiB of a file bears this format's signature; never raises."""
        ...

    def read(self, file: Evidence) -> Iterator[Message | Skipped | Conversation]:
        """Messages in the order of the file, each conversation's `Conversation` after its last."""
        ...


READERS: tuple[ChatReader, ...] = (weflow, chatlab, chatlab_jsonl, qq_txt, wechat_mail, table)


def reader_for(head: bytes, name: str) -> ChatReader | None:
    """The first reader that claims the file."""
    return next((reader for reader in READERS if reader.is_mine(head, name)), None)
