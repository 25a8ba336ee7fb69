"""Bytes → text, and text → what it says once every disguise of its characters is taken off.

`fold` takes off width, case, traditional forms, star and bracket variants, zero-width characters and
combining marks; `tight` also takes off blanks, punctuation and symbols, so that 机 密, 机.密 and 機❤密
are all 机密. Rule terms and message texts go through the same tables; hits map back to raw offsets.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
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
_LINE_BYTES = 2048
"""How far a broken line is tried in the other encoding at once."""
_CHUNK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANK_RUNS = re.compile(r"[^\S\n]{5,}|\n{5,}")
_MIXED = "leakwatch.mixed"
_WIDE = re.compile("[\u2e80-\ufffc]+")
_COMMON = frozenset(
    "的是了不在有人我他这這来來个個们們中大为為上会會到说說国國要就时時年和对對出也下请請好文件一"
)
"""Characters that make up a sixth of any Chinese text, in either script, and next to nothing of mojibake."""
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
    """False: some bytes do not fit; they are read as GB18030 where that makes sense, else become U+FFFD."""

    @property
    def errors(self) -> str:
        """The error handler to decode with."""
        if self.is_exact:
            return "strict"
        return _MIXED if self.name == "utf-8" else "replace"


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


def squeeze(folded: Folded) -> Folded:
    """The folded text with no more than four blanks and four line breaks in a row.

    Grammars allow blanks between their parts; a line padded with hundreds would cost them seconds.
    """
    kept = np.ones(len(folded.text), bool)
    for run in _BLANK_RUNS.finditer(folded.text):
        kept[run.start() + 4 : run.end()] = False
    if kept.all():
        return folded
    at = np.flatnonzero(kept)
    return Folded("".join(folded.text[position] for position in at), folded.at[at])


def fold_batch(texts: Sequence[str]) -> Batch:
    """All texts folded tight and joined by U+001F; ~9 ns a character."""
    joined = _apply(_tight_table(), SEPARATOR.join(texts))
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(texts) else np.zeros(0, np.int64)
    return Batch(joined.text, joined.at, starts)


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


def looks_like_text(head: bytes) -> bool:
    """No NULs outside UTF-16 and hardly any control characters: plausible text in some encoding."""
    encoding = _encoding_of(lambda: iter([head]))
    errors = "replace" if encoding.is_exact else encoding.errors  # a head may end inside a character
    text = head[encoding.bom_bytes :].decode(encoding.name, errors)
    control = sum(character < " " and character not in "\t\n\r\f\x0b\x1b\x1f" for character in text)
    return control * 50 <= len(text) and text.count("\ufffd") * 20 <= len(text) + 20 and "\0" not in text


def snippet(text: str, start: int, end: int, around: int) -> str:
    """The quote with up to `around` characters on both sides, on one line."""
    left, right = max(0, start - around), min(len(text), end + around)
    cut = text[left:right].translate({ord(c): " " for c in "\r\n\t"})
    return ("…" if left else "") + cut + ("…" if right < len(text) else "")


def printable(text: str) -> str:
    """The text without what breaks screens and documents: controls, lone surrogates, bidi, zero-width."""
    return _UNPRINTABLE.sub("", text)


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
