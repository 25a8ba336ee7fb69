"""Outlook mails (.msg): headers, bodies and attachments as files of their own.

Tell-tales: OLE2 with a __properties_version1.0 stream. Field map (MS-OXMSG): a stream __substg1.0_IIIITTTT holds
property IIII as type TTTT (001F UTF-16, 001E bytes of an unnamed code page, 0102 binary, 000D a storage);
__attach_version1.0_#… are the attachments, a mail among them is a storage. The RTF body (compressed, MS-OXRTFCP) is
kept only where there is no other: Outlook makes the plain text out of it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leakwatch.compound import MAGIC, Compound, Place
from leakwatch.errors import Unreadable
from leakwatch.model import SHANGHAI, Evidence, Reason, Skipped
from leakwatch.text import decode
from leakwatch.unpack.drop import Drop
from leakwatch.unpack.mail import body_texts, kept
from leakwatch.unpack.names import cleaned

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_SHOWN = (
    ("主题", "0037"),
    ("发件人", "0C1A"),
    ("发件人地址", "0C1F"),
    ("收件人", "0E04"),
    ("抄送", "0E03"),
    ("密送", "0E02"),
)
_BODY, _PAGE, _RICH, _TRANSPORT = "1000", "1013", "1009", "007D"
_NAMES, _CONTENT = ("3707", "3704", "3001"), "3701"
_SENT_AT = 0x00390040
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MOST_RICH_BYTES = 64 << 20
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def is_msg(head: bytes, path: Path) -> bool:
    """A compound file with the properties of a mail."""
    if not head.startswith(MAGIC):
        return False
    try:
        with Compound(path) as compound:
            return compound.has(_PROPERTIES)
    except Unreadable:
        return False


def msg_parts(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """邮件头.txt, 邮件正文.txt and every attachment; a row for each part that is broken."""
    with Compound(file.path) as compound:
        parts: list[tuple[str, bytes | Unreadable]] = []
        for read in (_texts, _attachments):
            try:
                parts += read(compound)
            except Unreadable as why:
                parts.append((file.name, why))
        yield from kept(file, [(name, data) for name, data in parts if isinstance(data, bytes)], drop)
        for name, broken in parts:
            if isinstance(broken, Unreadable):
                yield Skipped(evidence=file, name=name, reason=broken.reason, detail=broken.detail)


def _texts(compound: Compound) -> Iterator[tuple[str, bytes | Unreadable]]:
    headers = [f"{label}：{text}" for label, number in _SHOWN if (text := _text(compound, (), number))]
    if sent_at := _sent_at(compound):
        headers.append(f"日期：{sent_at:%Y-%m-%d %H:%M:%S}")
    plain, page = _text(compound, (), _BODY), _text(compound, (), _PAGE)
    yield from body_texts("\n".join(headers), plain, [page] if page else [])
    if not plain.strip() and not page.strip() and (packed := _bytes(compound, (), _RICH)):
        rich = unpacked_rich_text(packed)
        if rich:
            yield "邮件正文.rtf", rich
        else:
            yield (
                "邮件正文",
                Unreadable(Reason.DAMAGED, "邮件正文已损坏，未读取；请在 Outlook 里另存为 eml 后再放入"),
            )


def _attachments(compound: Compound) -> Iterator[tuple[str, bytes | Unreadable]]:
    storages = [name for name in compound.storages() if name.startswith(_ATTACHMENT)]
    for number, name in enumerate(storages, 1):
        title = next(filter(None, (_text(compound, (name,), code) for code in _NAMES)), "") or f"附件{number}"
        title = cleaned(title).rsplit("/", 1)[-1]
        inner = next((one for one in compound.storages((name,)) if _CONTENT in one), "")
        try:
            if inner:
                is_mail = compound.has(name, inner, _PROPERTIES)
                yield f"{title}.msg" if is_mail else title, compound.carved((name, inner))
            elif content := _bytes(compound, (name,), _CONTENT):
                yield title, content
            else:
                detail = "邮件里没有这个附件的内容（只有链接，或已被删去）；请向发件人索取"
                yield title, Unreadable(Reason.MISSING_ATTACHMENT, detail)
        except Unreadable as why:
            yield title, why


def _text(compound: Compound, storage: Place, number: str) -> str:
    """A property as text; UTF-16 wherever there is both."""
    wide = f"__substg1.0_{number}001F"
    if compound.has(*storage, wide):
        return compound.stream(*storage, wide).decode("utf-16-le", "replace").rstrip("\0")
    for kind in ("001E", "0102"):
        if compound.has(*storage, name := f"__substg1.0_{number}{kind}"):
            return decode(compound.stream(*storage, name).rstrip(b"\0"))[0]
    return ""


def _bytes(compound: Compound, storage: Place, number: str) -> bytes:
    name = f"__substg1.0_{number}0102"
    return compound.stream(*storage, name) if compound.has(*storage, name) else b""


def _sent_at(compound: Compound) -> datetime | None:
    """When it was sent, from the table of fixed properties: 32 bytes before it, 24 in a mail within a mail."""
    data = compound.stream(_PROPERTIES)
    for at in range(32 if len(data) % 16 == 0 else 24, len(data) - 15, 16):
        tag, _, ticks = struct.unpack_from("<IIQ", data, at)
        if tag == _SENT_AT and ticks < 1 << 60:
            return (_EPOCH + timedelta(microseconds=ticks // 10)).astimezone(SHANGHAI)
    return None


def unpacked_rich_text(packed: bytes) -> bytes:
    """The RTF of a compressed body as far as it goes; empty if it is none."""
    if len(packed) < 16:
        return b""
    raw_size, kind = struct.unpack_from("<4xI4s", packed)
    if kind == b"MELA":
        return packed[16 : 16 + raw_size]
    if kind != b"LZFu":
        return b""
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    place, at, out = len(_DICTIONARY), 16, bytearray()
    limit = min(raw_size, _MOST_RICH_BYTES)
    while at < len(packed) and len(out) < limit:
        flags, at = packed[at], at + 1
        for bit in range(8):
            chunk, at, is_end = _token(packed, at, (window, place, bool(flags >> bit & 1)))
            if is_end:
                return bytes(out)
            for value in chunk:
                window[place] = value
                place = (place + 1) % 4096
            out += chunk
    return bytes(out)


def _token(packed: bytes, at: int, state: tuple[bytearray, int, bool]) -> tuple[bytes, int, bool]:
    """(bytes, where the next token starts, whether this was the last): a byte, or a reference into the window."""
    window, place, is_reference = state
    if not is_reference:
        return packed[at : at + 1], at + 1, at >= len(packed)
    if at + 2 > len(packed):
        return b"", at, True
    code = int.from_bytes(packed[at : at + 2], "big")
    offset, length = code >> 4, (code & 0xF) + 2
    if offset == place:
        return b"", at + 2, True
    found = bytearray()
    distance = (place - offset) % 4096
    for step in range(length):  # it may reach into what it writes itself
        found.append(found[step - distance] if step >= distance else window[(offset + step) % 4096])
    return bytes(found), at + 2, False
