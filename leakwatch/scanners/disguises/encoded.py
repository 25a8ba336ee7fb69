"""Raw text in which runs of letters and digits encode Chinese → what they say.

Base64, hexadecimal, percent signs, \\u escapes and HTML entities; of UTF-8, or GBK where that leaves no doubt.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from leakwatch.text import fold

_LONG = re.compile(r"[A-Za-z0-9+/=_%&#;\\ -]{12}")
"""Shorter than any run below that says as much as 机密★."""
_BYTE = "[%=][0-9A-Fa-f]{2}"
_POINT = r"\\u[0-9A-Fa-f]{4}"
_ENTITY = r"&#(?:x[0-9A-Fa-f]{2,5}|\d{2,6});"


def _row(one: str) -> str:
    """One after another, with the little between them that is written as it is: a figure, a star."""
    return rf"(?:{one})(?:{one}|[^%=\\&\n]{{1,4}}(?={one}))+"


_RUNS = re.compile(
    rf"(?P<points>{_row(_POINT)})|(?P<entities>{_row(_ENTITY)})|(?P<bytes>{_row(_BYTE)})"
    r"|(?P<hex>(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2} ?){5,}[0-9A-Fa-f]{2}(?![0-9A-Za-z]))"
    r"|(?P<base64>(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{11,}={0,2}(?![A-Za-z0-9+/=]))"
)
_OF_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})")
_COMMON = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]|[ -9])+")
"""GBK of what is often written; other bytes are GBK by chance."""
_HAN = re.compile("[㐀-鿿]")
_LEAST = 2
"""Chinese characters: a run of chance has one at most."""


def holds(text: str) -> bool:
    """Whether a run of the raw text says something in Chinese."""
    return next(said(text), None) is not None


def said(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the runs of the raw text stand that say something, and what they say, folded."""
    for run in _RUNS.finditer(text) if _LONG.search(text) else ():
        plain = fold(_read(run)).text
        if len(_HAN.findall(plain)) >= _LEAST:
            yield *run.span(), plain


def _read(run: re.Match[str]) -> str:
    """What it says; empty if it is no text."""
    written = run.group()
    if run["points"]:
        return _OF_POINT.sub(lambda one: chr(int(one[1], 16)), written)
    if run["entities"]:
        return html.unescape(written)
    if run["bytes"]:
        return _text(unquote_to_bytes(written.replace("=", "%")))
    digits = written.replace(" ", "")
    if run["hex"] and len(digits) % 2 == 0 and (said := _text(bytes.fromhex(digits))):
        return said
    return _text(_of_base64(written))


def _of_base64(written: str) -> bytes:
    plain = written.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _text(data: bytes) -> str:
    """The bytes as text; empty if they are none."""
    try:
        said = data.decode()
    except UnicodeDecodeError:
        return data.decode("gbk", "replace") if _COMMON.fullmatch(data) else ""
    return said if all(map(str.isprintable, said.splitlines())) else ""
