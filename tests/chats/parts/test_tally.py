"""Counts of the conversations of a file."""

from __future__ import annotations

from collections.abc import Callable

from leakwatch.chats.parts.tally import Ledger
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message

Keep = Callable[[str, bytes], Evidence]


def test_a_ledger_keeps_the_chats_of_a_file_apart(keep: Keep) -> None:
    one, two = Chat(name="甲群", platform="wechat"), Chat(name="乙群", platform="wechat")
    ledger = Ledger(keep("f.json", b""), one)
    ledger.count(Message(chat=one, number=1, sender="", text="", recalled=True))
    ledger.count(Message(chat=two, number=2, sender="", text="", summary_only=True))
    pattern = Conversation(chat=one, format="f", coverage=Coverage(decode_replacements=3))
    assert list(ledger.conversations(pattern)) == [
        Conversation(chat=one, format="f", coverage=Coverage(recalled=1)),
        Conversation(chat=two, format="f", coverage=Coverage(forwards_summary=1, decode_replacements=3)),
    ]
    assert ledger.messages == 2


def test_a_file_without_a_message_still_has_its_chat(keep: Keep) -> None:
    chat = Chat(name="甲群", platform="wechat")
    pattern = Conversation(chat=chat, format="f")
    assert list(Ledger(keep("f.json", b""), chat).conversations(pattern)) == [pattern]
