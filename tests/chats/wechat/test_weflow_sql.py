"""WeFlow's export for a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import weflow_sql
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
    Reason,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)
HEAD = """BEGIN;
CREATE TABLE IF NOT EXISTS weflow_messages (
  session_id TEXT NOT NULL,
  content TEXT
);
"""
COLUMNS = "session_id, local_id, message_id, create_time, sender, is_send, local_type, media_type, content, media_path"


def row(content: str, code: int = 1, media: str | None = None, path: str | None = None) -> str:
    def quoted(text: str | None) -> str:
        return "NULL" if text is None else "'" + text.replace("'", "''") + "'"

    values = f"'1@chatroom', '12', '70', 1714554005, 'wxid_a', FALSE, {code}, {quoted(media)}, {quoted(content)}, {quoted(path)}"
    return f"INSERT INTO weflow_messages ({COLUMNS}) VALUES ({values});\n"  # noqa: S608 - no database here


def read(keep: Keep, *rows: str) -> list[Message | Skipped | Conversation]:
    data = (HEAD + "".join(rows) + "COMMIT;\n").encode()
    return list(weflow_sql.read(keep("云岭区值班群.sql", data), Alone()))


def test_a_row_is_a_message_and_its_session_a_chat(keep: Keep) -> None:
    assert read(keep, row("it's\nINSERT INTO 机密★10年;")) == [
        Message(
            chat=CHAT,
            number=1,
            sender="wxid_a",
            sender_id="wxid_a",
            text="it's\nINSERT INTO 机密★10年;",
            id="70",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
        ),
        Conversation(
            chat=CHAT,
            format="weflow-sql",
            coverage=Coverage(),
            lossy=("WeFlow 的 SQL 导出没有群名和昵称，只有账号", "WeFlow 导出不含被撤回消息的原文"),
        ),
    ]


@pytest.mark.parametrize(
    ("written", "kind", "text", "files"),
    [
        (
            row("[图片]", 3, "image", "media/images/2_aa.jpg"),
            MessageKind.IMAGE,
            "",
            (Attachment(kind=AttachmentKind.IMAGE, name="2_aa.jpg", path="media/images/2_aa.jpg"),),
        ),
        (
            row("[文件] 名单.docx", 49, "file"),
            MessageKind.FILE,
            "",
            (Attachment(kind=AttachmentKind.FILE, name="名单.docx"),),
        ),
        (row("[语音]", 34, "voice"), MessageKind.VOICE, "", (Attachment(kind=AttachmentKind.VOICE),)),
        (row('"李青" 撤回了一条消息', 10000), MessageKind.RECALL, '"李青" 撤回了一条消息', ()),
    ],
)
def test_the_codes_tell_the_kind(
    keep: Keep, written: str, kind: MessageKind, text: str, files: tuple[Attachment, ...]
) -> None:
    message = read(keep, written)[0]
    assert isinstance(message, Message)
    assert (message.kind, message.text, message.attachments) == (kind, text, files)


def test_quotes_and_forwards_are_taken_apart(keep: Keep) -> None:
    forward = "[转发的聊天记录]群聊的聊天记录\n王明远: 秘密★20年"
    first, second, _ = read(keep, row("收到[引用 李青：几点]", 244813135921), row(forward, 81604378673))
    assert isinstance(first, Message)
    assert first.quoted == Quote(sender="李青", text="几点")
    assert isinstance(second, Message)
    assert [inner.text for inner in second.forwarded] == ["秘密★20年"]


def test_a_cut_file_is_said_and_its_last_row_kept_as_text(keep: Keep) -> None:
    data = (HEAD + row("一") + row("机密★10年没写完"))[:-60].encode()
    items = list(weflow_sql.read(keep("a.sql", data), Alone()))
    assert [item.reason for item in items if isinstance(item, Skipped)] == [Reason.INCOMPLETE, Reason.DAMAGED]
    assert len([item for item in items if isinstance(item, Message)]) == 2


@pytest.mark.parametrize(
    ("data", "is_ours"),
    [
        (HEAD, True),
        (row("一"), True),
        ("CREATE TABLE weflow (id INT);", False),
        ("请看 weflow_messages 表（机密）", False),
    ],
)
def test_only_the_table_of_weflow_is_claimed(keep: Keep, data: str, is_ours: bool) -> None:
    assert (reader_for(keep("a.sql", data.encode())) is weflow_sql) is is_ours
