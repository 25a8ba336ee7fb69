from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.qq.qq_txt import is_mine, read
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Precision,
)

Keep = Callable[[str, bytes], Evidence]

RULE = "=" * 64
SIGNATURE = "消息记录（此消息记录为文本格式，不支持重新导入）"
HEAD = f"{SIGNATURE}\n\n{RULE}\n消息分组:我的群聊\n{RULE}\n消息对象:云岭区工作群（8pm | 11am）\n{RULE}\n\n"
Row = tuple[str, str | None, str, str, str]


def rows(file: Evidence) -> list[Row]:
    """Sender, id, time, kind and text of every message."""
    return [
        (
            m.sender,
            m.sender_id,
            m.sent_at.strftime("%m-%d %H:%M:%S") if m.sent_at else "",
            m.kind.value,
            m.text,
        )
        for m in read(file, Alone())
        if isinstance(m, Message)
    ]


def test_a_message_and_its_conversation_are_whole(keep: Keep) -> None:
    text = HEAD + "2024-05-06 9:05:00 【管理员】王明远(10001)\n[图片]\n"
    chat = Chat(name="云岭区工作群（8pm | 11am）", platform="qq", is_group=True)
    assert list(read(keep("a.txt", text.encode("utf-8-sig")), Alone())) == [
        Message(
            chat=chat,
            number=1,
            sender="王明远",
            sender_id="10001",
            text="[图片]",
            kind=MessageKind.IMAGE,
            sent_at=datetime(2024, 5, 6, 9, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
            attachments=(Attachment(kind=AttachmentKind.IMAGE),),
        ),
        Conversation(
            chat=chat,
            format="qq-txt",
            lossy=(
                "QQ 文本格式不含图片、文件和语音本身，只留有 [图片] 等字样，请另行提交原文件或改用 MHT 格式导出",
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("2024-05-06 9:05:00 甲(10001)", ("甲", "10001", "05-06 09:05:00")),
        ("2024-05-06 09:05:00 PM 甲(10001)", ("甲", "10001", "05-06 21:05:00")),
        ("2024-05-06 12:05:00 AM 甲(10001)", ("甲", "10001", "05-06 00:05:00")),
        ("2024-05-06 下午 9:05:00 甲(10001)", ("甲", "10001", "05-06 21:05:00")),
        ("2024/5/6 21:05:00 甲<a@example.com>", ("甲", "a@example.com", "05-06 21:05:00")),
        (
            "2024-05-06 9:05:00 P（写不完 2024-05-07 8:00:00）(10001)",
            ("P（写不完 2024-05-07 8:00:00）", "10001", "05-06 09:05:00"),
        ),
        ("2024-05-06 9:05:00 PMC(10001)", ("PMC", "10001", "05-06 09:05:00")),
        ("2024-05-06 9:05:00 (10001)", ("10001", "10001", "05-06 09:05:00")),
        ("2024-05-06 9:05:00 【头衔】(10001)", ("【头衔】", "10001", "05-06 09:05:00")),
        ("2024-05-06 9:05:00 丧 丧 熊", ("丧 丧 熊", None, "05-06 09:05:00")),
    ],
)
def test_headers_of_every_shape_are_read(keep: Keep, header: str, row: tuple[str, str | None, str]) -> None:
    assert rows(keep("a.txt", f"{HEAD}{header}\n好\n".encode())) == [(*row, "text", "好")]


def test_system_rows_and_recalls_are_kept_without_sender(keep: Keep) -> None:
    text = (
        HEAD
        + "2024-05-06 9:05:00 系统消息(10000)\n甲加入本群。\n\n2024-05-06 9:06:00 系统消息(1000000)\n甲撤回了一条消息\n"
    )
    assert rows(keep("a.txt", text.encode())) == [
        ("", None, "05-06 09:05:00", "system", "甲加入本群。"),
        ("", None, "05-06 09:06:00", "recall", "甲撤回了一条消息"),
    ]


BODY = f"""通知如下

2024-05-05 09:00:00 昨天的会
2024-05-08 09:00:00 三楼会议室

2024-05-08 09:00:00 三楼会议室
{RULE}
消息对象:只是正文
消息分组:也是正文
{SIGNATURE}
2024-05-04 09:00:00 旧消息(10009)
2024-13-45 25:00:00 无此日(10009)"""


def test_bodies_that_look_like_headers_and_rules_do_not_split(keep: Keep) -> None:
    text = f"{HEAD}2024-05-06 9:05:00 甲(10001)\n{BODY}\n\n2024-05-06 9:06:00 乙(10002)\n\n\n2024-05-06 9:07:00 丙\n好\n"
    assert rows(keep("a.txt", text.replace("\n", "\r\n").encode())) == [
        ("甲", "10001", "05-06 09:05:00", "text", BODY),
        ("乙", "10002", "05-06 09:06:00", "text", ""),
        ("丙", None, "05-06 09:07:00", "text", "好"),
    ]


LOGS = (
    "2031-05-06 15:30:00 登录\n2031-05-06 15:31:00 退出\n材料标注 机密★5年",
    "2031-05-06 15:30:00 登录\n\n2031-05-06 15:31:00 退出\n\n材料标注 机密★5年",
    "2031-05-06 15:30:00 登录\n\n\n2031-05-06 15:31:00 退出",
    "2031-05-06 9:01:00\n材料标注 机密★5年",
    "2031-05-06 9:01:00 \n\n2031-05-06 9:01:30",
)


@pytest.mark.parametrize("log", LOGS)
def test_dated_lines_of_a_body_are_no_senders(keep: Keep, log: str) -> None:
    text = f"{HEAD}2031-05-06 9:00:00 王明远(10001)\n登录记录：\n\n{log}\n\n2031-05-06 9:02:00 李思齐(10002)\n收到\n"
    assert [(row[0], row[4]) for row in rows(keep("a.txt", text.encode()))] == [
        ("王明远", f"登录记录：\n\n{log}".strip()),
        ("李思齐", "收到"),
    ]


def test_dated_lines_between_bare_names_are_no_senders(keep: Keep) -> None:
    text = (
        f"{SIGNATURE}\n{RULE}\n消息对象:小鹿\n{RULE}\n\n2031-05-06 9:00:00 小鹿\n记录：\n\n2031-05-06 15:30:00 登录\n\n"
        "2031-05-06 15:31:00 退出\n\n2031-05-06 9:02:00 小鹿\n收到\n\n2031-05-06 9:03:00 王明远\n好\n"
    )
    assert [row[0] for row in rows(keep("a.txt", text.encode()))] == ["小鹿", "小鹿", "王明远"]


def test_messages_without_empty_lines_between_are_split(keep: Keep) -> None:
    text = (
        f"{SIGNATURE}\n消息对象:群\n2024-05-06 9:05:00 甲(10001)\n好\n2024-05-06 9:06:00 乙(10002)\n[图片]\n"
    )
    assert [row[0] for row in rows(keep("a.txt", text.encode()))] == ["甲", "乙"]


def test_an_export_of_all_chats_gives_one_conversation_each(keep: Keep) -> None:
    text = (
        f"{HEAD}2024-05-06 9:05:00 甲(10001)\n好\n\n\n{RULE}\n消息对象:从未说话\n{RULE}\n\n"
        f"{RULE}\n消息分组:我的好友\n{RULE}\n消息对象:小鹿\n{RULE}\n\n2024-05-01 9:00:00 小鹿\n在\n\n"
        f"2024-05-01 9:00:05 我\n嗯\n\n{RULE}\n消息分组:同事\n{RULE}\n消息对象:小鹿\n{RULE}\n\n2024-05-02 9:00:00 小鹿\n？\n"
    )
    items = list(read(keep("全部消息记录.txt", text.replace("\n", "\r\n").encode()), Alone()))
    shown = [
        f"{item.number} {item.text}" if isinstance(item, Message) else item.chat.name
        for item in items
        if isinstance(item, Message | Conversation)
    ]
    assert shown == ["1 好", "云岭区工作群（8pm | 11am）", "1 在", "2 嗯", "小鹿", "1 ？", "小鹿（同事）"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_every_encoding_of_a_saved_copy_is_read(keep: Keep, encoding: str) -> None:
    data = f"{HEAD}2024-05-06 9:05:00 王明远(10001)\r\n云岭区会议\r\n".encode(encoding)
    assert is_mine(data, "a.txt")
    assert rows(keep("a.txt", data)) == [("王明远", "10001", "05-06 09:05:00", "text", "云岭区会议")]


COPIES: dict[str, tuple[str, list[Row]]] = {
    "with dates": (
        "【冒泡】无情的熊 2/14/2020 9:16:13 PM\n1\n\n你和某人有12个共同好友，点击添加好友。\n\n甲·乙 2/14/2020 9:17:10 PM\n\n丙撤回了一条消息\n",
        [
            ("无情的熊", None, "02-14 21:16:13", "text", "1"),
            ("", None, "", "system", "你和某人有12个共同好友，点击添加好友。"),
            ("甲·乙", None, "02-14 21:17:10", "recall", "丙撤回了一条消息"),
        ],
    ),
    "without dates": (
        "【煤油】丧 丧 熊 9:59:54 PM\n1\n\n你撤回了一条消息[ 重新编辑]\n\nP（写不完了...） 10:00:04 PM\n2\n3\n",
        [
            ("丧 丧 熊", None, "", "text", "1"),
            ("", None, "", "recall", "你撤回了一条消息[ 重新编辑]"),
            ("P（写不完了...）", None, "", "text", "2\n3"),
        ],
    ),
    "of today on a 24-hour clock": (
        "【LV2 群友】甲 1:19:33  \n请问\n  \n【LV100 群主】【作者】乙 1:20:22  \n好\n\n丙 1:21:00  \n收到\n\n丁加入本群。\n",
        [
            ("甲", None, "", "text", "请问"),
            ("【作者】乙", None, "", "text", "好"),
            ("丙", None, "", "text", "收到"),
            ("", None, "", "system", "丁加入本群。"),
        ],
    ),
    "of yesterday and today": (
        "甲 2023/5/5 23:59:31\n一\n\n乙 2023/5/5 23:59:58\n二\n\n丙 0:00:04\n三\n",
        [
            ("甲", None, "05-05 23:59:31", "text", "一"),
            ("乙", None, "05-05 23:59:58", "text", "二"),
            ("丙", None, "", "text", "三"),
        ],
    ),
    "message manager": (
        "【1】甲(958884) 上午 3:13:28\n“1”\n乙<b@example.com> 上午 3:14:30\n“2”\n 2020-02-27\n8:35:36 PM你撤回了一条消息\n 2020-03-03\n丁(28081) 12:11:41 AM\n4\n",
        [
            ("甲", "958884", "", "text", "“1”"),
            ("乙", "b@example.com", "", "text", "“2”"),
            ("", None, "02-27 20:35:36", "recall", "8:35:36 PM你撤回了一条消息"),
            ("丁", "28081", "03-03 00:11:41", "text", "4"),
        ],
    ),
    "phone": (
        "— —  2020-2-21  — —\n\n甲  23:50:12 \n1\n\n— —  2020-2-22  — —\n\na b c  00:50:40 \n2\n",
        [("甲", None, "02-21 23:50:12", "text", "1"), ("a b c", None, "02-22 00:50:40", "text", "2")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), COPIES.values(), ids=COPIES.keys())
def test_copied_messages_are_read(keep: Keep, text: str, expected: list[Row]) -> None:
    assert is_mine(text.encode(), "a.txt")
    assert rows(keep("a.txt", text.encode())) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INFO started 10:00:00\nstopped 10:00:01\n",
        "[QQChatExporter V5 / x]\n\n甲:\n时间: 2024-05-06 10:00:00\n内容: 好\n\n乙:\n时间: 2024-05-06 10:00:01\n内容: 好\n",
        "甲(wxid_abcd) 2024-05-06 10:00:00\n好\n\n乙(wxid_efgh) 2024-05-06 10:00:01\n好\n",
        "甲  2023/11/05 22:14:03\n早\n\n乙  2023/11/06 08:00:00\n好\n",
        "2024-05-06 10:00:00 '甲'\n好\n\n2024-05-06 10:00:01 '乙'\n好\n",
        "2024-05-06 10:00:00 甲\n好\n\n2024-05-06 10:00:01\n乙加入群聊\n",
        "签到表\n甲 2024/5/6 8:55:00\n乙 2024/5/6 8:57:00\n丙 2024/5/6 8:58:00\n",
        "会议 2024/5/6 10:00:00\n",
        "【通知】\n10:00:00\n开会\n\n【补充】 11:00:00\n散会\n",
    ],
)
def test_other_texts_are_left_to_others(text: str) -> None:
    assert not is_mine(text.encode(), "a.txt")


def test_an_export_without_messages_still_gives_its_conversation(keep: Keep) -> None:
    (only,) = read(keep("a.txt", HEAD.encode()), Alone())
    assert isinstance(only, Conversation)
    assert only.is_incomplete


def test_a_file_sent_offline_is_an_attachment(keep: Keep) -> None:
    text = HEAD + "2024-05-06 9:05:00 甲(10001)\n对方已成功接收了您发送的离线文件“名单.xlsx”(1.2MB)。\n"
    (message, _) = read(keep("a.txt", text.encode()), Alone())
    assert isinstance(message, Message)
    assert message.attachments == (Attachment(kind=AttachmentKind.FILE, name="名单.xlsx", path="名单.xlsx"),)


def test_four_friends_of_one_name_are_four_chats(keep: Keep) -> None:
    section = (
        f"{RULE}\n消息分组:我的好友\n{RULE}\n消息对象:小李\n{RULE}\n\n2031-05-06 9:00:00 小李(1000%d)\n在\n\n"
    )
    text = f"{SIGNATURE}\n\n" + "".join(section % number for number in range(4))
    chats = [
        item.chat for item in read(keep("a.txt", text.encode()), Alone()) if isinstance(item, Conversation)
    ]
    assert chats == [
        Chat(name=name, platform="qq", is_group=False)
        for name in ("小李", "小李（我的好友）", "小李（2）", "小李（3）")
    ]


@pytest.mark.parametrize(
    ("heading", "is_group"),
    [
        ("我的群聊", True),
        ("我创建的群", True),
        ("讨论组", True),
        ("我的好友", False),
        ("陌生人", False),
        ("群友", None),
        ("同事", None),
    ],
)
def test_the_heading_tells_groups_from_friends(keep: Keep, heading: str, is_group: bool | None) -> None:
    text = f"{HEAD.replace('我的群聊', heading)}2031-05-06 9:00:00 甲(10001)\n好\n"
    (message, _) = read(keep("a.txt", text.encode()), Alone())
    assert isinstance(message, Message)
    assert message.chat.is_group is is_group


def test_a_label_in_a_body_names_no_chat(keep: Keep) -> None:
    text = "王明远 2024-05-06 9:05:00\n消息对象:别处\n\n李青 2024-05-06 9:06:00\n收到\n"
    found = list(read(keep("云岭.txt", text.encode()), Alone()))
    assert [one.chat.name for one in found if isinstance(one, Conversation)] == ["云岭"]
