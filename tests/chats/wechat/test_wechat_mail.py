from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat.wechat_mail import is_mine, read
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
)

Keep = Callable[[str, bytes], Evidence]

SPACED = """微信群"云岭区工作群"的聊天记录如下:

—————  2026-04-06  —————


王明远  09:10

值班安排：
李婷  16:30
16:30 开会

李婷  16:30

赵六  18:30

李婷  10:05

收到


"赵六"撤回了一条消息


赵六  10:06

[文件: 名单[终稿].xlsx(请在附件中查看)]

—————  2026年4月7日  —————

王明远11:00-20:00  08:00

[聊天记录]

发自我的 iPhone
"""


def rows(file: Evidence) -> list[tuple[str, str, str, str]]:
    """Sender, time, kind and text of every message."""
    return [
        (m.sender, m.sent_at.strftime("%m-%d %H:%M") if m.sent_at else "", m.kind.value, m.text)
        for m in read(file, Alone())
        if isinstance(m, Message)
    ]


def test_sender_lines_count_where_they_lie_as_the_others_do(keep: Keep) -> None:
    assert rows(keep("a.txt", SPACED.encode())) == [
        (
            "王明远",
            "04-06 09:10",
            "text",
            "值班安排：\n李婷  16:30\n16:30 开会\n\n李婷  16:30\n\n赵六  18:30",
        ),
        ("李婷", "04-06 10:05", "text", "收到"),
        ("", "", "recall", '"赵六"撤回了一条消息'),
        ("赵六", "04-06 10:06", "file", "[文件: 名单[终稿].xlsx(请在附件中查看)]"),
        ("王明远11:00-20:00", "04-07 08:00", "forward", "[聊天记录]"),
    ]


def test_a_message_carries_its_time_and_its_attachment(keep: Keep) -> None:
    text = "甲 和 乙 在微信上的聊天记录如下，请查收。\n\n—————  2026-04-06  —————\n\n甲  9:05\n\n[图片: 8b0a.jpg(请在附件中查看)]\n"
    chat = Chat(name="甲 和 乙", platform="wechat")
    items = list(read(keep("a.txt", text.encode()), Alone()))
    assert items == [
        Message(
            chat=chat,
            number=1,
            sender="甲",
            text="[图片: 8b0a.jpg(请在附件中查看)]",
            kind=MessageKind.IMAGE,
            sent_at=datetime(2026, 4, 6, 9, 5, tzinfo=SHANGHAI),
            precision=Precision.MINUTE,
            zone_assumed=True,
            attachments=(Attachment(kind=AttachmentKind.IMAGE, name="8b0a.jpg", path="8b0a.jpg"),),
        ),
        Conversation(
            chat=chat,
            format="wechat-mail",
            lossy=("微信文字聊天记录只精确到分钟，图片和文件不在正文中，请将邮件附件一并提交",),
        ),
    ]


def test_recalls_and_digests_are_counted(keep: Keep) -> None:
    last = list(read(keep("a.txt", SPACED.encode()), Alone()))[-1]
    assert isinstance(last, Conversation)
    assert last.coverage == Coverage(recalled=1, forwards_summary=1)


LAYOUTS = {
    "one blank, body at once": 'Dear:\n微信群"群"的聊天记录如下:\n—————2016-4-13—————\n\n甲 18:10\n图片1（可在附件中查看）\n\n乙 丙 18:12\n会议改到\n\n下午 15:30\n\n发自我的 iPad',
    "no empty lines": "甲 和 乙 丙 在微信上的聊天记录如下，请查收。\n——— 2016/4/13 ———\n甲  18:10\n图片1（可在附件中查看）\n乙 丙  18:12\n会议改到\n\n下午 15:30",
    "western dashes": '"甲"和"乙"的聊天记录如下:\n\n----- 2016.4.13 -----\n\n甲  18:10\n\n图片1（可在附件中查看）\n\n乙 丙  18:12\n\n会议改到\n\n下午 15:30\n',
    "no first line": "－－－ 2016-04-13 －－－\n\n甲  18:10\n\n图片1（可在附件中查看）\n\n乙 丙  18:12\n\n会议改到\n\n下午 15:30\n",
    "English": "Chat history between A and B on WeChat:\n\n—————  2016-04-13  —————\n\n甲  18:10\n\n图片1（可在附件中查看）\n\n乙 丙  18:12\n\n会议改到\n\n下午 15:30\n",
    "copied with dates": "甲  2016/4/13 18:10\n图片1（可在附件中查看）\n\n乙 丙  2016/4/13 18:12\n会议改到\n\n下午 15:30",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout_is_learnt(keep: Keep, text: str, encoding: str) -> None:
    data = text.replace("\n", "\r\n").encode(encoding)
    assert is_mine(data, "a.txt")
    assert rows(keep("a.txt", data)) == [
        ("甲", "04-13 18:10", "image", "图片1（可在附件中查看）"),
        ("乙 丙", "04-13 18:12", "text", "会议改到\n\n下午 15:30"),
    ]


def test_lines_before_the_first_line_become_a_message_without_sender(keep: Keep) -> None:
    data = f"收件人: a@example.com\n主题: 群记录\n\n{SPACED}".encode()
    assert is_mine(data, "a.txt")
    assert rows(keep("a.txt", data))[0] == ("", "", "other", "收件人: a@example.com\n主题: 群记录")


def test_a_further_first_line_begins_a_further_chat(keep: Keep) -> None:
    other = SPACED.replace("云岭区工作群", "青石市工作群")
    items = list(read(keep("a.txt", (SPACED + "\n" + other).encode()), Alone()))
    chats = [(item.chat.name, item.coverage.recalled) for item in items if isinstance(item, Conversation)]
    assert chats == [("云岭区工作群", 1), ("青石市工作群", 1)]
    assert [m.number for m in items if isinstance(m, Message)] == [1, 2, 3, 4, 5] * 2


def test_times_without_a_day_stay_without_a_date(keep: Keep) -> None:
    text = '微信群"群"的聊天记录如下:\n\n甲12:00-21:00  14:30\n昭 1.15 14:00-16:00 开会\n'
    (message,) = [item for item in read(keep("a.txt", text.encode()), Alone()) if isinstance(item, Message)]
    assert (message.sender, message.sent_at, message.precision) == (
        "甲12:00-21:00",
        None,
        Precision.TIME_ONLY,
    )


def test_copied_blocks_without_times_are_read(keep: Keep) -> None:
    data = "王明远:\n[图片]\n\n李婷:\n收到\n\n王明远:\n好的\n".encode()
    assert is_mine(data, "a.txt")
    assert rows(keep("a.txt", data)) == [
        ("王明远", "", "image", "[图片]"),
        ("李婷", "", "text", "收到"),
        ("王明远", "", "text", "好的"),
    ]


def test_a_recall_between_copied_messages_stands_for_itself(keep: Keep) -> None:
    text = "甲  2023/11/05 22:14:03\n早\n\n「甲」撤回了一条消息\n\n甲  2023/11/06 08:00:00\n好\n"
    assert is_mine(text.encode(), "a.txt")
    assert [kind for _, _, kind, _ in rows(keep("a.txt", text.encode()))] == ["text", "recall", "text"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "时间：\n5月6日\n\n地点：\n三楼会议室\n",
        "签到表\n甲\t2024/5/6 8:55\n乙\t2024/5/6 8:57\n丙\t2024/5/6 8:58\n",
        "发布时间： 2024-05-06 10:00\n正文\n\n更新时间： 2024-05-06 11:00\n正文\n",
        "会议  16:30\n\n午餐  17:30\n三楼\n",
        "关于印发通知的函\n\n—— 2024-05-06 ——\n\n请遵照执行。\n",
        "消息记录（此消息记录为文本格式，不支持重新导入）\n\n2024-05-06 9:05:00 甲(10001)\n" + SPACED,
        "<html>\n<body>\n" + SPACED,
        "From: a@example.com\nMIME-Version: 1.0\n\n" + SPACED,
        "2024-05-06 09:00:00 '甲'\n" + SPACED,
        "— —  2020-2-21  — —\n\n甲  23:50:12 \n1\n\n乙  23:50:40 \n2\n",
        "甲(x00123456)\t2024-05-06 10:00:00\n好\n乙(x00123457)\t2024-05-06 10:00:01\n好\n",
    ],
)
def test_other_texts_are_left_to_others(text: str) -> None:
    assert not is_mine(text.encode(), "a.txt")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_cut_or_broken_head_never_raises(cut: int) -> None:
    assert is_mine(SPACED.encode("utf-16")[:-cut] + b"\x3d\xd8"[: cut - 1], "a.txt")


def test_bytes_that_fit_no_codec_are_counted(keep: Keep) -> None:
    data = SPACED.encode().replace("收到".encode(), b"\xff\xfe ok")
    last = list(read(keep("a.txt", data), Alone()))[-1]
    assert isinstance(last, Conversation)
    assert last.coverage.decode_replacements == 2


def test_a_first_line_of_three_people_loses_its_quotes(keep: Keep) -> None:
    text = '"甲"、"乙"和"丙"的聊天记录如下:\n\n—————  2026-4-6  —————\n\n甲 上午9:05\n好\n\n乙 下午5:05\n好\n'
    found = [item for item in read(keep("a.txt", text.encode()), Alone()) if isinstance(item, Message)]
    assert [message.sender for message in found] == ["甲", "乙"]
    assert {message.chat.name for message in found} == {"甲、乙 和 丙"}


def test_a_first_line_without_marks_names_the_group(keep: Keep) -> None:
    text = "云岭区值班群 微信群上的聊天记录如下，请查收。\n\n—————  2026-4-6  —————\n\n甲  9:05\n\n好\n"
    found = [item for item in read(keep("a.txt", text.encode()), Alone()) if isinstance(item, Message)]
    assert [(one.chat.name, one.sender, one.text) for one in found] == [("云岭区值班群", "甲", "好")]


def test_a_history_that_another_program_exported_is_left_to_it() -> None:
    text = "Chat History with 值班群\nExported on 2024-05-02 09:00:00\n\n2024-05-01 17:00:05 甲\n好\n\n"
    assert not is_mine(text.encode(), "a.txt")
