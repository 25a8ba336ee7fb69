from __future__ import annotations

import pytest

from leakwatch.chats.parts.placeholders import attachments_of, kind_of, notice_kind
from leakwatch.model import MessageKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[图片]", [("image", "")]),
        ("[图片2]好[图片]", [("image", ""), ("image", "")]),
        ("[图片: 8b0a.png.jpg(请在附件中查看)]", [("image", "8b0a.png.jpg")]),
        ("图片1（可在附件中查看）", [("image", "图片1")]),
        ("[文件：名单[终稿](2).xlsx（请在邮件附件中查看）]", [("file", "名单[终稿](2).xlsx")]),
        ("[文件] 名单.xlsx", [("file", "名单.xlsx")]),
        ("[文件]名单 2024.xlsx（12KB）", [("file", "名单 2024.xlsx")]),
        ("[语音]", [("voice", "")]),
        ("[视频: a.mp4]", [("video", "a.mp4")]),
        ("[动画表情]", [("sticker", "")]),
        ("[Photo: a.jpg(view in attachment)]", [("image", "a.jpg")]),
        ("对方已成功接收了您发送的离线文件“名单.xlsx”(1.2MB)。", [("file", "名单.xlsx")]),
        ("[图片]你看 a.jpg 吗", [("image", "")]),
        ("[图片说明]", []),
        ("[影片]", [("video", "")]),
        ("[檔案: 名單.xlsx]", [("file", "名單.xlsx")]),
        ("[表情]", []),
        ("附件请在附件中查看", []),
        ("转发文件《关于会议的通知》", []),
        ("请看文件“关于会议的通知”", []),
    ],
)
def test_every_placeholder_becomes_an_attachment(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.kind.value, found.name) for found in attachments_of(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[图片]", MessageKind.IMAGE),
        ("[文件] 名单.xlsx", MessageKind.FILE),
        ("[图片]请看", MessageKind.TEXT),
        ("[聊天记录]", MessageKind.FORWARD),
        ("[聊天记录: 甲和乙的聊天记录]", MessageKind.FORWARD),
        ("[链接] 通知", MessageKind.LINK),
        ("[名片]", MessageKind.CARD),
        ("[位置: 青石市]", MessageKind.LOCATION),
        ("[语音通话]", MessageKind.CALL),
        ("[微笑]", MessageKind.TEXT),
    ],
)
def test_a_lone_placeholder_tells_the_kind(text: str, kind: MessageKind) -> None:
    assert kind_of(text, attachments_of(text)) is kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("你撤回了一条消息", MessageKind.RECALL),
        ("你撤回了一条消息[ 重新编辑]", MessageKind.RECALL),
        ("「王 明远」撤回了一条消息", MessageKind.RECALL),
        ("王明远撤回了一条消息", MessageKind.RECALL),
        ('"Li" recalled a message', MessageKind.RECALL),
        ('"王明远"邀请"李婷"加入了群聊', MessageKind.SYSTEM),
        ("李婷加入本群。", MessageKind.SYSTEM),
        ("你和某人有12个共同好友，点击添加好友。", MessageKind.SYSTEM),
        ("刚才，王明远撤回了一条消息，你们看到了吗", None),
        ("请大家尽快加入群聊", None),
        ("", None),
    ],
)
def test_only_whole_notices_are_notices(line: str, kind: MessageKind | None) -> None:
    assert notice_kind(line) is kind
