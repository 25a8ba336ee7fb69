"""Electronic seals of OFD files (GB/T 38540, GM/T 0031): the picture that is shown, and whose seal it is.

Field map: Seal.esl and SignedValue.dat are DER; the picture is a string with its type (png, ofd …) and an octet
string behind it, the names of seal and holder are UTF-8 strings. The structure differs between the two standards,
so those are looked for wherever they lie; keys and signatures hold no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PICTURE = re.compile(
    rb"[\x0c\x13\x16][\x03\x04](png|jpe?g|gif|bmp|tiff?|ofd)\x04(?:([\x01-\x7f])|[\x81-\x84])",
    re.IGNORECASE | re.DOTALL,
)
_TEXT = re.compile(rb"\x0c([\x03-\x7f])", re.DOTALL)
_HAN = re.compile("[\u4e00-\u9fff]")
_LONG = 0x80


def pictures(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(extension, content)"""
    for found in _PICTURE.finditer(data):
        start = found.end()
        size = data[start - 1]
        if size >= _LONG:
            width = size - _LONG
            size = int.from_bytes(data[start : start + width], "big")
            start += width
        if size <= len(data) - start:
            yield found[1].decode().lower(), data[start : start + size]


def names(data: bytes) -> list[str]:
    """The Chinese names in the seal, each once."""
    found: dict[str, None] = {}
    for mark in _TEXT.finditer(data):
        text = data[mark.end() : mark.end() + mark[1][0]]
        try:
            name = text.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(text) == mark[1][0] and _HAN.search(name) and name.isprintable():
            found[name] = None
    return list(found)
