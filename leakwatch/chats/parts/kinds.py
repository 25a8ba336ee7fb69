"""What exporters call a message's type → `MessageKind`, and the placeholders that stand for a file.

Names are compared without 消息 and blanks, in lower case; the WeChat codes are those of its databases.
"""

from __future__ import annotations

import re
from functools import lru_cache

from leakwatch.model import Attachment, AttachmentKind, MessageKind

_NAMES = {
    MessageKind.TEXT: "文本 文字 text txt incoming outgoing",
    MessageKind.IMAGE: "图片 圖片 照片 相片 写真 image img picture photo",
    MessageKind.VOICE: "语音 語音 语音条 ボイスメッセージ voice audio",
    MessageKind.VIDEO: "视频 視頻 視訊 影片 小视频 小視頻 短视频 動画 video",
    MessageKind.FILE: "文件 檔案 附件 ファイル file",
    MessageKind.STICKER: "动画表情 動畫表情 表情 表情包 贴纸 貼圖 スタンプ emoji sticker",
    MessageKind.LINK: "链接 鏈接 連結 分享链接 卡片式链接 带有引用的链接 图文 音乐 音乐分享 分享音乐 视频号 link url share news",
    MessageKind.CARD: "名片 个人名片 小程序 小程序分享 分享小程序 卡片 card weapp contact",
    MessageKind.LOCATION: "位置 位置分享 共享实时位置 location",
    MessageKind.QUOTE: "引用 引用回复 回复 quote reply",
    MessageKind.FORWARD: "聊天记录 聊天記錄 合并转发 合并转发的聊天记录 合并转发聊天记录 聊天记录合并转发 转发 forward merged chathistory",
    MessageKind.NOTICE: "群公告 公告 notice announcement",
    MessageKind.TRANSFER: "转账 轉帳 轉賬 紅包 转账卡片 微信转账 红包 红包卡片 红包封面 transfer redpacket",
    MessageKind.CALL: "通话 语音通话 视频通话 音视频通话 voip call",
    MessageKind.SYSTEM: "系统 系統 系統通知 系统通知 系统提示 通知 拍一拍 system notification",
    MessageKind.RECALL: "撤回 recall revoke",
}
_KIND_OF_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_KIND_OF_CODE = {
    1: MessageKind.TEXT,
    3: MessageKind.IMAGE,
    34: MessageKind.VOICE,
    42: MessageKind.CARD,
    43: MessageKind.VIDEO,
    44: MessageKind.VIDEO,
    47: MessageKind.STICKER,
    48: MessageKind.LOCATION,
    50: MessageKind.CALL,
    62: MessageKind.VIDEO,
    66: MessageKind.CARD,
    10000: MessageKind.SYSTEM,
    10002: MessageKind.SYSTEM,
}
_KIND_OF_APP_CODE = {
    3: MessageKind.LINK,
    4: MessageKind.LINK,
    5: MessageKind.LINK,
    6: MessageKind.FILE,
    8: MessageKind.STICKER,
    19: MessageKind.FORWARD,
    33: MessageKind.CARD,
    36: MessageKind.CARD,
    57: MessageKind.QUOTE,
    74: MessageKind.FILE,
    87: MessageKind.NOTICE,
    2000: MessageKind.TRANSFER,
    2001: MessageKind.TRANSFER,
}
_ATTACHMENT_KIND = {
    MessageKind.IMAGE: AttachmentKind.IMAGE,
    MessageKind.FILE: AttachmentKind.FILE,
    MessageKind.VOICE: AttachmentKind.VOICE,
    MessageKind.VIDEO: AttachmentKind.VIDEO,
    MessageKind.STICKER: AttachmentKind.STICKER,
}
_SUFFIXES = {
    AttachmentKind.IMAGE: "jpg jpeg png gif webp bmp tif tiff heic",
    AttachmentKind.VIDEO: "mp4 mov 3gp avi mkv",
    AttachmentKind.VOICE: "mp3 wav amr silk m4a aac opus ogg",
}
_KIND_OF_SUFFIX = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
PLACEHOLDERS = {
    name: _ATTACHMENT_KIND[kind] for name, kind in _KIND_OF_NAME.items() if kind in _ATTACHMENT_KIND
}
"""What stands in brackets for a file, in lower case → what sort of file it was."""
_PLACEHOLDER = re.compile(
    rf"""!?[\[【](?P<label>(?:{"|".join(sorted(PLACEHOLDERS, key=len, reverse=True))})(?:消息|訊息)?)
        (?:\s*[:：|]\s*(?P<inner>[^\]】\n]*))?[\]】](?:\((?P<link>[^()\s]+)\))?[ \t]*""",
    re.VERBOSE | re.IGNORECASE,
)
_MEMOTRACE_FILE = re.compile(r"【文件】(.+?) [\d.]+ ?[KMGT]?B (\S.*?) \S+ ([0-9a-fA-F]{32})")
_PATH = re.compile(
    r"""(?:[A-Za-z]:)?[\\/]?(?:[^\\/\n<>|"*?:]+[\\/])+[^\\/\n<>|"*?:]*\.[A-Za-z0-9]{1,8}
        |(?:\.{1,2}|media|images?|FileStorage|resources)[\\/][^\n<>|"*?]+""",
    re.VERBOSE,
)
_FILE_NAME = re.compile(r'[^\\/\n<>|"*?:]{1,200}\.[A-Za-z0-9]{1,8}')
_LINK = re.compile(r"https?://\S+")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_RECALL = re.compile(
    r"[撤收]回了?(?:[一1][条條则則]|成员|.{1,32}的(?:[一1][条條则則])?)?(?:消息|訊息)|recalled a message|withdrew a message",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"(?P<reply>.*)\[引用 (?P<sender>[^：\n]{1,64})：(?P<text>.*)\]\s*", re.DOTALL)


@lru_cache(1024)
def kind_of_name(name: str) -> MessageKind:
    """The kind of a type name in Chinese or English; OTHER for a name nobody has met."""
    stem = re.sub(r"[\s_\-]", "", name).lower()
    bare = stem.removesuffix("消息").removesuffix("訊息")
    return _KIND_OF_NAME.get(stem) or _KIND_OF_NAME.get(bare) or MessageKind.OTHER


def attachment_kind(kind: MessageKind) -> AttachmentKind | None:
    """What sort of file a message of that kind carries, if any."""
    return _ATTACHMENT_KIND.get(kind)


def kind_of_file(name: str) -> AttachmentKind:
    """What sort of file bears that name."""
    return _KIND_OF_SUFFIX.get(name.rpartition(".")[2].lower(), AttachmentKind.FILE)


def file_at(location: str) -> Attachment | None:
    """The file of a text that is nothing but a path, a link or a file name; None of any other text."""
    location = location.strip()
    return _attachment(kind_of_file(location), location) if _is_location(location) else None


def kind_of_code(code: int, app_code: int = 0) -> MessageKind:
    """The kind of a WeChat type; 4.x packs the sub-type of an app message into the upper 32 bits."""
    base, app_code = code & 0xFFFFFFFF, app_code or code >> 32
    if base == 49:
        return _KIND_OF_APP_CODE.get(app_code, MessageKind.OTHER)
    return _KIND_OF_CODE.get(base, MessageKind.OTHER)


def kind_of_text(content: str) -> MessageKind:
    """The kind where no type is written: what a placeholder in front stands for, else TEXT."""
    found = _PLACEHOLDER.match(content)
    kind = kind_of_name(found["label"]) if found else MessageKind.TEXT
    is_whole = found is not None and (found.end() == len(content) or bool(found["link"]))
    return kind if is_whole or kind is MessageKind.FILE else MessageKind.TEXT


def is_recall(text: str) -> bool:
    """Whether a system row says that somebody took a message back."""
    return len(text) < 200 and _RECALL.search(text) is not None


def split_quote(content: str) -> tuple[str, str, str]:
    """Reply, quoted sender and quoted text of `reply[引用 name：text]`; without quote if it is ambiguous."""
    found = _QUOTE.fullmatch(content) if content.count("[引用 ") == 1 else None
    return (found["reply"], found["sender"], found["text"]) if found else (content, "", "")


def attach(kind: MessageKind, content: str) -> tuple[str, tuple[Attachment, ...]]:
    """The text beyond the file, and the file: of a path, a link, a name or a mere placeholder."""
    attachment_kind = _ATTACHMENT_KIND.get(kind)
    if attachment_kind is None:
        return content, ()
    content = content.strip()
    if (described := _MEMOTRACE_FILE.match(content)) is not None:
        name, path, md5 = described.groups()
        return content[described.end() :].strip(), (
            Attachment(kind=AttachmentKind.FILE, name=name, path=path, md5=md5.lower()),
        )
    found = _PLACEHOLDER.match(content)
    first, _, rest = (content[found.end() :] if found else content).partition("\n")
    inner = (found["inner"] or "").split("(")[0].strip() if found else ""
    link = found["link"] or "" if found else ""
    if link or inner:
        attachment = _attachment(attachment_kind, link or inner)
        name = inner if link and kind is MessageKind.FILE else attachment.name
        attachment = Attachment(
            kind=attachment.kind,
            name=name,
            path=attachment.path,
            md5=attachment.md5,
            remote=attachment.remote,
        )
        return "\n".join(filter(None, (first, rest))), (attachment,)
    is_file = kind is MessageKind.FILE and first and not first.isspace() and (found or not rest)
    if is_file or _is_location(first.strip()):
        return rest, (_attachment(attachment_kind, first.strip()),)
    return "\n".join(filter(None, (first, rest))), (Attachment(kind=attachment_kind),)


def _is_location(text: str) -> bool:
    return any(shape.fullmatch(text) for shape in (_PATH, _LINK, _FILE_NAME))


def _attachment(kind: AttachmentKind, location: str) -> Attachment:
    last = re.split(r"[\\/]", location.split("?")[0])[-1] if _is_location(location) else location
    if _LINK.fullmatch(location):
        md5 = last.lower() if _MD5.fullmatch(last) else ""
        return Attachment(kind=kind, name="" if md5 else last, path=location, md5=md5, remote=True)
    is_path = _PATH.fullmatch(location) is not None or (
        kind is not AttachmentKind.FILE and _FILE_NAME.fullmatch(location) is not None
    )
    return Attachment(kind=kind, name=last, path=location if is_path else "")
