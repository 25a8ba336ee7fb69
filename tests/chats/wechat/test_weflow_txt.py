"""WeFlow's plain text and Markdown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import weflow_txt
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Quote,
)
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
PLAIN = """2024-05-01 17:00:05 '王明远'
各位早上好

2024-05-01 08:00:00 '像头'
一样

2024-05-01 17:00:20 '李'婷'
media\\images\\2_0cc175b9c0f1b6a831c399e269772661.jpg

2024-05-01 17:00:40 '王明远'
收到[引用 李婷：几点开会]

2024-05-01 17:00:50 '李'婷'
[转发的聊天记录]群聊的聊天记录
王明远: 转发一
李婷: [转发的聊天记录]内层
  王明远: 内层第一条

2024-05-01 17:01:50 '云岭区值班群'
"李婷" 撤回了一条消息

2024-05-01 17:02:50 '王明远'
[群公告] 明天停电

"""
MARKDOWN = """# 云岭\\_群

- 会话ID: `1@chatroom`
- 会话类型: 群聊
- 消息数量: 5
- 导出时间: 2024\\-05\\-02 10:00:00
- 导出工具: WeFlow

---

## 2024\\-05\\-01 17:00:05 王明远

各位早上好\\!
\\#\\# 2024\\-05\\-01 08:00:00 像头

## 2024\\-05\\-01 17:00:20 李婷

![图片消息](../media/images/2_%E5%9B%BE.jpg)

## 2024\\-05\\-01 17:00:40 王明远

> 李婷: 几点
> 开会

收到

## 2024\\-05\\-01 17:00:50 李婷

[值班表\\.docx](media/file/docx/a.docx)

\\[文件\\] 值班表\\.docx

## 2024\\-05\\-01 17:00:55 李婷

[标题](https://x.invalid/a)

"""


def _read(keep: Keep, text: str, name: str) -> list[object]:
    return list(weflow_txt.read(keep(name, text.encode()), Alone()))


def _shown(found: list[object]) -> list[tuple[MessageKind, str, str]]:
    return [(item.kind, item.sender, item.text) for item in found if isinstance(item, Message)]


def test_plain_text_is_told_apart_by_quoted_senders_after_empty_lines(keep: Keep) -> None:
    found = _read(keep, PLAIN, "云岭区值班群.txt")

    assert _shown(found) == [
        (MessageKind.TEXT, "王明远", "各位早上好\n\n2024-05-01 08:00:00 '像头'\n一样"),
        (MessageKind.IMAGE, "李'婷", ""),
        (MessageKind.QUOTE, "王明远", "收到"),
        (MessageKind.FORWARD, "李'婷", "[转发的聊天记录]群聊的聊天记录"),
        (MessageKind.RECALL, "", '"李婷" 撤回了一条消息'),
        (MessageKind.NOTICE, "王明远", "[群公告] 明天停电"),
    ]
    assert isinstance(found[-1], Conversation)
    assert found[-1].chat == Chat(name="云岭区值班群", platform="wechat")
    assert (found[-1].coverage.recalled, found[-1].coverage.forwards_full) == (1, 1)


def test_plain_text_gives_files_quotes_and_forwards(keep: Keep) -> None:
    _, picture, quote, forward, *_ = (
        item for item in _read(keep, PLAIN, "群.txt") if isinstance(item, Message)
    )

    assert picture.attachments[0].path == "media\\images\\2_0cc175b9c0f1b6a831c399e269772661.jpg"
    assert quote.quoted == Quote(sender="李婷", text="几点开会")
    assert [inner.text for inner in forward.forwarded] == ["转发一", "[转发的聊天记录]内层"]
    assert [inner.text for inner in forward.forwarded[1].forwarded] == ["内层第一条"]


def test_the_streaming_exports_xml_gives_its_forward(keep: Keep) -> None:
    xml = (
        "<msg><appmsg><title>群聊的聊天记录</title><type>19</type><recorditem>&lt;recordinfo&gt;&lt;datalist&gt;"
        "&lt;dataitem datatype='1'&gt;&lt;sourcename&gt;李晓&lt;/sourcename&gt;&lt;datadesc&gt;云岭区名单"
        "&lt;/datadesc&gt;&lt;/dataitem&gt;&lt;/datalist&gt;&lt;/recordinfo&gt;</recorditem></appmsg></msg>"
    )
    data = f"2024-05-01 17:00:05 '王明远'\n{xml}\n\n".encode()
    (message,) = [item for item in weflow_txt.read(keep("f.txt", data), Alone()) if isinstance(item, Message)]
    assert message.kind is MessageKind.FORWARD
    assert [(inner.sender, inner.text) for inner in message.forwarded] == [("李晓", "云岭区名单")]


def test_markdown_is_unescaped_and_its_links_are_files(keep: Keep) -> None:
    found = _read(keep, MARKDOWN, "a.md")
    messages = [item for item in found if isinstance(item, Message)]

    assert _shown(found) == [
        (MessageKind.TEXT, "王明远", "各位早上好!\n## 2024-05-01 08:00:00 像头"),
        (MessageKind.IMAGE, "李婷", ""),
        (MessageKind.QUOTE, "王明远", "收到"),
        (MessageKind.FILE, "李婷", ""),
        (MessageKind.TEXT, "李婷", "标题 https://x.invalid/a"),
    ]
    assert messages[1].attachments == (
        Attachment(kind=AttachmentKind.IMAGE, name="2_图.jpg", path="../media/images/2_图.jpg"),
    )
    assert messages[2].quoted == Quote(sender="李婷", text="几点\n开会")
    assert messages[3].attachments == (
        Attachment(kind=AttachmentKind.FILE, name="值班表.docx", path="media/file/docx/a.docx"),
    )
    assert isinstance(found[-1], Conversation)
    assert found[-1].chat == Chat(name="云岭_群", platform="wechat", id="1@chatroom", is_group=True)
    assert found[-1].declared == 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_resaved_file_reads_the_same(keep: Keep, encoding: str) -> None:
    file = keep("云岭区值班群.txt", PLAIN.replace("\n", "\r\n").encode(encoding))
    found = reader_for(file)

    assert found is not None
    assert found.NAME == "weflow-txt"
    assert _shown(list(weflow_txt.read(file, Alone()))) == _shown(_read(keep, PLAIN, "云岭区值班群.txt"))


@pytest.mark.parametrize(
    ("text", "is_mine"),
    [
        (PLAIN, True),
        (MARKDOWN, True),
        ("# 云岭群\n\n- 导出工具: WeFlow\n- 消息数量: 1\n\n## 2024-05-01 17:00:05 王明远\n早\n", True),
        ("\n2024-05-01 17:00:05 '王明远'\n早\n", True),
        ("2024-05-01 17:00:05 王明远\n早\n", False),
        ("2024-05-01 17:00:05 '王明远'\n\n早\n", False),
        ("2024-05-01 17:00:05 '王明远' 说\n早\n", False),
        ("# 朋友圈导出\n\n- 动态数量: 2\n- 导出工具: WeFlow\n\n---\n\n## 王明远 · 2024\n", False),
        ("# 工作总结\n\n- 导出工具: Word\n", False),
        ("", False),
    ],
)
def test_only_its_own_shape_is_claimed(text: str, is_mine: bool) -> None:
    assert weflow_txt.is_mine(text.encode(), "云岭群.txt") is is_mine


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([PLAIN, MARKDOWN])).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    weflow_txt.is_mine(broken, "a.txt")
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.txt")

    assert isinstance(list(weflow_txt.read(file, Alone()))[-1], Conversation)
