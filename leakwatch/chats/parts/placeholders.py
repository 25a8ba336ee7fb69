"""What a text export writes where a picture, a file or a notice stood.

WeChat mail: `[图片: <md5>.jpg(请在附件中查看)]`, formerly `图片1（可在附件中查看）`; QQ and copied text:
`[图片]`, `[文件] 名单.xlsx`, `对方已成功接收了您发送的离线文件“名单.xlsx”(1.2MB)。`.
"""

from __future__ import annotations

import re

from leakwatch.chats.parts.kinds import PLACEHOLDERS
from leakwatch.model import Attachment, MessageKind

# Within a text [表情] is a word of the speaker's.
_KINDS = {word: kind for word, kind in PLACEHOLDERS.items() if word not in ("表情", "emoji")}
_SEE_ATTACHMENT = (
    r"[（(]\s*(?:(?:请|可|請)?在(?:邮件|郵件)?附件中?(?:查看|檢視)|[^()（）]*\battach\w*[^()（）]*)\s*[)）]"
)
_WORD = "|".join(sorted(_KINDS, key=len, reverse=True))
# A name may itself hold brackets: [文件: 名单[终稿].xlsx]
_BRACKETED = rf"""\[(?P<word>{_WORD})\d{{0,4}}
    (?:\s*[:：]\s*(?P<name>[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*))?\]
    (?:[ \t]*(?P<after>[^\[\]\n]{{1,200}}?\.[A-Za-z0-9]{{1,5}})(?=[ \t]*(?:$|[（(])))?"""
_NUMBERED = rf"^[ \t]*(?P<label>(?P<labelled>{_WORD})\d{{0,4}})[ \t]*{_SEE_ATTACHMENT}"
_QUOTED = r"文件\s*[“\"「](?P<quoted>[^“”\"「」\n]{1,200}\.[A-Za-z0-9]{1,5})[”\"」]"
_PLACEHOLDER = re.compile(
    rf"(?:{_BRACKETED})|(?:{_NUMBERED})|(?:{_QUOTED})", re.VERBOSE | re.MULTILINE | re.IGNORECASE
)
_SEE_ATTACHMENT_AT_END = re.compile(rf"\s*{_SEE_ATTACHMENT}\s*$", re.IGNORECASE)

_ALONE = (
    (
        re.compile(r"\[(?:(?:转发的|合并转发的?)?聊天[记記][录錄]|合并(?:转发|消息)|Chat History)", re.I),
        MessageKind.FORWARD,
    ),
    (re.compile(r"\[(?:链接|網頁連結|网页|公众号文章|音乐|Link)[\]:：]", re.I), MessageKind.LINK),
    (re.compile(r"\[(?:个人|推荐)?名片|\[Contact Card", re.I), MessageKind.CARD),
    (re.compile(r"\[(?:实时|共享)?(?:位置|地理位置)|\[Location", re.I), MessageKind.LOCATION),
    (re.compile(r"\[(?:微信)?(?:转账|红包|轉賬)|\[Transfer", re.I), MessageKind.TRANSFER),
    (re.compile(r"\[(?:语音|视频|音视频)通话", re.I), MessageKind.CALL),
)

_SOMEBODY = (
    r"(?:你|您|You|[「“\"'].{1,60}?[」”\"']|[^\s，。！？,!?：:；;「」“”\"](?:.{0,28}[^\s，。！？,!?：:；;])?)"
)
_RECALL = re.compile(
    rf"{_SOMEBODY}\s*(?:撤回了?(?:成员.{{1,60}}的)?一[条則则](?:成员)?(?:消息|訊息)|(?:has )?recalled a message)"
    r"[,，。.]?\s*(?:\[?\s*重新编辑\s*\]?)?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"""(?:你|您|[「“"'].{1,60}?[」”"'])\s?(?:邀请.{1,200}加入了?(?:群聊|本群)|(?:通过.{1,60})?加入了?(?:群聊|本群)
        |将.{1,60}移出了?(?:群聊|本群)|修改群名[为為].{1,60}|退出了?(?:群聊|本群)|拍了拍.{1,60}|已?成为(?:新)?群主)[。.]?
    |\S.{0,60}(?:邀请.{1,60}加入了?(?:群聊|本群)|加入本群)[。.]?
    |你和.{1,60}有\d+个共同好友，.{0,20}""",
    re.VERBOSE,
)


def attachments_of(text: str) -> tuple[Attachment, ...]:
    """One attachment for every placeholder in the text, in its order."""
    if "[" not in text and "附件" not in text and "文件" not in text and "ttach" not in text:
        return ()
    return tuple(_attachment(found) for found in _PLACEHOLDER.finditer(text))


def kind_of(text: str, attachments: tuple[Attachment, ...]) -> MessageKind:
    """What the placeholder says if it is all that there is, else TEXT."""
    if len(attachments) == 1 and not _PLACEHOLDER.sub("", text, count=1).strip():
        return MessageKind(attachments[0].kind.value)
    if text.startswith("["):
        for pattern, kind in _ALONE:
            if pattern.match(text):
                return kind
    return MessageKind.TEXT


def notice_kind(line: str) -> MessageKind | None:
    """RECALL or SYSTEM if the line is wholly such a notice of the client, which has no sender."""
    if len(line) > 300:
        return None
    line = line.strip()
    if ("一" in line or "recalled" in line) and _RECALL.fullmatch(line):
        return MessageKind.RECALL
    return MessageKind.SYSTEM if _NOTICE.fullmatch(line) else None


def _attachment(found: re.Match[str]) -> Attachment:
    word = found["word"] or found["labelled"] or "文件"
    name = found["name"] or found["after"] or found["label"] or found["quoted"] or ""
    name = _SEE_ATTACHMENT_AT_END.sub("", name).strip()
    return Attachment(kind=_KINDS[word.lower()], name=name, path=name)
