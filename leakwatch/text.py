"""Bytes → text, and text → what it says once every disguise of its characters is taken off.

`fold` takes off width, case, traditional forms, star and bracket variants, zero-width characters and
combining marks; `tight` also takes off blanks, punctuation and symbols, so that 机 密, 机.密 and 機❤密
are all 机密. Rule terms and message texts go through the same tables; hits map back to raw offsets.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

SEPARATOR = "\x1f"
"""Stands between the joined pieces of a batch; no term holds it."""

_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Characters that NFKC and the simplified table leave alone although readers take them for the same.
_LOOKALIKES = {
    **dict.fromkeys("☆✩⭐🌟✭✮✯✰⭑⭒✦✧⚝🟊✪✫✬❂✡", "★"),
    **dict.fromkeys("〔﹝［【〖⟦〘⦗", "["),
    **dict.fromkeys("〕﹞］】〗⟧〙⦘", "]"),
    **dict.fromkeys("○◯⭕", "〇"),
    **dict.fromkeys("宻宓", "密"),
    "祕": "秘",
    "絶": "绝",
    "―": "-",
    "—": "-",
    "–": "-",
    "−": "-",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a file's bytes become text."""

    name: str
    """A codec name."""
    bom_bytes: int = 0
    is_exact: bool = True
    """False: some bytes fit no codec and become U+FFFD."""


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Folded text with the raw offset of each of its characters."""

    text: str
    at: NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open raw span under the folded span `start:end` (not empty)."""
        return int(self.at[start]), int(self.at[end - 1]) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Many texts folded tight in one go, for the automaton."""

    text: str
    _at: NDArray[np.int64]
    _starts: NDArray[np.int64]

    def owner(self, position: int) -> int:
        """Which of the texts the folded character at `position` belongs to."""
        return int(np.searchsorted(self._starts, self._at[position], side="right")) - 1


def fold(text: str) -> Folded:
    """The text with one look for each character; blanks and punctuation stay."""
    return _apply(_light_table(), text)


def tight(text: str) -> Folded:
    """The folded text without blanks, punctuation and symbols."""
    return _apply(_tight_table(), text)


def fold_batch(texts: Sequence[str]) -> Batch:
    """All texts folded tight and joined by U+001F; ~9 ns a character."""
    joined = _apply(_tight_table(), SEPARATOR.join(texts))
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(texts) else np.zeros(0, np.int64)
    return Batch(joined.text, joined.at, starts)


def decode(data: bytes) -> tuple[str, Encoding]:
    """The whole of a small file as text, by the same cascade as `open_text`."""
    encoding = _encoding_of([data], len(data))
    return _decode_all(data[encoding.bom_bytes :], encoding), encoding


def detect(path: Path) -> Encoding:
    """BOM, UTF-16 by its NUL pattern, UTF-8, GB18030; the whole file is tried, in constant memory."""
    with path.open("rb") as file:
        return _encoding_of(iter(lambda: file.read(_CHUNK_BYTES), b""), path.stat().st_size)


def open_text(path: Path, newline: str | None = None) -> tuple[TextIO, Encoding]:
    """An open text stream behind the BOM, and the encoding that was found."""
    encoding = detect(path)
    raw = path.open("rb")
    raw.seek(encoding.bom_bytes)
    errors = "strict" if encoding.is_exact else "replace"
    return io.TextIOWrapper(raw, encoding.name, errors, newline), encoding


def looks_like_text(head: bytes) -> bool:
    """No NULs outside UTF-16 and hardly any control characters: plausible text in some encoding."""
    if not head:
        return True
    if head.startswith(tuple(bom for bom, _ in _BOMS)) or _is_utf16(head):
        return True
    control = sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b\x1f\x0b" for byte in head)
    if b"\0" in head or control * 50 > len(head):
        return False
    text = head.decode(_encoding_of([head], len(head)).name, "replace")  # a head may end inside a character
    return text.count("\ufffd") * 20 <= len(text) + 20


def snippet(text: str, start: int, end: int, around: int) -> str:
    """The quote with up to `around` characters on both sides, on one line."""
    left, right = max(0, start - around), min(len(text), end + around)
    cut = text[left:right].translate({ord(c): " " for c in "\r\n\t"})
    return ("…" if left else "") + cut + ("…" if right < len(text) else "")


def printable(text: str) -> str:
    """The text without what breaks screens and documents: controls, lone surrogates, bidi, zero-width."""
    return re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]",
        "",
        text,
    )


def _apply(table: NDArray[np.uint32], text: str) -> Folded:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    mapped = table[raw]
    at = np.flatnonzero(mapped)
    return Folded(mapped[at].tobytes().decode("utf-32-le", "surrogatepass"), at)


@cache
def _light_table() -> NDArray[np.uint32]:
    """Code point → code point, 0 for what is dropped; built in ~0.3 s, once a process."""
    table = np.arange(0x110000, dtype=np.uint32)
    table[0] = 0x20
    simplified = _simplified()
    for point in _assigned():
        character = chr(point)
        if unicodedata.category(character) in ("Cf", "Mn", "Me"):
            table[point] = 0
            continue
        table[point] = ord(_one_look(character, simplified))
    return table


@cache
def _tight_table() -> NDArray[np.uint32]:
    table = _light_table().copy()
    for point in _assigned():
        if table[point] and unicodedata.category(chr(table[point]))[0] in "ZPSC":
            table[point] = 0
    table[ord(SEPARATOR)] = ord(SEPARATOR)
    return table


def _assigned() -> Iterator[int]:
    """Code points that some fold may change: both lower planes and the compatibility ideographs."""
    yield from range(1, 0xD800)
    yield from range(0xE000, 0x20000)
    yield from range(0x2F800, 0x2FA20)
    yield from range(0xE0000, 0xE01F0)


def _one_look(character: str, simplified: dict[str, str]) -> str:
    plain = unicodedata.normalize("NFKC", _LOOKALIKES.get(character, character)).lower()
    if len(plain) > 1:  # ⒈ → 1, ㈠ → 一, ㎡ → m: the first letter or digit says enough
        plain = next((c for c in plain if c.isalnum()), plain[0])
    plain = simplified.get(plain, plain)
    return _LOOKALIKES.get(plain, " " if plain.isspace() and plain not in "\n" else plain)


@cache
def _simplified() -> dict[str, str]:
    """Traditional character → its first simplified choice, from OpenCC's table."""
    lines = resources.files("leakwatch").joinpath("traditional.txt").read_text("utf-8").splitlines()
    return {line[0]: line[2] for line in lines if line and not line.startswith("#")}


def _encoding_of(chunks: Sequence[bytes] | Iterator[bytes], size: int) -> Encoding:
    trials: list[_Trial] = []
    bom_bytes = 0
    for number, chunk in enumerate(chunks):
        if number == 0:
            for bom, name in _BOMS:
                if chunk.startswith(bom):
                    bom_bytes = len(bom)
                    if name != "utf-8":
                        return Encoding(name=name, bom_bytes=bom_bytes, is_exact=size % 2 == 0)
            if (utf16 := _utf16_name(chunk[:_HEAD_BYTES])) is not None:
                return Encoding(name=utf16, is_exact=size % 2 == 0)
            trials = [_Trial("utf-8"), _Trial("gb18030")]
            chunk = chunk[bom_bytes:]
        for trial in trials:
            trial.feed(chunk)
    return _better(trials, bom_bytes)


class _Trial:
    """Counts what one codec makes of a stream: characters beyond ASCII and bytes that fit nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wide = 0
        self.broken = 0
        self._decoder = codecs.getincrementaldecoder(name)("replace")

    def feed(self, chunk: bytes) -> None:
        text = self._decoder.decode(chunk)
        if not text.isascii():
            self.broken += text.count("\ufffd")
            self.wide += sum(map(len, _WIDE.findall(text)))

    def close(self) -> bool:
        """Whether the stream ended inside a character (a cut file); counts it as broken."""
        tail = self._decoder.decode(b"", True)
        self.broken += tail.count("\ufffd")
        return bool(tail)


_WIDE = re.compile(r"[^\x00-\x7f\ufffd]+")


def _better(trials: list[_Trial], bom_bytes: int) -> Encoding:
    """UTF-8 if it fits, even with a few broken bytes: one bad byte must not turn a chat into mojibake."""
    if not trials:
        return Encoding(name="utf-8")
    for trial in trials:
        trial.close()
    utf8, gb18030 = trials
    if utf8.broken == 0 or utf8.wide > 10 * utf8.broken or (gb18030.broken and utf8.broken <= gb18030.broken):
        return Encoding(name="utf-8", bom_bytes=bom_bytes, is_exact=utf8.broken == 0)
    return Encoding(name="gb18030", bom_bytes=bom_bytes, is_exact=gb18030.broken == 0)


def _is_utf16(head: bytes) -> bool:
    return _utf16_name(head) is not None


def _utf16_name(head: bytes) -> str | None:
    """UTF-16 without a BOM: NULs (of ASCII characters) on one side of the byte pairs only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    floor = max(2, len(head) // 50)
    if odd >= floor and even * 20 <= odd:
        return "utf-16-le"
    if even >= floor and odd * 20 <= even:
        return "utf-16-be"
    return None


def _decode_all(data: bytes, encoding: Encoding) -> str:
    return data.decode(encoding.name, "strict" if encoding.is_exact else "replace")
