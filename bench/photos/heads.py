"""Red-head pages in the layouts of GB/T 9704-2012 and before, with invented units and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from bench.photos.ink import BLACK, Ink, Random, Sheet, prose, red, unit

_LEFT, _RIGHT, _WIDE = 28.0, 184.0, 156.0


@dataclass(frozen=True)
class Head:
    """Where the red head ends, and what the page is drawn in."""

    sheet: Sheet
    ink: Ink
    y: float


def _paper(random: Random) -> Sheet:
    shade = int(random.integers(232, 256))
    return Sheet.of(
        (210, 297), (shade, shade - int(random.integers(0, 6)), shade - int(random.integers(0, 16)))
    )


def _corner(sheet: Sheet, random: Random) -> None:
    """Copy number, mark, urgency: all, some or none; the old formats have the mark at the right."""
    rows = [f"{random.integers(1, 999999):06d}", f"机密★{random.integers(1, 20)}年", "特急"]
    keep = int(random.integers(0, 4))
    for row, words in enumerate(rows[:keep]):
        sheet.text((_LEFT, 37 + 8.5 * row), words, ("heavy", 5.6, BLACK))
    if not keep and random.random() < 0.3:
        sheet.text((_RIGHT, 37), "秘　密", ("heavy", 5.6, BLACK), "ra")


def _title(sheet: Sheet, random: Random, words: str, y: float) -> tuple[Ink, float]:
    ink, height = red(random), random.uniform(13, 24)
    wide = min(_WIDE, len(words) * height * random.uniform(0.75, 1.15)) / 2
    name = str(random.choice(["bold", "song", "heavy", "ming"]))
    sheet.stretched((105 - wide, y, 105 + wide, y + height), words, (name, ink))
    return ink, y + height


def _number(random: Random) -> str:
    return f"云{random.choice(list('环政水应办委'))}{random.choice(['发', '办', '函', '密发'])}〔20{random.integers(10, 39)}〕{random.integers(1, 99)}号"


def common(random: Random) -> Head:
    """XX文件, number, red line; party bodies before 2012 have a star in the line."""
    sheet = _paper(random)
    _corner(sheet, random)
    ink, y = _title(sheet, random, unit(random) + "文件", random.uniform(58, 88))
    y += random.uniform(9, 17)
    if random.random() < 0.25:  # a document to a higher body: number at the left, signer at the right
        sheet.text((_LEFT + 5, y), _number(random), ("song", 5.4, BLACK))
        sheet.text((_RIGHT - 5, y), "签发人：王明远", ("kai", 5.4, BLACK), "ra")
    else:
        sheet.text((105, y), _number(random), ("song", 5.4, BLACK), "ma")
    y += 9.5
    sheet.rule((_LEFT, _RIGHT, y), random.uniform(0.5, 1.3), ink)
    if random.random() < 0.3:
        sheet.box((99, y - 1, 111, y + 2), sheet.image.getpixel((2, 2)))  # type: ignore[arg-type]
        sheet.star((105, y + 0.5), 7, ink)
    return Head(sheet, ink, y)


def joint(random: Random) -> Head:
    """Two or three bodies under one another, 文件 at the right of them."""
    sheet, ink, y = _paper(random), red(random), random.uniform(50, 70)
    _corner(sheet, random)
    for _ in range(int(random.integers(2, 4))):
        sheet.stretched((38, y, 142, y + 11), unit(random), ("bold", ink))
        y += 16
    sheet.stretched((148, y - 30, 176, y - 17), "文件", ("bold", ink))
    sheet.text((105, y + 8), _number(random), ("song", 5.4, BLACK), "ma")
    sheet.rule((_LEFT, _RIGHT, y + 18), random.uniform(0.6, 1.2), ink)
    return Head(sheet, ink, y + 18)


def letter(random: Random) -> Head:
    """Title, a thick and a thin red line under it, the same at the foot, number at the right."""
    sheet = _paper(random)
    ink, y = _title(sheet, random, unit(random), random.uniform(28, 36))
    y += random.uniform(3, 6)
    for place, thick in ((y, 1.1), (y + 2, 0.4), (275.0, 0.4), (276.5, 1.1)):
        sheet.rule((20, 190, place), thick, ink)
    sheet.text((_LEFT, y + 6), "机密★5年" if random.random() < 0.4 else "", ("heavy", 5.6, BLACK))
    sheet.text((_RIGHT, y + 6), _number(random), ("song", 5.4, BLACK), "ra")
    return Head(sheet, ink, y + 12)


def minutes(random: Random) -> Head:
    """XX会议纪要, issue in brackets, body at the left and date at the right, red line."""
    sheet = _paper(random)
    words = str(random.choice(["常务会议纪要", "专题会议纪要", "工作简报", "信息专报", "党组会议纪要"]))
    ink, y = _title(sheet, random, words, random.uniform(40, 70))
    sheet.text((105, y + 8), f"（{random.integers(1, 40)}）", ("song", 5.4, BLACK), "ma")
    sheet.text((_LEFT, y + 18), unit(random), ("song", 5.0, BLACK))
    sheet.text((_RIGHT, y + 18), "2031年5月6日", ("song", 5.0, BLACK), "ra")
    sheet.rule((_LEFT, _RIGHT, y + 27), random.uniform(0.5, 1.2), ink)
    return Head(sheet, ink, y + 27)


HEADS: dict[str, Callable[[Random], Head]] = {
    "common": common,
    "common2": common,
    "joint": joint,
    "letter": letter,
    "minutes": minutes,
}


def red_head(random: Random, kind: str) -> tuple[Image.Image, bool]:
    """A first page, and whether a seal stands on it."""
    head = HEADS[kind](random)
    sheet, y = head.sheet, head.y + random.uniform(9, 16)
    for _ in range(int(random.integers(1, 3))):
        sheet.text((105, y), "关于" + prose(random, int(random.integers(8, 15))), ("bold", 7.6, BLACK), "ma")
        y += 12
    has_seal = bool(random.random() < 0.35)
    foot = random.uniform(150, 200) if has_seal else 262.0
    sheet.text((_LEFT, y + 6), "各镇人民政府，区直各单位：", ("song", 5.4, BLACK))
    y = sheet.lines((_LEFT, y + 15, _RIGHT, foot), random)
    if has_seal:
        _signed(sheet, random, y + 8)
    return sheet.image, has_seal


def _signed(sheet: Sheet, random: Random, y: float) -> None:
    sheet.text((_RIGHT - 12, y), unit(random), ("song", 5.4, BLACK), "ra")
    sheet.text((_RIGHT - 16, y + 10), "2031年5月6日", ("song", 5.4, BLACK), "ra")
    sheet.seal((_RIGHT - 34, y + 6), random)


def last_page(random: Random) -> Image.Image:
    """The end of a document: text, signature and seal, no head."""
    sheet = _paper(random)
    y = sheet.lines((_LEFT, 37, _RIGHT, random.uniform(90, 190)), random)
    _signed(sheet, random, y + 10)
    return sheet.image
