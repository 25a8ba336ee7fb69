"""The HTML of one message in WeFlow's web page → sender, text, quote and files; never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from lxml import etree, html

from leakwatch.model import Attachment, AttachmentKind, Quote

_MEDIA = {
    "img": AttachmentKind.IMAGE,
    "audio": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
    "a": AttachmentKind.FILE,
}
_LARGEST = 1 << 24
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the HTML says."""

    text: str
    sender: str = ""
    quoted: Quote | None = None
    attachments: tuple[Attachment, ...] = ()


def body_of(source: str) -> Body:
    """The parts of a message's HTML; HTML of another shape comes out as its words."""
    root = _parsed(source)
    if root is None:
        return Body(text=source)
    sender, quoted_sender, quoted_text = (
        _said(root, name) for name in ("sender-name", "quoted-sender", "quoted-text")
    )
    text = _content(root) or _said(root, "message-text")
    attachments = tuple(
        _attachment(element) for element in root.iter(*_MEDIA) if "message-media" in _classes(element)
    )
    if not (text or attachments or quoted_text):
        # Of another shape, or nested deeper than libxml2 follows.
        text = "" if sender else unescape(_TAG.sub("", source)).strip()
    return Body(
        text=text,
        sender=sender,
        quoted=Quote(sender=quoted_sender, text=quoted_text) if quoted_text else None,
        attachments=attachments,
    )


def picture_name(source: str) -> str:
    """Whose picture it is; empty where only the first letter of the name stands for it."""
    root = _parsed(source)
    return next((each.get("alt", "").strip() for each in root.iter("img")), "") if root is not None else ""


def _parsed(source: str) -> html.HtmlElement | None:
    if not source.strip() or len(source) > _LARGEST:
        return None
    try:
        return html.fragment_fromstring(source.replace("\0", ""), create_parent="div")
    except (etree.ParserError, ValueError):
        return None


def _content(root: html.HtmlElement) -> str:
    """All words of the message but those of its quote and of its files."""
    contents = [element for element in root.iter("div") if "message-content" in _classes(element)]
    parts = [(content.text or "").strip() for content in contents]
    for child in (child for content in contents for child in content):
        if isinstance(child.tag, str) and not _classes(child) & {"quoted-message", "message-media"}:
            parts.append(_words(child))
    return "\n".join(filter(None, parts))


def _said(root: html.HtmlElement, name: str) -> str:
    found = [element for element in root.iter("div") if name in _classes(element)]
    return "\n".join(filter(None, map(_words, found)))


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _words(element: etree._Element) -> str:
    return "".join(_pieces(element)).strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    """Text in its order; small pictures of feelings by their name, links with their address."""
    if element.tag == "br":
        yield "\n"
    elif element.tag == "img":
        yield element.get("alt") or ""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
    address = element.get("href") or ""
    if element.tag == "a" and "://" in address:
        yield f"\n{address}"


def _attachment(element: etree._Element) -> Attachment:
    kind = _MEDIA[str(element.tag)]
    if kind is AttachmentKind.IMAGE and "emoji" in _classes(element):
        kind = AttachmentKind.STICKER
    path = unquote(element.get("src") or element.get("href") or "")
    name = _words(element) if kind is AttachmentKind.FILE else ""
    return Attachment(kind=kind, name=name, path=path, remote="://" in path)
