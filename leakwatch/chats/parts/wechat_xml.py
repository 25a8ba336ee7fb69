"""The XML that WeChat stores for everything but plain text → readable text, files, quote, forward.

Found raw in MemoTrace v1's StrContent, PyWxDump's msg and CipherTalk's rawContent. Entities stay unresolved
and sizes are capped: the XML was written by whoever sent the message. `appmsg/type` must be the direct
child; a nested `type` can come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from leakwatch.chats.parts.forwards import Inner, from_datalist
from leakwatch.chats.parts.kinds import is_recall, kind_of_code
from leakwatch.model import Attachment, AttachmentKind, MessageKind, Quote

_LARGEST = 1 << 22
_DEEPEST = 8
_XML = re.compile(
    r"\s*(?:[\w@.-]{1,64}:\s*)?(<\?xml|<msg\b|<sysmsg\b|<appmsg\b|<voipmsg\b|<recordinfo\b|<recorditem\b)"
)
_MEDIA = (
    ("img", MessageKind.IMAGE, AttachmentKind.IMAGE),
    ("voicemsg", MessageKind.VOICE, AttachmentKind.VOICE),
    ("videomsg", MessageKind.VIDEO, AttachmentKind.VIDEO),
    ("emoji", MessageKind.STICKER, AttachmentKind.STICKER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message's XML says."""

    kind: MessageKind
    text: str
    attachments: tuple[Attachment, ...] = ()
    quoted: Quote | None = None
    inner: tuple[Inner, ...] = ()


def is_xml(text: str) -> bool:
    """Whether the text is such XML, a group's `wxid:` prefix allowed."""
    return "<" in text[:80] and _XML.match(text) is not None


def read_xml(text: str) -> Content:
    """The content of a message's XML; broken XML comes back as the text it is."""
    found = _XML.match(text)
    root = _parse(text[found.start(1) :] if found else text)
    if root is None:
        return Content(kind=MessageKind.OTHER, text=text)
    app = root if root.tag == "appmsg" else root.find("appmsg")
    if app is not None:
        return _app_message(app)
    if root.tag in ("recordinfo", "recorditem"):
        title = (root.findtext("title") or root.findtext("recordinfo/title") or "").strip()
        return Content(kind=MessageKind.FORWARD, text=title, inner=tuple(_forward(root)))
    for tag, kind, attachment_kind in _MEDIA:
        if (media := root.find(tag)) is not None:
            return Content(kind=kind, text="", attachments=(_media(media, attachment_kind),))
    if (place := root.find("location")) is not None:
        words = [place.get("poiname", ""), place.get("label", "")]
        return Content(kind=MessageKind.LOCATION, text="\n".join(filter(None, words)))
    if root.get("nickname"):
        words = [root.get(key, "") for key in ("nickname", "alias", "province", "city", "sign")]
        return Content(kind=MessageKind.CARD, text=" ".join(filter(None, words)))
    words_found = "\n".join(_words(root)) or text
    is_system = root.tag == "sysmsg"
    kind = (
        MessageKind.RECALL
        if is_recall(words_found)
        else MessageKind.SYSTEM
        if is_system
        else MessageKind.OTHER
    )
    return Content(kind=kind, text=words_found)


def _app_message(app: etree._Element) -> Content:
    code = (app.findtext("type") or "").strip()
    kind = kind_of_code(49, int(code)) if code.isascii() and code.isdigit() else MessageKind.OTHER
    title, description = ((app.findtext(tag) or "").strip() for tag in ("title", "des"))
    words = "\n".join(filter(None, (title, description if description != title else "")))
    if kind is MessageKind.FILE:
        md5 = (app.findtext("md5") or "").strip()
        return Content(
            kind=kind,
            text=description if description != title else "",
            attachments=(Attachment(kind=AttachmentKind.FILE, name=title, md5=md5),),
        )
    if kind is MessageKind.QUOTE:
        refer = app.find("refermsg")
        return Content(kind=kind, text=words, quoted=_quote(refer) if refer is not None else None)
    if kind is MessageKind.FORWARD:
        return Content(kind=kind, text=title or words, inner=tuple(_forward(app.find("recorditem"))))
    notice = app.findtext("textannouncement") or ""
    said = "\n".join(filter(None, (words, notice.strip())))
    return Content(kind=kind, text=said or "\n".join(_words(app)))


def _quote(refer: etree._Element) -> Quote:
    text = (refer.findtext("content") or "").strip()
    if is_xml(text):
        inner = read_xml(text)
        text = "\n".join(filter(None, (inner.text, *(file.name for file in inner.attachments))))
    return Quote(sender=(refer.findtext("displayname") or "").strip(), text=text)


def _forward(record: etree._Element | None) -> Iterator[Inner]:
    if record is None:
        return
    inside = record if record.tag == "recordinfo" else record.find("recordinfo")
    if inside is None:
        inside = _parse(record.text or "")
    if inside is not None:
        yield from from_datalist(_items(inside, 0))


def _items(record: etree._Element, depth: int) -> list[dict[str, object]]:
    """The dataitems of a recordinfo as the dicts that PyWxDump makes of them."""
    items: list[dict[str, object]] = []
    for element in record.iterfind("datalist/dataitem"):
        item: dict[str, object] = {str(child.tag): child.text or "" for child in element}
        item["datatype"] = element.get("datatype", "")
        nested = element.find("recordxml/recordinfo")
        if nested is None and item.get("recordxml"):
            nested = _parse(str(item["recordxml"]))
        item["recordxml"] = _items(nested, depth + 1) if nested is not None and depth < _DEEPEST else []
        items.append(item)
    return items


def _media(element: etree._Element, kind: AttachmentKind) -> Attachment:
    return Attachment(kind=kind, md5=element.get("md5", "").strip())


def _words(root: etree._Element) -> Iterator[str]:
    for text in root.itertext():
        if words := str(text).strip():
            yield words


def _parse(text: str) -> etree._Element | None:
    """The root, or None for what is no XML even after mending."""
    if len(text) > _LARGEST:
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).strip()
    try:
        return etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
