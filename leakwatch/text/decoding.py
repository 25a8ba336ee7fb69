"""Bytes → text: the encoding of a file that nobody declared, mixed ones included."""

from __future__ import annotations

import codecs
import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_HEAD_BYTES = 1 << 16
_LINE_BYTES = 2048
"""How far a broken line is tried in the other encoding at once."""
_CHUNK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MIXED = "leakwatch.mixed"
_CONTROL = bytes(set(range(1, 32)) - set(b"\t\n\r\f\x0b\x1b\x1f"))
_WIDE = re.compile("[\u2e80-\ufffc]+")
_COMMON = frozenset(
    "的是了不在有人我他这這来來个個们們中大为為上会會到说說国國要就时時年和对對出也下请請好文件一"
)
"""Characters that make up a sixth of any Chinese text, in either script, and next to nothing of mojibake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a file's bytes become text."""

    name: str
    """A codec name."""
    bom_bytes: int = 0
    is_exact: bool = True
    """False: some bytes do not fit; they are read as GB18030 where that makes sense, else become U+FFFD."""

    @property
    def errors(self) -> str:
        """The error handler to decode with."""
        if self.is_exact:
            return "strict"
        return _MIXED if self.name == "utf-8" else "replace"


def decode(data: bytes) -> tuple[str, Encoding]:
    """The whole of a small file as text, by the same cascade as `open_text`."""
    encoding = _encoding_of(lambda: iter([data]))
    return data[encoding.bom_bytes :].decode(encoding.name, encoding.errors), encoding


def detect(path: Path) -> Encoding:
    """BOM, UTF-16 by its NUL pattern, UTF-8, GB18030; the whole file is tried, in constant memory."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK_BYTES), b"")

    return _encoding_of(chunks)


def open_text(path: Path, newline: str | None = None) -> tuple[TextIO, Encoding]:
    """An open text stream behind the BOM, and the encoding that was found."""
    encoding = detect(path)
    raw = path.open("rb")
    raw.seek(encoding.bom_bytes)
    return io.TextIOWrapper(raw, encoding.name, encoding.errors, newline), encoding


def is_binary(head: bytes) -> bool:
    """More control characters than a text in any encoding has, NULs aside: 2 ms where decoding takes 140."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16_name(head[:_HEAD_BYTES]):
        return False
    return (len(head) - len(head.translate(None, _CONTROL))) * 50 > len(head)


def looks_like_text(head: bytes) -> bool:
    """No NULs outside UTF-16 and hardly any control characters: plausible text in some encoding."""
    if is_binary(head):
        return False
    encoding = _encoding_of(lambda: iter([head]))
    errors = "replace" if encoding.is_exact else encoding.errors  # a head may end inside a character
    text = head[encoding.bom_bytes :].decode(encoding.name, errors)
    control = sum(character < " " and character not in "\t\n\r\f\x0b\x1b\x1f" for character in text)
    return control * 50 <= len(text) and text.count("\ufffd") * 20 <= len(text) + 20 and "\0" not in text


def _encoding_of(chunks: Callable[[], Iterator[bytes]]) -> Encoding:
    """The encoding of a stream that can be had from its start as often as needed."""
    head = next(chunks(), b"")
    bom, name = next(((bom, name) for bom, name in _BOMS if head.startswith(bom)), (b"", ""))
    if name in ("", "utf-8"):
        name = _utf16_name(head[:_HEAD_BYTES]) or "utf-8"
    if _is_exact(name, chunks(), len(bom)):
        return Encoding(name=name, bom_bytes=len(bom))
    second = "big5" if _is_big5(head[:_HEAD_BYTES]) else "gb18030"
    trials = [_Trial(codec) for codec in ([name] if name != "utf-8" else ["utf-8", second])]
    for number, chunk in enumerate(chunks()):
        for trial in trials:
            trial.feed(chunk if number else chunk[len(bom) :])
    return _better(trials, head[len(bom) : _HEAD_BYTES // 4], len(bom))


def _is_exact(name: str, chunks: Iterator[bytes], bom_bytes: int) -> bool:
    """Whether the codec takes every byte; several times as fast as counting what it does not take."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for number, chunk in enumerate(chunks):
            decoder.decode(chunk if number else chunk[bom_bytes:])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


class _Trial:
    """Counts what one codec makes of a stream: characters beyond ASCII and bytes that fit nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wide = 0
        self.broken = 0
        self._decoder = codecs.getincrementaldecoder(name)("replace")

    def feed(self, chunk: bytes) -> None:
        """The next bytes."""
        self._count(self._decoder.decode(chunk))

    def close(self) -> None:
        """No more bytes: a character that was cut off counts as broken."""
        self._count(self._decoder.decode(b"", True))

    def _count(self, text: str) -> None:
        if not text.isascii():
            self.broken += text.count("\ufffd")
            self.wide += sum(map(len, _WIDE.findall(text)))


def _better(trials: list[_Trial], head: bytes, bom_bytes: int) -> Encoding:
    """UTF-8 if a fair part of the text is: one bad byte, or lines that another program wrote in GBK, must
    not turn the rest into mojibake."""
    for trial in trials:
        trial.close()
    first, *others = trials
    for other in others:
        is_mostly_first = first.wide > 10 * first.broken
        is_other_closer = not other.broken or other.broken < first.broken
        if not is_mostly_first and is_other_closer and not _is_mixed(first, head):
            return Encoding(name=other.name, bom_bytes=bom_bytes, is_exact=other.broken == 0)
    return Encoding(name=first.name, bom_bytes=bom_bytes, is_exact=False)


def _is_mixed(utf8: _Trial, head: bytes) -> bool:
    """Whether lines in UTF-8 stand among others, so that the head makes more sense line by line."""
    by_line, as_one = head.decode("utf-8", _MIXED), head.decode("gb18030", "replace")
    return utf8.wide * 20 > utf8.broken and _sense(by_line) > _sense(as_one)


def _is_big5(head: bytes) -> bool:
    """Whether bytes that pass for GB18030 only make sense as Big5."""
    gb18030, big5 = (head.decode(name, "replace") for name in ("gb18030", "big5"))
    return _sense(gb18030) < 0.02 and _sense(big5) > 0.06


def _sense(text: str) -> float:
    """The share of everyday characters among the Chinese ones."""
    wide = [character for character in text if character >= "\u2e80"]
    return sum(character in _COMMON for character in wide) / max(20, len(wide))


def _rest_of_line(fault: UnicodeError) -> tuple[str, int]:
    """Error handler: from a byte that is no UTF-8 to the end of its line as GB18030, if that makes sense."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    data, start = bytes(fault.object[fault.start : fault.start + _LINE_BYTES]), fault.start
    if fault.end == len(fault.object) and fault.object[start - 1 : start] != b"\n":
        return "\ufffd", fault.end  # a file that was cut inside a character, whose rest is none of GB18030
    line = data.partition(b"\n")[0]
    as_utf8 = line.decode("utf-8", "replace")
    if sum(map(len, _WIDE.findall(as_utf8))) < as_utf8.count("\ufffd"):
        for length in (len(line), len(line) - 1):  # a block may end inside a character
            with contextlib.suppress(UnicodeDecodeError):
                if length > 0:
                    return line[:length].decode("gb18030"), start + length
    return "\ufffd", fault.end


codecs.register_error(_MIXED, _rest_of_line)


def _utf16_name(head: bytes) -> str | None:
    """UTF-16 without a BOM: NULs (of ASCII characters) on one side of the byte pairs only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    floor = max(2, len(head) // 50)
    if odd >= floor and even * 20 <= odd:
        return "utf-16-le"
    if even >= floor and odd * 20 <= even:
        return "utf-16-be"
    return None
