"""The document properties of OLE2 files: title, subject, keywords, comments and the custom ones.

Field map (MS-OLEPS): sections of (id, offset); a value is a type and a text by the code page of property 1.
WPS writes GBK and declares 936, or 1252 where it should not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from leakwatch.compound import Compound
from leakwatch.errors import Unreadable

_STREAMS = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_CUSTOM = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
# Title, subject, author, keywords, comments, last author; category, manager, company, status.
_SHOWN = ({2, 3, 4, 5, 6, 8}, {2, 14, 15, 27})
_MOST = 1000
_TEXT, _WIDE_TEXT = 0x1E, 0x1F
_UTF_16, _CODE_PAGE, _NAMES = 1200, 1, 0


def properties(compound: Compound) -> str:
    """The values, one a line, custom ones with their names; what is broken is left out."""
    lines: list[str] = []
    for number, name in enumerate(_STREAMS):
        if not compound.has(name):
            continue
        try:
            data = compound.stream(name)
            for is_custom, section in _sections(data):
                values = _values(section, is_custom=is_custom)
                lines += [text for key, text in values if is_custom or key in _SHOWN[number]]
        except (Unreadable, struct.error, LookupError):
            continue
    return "\n".join(dict.fromkeys(line for line in lines if line.strip()))


def _sections(data: bytes) -> Iterator[tuple[bool, bytes]]:
    (count,) = struct.unpack_from("<I", data, 24)
    for number in range(min(count, 2)):
        kind, offset = struct.unpack_from("<16sI", data, 28 + number * 20)
        yield kind == _CUSTOM, data[offset:]


def _values(section: bytes, *, is_custom: bool) -> Iterator[tuple[int, str]]:
    count = min(struct.unpack_from("<I", section, 4)[0], _MOST)
    offsets = dict(struct.unpack_from("<II", section, 8 + number * 8) for number in range(count))
    page = struct.unpack_from("<H", section, offsets[_CODE_PAGE] + 4)[0] if _CODE_PAGE in offsets else 936
    names = _names(section, offsets[_NAMES], page) if is_custom and _NAMES in offsets else {}
    for key, offset in offsets.items():
        if key in (_NAMES, _CODE_PAGE):
            continue
        kind, size = struct.unpack_from("<II", section, offset)
        if kind == _TEXT:
            text = _decoded(section[offset + 8 : offset + 8 + size], page)
        elif kind == _WIDE_TEXT:
            text = _decoded(section[offset + 8 : offset + 8 + size * 2], _UTF_16)
        else:
            continue
        yield key, f"{names[key]}：{text}" if key in names and text else text


def _names(section: bytes, offset: int, page: int) -> dict[int, str]:
    (count,) = struct.unpack_from("<I", section, offset)
    at, found = offset + 4, dict[int, str]()
    for _ in range(min(count, _MOST)):
        key, length = struct.unpack_from("<II", section, at)
        size = length * 2 if page == _UTF_16 else length
        found[key] = _decoded(section[at + 8 : at + 8 + size], page)
        at += 8 + (size + 3 & ~3 if page == _UTF_16 else size)
    return found


def _decoded(data: bytes, page: int) -> str:
    """Up to the first NUL; GB18030 wherever it fits what is declared a Western page."""
    if page == _UTF_16:
        return data.decode("utf-16-le", "replace").split("\0", 1)[0].strip()
    data = data.split(b"\0", 1)[0]
    for codec in ("utf-8", "gb18030") if page in (65001, 936, 1252, 0) else (f"cp{page}", "gb18030"):
        try:
            return data.decode(codec).strip()
        except (LookupError, ValueError):
            continue
    return data.decode("gb18030", "replace").strip()
