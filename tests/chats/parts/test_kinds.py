"""Type names, placeholders and the files behind them."""

from __future__ import annotations

import pytest

from leakwatch.chats.parts.kinds import (
    attach,
    file_at,
    is_recall,
    kind_of_code,
    kind_of_file,
    kind_of_name,
    kind_of_text,
    split_quote,
)
from leakwatch.model import Attachment, AttachmentKind, MessageKind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("文本消息", MessageKind.TEXT),
        ("文本", MessageKind.TEXT),
        ("动画表情", MessageKind.STICKER),
        ("聊天记录合并转发", MessageKind.FORWARD),
        ("卡片式链接", MessageKind.LINK),
        ("群公告", MessageKind.NOTICE),
        ("系统通知", MessageKind.SYSTEM),
        ("Image", MessageKind.IMAGE),
        ("圖片訊息", MessageKind.IMAGE),
        ("影片", MessageKind.VIDEO),
        ("未知类型(7)", MessageKind.OTHER),
        ("", MessageKind.OTHER),
    ],
)
def test_type_names_are_known(name: str, kind: MessageKind) -> None:
    assert kind_of_name(name) is kind


@pytest.mark.parametrize(
    ("code", "app_code", "kind"),
    [
        (1, 0, MessageKind.TEXT),
        (49, 6, MessageKind.FILE),
        (25769803825, 0, MessageKind.FILE),
        (244813135921, 0, MessageKind.QUOTE),
        (81604378673, 0, MessageKind.FORWARD),
        (10000, 0, MessageKind.SYSTEM),
        (49, 0, MessageKind.OTHER),
        (77, 0, MessageKind.OTHER),
    ],
)
def test_wechat_codes_are_known(code: int, app_code: int, kind: MessageKind) -> None:
    assert kind_of_code(code, app_code) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("[图片]", MessageKind.IMAGE),
        ("【语音】", MessageKind.VOICE),
        ("[文件] 名单.xlsx", MessageKind.FILE),
        ("![图片](http://127.0.0.1:5030/image/a)", MessageKind.IMAGE),
        ("[圖片]", MessageKind.IMAGE),
        ("[語音訊息]", MessageKind.VOICE),
        ("[檔案] 名單.xlsx", MessageKind.FILE),
        ("[附件: 名單.xlsx]", MessageKind.FILE),
        ("[影片]", MessageKind.VIDEO),
        ("[图片]里的通知看了吗", MessageKind.TEXT),
        ("看[图片]", MessageKind.TEXT),
        ("[链接] 标题", MessageKind.TEXT),
    ],
)
def test_a_placeholder_tells_the_kind(content: str, kind: MessageKind) -> None:
    assert kind_of_text(content) is kind


@pytest.mark.parametrize(
    ("content", "text", "attachment"),
    [
        ("[文件|名单.xlsx](http://127.0.0.1/f/1)", "", ("名单.xlsx", "http://127.0.0.1/f/1", True)),
        ("[文件: 名单.xlsx]\n请查收", "请查收", ("名单.xlsx", "", False)),
        ("名单.xlsx", "", ("名单.xlsx", "", False)),
    ],
)
def test_files_are_named_and_their_text_is_kept(
    content: str, text: str, attachment: tuple[str, str, bool]
) -> None:
    name, path, remote = attachment
    expected = Attachment(kind=AttachmentKind.FILE, name=name, path=path, remote=remote)
    assert attach(MessageKind.FILE, content) == (text, (expected,))


def test_text_without_a_file_is_left_alone() -> None:
    assert attach(MessageKind.TEXT, "[图片] a/b.jpg") == ("[图片] a/b.jpg", ())


@pytest.mark.parametrize("content", ["甲[引用 乙]", "[引用 乙：一]丙", "甲[引用 乙：一][引用 丙：二]", ""])
def test_what_is_no_single_quote_at_the_end_is_no_quote(content: str) -> None:
    assert split_quote(content) == (content, "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你撤回了一条消息", True),
        ("你收回了一則訊息", True),
        ("管理员撤回了成员甲的一条消息", True),
        ("甲 recalled a message", True),
        ("请撤回文件", False),
    ],
)
def test_recalls_are_known_by_their_words(text: str, expected: bool) -> None:
    assert is_recall(text) is expected


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("media/a.JPG", AttachmentKind.IMAGE),
        ("C:\\导出\\语音.silk", AttachmentKind.VOICE),
        ("演练.mp4", AttachmentKind.VIDEO),
        ("安排.docx", AttachmentKind.FILE),
    ],
)
def test_a_file_is_known_by_its_suffix(location: str, kind: AttachmentKind) -> None:
    file = file_at(location)
    assert file is not None
    assert file.kind is kind_of_file(location) is kind


@pytest.mark.parametrize("text", ["", "收到", "见《安排》第3.2条", "名单（终稿）"])
def test_other_text_is_no_file(text: str) -> None:
    assert file_at(text) is None
