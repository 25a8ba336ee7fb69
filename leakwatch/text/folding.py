"""Text → one look for each of its characters, with the way back to the raw text.

`fold` takes off width, case, traditional forms, star and bracket variants, zero-width characters and
combining marks; `tight` also takes off blanks, punctuation and symbols, so that 机 密, 机.密 and 機❤密
are all 机密. Rule terms and message texts go through the same tables; hits map back to raw offsets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import chain

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

SEPARATOR = "\ufdd0"
"""Stands between texts that are folded together; a noncharacter, kept by both folds and in no term."""

_POINTS = 0x110000
_COMMON = 0x20000
"""Beyond it are rare ideographs, and nothing else that tight text keeps."""
# Both begin with a class and look behind only then: the engine skips to a class ten times as fast.
_BLANK_RUNS = re.compile(r"\s(?:(?<!\n)[^\S\n]{4,}|(?<=\n)\n{4,})")
# A reading aid or an emoticon set between the characters of a word: 机(jī)密, 机密(jīmì)★, 机[捂脸]密.
_GLOSS = re.compile(
    r"[(\[](?:(?<=[㐀-鿿].)[a-zà-ǜ]{1,8}(?: [a-zà-ǜ]{1,6})*[)\]]|(?<=[绝机秘]\[)[㐀-鿿a-z]{1,4}\](?=密))"
)
# Characters that NFKC and the simplified table leave alone although readers take them for the same.
_LOOKALIKES = {
    **dict.fromkeys("☆✩⭐🌟✭✮✯✰⭑⭒✦✧⚝🟊✪✫✬❂✡❉❈❊✴✵✶✷✸✹✺✻✼✽", "★"),
    **dict.fromkeys("〔﹝［【〖⟦〘⦗", "["),
    **dict.fromkeys("〕﹞］】〗⟧〙⦘", "]"),
    **dict.fromkeys("○◯⭕", "〇"),
    **dict.fromkeys("宻宓", "密"),
    **{chr(first + place): str(1 + place) for first in (0x2160, 0x2170) for place in range(9)},  # Ⅷ
    **{chr(0x3021 + place): str(1 + place) for place in range(9)},  # 〡
    **{chr(0x1F150 + place): chr(ord("a") + place) for place in range(26)},  # 🅐
    **{chr(0x1F170 + place): chr(ord("a") + place) for place in range(26)},  # 🅰
    **{chr(0x1F1E6 + place): chr(ord("a") + place) for place in range(26)},  # 🇯
    **dict(zip("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵", "abcdefghijklmnopqrstuvwxyz", strict=True)),
    "祕": "秘",
    "絶": "绝",
    "―": "-",
    "—": "-",
    "–": "-",
    "−": "-",
}


Positions = NDArray[np.int64]


class Folded(Struct, frozen=True, eq=False, gc=False):
    """Folded text with the raw offset of each of its characters."""

    text: str
    at: Positions

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open raw span under the folded span `start:end` (not empty)."""
        return int(self.at[start]), int(self.at[end - 1]) + 1

    def split(self, lengths: Sequence[int]) -> Iterator[Folded]:
        """The texts of these raw lengths that were joined and folded together."""
        ends = np.cumsum(np.add(lengths, 1)) - 1
        starts = ends - lengths
        cuts = zip(*(np.searchsorted(self.at, edge).tolist() for edge in (starts, ends)), strict=True)
        for base, (start, end) in zip(starts.tolist(), cuts, strict=True):
            yield Folded(self.text[start:end], self.at[start:end] - base)


def fold(text: str) -> Folded:
    """The text with one look for each character; blanks and punctuation stay."""
    return _apply(light_table(), text)


def tight(text: str) -> Folded:
    """The folded text without blanks, punctuation and symbols."""
    return _apply(tight_table(), text)


def tight_each(words: Sequence[str]) -> list[str]:
    """Each word tight, all at once."""
    return [one.text for one in tight(join(words)).split([len(word) for word in words])]


def fold_each(texts: Sequence[str]) -> Iterator[tuple[Folded, Folded]]:
    """Each text folded, its glosses dropped and its blanks squeezed; and the same tight.

    All at once: a call of numpy costs as much as a hundred characters.
    """
    if texts:
        folded = _without_glosses(_squeezed(fold(join(texts))))
        dense = tight(folded.text)
        lengths = [len(text) for text in texts]
        yield from zip(
            folded.split(lengths), Folded(dense.text, folded.at[dense.at]).split(lengths), strict=True
        )


def join(texts: Sequence[str]) -> str:
    """The texts in one, a separator behind each."""
    return SEPARATOR.join((*texts, ""))


def starts_of(texts: Sequence[str]) -> Positions:
    """Where each of the texts begins when they are joined."""
    return np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]


def _squeezed(folded: Folded) -> Folded:
    """No more than four blanks and four line breaks in a row.

    Grammars allow blanks between their parts; a line padded with hundreds would cost them seconds.
    """
    return _without(folded, [(run.start() + 4, run.end()) for run in _BLANK_RUNS.finditer(folded.text)])


def _without_glosses(folded: Folded) -> Folded:
    return _without(folded, [gloss.span() for gloss in _GLOSS.finditer(folded.text)])


def _without(folded: Folded, spans: list[tuple[int, int]]) -> Folded:
    if not spans:
        return folded
    edges = [0, *chain.from_iterable(spans), len(folded.text)]
    kept = list(zip(edges[::2], edges[1::2], strict=True))
    text = "".join(folded.text[start:end] for start, end in kept)
    return Folded(text, np.concatenate([folded.at[start:end] for start, end in kept]))


def _apply(table: NDArray[np.uint32], text: str) -> Folded:
    mapped = table.take(points(text))
    at = np.flatnonzero(mapped)
    return Folded(mapped.take(at).tobytes().decode("utf-32-le", "surrogatepass"), at)


def points(text: str) -> NDArray[np.uint32]:
    """The code points of the text."""
    return np.array([text]).view(np.uint32)[: len(text)]  # of no text numpy makes one NUL


@cache
def light_table() -> NDArray[np.uint32]:
    """Code point → what `fold` makes of it, 0 for what is dropped; built in ~0.05 s, once a process."""
    table = np.arange(_POINTS, dtype=np.uint32)
    table[0] = 0x20
    simplified = _simplified()
    for character, category in _assigned():
        if category in ("Cf", "Mn", "Me"):
            table[ord(character)] = 0
        elif (look := _one_look(character, simplified)) != character:
            table[ord(character)] = ord(look)
    return table


@cache
def tight_table() -> NDArray[np.uint32]:
    """Code point → what `tight` makes of it, 0 for what is dropped."""
    is_soft = np.ones(_POINTS, bool)
    is_soft[0x20000:0xE0000] = False  # rare ideographs
    is_soft[[ord(character) for character, category in _assigned() if category[0] in "LMN"]] = False
    table = light_table().copy()
    table[is_soft[table]] = 0
    table[ord(SEPARATOR)] = ord(SEPARATOR)
    return table


def drops(character: str) -> bool:
    """Whether tight text has no such folded character."""
    return not tight_table()[ord(character)]


@cache
def odd() -> NDArray[np.bool_]:
    """For each code point whether tight text keeps it though it is no letter; the last one stands for all beyond."""
    kept = tight_table()[:_COMMON] > 0
    for point in np.flatnonzero(kept).tolist():
        kept[point] = not chr(point).isalnum()
    kept[-1] = True
    return kept


def _assigned() -> Iterator[tuple[str, str]]:
    """Characters that some fold may change, with their categories."""
    for block in (range(1, 0xD800), range(0xF900, 0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE01F0)):
        for character in map(chr, block):
            category = unicodedata.category(character)
            if category != "Cn":
                yield character, category


def _one_look(character: str, simplified: dict[str, str]) -> str:
    plain = unicodedata.normalize("NFKC", _LOOKALIKES.get(character, character)).lower()
    if len(plain) > 1:  # ⒈ → 1, ㈠ → 一, ㎡ → m: the first letter or digit says enough
        plain = next((c for c in plain if c.isalnum()), plain[0])
    if (digit := unicodedata.digit(plain, None)) is not None:  # ３, ➂, ❸
        return str(digit)
    plain = simplified.get(plain, plain)
    return _LOOKALIKES.get(plain, " " if plain.isspace() and plain not in "\n" else plain)


@cache
def _simplified() -> dict[str, str]:
    """Traditional character → its first simplified choice, from OpenCC's table."""
    lines = resources.files("leakwatch").joinpath("traditional.txt").read_text("utf-8").splitlines()
    return {line[0]: line[2] for line in lines if line and not line.startswith("#")}
