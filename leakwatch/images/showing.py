"""A picture as received → one that a browser may be given: upright, re-encoded, nothing but pixels.

The bytes of the export never reach a browser: they may be a page as well as a picture, and EXIF says where it
was taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from leakwatch.images import frames

_SIDE_PX = 2_400
"""Small print of a page stays legible; a photo of 12 megapixels becomes 1 MB."""
_QUALITY = 85
_TURNS = (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
"""Pillow counts the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page of a picture for eyes."""

    jpeg: bytes
    width_px: int
    height_px: int
    """As the picture came, before it was turned and scaled down: what boxes are measured in."""


def shown(path: Path, spot: str, turns: int = 0) -> Iterator[Shown]:
    """The page of that spot (第2页, 第2页二维码), or the first; Unreadable if the picture cannot be opened.

    turns: quarters clockwise, by which its words come to stand upright.
    """
    found = None
    for frame in frames(path):
        if found is None or (frame.spot and spot.startswith(frame.spot)):
            found = frame.image
    if found is not None:
        yield _shown(found, turns % 4)


def _shown(image: Image.Image, turns: int) -> Shown:
    width_px, height_px = image.size
    page = image.copy()  # without `info`, from which an encoder takes EXIF, ICC profiles and comments
    page.info = {}
    page.thumbnail((_SIDE_PX, _SIDE_PX))
    if turns:
        page = page.transpose(_TURNS[turns - 1])
    written = BytesIO()
    page.save(written, "JPEG", quality=_QUALITY)
    return Shown(jpeg=written.getvalue(), width_px=width_px, height_px=height_px)
