"""A picture → what of a red-head document is seen on it, without reading a word.

Measured on drawn pages and look-alikes (bench/photos/red.py); anything seen is for a person to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from leakwatch.redhead.heads import Head, heads_of
from leakwatch.redhead.inks import Inks, inks_of
from leakwatch.redhead.judging import is_red_head
from leakwatch.redhead.seals import Seal, seals_of

_INKED = 0.08
_LEAST_POINTS = 60
_MOST_RED = 0.12
"""Share of the paper: a title and a seal take 0.08 at most; posters take more."""
_TINGE = 0.3
"""Of a screen's white up to 0.2 is seen; red print on it has 0.5."""
_MOST_COLOURED = 0.03
_PRINT_IN_CORNER = 1.5
_SEAL_ALONE = 0.35
"""Share of the red that stands beside the seal: certificates and forms have red heads and rules."""
_RED_BELOW, _ROWS_BELOW = 0.2, 3
_WIDE = 0.085
"""Of the paper: a seal takes 0.2 of A4, and half of that of two pages; a character of a telegram 0.07."""
_WIDEST = 0.32
_PRINT = 0.2
_PRINT_PX = 4
"""Black points that a column of print has at least."""
_PRINT_WIDTH = 2.2
"""Of the seal's: on A4 it is 3.7."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is seen on a page."""

    spot: str
    """第2页; empty for the first page."""
    has_head: bool
    """A red title in the middle and a red line below it."""
    has_star: bool
    has_corner: bool
    """Print where copy number, mark and urgency stand: to the upper left of the title."""
    has_seal: bool
    has_red: bool = False
    """Some red ink: where no head is seen, one may stand on a sheet that is too small in the picture."""

    @property
    def words(self) -> str:
        """What is seen in the words that the rules for pictures look for; empty for nothing."""
        line = "红色分隔线（带星）" if self.has_star else "红色分隔线"
        seen = (
            *(("红色标题", line) if self.has_head else ()),
            *(("圆形印章",) if self.has_seal else ()),
            *(("左上角有字",) if self.has_corner else ()),
        )
        return f"图片版式：{'、'.join(seen)}" if seen else ""


def layout_of(image: Image.Image, spot: str = "") -> Layout:
    """What is seen on one page.

    A page that lies on its side or stands on its head is seen as well.
    """
    inks = inks_of(image)
    if inks is None:
        return Layout(spot, False, False, False, False)
    if _is_red_all_over(inks):
        inks = _without_tinge(inks)
    inked = inks.red[inks.red > _INKED]
    has_red = len(inked) >= _LEAST_POINTS
    if not has_red or inks.coloured > _MOST_COLOURED or _is_red_all_over(inks):
        return Layout(spot, False, False, False, False, has_red)
    full = float(np.clip(np.percentile(inked, 90), 0.15, 0.6))
    seals = [seal for seal in seals_of(inks.red, 0.28 * full) if _is_as_wide_as_a_seal(seal, inks)]
    rest = _without(inks, seals)
    head = _head(rest, full)
    alone = float((rest.red > full / 2).sum()) <= _SEAL_ALONE * float((inks.red > full / 2).sum())
    return Layout(
        spot=spot,
        has_head=head is not None,
        has_star=head is not None and head.has_star,
        has_corner=head is not None and head.corner > _PRINT_IN_CORNER,
        has_seal=bool(seals) and (head is not None or (alone and _bears_seal(inks, seals))),
        has_red=has_red,
    )


def _is_as_wide_as_a_seal(seal: Seal, inks: Inks) -> bool:
    """Wider than a character of the title: those of a telegram are set apart, and some look like a ring."""
    row = inks.paper[min(int(seal.y), inks.paper.shape[0] - 1)]
    return _WIDE < seal.width / max(1.0, float(row.sum())) < _WIDEST


def _is_red_all_over(inks: Inks) -> bool:
    return bool((inks.red > _INKED).sum() > _MOST_RED * inks.paper.sum())


def _without_tinge(inks: Inks) -> Inks:
    """The inks but for faint red: the points of a screen in a photo make bands of colour on white."""
    return replace(inks, red=np.where(inks.red > _TINGE, inks.red, 0))


def _head(inks: Inks, full: float) -> Head | None:
    for quarters in range(4):
        for head in heads_of(inks.turned(quarters), full):
            if is_red_head(head) and (quarters != 2 or _stands_on_its_head(head)):
                return head
    return None


def _stands_on_its_head(head: Head) -> bool:
    """Upside down, the foot of a form looks like a title and a line; but forms have red all over, and no text."""
    return head.red_below < _RED_BELOW and head.rows_below >= _ROWS_BELOW


def _without(inks: Inks, seals: list[Seal]) -> Inks:
    """The inks but for the seals, which would pass for red words."""
    red = inks.red.copy()
    y, x = np.ogrid[: red.shape[0], : red.shape[1]]
    for seal in seals:
        red[(y - seal.y) ** 2 + (x - seal.x) ** 2 < (0.56 * seal.width) ** 2] = 0
    return replace(inks, red=red)


def _bears_seal(inks: Inks, seals: list[Seal]) -> bool:
    """Below print more than twice as wide: a receipt is hardly wider."""
    for seal in seals:
        above = inks.dark[: int(max(0, seal.y - seal.width / 2))] > _PRINT
        columns = int((above.sum(axis=0) >= _PRINT_PX).sum())
        if columns > _PRINT_WIDTH * seal.width:
            return True
    return False
