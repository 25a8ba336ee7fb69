"""A picture → a fingerprint that outlives compression, shrinking and new light; two are compared bit by bit.

256 signs of the lowest frequencies of the squared grey picture (DCT).  64 bits would not do: they made one
of different pages under the same red head.  Signs turn with the picture, so that one print gives those of
all four quarter turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from leakwatch.errors import Unreadable
from leakwatch.images.page import find_page, rectify

BITS = 256
NEAR = 31
"""Bits that may differ between two prints of one picture; measured by bench/prints.py."""

_SIDE_PX = 64
_LOW = 16
_LEAST_WAVE = 0.1
"""Of 255 grey levels: the median strength of the waves of a picture that shows anything."""

Words = NDArray[np.uint64]
Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PicturePrint:
    """What a picture is known by again; plain text to be kept."""

    whole: int
    """Of the picture as it stands upright."""
    page: int | None = None
    """Of the sheet of paper that lies in it, straightened; None where none was seen."""

    def __str__(self) -> str:
        return "-".join(f"{one:064x}" for one in self.prints)

    @classmethod
    def parse(cls, text: str) -> PicturePrint:
        """The print that was written so."""
        whole, _, page = text.partition("-")
        return cls(int(whole, 16), int(page, 16) if page else None)

    @property
    def prints(self) -> tuple[int, ...]:
        """All of its prints: a scan is as a whole what a photo of the same sheet is as a page."""
        return (self.whole,) if self.page is None else (self.whole, self.page)


def print_of(picture: Image.Image) -> PicturePrint | None:
    """The print of an upright RGB picture; None for one that shows next to nothing."""
    whole = _signs(picture)
    if whole is None:
        return None
    page = _page(picture)
    return PicturePrint(whole, None if page is None else _signs(page))


def distance(one: PicturePrint, other: PicturePrint) -> int:
    """In how many of 256 bits two prints differ, at the best turn and for whatever they have of both."""
    mine = words_of(one.prints)
    theirs = turns_of(other.prints)
    return int(differences(mine[:, None], theirs[None, :]).min())


def words_of(prints: tuple[int, ...] | list[int]) -> Words:
    """One row of four words for each print."""
    raw = b"".join(one.to_bytes(BITS // 8, "little") for one in prints)
    return np.frombuffer(raw, "<u8").reshape(-1, BITS // 64)


def turns_of(prints: tuple[int, ...] | list[int]) -> Words:
    """Four rows for each print: the picture as it stands and turned by one, two and three quarters."""
    raw = words_of(prints).view(np.uint8)
    bits = np.unpackbits(raw, axis=1, bitorder="little").astype(bool).reshape(-1, _LOW, _LOW)
    turned = np.stack([_turned(bits, quarters) for quarters in range(4)], axis=1)
    return np.packbits(turned.reshape(-1, BITS), axis=1, bitorder="little").view("<u8")


def differences(one: Words, other: Words) -> NDArray[np.int64]:
    """How many bits differ, row by row."""
    return np.asarray(np.bitwise_count(one ^ other).sum(axis=-1), np.int64)


def _page(picture: Image.Image) -> Image.Image | None:
    """The sheet of paper in it, straightened; None where there is none, or nothing to find it with."""
    pixels = np.asarray(picture)
    try:
        quad = find_page(pixels)
        return None if quad is None else Image.fromarray(rectify(pixels, quad))
    except Unreadable:
        return None


def _signs(picture: Image.Image) -> int | None:
    small = picture.convert("L").resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX)
    waves = _WAVES @ np.asarray(small, float) @ _WAVES.T
    if np.median(np.abs(waves)) < _LEAST_WAVE:
        return None
    packed = np.packbits((waves > 0).reshape(-1), bitorder="little")
    return int.from_bytes(packed.tobytes(), "little")


def _turned(bits: Bits, quarters: int) -> Bits:
    """A wave that is odd along an axis changes its sign when that axis is turned round."""
    odd = (np.arange(1, _LOW + 1) % 2).astype(bool)
    down, across = odd[:, None], odd[None, :]
    turned = (bits, bits.swapaxes(1, 2) ^ down, bits ^ down ^ across, bits.swapaxes(1, 2) ^ across)
    return np.asarray(turned[quarters], bool)


def _cosines() -> NDArray[np.float64]:
    """Waves 1 to 16 along a side: wave 0 says how bright it is, which a lamp decides."""
    wave, place = np.arange(1, _LOW + 1)[:, None], np.arange(_SIDE_PX)[None, :]
    return np.cos(np.pi * wave * (2 * place + 1) / (2 * _SIDE_PX)) * 2 / _SIDE_PX


_WAVES = _cosines()
