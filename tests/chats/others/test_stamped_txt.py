"""Text and Markdown whose messages begin with a line of who, when, what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import stamped_txt
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
    Quote,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
PLAIN = "[2024-05-01 17:00:05] 王明远: 收到\n[2024-05-01 17:01:00] 李婷: 好\n"
FORMS = {
    "brackets": PLAIN,
    "list": "# 值班群\n\n- [2024-05-01 17:00:05] 王明远: 收到\n- [2024-05-01 17:01:00] 李婷: 好\n",
    "name first": "王明远 (2024-05-01 17:00:05):收到\n李婷 (2024-05-01 17:01:00):好\n",
    "bars": "1|王明远:2024-05-01 17:00:05:收到\n1|李婷:2024-05-01 17:01:00:好\n",
    "headings": "# 值班群\n\n### 2024-05-01 17:00:05 · 王明远\n\n收到\n\n### 2024-05-01 17:01:00 · 李婷\n\n好\n",
    "name above": "会话：值班群\n\n[2024-05-01 17:00:05] 王明远\n收到\n\n[2024-05-01 17:01:00] 李婷\n好\n\n[2024-05-01 17:02:00] 王明远\n好\n",
    "type behind": "[2024-05-01 17:00:05] 王明远 [文本]\n收到\n\n[2024-05-01 17:01:00] 李婷 [文本]\n好\n\n[2024-05-01 17:02:00] 李婷 [系统消息]\n张三加入群聊\n",
    "bold": "# 值班群\n\n**王明远** *2024-05-01 17:00:05*\n\n收到\n\n---\n\n**李婷** *2024-05-01 17:01:00*\n\n好\n\n---\n",
    "clocks": "# 值班群\n\n## 2024-05-01\n\n**王明远** 17:00:05  收到\n\n**李婷** 17:01:00  好\n",
}


def _read(keep: Keep, text: str) -> list[Message | Skipped | Conversation]:
    return list(stamped_txt.read(keep("值班群.txt", text.encode()), Alone()))


def _messages(keep: Keep, text: str) -> list[Message]:
    return [item for item in _read(keep, text) if isinstance(item, Message)]


def _bodies(keep: Keep, text: str) -> list[tuple[str, str]]:
    return [(one.sender, one.text) for one in _messages(keep, text)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, PLAIN)[0] == Message(
        chat=Chat(name="值班群", platform="other"),
        number=1,
        sender="王明远",
        text="收到",
        sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        precision=Precision.SECOND,
        zone_assumed=True,
    )


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_shape_gives_the_same_messages(keep: Keep, text: str) -> None:
    found = _messages(keep, text)
    assert [(one.sender, one.text) for one in found][:2] == [("王明远", "收到"), ("李婷", "好")]
    assert [one.sent_at for one in found][:2] == [
        datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        datetime(2024, 5, 1, 17, 1, tzinfo=SHANGHAI),
    ]
    assert {one.chat.name for one in found} == {"值班群"}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_alone_claims_its_files(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "值班群.txt")] == [stamped_txt.NAME]


@pytest.mark.parametrize(
    "text",
    [
        "[2024-05-01 17:00:05] 王明远: 收到\n",
        "[2024-05-01 17:00:05] root: started\n[2024-05-01 17:00:06] root: 收到\n",
        "[2024-05-01 17:00:05] INFO: 启动\n[2024-05-01 17:00:06] 服务: 就绪\n",
        "[2024-05-01 17:00:05] main.ERROR: 失败\n[2024-05-01 17:00:06] 服务: 就绪\n",
        "[2024-05-01 17:00:05] 服务已启动\n[2024-05-01 17:00:06] 服务已停止\n",
        "[2024-05-01 17:00:05] 服务启动\n完成\n[2024-05-01 17:00:06] 服务停止\n完成\n",
        "[2024-05-01 17:00:05] 错误\n完成\n[2024-05-01 17:00:06] 错误\n完成\n",
        "王明远 2024-05-01 17:00:05\n收到\n李婷 2024-05-01 17:01:00\n好\n",
        "# 值班表\n\n**王明远** 17:00  白班\n\n**李婷** 18:00  夜班\n",
    ],
    ids=[
        "one line",
        "no Han",
        "log",
        "dotted log",
        "no senders",
        "nobody twice",
        "errors",
        "another's",
        "no day",
    ],
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not stamped_txt.is_mine(text.encode(), "a.txt")


def test_a_message_that_was_pasted_whole_is_body(keep: Keep) -> None:
    text = PLAIN + "[2024-05-01 08:00:00] 张三: 旧的\n\n完\n[2024-05-01 17:02:00] 王明远: 好\n"
    assert _bodies(keep, text) == [
        ("王明远", "收到"),
        ("李婷", "好\n[2024-05-01 08:00:00] 张三: 旧的\n\n完"),
        ("王明远", "好"),
    ]


def test_the_newest_message_may_stand_first(keep: Keep) -> None:
    clocks = ["17:03:00", "17:02:00", "18:00:00", "17:01:00"]
    text = "".join(f"[2024-05-01 {clock}] 甲{number}: 好\n" for number, clock in enumerate(clocks))
    assert [one.sender for one in _messages(keep, text)] == ["甲0", "甲1", "甲3"]
    assert "18:00:00" in _messages(keep, text)[1].text


def test_an_older_export_may_follow(keep: Keep) -> None:
    old = "".join(f"[2023-05-01 0{hour}:00] 张三: 旧{hour}\n" for hour in range(9))
    assert len(_messages(keep, PLAIN + old)) == 11


def test_chats_of_one_file_are_told_apart(keep: Keep) -> None:
    section = "=" * 40 + "\n【{}】(1 条消息)\n" + "=" * 40 + "\n[2024-05-0{} 17:00] 王明远: 收到\n\n"
    found = _read(keep, section.format("一群", 2) + section.format("二群", 1))
    assert [(one.chat.name, one.text) for one in found if isinstance(one, Message)] == [
        ("一群", "收到"),
        ("二群", "收到"),
    ]
    assert len([one for one in found if isinstance(one, Conversation)]) == 2


@pytest.mark.parametrize("rule", ["\n" + "=" * 50 + "\n", ""])
def test_people_of_one_file_are_told_apart(keep: Keep, rule: str) -> None:
    section = (
        rule
        + "联系人: {}\n"
        + "=" * 50
        + "\n\n[2024-05-0{} 17:00:00] 我: 收到\n[2024-05-03 17:00:00] 甲: 联系人: 李婷\n"
    )
    found = _messages(keep, section.format("王明远", 2) + section.format("李婷", 1))
    assert [(one.chat.name, one.text) for one in found] == [
        ("王明远", "收到"),
        ("王明远", "联系人: 李婷"),
        ("李婷", "收到"),
        ("李婷", "联系人: 李婷"),
    ]


def test_the_type_behind_a_name_tells_rows_of_the_system(keep: Keep) -> None:
    last = _messages(keep, FORMS["type behind"])[-1]
    assert (last.sender, last.kind, last.text) == ("", MessageKind.SYSTEM, "张三加入群聊")


@pytest.mark.parametrize(
    ("title", "name", "declared"),
    [
        ("聊天记录: 云岭群\n类型: 群聊\n消息数量: 5", "云岭群", 5),
        ("聊天记录导出 - 云岭群\n导出时间: 2024-05-02 09:00:00", "云岭群", None),
        ("会话：云岭群\n原始消息：7 条\n最终保留：5 条", "云岭群", 5),
    ],
)
def test_what_the_head_says_is_kept(keep: Keep, title: str, name: str, declared: int | None) -> None:
    last = _read(keep, f"{title}\n{'=' * 60}\n{PLAIN}")[-1]
    assert isinstance(last, Conversation)
    assert (last.chat.name, last.declared) == (name, declared)


@pytest.mark.parametrize(
    ("line", "sender", "kind", "text"),
    [
        ('[2024-05-01 17:02] [系统] "李婷" 撤回了一条消息', "", MessageKind.RECALL, '"李婷" 撤回了一条消息'),
        ("[2024-05-01 17:02] 系统: 张三加入群聊", "", MessageKind.SYSTEM, "张三加入群聊"),
        ("[2024-05-01 17:02] 张三加入群聊", "", MessageKind.SYSTEM, "张三加入群聊"),
        ("[2024-05-01 17:02] 王明远 -> 李婷: 好", "王明远", MessageKind.TEXT, "好"),
    ],
)
def test_senders_and_rows_of_the_system(
    keep: Keep, line: str, sender: str, kind: MessageKind, text: str
) -> None:
    found = _messages(keep, PLAIN + line)[-1]
    assert (found.sender, found.kind, found.text) == (sender, kind, text)
    assert found.recalled is (kind is MessageKind.RECALL)


@pytest.mark.parametrize(
    "said",
    ["好的\n  ↳ 回复 王明远: 明天\n  开会", "[引用-> [2024-05-01 16:00:00] 王明远: 明天\n  开会 <-] 好的"],
)
def test_a_quote_is_taken_apart(keep: Keep, said: str) -> None:
    found = _messages(keep, f"{PLAIN}[2024-05-01 17:02:00] 李婷: {said}\n")[-1]
    assert found.quoted == Quote(sender="王明远", text="明天\n  开会")
    assert (found.text, found.kind) == ("好的", MessageKind.QUOTE)


@pytest.mark.parametrize(
    ("said", "text", "file"),
    [
        (
            "![图片](media/a(1).jpg)",
            "",
            Attachment(kind=AttachmentKind.IMAGE, name="a(1).jpg", path="media/a(1).jpg"),
        ),
        (
            "[📎 附件: 名单.xlsx](files/1.xlsx)",
            "",
            Attachment(kind=AttachmentKind.FILE, name="名单.xlsx", path="files/1.xlsx"),
        ),
        (
            "请查收\n\n- 附件：`名单.xlsx`",
            "请查收",
            Attachment(kind=AttachmentKind.FILE, name="名单.xlsx", path="名单.xlsx"),
        ),
        (
            "![图片](https://x.cn/a.jpg)",
            "",
            Attachment(kind=AttachmentKind.IMAGE, name="a.jpg", path="https://x.cn/a.jpg", remote=True),
        ),
    ],
)
def test_files_are_attachments(keep: Keep, said: str, text: str, file: Attachment) -> None:
    found = _messages(keep, f"{PLAIN}[2024-05-01 17:02:00] 李婷: {said}\n")[-1]
    assert (found.text, found.attachments) == (text, (file,))


def test_the_pictures_and_files_of_a_dump_are_attachments(keep: Keep) -> None:
    bars = "1|甲:2024-05-01 17:00:0{}:{}\n"
    lines = ["好", "FILE:名单.xlsx", "|img:"]
    found = _messages(keep, "".join(bars.format(number, line) for number, line in enumerate(lines)))
    assert [[file.kind for file in one.attachments] for one in found] == [
        [],
        [AttachmentKind.FILE],
        [AttachmentKind.IMAGE],
    ]


def test_a_link_in_the_text_stays_where_it_is(keep: Keep) -> None:
    said = "见[通知](https://x.cn/a)"
    assert _bodies(keep, f"{PLAIN}[2024-05-01 17:02:00] 李婷: {said}\n")[-1] == ("李婷", said)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="[]: 0123456789甲\n", max_size=300))
def test_nothing_is_lost_of_what_follows_a_head(keep: Keep, noise: str) -> None:
    found = _messages(keep, PLAIN + noise)
    assert sum(f"{one.sender}{one.text}".count("甲") for one in found) == noise.count("甲")
