"""QQ Chat Exporter's plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.parts.moments import Moment
from leakwatch.chats.parts.tally import Tally
from leakwatch.chats.qq import qce_txt
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
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="qq", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
RULE = "=" * 47
HEAD = f"""[QQChatExporter V5 / https://github.com/shuakami/qq-chat-exporter]
[本软件是免费的开源项目~ 如果您是买来的，请立即退款！如果有帮助到您，欢迎给我点个Star~]

{RULE}
           QQ聊天记录导出文件
{RULE}

聊天名称: 云岭区值班群
聊天类型: 群聊
参与人数: 12
导出时间: 2024-05-02 08:00:00
消息总数: 2
时间范围: 2024-05-01 17:00:05 - 2024-05-01 17:00:05


"""


def _export(*blocks: str, total: int | None = None, head: str = HEAD) -> bytes:
    foot = (
        f"\n\n{RULE}\n              导出完成\n{RULE}\n总计导出 {total} 条消息\n导出时间: 2024-05-02 08:00:00"
    )
    return (head + "\n\n\n".join(blocks) + ("" if total is None else foot)).encode()


def _block(content: str, name: str = "王明远:", when: str = "2024-05-01 17:00:05") -> str:
    return f"{name}\n时间: {when}\n内容: {content}"


def _read(keep: Keep, data: bytes) -> list[Message | Skipped | Conversation]:
    return list(qce_txt.read(keep("群.txt", data), Alone()))


def _messages(keep: Keep, *blocks: str) -> list[Message]:
    return [one for one in _read(keep, _export(*blocks, total=len(blocks))) if isinstance(one, Message)]


def _plain(text: str, **more: object) -> Message:
    fields: dict[str, object] = {
        "chat": CHAT,
        "number": 1,
        "sender": "王明远",
        "text": text,
        "sent_at": AT,
        "precision": Precision.SECOND,
        "zone_assumed": True,
        **more,
    }
    return Message(**fields)  # type: ignore[arg-type]


def test_blocks_are_read_and_the_chat_is_named(keep: Keep) -> None:
    found = _read(keep, _export(_block("早"), _block("晚", name="刘洋:"), total=2))
    assert found == [
        _plain("早"),
        _plain("晚", number=2, sender="刘洋"),
        Conversation(
            chat=CHAT,
            format="qce-txt",
            declared=2,
            coverage=Coverage(),
            lossy=(
                "QQ Chat Exporter 的文本格式只写合并转发的前三条",
                "QQ Chat Exporter 的文本格式不标出被撤回的消息",
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (_block("早", name="[群主] 王明远:"), _plain("早")),
        (_block("早", name="[1]\n王明远:"), _plain("早")),
        (_block("一\n\n二\n"), _plain("一\n\n二")),
        (_block("早").replace("内容", "类型: text\n内容"), _plain("早")),
        ("时间: 2024-05-01 17:00:05\n内容: 早", _plain("早", sender="")),
        (
            _block("早", when="2024-05-01"),
            _plain("早", sent_at=datetime(2024, 5, 1, tzinfo=SHANGHAI), precision=Precision.DAY),
        ),
        (
            _block("早", when="17:00:05"),
            _plain("早", sent_at=None, precision=Precision.TIME_ONLY, zone_assumed=False, clock="17:00:05"),
        ),
        (
            _block("早", when="3天前"),
            _plain("早", sent_at=None, precision=Precision.NONE, zone_assumed=False),
        ),
        (
            _block("收到\n回复: 05-01 16:59 刘洋 - 机密★5年\n第二行"),
            _plain("收到", kind=MessageKind.QUOTE, quoted=Quote(sender="刘洋", text="机密★5年\n第二行")),
        ),
        (_block("@刘洋 请看\n提及: 刘洋"), _plain("@刘洋 请看")),
        (_block("如下\n提及: 机密名单"), _plain("如下\n提及: 机密名单")),
        (
            _block("[转发消息: 4条]\n  甲: 一"),
            _plain("[转发消息: 4条]\n  甲: 一", kind=MessageKind.FORWARD, summary_only=True),
        ),
        (
            _block("刘洋撤回了一条消息"),
            _plain("刘洋撤回了一条消息", kind=MessageKind.RECALL, recalled=True),
        ),
    ],
)
def test_a_block_becomes_a_message(block: str, message: Message, keep: Keep) -> None:
    assert _messages(keep, block) == [message]


@pytest.mark.parametrize(
    "name", ["[1]\n[群主] 王明远:", "[1] [群主] 王明远:", "[1] 王明远:", "[群主] 王明远:"]
)
def test_number_and_title_are_no_part_of_the_name(name: str, keep: Keep) -> None:
    assert [(one.sender, one.text) for one in _messages(keep, _block("收到", name))] == [("王明远", "收到")]


def test_files_of_the_list_are_attached(keep: Keep) -> None:
    block = _block("[图片: A.jpg]请看\n资源: 2 个文件\n  - image: A.jpg\n  - file: 名单.xlsx")
    files = (
        Attachment(kind=AttachmentKind.IMAGE, name="A.jpg", path="A.jpg"),
        Attachment(kind=AttachmentKind.FILE, name="名单.xlsx", path="名单.xlsx"),
    )
    assert _messages(keep, block) == [_plain("[图片: A.jpg]请看", attachments=files)]


@pytest.mark.parametrize(
    "look_alike",
    [
        "注意:\n时间: 2024-05-01 17:00:05",
        "通知\n\n会议:\n时间: 明天下午\n内容: 防汛",
        "通知\n会议:\n时间: 2024-05-01 17:00:05\n内容: 防汛",
        f"摘录\n{RULE}\n              导出完成\n{RULE}\n总计导出 9 条消息\n完",
        "请看\n资源: 3 个文件\n  - image: A.jpg",
        "回复: 收到",
    ],
)
def test_a_body_that_looks_like_the_exporter_stays_a_body(look_alike: str, keep: Keep) -> None:
    texts = [one.text for one in _messages(keep, _block(look_alike), _block("晚"))]
    assert texts == [look_alike, "晚"]


def test_blocks_with_a_time_that_nobody_knows_are_kept_as_text(keep: Keep) -> None:
    (only,) = _messages(keep, _block("机密★5年", when="Wed 17h"))
    assert only == Message(
        chat=CHAT,
        number=1,
        sender="",
        text="王明远:\n时间: Wed 17h\n内容: 机密★5年",
        kind=MessageKind.OTHER,
    )


def test_relative_times_are_said(keep: Keep) -> None:
    *_, chat = _read(keep, _export(_block("早", when="刚刚")))
    assert isinstance(chat, Conversation)
    assert "导出时选了相对时间（如“3天前”），消息没有确切时间" in chat.lossy


@pytest.mark.parametrize(("total", "declared"), [(9, 9), (None, 2)])
def test_the_footers_count_is_declared_else_the_heads(total: int | None, declared: int, keep: Keep) -> None:
    *_, chat = _read(keep, _export(_block("早"), total=total))
    assert isinstance(chat, Conversation)
    assert chat.declared == declared


def test_crlf_and_ansi_make_no_difference(keep: Keep) -> None:
    data = _export(_block("早\n安"), total=1).decode().replace("\n", "\r\n").encode("gb18030")
    assert [one.text for one in _read(keep, data) if isinstance(one, Message)] == ["早\n安"]


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (_export(_block("早")), True),
        (_export(_block("早")).replace(b"V5", b"V4"), True),
        (b"\xef\xbb\xbf" + _export(_block("早")), True),
        (_block("早").encode() * 3, False),
        (b"\n".join([b"x", _export(_block("早"))]), False),
        (b"[QQChatExporter V5]\n", False),
        (b"", False),
    ],
)
def test_only_the_signature_is_claimed(data: bytes, claimed: bool) -> None:
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.txt")] == ["qce-txt"] * claimed


@given(st.text(alphabet="王:\n 时间内容: 2024-05-01[]=-资源1个文件回复提及", max_size=120))
def test_no_line_of_the_export_is_lost(text: str) -> None:
    header = qce_txt._Header(sender="", moment=Moment())
    tally = Tally(Evidence(sha256="", size=0, name="", inner_path="", path=Path("x"), taken_at=AT), CHAT)
    message = qce_txt._message_of(header, f"内容: {text}", tally)
    said = message.text + "".join(file.name for file in message.attachments)
    said += f"{message.quoted.sender}{message.quoted.text}" if message.quoted else ""
    assert len([c for c in text if c == "王"]) == said.count("王")


def test_files_above_a_mention_of_somebody_the_text_does_not_name_are_found(keep: Keep) -> None:
    block = "李青:\n时间: 2031-05-06 08:17:23\n内容: 收到\n资源: 1 个文件\n  - file: 名单.docx\n提及: u_a1, 全体\n"
    file = keep("a.txt", (HEAD + block).encode())
    (message,) = (item for item in qce_txt.read(file, Alone()) if isinstance(item, Message))
    assert message.text == "收到\n提及: u_a1, 全体"
    assert [attachment.name for attachment in message.attachments] == ["名单.docx"]
