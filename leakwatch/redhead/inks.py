"""A picture → how red and how black each point is against the paper around it.

Each channel is divided by the paper's own brightness nearby, so that shadows and coloured lamps fall out, and
with them all that is red throughout: cloth, posters, desks. What is left is ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIDE_PX = 800
"""Long side that is looked at."""
_PREVIEW_PX = 400
_ENLARGED = 2.0
"""On a preview a line lies too close to the title to be told from it."""
_BLOCKS = 36
"""Of the long side: wider than a stroke of the title, narrower than the margin of a page."""
_LEAST_BLOCK_PX = 10
_PAPER_PERCENTILE = 85
_BRIGHT = 0.8
_LIT = 0.42
"""Share of the brightest block that paper in the shadow of a hand still has."""
_GREY = 0.52
"""Least to most bright channel of white paper under a lamp; red cloth has 0.2."""
_TINTED = 0.24
"""A block that is further from the lamp's colour is no paper."""
_COLOURED = 0.25
"""How much more of another colour than of red a point of a photo has."""


@dataclass(frozen=True, slots=True)
class Inks:
    """Planes of one size."""

    red: Plane
    """0-1: none to printer's red."""
    dark: Plane
    """0-1: none to black; red ink counts little."""
    paper: Mask
    """Where the ground is bright and white."""
    coloured: float
    """Share of the paper that bears other colours: photos, posters."""
    is_enlarged: bool
    """A preview, its edges blurred."""
    is_small: bool
    """No larger than it is looked at: JPEG may have taken the colour of thin lines."""

    def turned(self, quarters: int) -> Inks:
        """Turned counter-clockwise."""
        return Inks(
            np.rot90(self.red, quarters),
            np.rot90(self.dark, quarters),
            np.rot90(self.paper, quarters),
            self.coloured,
            self.is_enlarged,
            self.is_small,
        )


def inks_of(image: Image.Image) -> Inks | None:
    """None where no white ground is seen."""
    is_enlarged, is_small = max(image.size) < _PREVIEW_PX, max(image.size) <= SIDE_PX
    image = _scaled(image)
    pixels = np.asarray(image, np.float32) + 1
    block = max(_LEAST_BLOCK_PX, max(image.size) // _BLOCKS)
    ground = _ground(pixels, block)
    paper = _closed(_paper(ground))
    if not paper.any():
        return None
    # A heavy title fills blocks wholly: their paper is that of the brightest block beside them.
    sheet = paper[..., None] > 0
    ground = np.where(sheet, _widest(np.where(sheet, ground, 0)), ground)
    share = np.clip(pixels / _spread(ground, block, pixels.shape), 0, 1)
    is_paper = _spread(_narrowed(paper)[..., None], block, pixels.shape)[..., 0] > 0.5
    r, g, b = np.moveaxis(share, -1, 0)
    cool = np.maximum(g, b)
    other = np.maximum(cool - r, np.minimum(r, g) - b) > _COLOURED
    return Inks(
        np.where(is_paper, np.clip(r - cool, 0, 1), 0),
        np.where(is_paper, 1 - np.maximum(r, cool), 0),
        is_paper,
        float((other & is_paper).sum() / max(1, is_paper.sum())),
        is_enlarged,
        is_small,
    )


def _scaled(image: Image.Image) -> Image.Image:
    side = max(image.size)
    scale = _ENLARGED if side < _PREVIEW_PX else min(1.0, SIDE_PX / side)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)


def _ground(pixels: Plane, block: int) -> Plane:
    """Of each block the brightness of its paper by channel; blocks at the edges are filled up."""
    height, width = pixels.shape[:2]
    filled = np.pad(pixels, ((0, -height % block), (0, -width % block), (0, 0)), mode="edge")
    rows, columns = filled.shape[0] // block, filled.shape[1] // block
    parts = filled.reshape(rows, block, columns, block, 3)[:, ::2, :, ::2].transpose(0, 2, 4, 1, 3)
    parts = parts.reshape(rows, columns, 3, -1)
    rank = parts.shape[-1] * _PAPER_PERCENTILE // 100
    return np.asarray(np.partition(parts, rank, axis=-1)[..., rank], np.float32)


def _paper(ground: Plane) -> Plane:
    """1 for blocks as bright and of the colour of the brightest, else 0; all 0 if that is no grey."""
    light = ground.max(axis=-1)
    bright = light >= _BRIGHT * np.percentile(light, 97)
    lamp = np.median(ground[bright], axis=0)
    if lamp.min() < _GREY * lamp.max():
        return np.zeros_like(light)
    plain = ground / lamp
    tint = 1 - plain.min(axis=-1) / plain.max(axis=-1)
    return np.asarray((light >= _LIT * light.max()) & (tint < _TINTED), np.float32)


def _widest(blocks: Plane) -> Plane:
    """Of each block the greatest value in its neighbourhood."""
    edged = np.pad(blocks, ((1, 1), (1, 1), *((0, 0),) * (blocks.ndim - 2)), mode="edge")
    rows, columns = blocks.shape[:2]
    widest = blocks
    for y in range(3):
        for x in range(3):
            widest = np.maximum(widest, edged[y : y + rows, x : x + columns])
    return widest


def _narrowed(paper: Plane) -> Plane:
    """Without the blocks at the edge of the sheet, which show some of the desk; the picture's edge is none."""
    return -_widest(-paper)


def _closed(paper: Plane) -> Plane:
    """Without the holes that heavy print leaves."""
    wide = _widest(_widest(np.pad(paper, 2)))
    return _narrowed(_narrowed(wide))[2:-2, 2:-2]


def _spread(blocks: Plane, block: int, shape: tuple[int, ...]) -> Plane:
    """The blocks as a picture of that shape, blended."""
    rows, columns = blocks.shape[:2]
    size = (columns * block, rows * block)
    planes = [
        np.asarray(Image.fromarray(blocks[..., channel]).resize(size, Image.Resampling.BILINEAR))
        for channel in range(blocks.shape[-1])
    ]
    return np.stack(planes, axis=-1)[: shape[0], : shape[1]]
