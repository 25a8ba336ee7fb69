"""The files that a page's elements show: paths beside the page, links, or `data:` addresses that hold them."""

from __future__ import annotations

import mimetypes
import re
from binascii import Error, a2b_base64
from pathlib import PurePosixPath
from zlib import crc32

from leakwatch.chats.beside import Beside
from leakwatch.model import Attachment, AttachmentKind

FILE_TAGS = {"img": AttachmentKind.IMAGE, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.VOICE}
"""Elements that show a file at their `src`."""
_DATA = re.compile(r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,(?P<digits>.*)", re.DOTALL)


def file_at_address(address: str, kind: AttachmentKind, shown: str, place: tuple[int, Beside]) -> Attachment:
    """The file at an address of the page; place: the number of its message and what lies around the page."""
    if address[:5].lower() == "data:":
        return Attachment(kind=kind, name=shown, path=_embedded(address, shown, place))
    is_link = address.lower().startswith(("http://", "https://", "//"))
    name = shown.strip() or PurePosixPath(address.partition("?")[0]).name
    return Attachment(kind=kind, name=name, path=address, remote=is_link)


def _embedded(address: str, shown: str, place: tuple[int, Beside]) -> str:
    """The path of a picture that lies inside the page; empty if it holds nothing."""
    found = _DATA.match(address)
    digits = re.sub(r"[^A-Za-z0-9+/]+", "", found["digits"]) if found else ""
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    try:
        data = a2b_base64(digits + "=" * (-len(digits) % 4))
    except Error:
        data = b""
    if not found or not data:
        return ""
    number, beside = place
    suffix = PurePosixPath(shown).suffix or mimetypes.guess_extension(found["kind"] or "") or ""
    return beside.embed(f"第{number}条-{crc32(data):08x}{suffix[:8]}", data)
