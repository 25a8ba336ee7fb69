"""Ten ways in which a page comes as a picture, and an eleventh from far away; tuning and final differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from bench.photos.camera import Range, compressed, perspective
from bench.photos.documents import Document
from bench.photos.ink import Ink, Random, Sheet

_DRAWN = 4
"""How much larger than the picture a sheet may be before it is shrunk first, to spare the grid of the resampling."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One picture's conditions."""

    width_px: int = 1080
    fill: float = 0.93
    """Share of the picture's width that the sheet takes."""
    tilt: float = 0.01
    turn: float = 0.0
    """Degrees."""
    shadow: float = 0.1
    blur_px: float = 0.6
    noise: float = 2.5
    moire: float = 0.0
    quality: int = 72
    quarters: int = 0
    shown: float = 1.0
    """Upper share of the picture that is kept."""
    desk: Ink = (122, 92, 64)
    cast: tuple[float, float, float] = (1.0, 0.96, 0.88)


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """What the looks of one half are drawn from."""

    name: str
    widths_px: tuple[int, ...]
    tilt: Range
    turn: float
    shadow: Range
    blur_px: Range
    moire_px: Range
    quality: tuple[int, int]
    desks: tuple[Ink, ...]
    casts: tuple[tuple[float, float, float], ...]


TUNING_RANGES = Ranges(
    name="tuning",
    widths_px=(1080, 1242),
    tilt=(0.03, 0.06),
    turn=6,
    shadow=(0.3, 0.5),
    blur_px=(1.0, 1.7),
    moire_px=(3, 6),
    quality=(55, 85),
    desks=((122, 92, 64), (60, 58, 60), (205, 200, 192)),
    casts=((1, 1, 1), (1.0, 0.95, 0.84)),
)
FINAL_RANGES = Ranges(
    name="final",
    widths_px=(1080, 1170, 1440),
    tilt=(0.03, 0.07),
    turn=8,
    shadow=(0.3, 0.55),
    blur_px=(1.0, 1.8),
    moire_px=(2.4, 7),
    quality=(48, 82),
    desks=((150, 112, 70), (35, 40, 52), (228, 226, 222), (142, 48, 36)),
    casts=((1, 1, 1), (1.0, 0.92, 0.76), (0.9, 0.97, 1.0)),
)
_Bend = Callable[[Look, Random, Ranges], Look]


def _slanted(look: Look, random: Random, ranges: Ranges) -> Look:
    turn = float(random.uniform(-1, 1)) * ranges.turn
    return replace(look, tilt=float(random.uniform(*ranges.tilt)), turn=turn, fill=0.88)


def _far(look: Look, random: Random, ranges: Ranges) -> Look:
    """Marks 10 to 12 px high: their glyphs are 5 mm."""
    width_px = 210 / 5 * random.uniform(10, 12)
    return replace(_slanted(look, random, ranges), fill=float(width_px / look.width_px))


LOOKS: Mapping[str, _Bend] = {
    "干净": lambda look, *_: replace(look, fill=1.0, tilt=0.0, noise=1.0, quality=85, shadow=0.0),
    "倾斜": _slanted,
    "阴影": lambda look, random, ranges: replace(look, shadow=float(random.uniform(*ranges.shadow)), noise=4.0),
    "模糊": lambda look, random, ranges: replace(look, blur_px=float(random.uniform(*ranges.blur_px))),
    "横倒": lambda look, random, _: replace(look, quarters=int(random.integers(1, 4)), turn=float(random.uniform(-3, 3))),
    "缩略图": lambda look, *_: replace(look, width_px=540, blur_px=0.4, quality=60, noise=1.5),
    "只有上三分之一": lambda look, random, _: replace(look, shown=float(random.uniform(0.33, 0.42)), width_px=720),
    "摩尔纹": lambda look, random, ranges: replace(look, moire=float(random.uniform(*ranges.moire_px)), blur_px=0.8),
    "盖章": lambda look, *_: replace(look, noise=3.0),
    "远拍": _far,
}  # fmt: skip
STAMPED = "盖章"


def a_look(name: str, random: Random, ranges: Ranges) -> Look:
    """One picture's look under that condition."""
    plain = Look(
        width_px=int(random.choice(ranges.widths_px)),
        fill=float(random.uniform(0.86, 0.97)),
        tilt=float(random.uniform(0, 0.015)),
        turn=float(random.uniform(-2, 2)),
        quality=int(random.integers(*ranges.quality)),
        desk=ranges.desks[random.integers(len(ranges.desks))],
        cast=ranges.casts[random.integers(len(ranges.casts))],
    )
    return LOOKS[name](plain, random, ranges)


def stamped(document: Document, random: Random) -> None:
    """Stamps over the mark and over the title: the registry's and the archive's."""
    x, y = document.mark_mm
    document.sheet.seal((x + random.uniform(-8, 8), y + random.uniform(-5, 5)), random, 38)
    number_y = next((line.y for line in document.lines if line.text == document.number), 120.0)
    document.sheet.seal((105 + random.uniform(-30, 30), number_y), random, 40, bool(random.random() < 0.5))


def taken(sheet: Sheet, look: Look, random: Random) -> Image.Image:
    """The sheet as a picture."""
    picture = _lit(_laid(sheet.image, look, random), look, random)
    if look.shown < 1:
        picture = picture.crop((0, 0, picture.width, round(picture.height * look.shown)))
    if look.quarters:
        picture = picture.transpose(Image.Transpose(Image.Transpose.ROTATE_90 + look.quarters - 1))
    return compressed(compressed(picture, 88), look.quality)


def _laid(sheet: Image.Image, look: Look, random: Random) -> Image.Image:
    """On a desk, seen at an angle."""
    width, height = (
        look.width_px,
        round(look.width_px * 4 / 3) if look.fill < 1 else round(look.width_px * 1.414),
    )
    scale = look.fill * width / sheet.width
    small = sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.LANCZOS)
    grain = random.normal(0, 6, (height // 4 + 1, width // 4 + 1)).repeat(4, 0).repeat(4, 1)[:height, :width]
    desk = Image.fromarray(np.uint8(np.clip(np.array(look.desk) + grain[..., None], 0, 255)))
    half = np.array(small.size) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    angle = np.radians(look.turn)
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = corners * (1 + random.uniform(-1, 1, (4, 2)) * look.tilt)
    corners = corners + np.array([width, max(height, small.height * 0.98)]) / 2
    source = np.array([[0, 0], [small.width, 0], small.size, [0, small.height]])
    laid = small.convert("RGBA").transform(
        desk.size, Image.Transform.PERSPECTIVE, perspective(corners, source), Image.Resampling.BICUBIC
    )
    desk.paste(laid, mask=laid.getchannel("A"))
    return desk


def _lit(picture: Image.Image, look: Look, random: Random) -> Image.Image:
    """Under a lamp, in the shadow of a hand, on a screen's grid, out of focus."""
    pixels = np.asarray(picture, np.float32)
    y, x = np.mgrid[0 : picture.height, 0 : picture.width].astype(np.float32) / max(picture.size)
    a, b, c = random.uniform(-1, 1, 3)
    light = random.uniform(0.8, 1.0) * (1 - 0.15 * np.abs(a * x + b * y))
    light = light * (
        1 - look.shadow / (1 + np.exp(np.clip((a * (x - 0.5) + b * (y - 0.5) + 0.2 * c) * 40, -40, 40)))
    )
    if look.moire:
        period = look.moire / max(picture.size)
        for channel, slope in enumerate(random.uniform(-0.5, 0.5, 3)):
            pixels[..., channel] *= 1 + 0.1 * np.sin(
                2 * np.pi * (x + slope * y) / (period * (1 + 0.02 * channel))
            )
    pixels = pixels * light[..., None] * np.array(look.cast, np.float32)
    blurred = Image.fromarray(np.uint8(np.clip(pixels, 0, 255))).filter(
        ImageFilter.GaussianBlur(look.blur_px)
    )
    noisy = np.asarray(blurred, np.float32) + random.normal(0, look.noise, pixels.shape)
    return Image.fromarray(np.uint8(np.clip(noisy, 0, 255)))


def seen_mm(look: Look) -> float:
    """How far down, from the top of the sheet, the picture shows whole lines."""
    height = look.width_px * 4 / 3
    top = max(0.0, (height - 297 / 210 * look.fill * look.width_px) / 2)
    return float((look.shown * height - top) * 210 / (look.fill * look.width_px)) if look.shown < 1 else 300.0
