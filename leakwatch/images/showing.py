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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page of a picture for eyes."""

    jpeg: bytes
    width_px: int
    height_px: int
    """Of the upright picture, before it was scaled down: what boxes are measured in."""


def shown(path: Path, spot: str) -> Iterator[Shown]:
    """The page of that spot (第2页, 第2页二维码), or the first; Unreadable if the picture cannot be opened."""
    found = None
    for frame in frames(path):
        if found is None or (frame.spot and spot.startswith(frame.spot)):
            found = frame.image
    if found is not None:
        yield _shown(found)


def _shown(image: Image.Image) -> Shown:
    width_px, height_px = image.size
    page = image.copy()  # without `info`, from which an encoder takes EXIF, ICC profiles and comments
    page.info = {}
    page.thumbnail((_SIDE_PX, _SIDE_PX))
    written = BytesIO()
    page.save(written, "JPEG", quality=_QUALITY)
    return Shown(jpeg=written.getvalue(), width_px=width_px, height_px=height_px)
