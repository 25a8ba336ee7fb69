"""What a reader counts on the way, and the road from JSON records to messages that its readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from leakwatch.chats.parts.json_stream import Cut, Joined, Torn, as_text
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message, MessageKind, Reason, Skipped


class Tally:
    """Counts of one conversation of a file while it is being read."""

    def __init__(self, file: Evidence, chat: Chat) -> None:
        self.file = file
        self.chat = chat
        self.messages = 0
        self.skipped_lines = 0
        self._forwards_full = 0
        self._forwards_summary = 0
        self._recalled = 0

    def count(self, message: Message) -> Message:
        """The same message, counted."""
        self.messages += 1
        self._forwards_full += bool(message.forwarded) and not message.summary_only
        self._forwards_summary += message.summary_only
        self._recalled += message.recalled
        return message

    def coverage(self, decode_replacements: int) -> Coverage:
        """What only the reader knows of a conversation's coverage."""
        return Coverage(
            forwards_full=self._forwards_full,
            forwards_summary=self._forwards_summary,
            recalled=self._recalled,
            skipped_lines=self.skipped_lines,
            decode_replacements=decode_replacements,
        )


class Ledger:
    """Counts of a file that holds several conversations; its messages are numbered through."""

    def __init__(self, file: Evidence, chat: Chat) -> None:
        """chat: where rows belong that stand before the first message."""
        self.file = file
        self.chat = chat
        """The chat of the latest message."""
        self.messages = 0
        self.skipped_lines = 0
        self._tallies: dict[Chat, Tally] = {}

    def count(self, message: Message) -> Message:
        """The same message, counted for its chat."""
        self.messages += 1
        self.chat = message.chat
        return self._of(message.chat).count(message)

    def conversations(self, pattern: Conversation) -> Iterator[Conversation]:
        """Each chat with its counts, else like the pattern; the file's own counts go to the last chat."""
        self._of(self.chat).skipped_lines += self.skipped_lines
        for chat, tally in self._tallies.items():
            replacements = pattern.coverage.decode_replacements if chat == self.chat else 0
            yield replace(pattern, chat=chat, coverage=tally.coverage(replacements))

    def _of(self, chat: Chat) -> Tally:
        if (tally := self._tallies.get(chat)) is None:
            tally = self._tallies[chat] = Tally(self.file, chat)
        return tally


def messages_of(
    records: Iterable[object | Torn | Cut | Joined],
    tally: Tally | Ledger,
    read: Callable[[dict[str, object], int], Message],
) -> Iterator[Message | Skipped]:
    """One message a record; what is no record becomes a message of its own as text."""
    torn, file = 0, tally.file
    for record in records:
        if isinstance(record, dict):
            yield tally.count(read(record, tally.messages + 1))
        elif isinstance(record, Cut):
            yield cut_row(file, record.reason, tally.messages)
        elif isinstance(record, Joined):
            yield _joined(file, tally.messages)
        else:
            torn += isinstance(record, Torn)
            text = record.text if isinstance(record, Torn) else as_text(record)
            if not text.strip():
                tally.skipped_lines += 1
                continue
            number = tally.messages + 1
            yield tally.count(
                Message(chat=tally.chat, number=number, sender="", text=text, kind=MessageKind.OTHER)
            )
    if torn:
        detail = f"文件中有 {torn} 处内容已损坏，已按纯文本检查，发送人和时间无法识别；请重新导出后再检查一次"
        yield Skipped(evidence=file, name=file.name, reason=Reason.DAMAGED, detail=detail)


def cut_row(file: Evidence, reason: Reason, messages: int) -> Skipped:
    """The row of a file that ends early (INCOMPLETE) or cannot be read further (DAMAGED)."""
    what = "文件不完整，结尾处被截断" if reason is Reason.INCOMPLETE else "文件内容已损坏，后面的部分无法读取"
    detail = f"{what}；只读出了前 {messages} 条消息，请重新导出后再检查一次"
    return Skipped(evidence=file, name=file.name, reason=reason, detail=detail)


def _joined(file: Evidence, messages: int) -> Skipped:
    detail = (
        f"文件里不止一份导出内容：第 {messages} 条消息之后还有别的内容，已并入前一个会话检查，"
        "群名和发送人可能不对；请把各份内容分开导出后再检查一次"
    )
    return Skipped(evidence=file, name=file.name, reason=Reason.DAMAGED, detail=detail)
