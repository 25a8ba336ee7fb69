"""Snapshots and screens with much red in them: no paper with a head."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.photos.ink import BLACK, GREY, SCALE, WHITE, YELLOW, Random, Sheet, prose, red, unit


def scene(random: Random, size: tuple[int, int] = (1000, 750)) -> Image.Image:
    """Blots of colour as in a snapshot."""
    spots = Image.fromarray(np.uint8(random.uniform(30, 220, (9, 12, 3))))
    return spots.resize(size, Image.Resampling.BICUBIC)


def banner(random: Random) -> Image.Image:
    """White or yellow words on red cloth before a building."""
    picture, ink = scene(random, (1000, 700)), red(random)
    sheet = Sheet(picture)
    y = random.uniform(20, 80)
    sheet.box((6, y, 216, y + 22), ink)
    sheet.stretched(
        (16, y + 4, 206, y + 18),
        "热烈庆祝" + unit(random) + "成立",
        ("heavy", YELLOW if random.random() < 0.5 else WHITE),
    )
    return picture


def packet(random: Random) -> Image.Image:
    """A chat with red packets."""
    sheet = Sheet.of((200, 400), (237, 237, 237))
    sheet.text((100, 18), "快乐一家人(23)", ("hei", 9, BLACK), "mm")
    for row in range(int(random.integers(2, 5))):
        y = 40 + 80 * row
        sheet.box((30, y, 140, y + 38), (250, 157, 59) if random.random() < 0.4 else (224, 62, 50))
        sheet.text((50, y + 8), "恭喜发财，大吉大利", ("hei", 8, WHITE))
        sheet.text((30, y + 48), prose(random, 12), ("hei", 8, BLACK))
    return sheet.image


def desk(random: Random) -> Image.Image:
    """A plain page on a red lacquered desk."""
    sheet = Sheet.of(
        (300, 380),
        (int(random.integers(110, 175)), int(random.integers(18, 45)), int(random.integers(14, 40))),
    )
    sheet.box((45, 40, 255, 337), WHITE)
    sheet.text((150, 70), "关于" + prose(random, 10), ("bold", 7.6, BLACK), "ma")
    sheet.lines((70, 95, 230, 310), random)
    return sheet.image


def crowd(random: Random) -> Image.Image:
    """People in red, red flags."""
    picture = scene(random)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(2, 9))):
        x, y = (int(v) for v in random.uniform((0, 300), (900, 700)))
        draw.ellipse((x + 20, y - 90, x + 90, y - 10), (214, 168, 140))
        draw.rounded_rectangle((x, y, x + 110, y + 300), 30, red(random))
        draw.polygon([(x, 60), (x + 150, 80), (x + 140, 160), (x, 150)], red(random))
    return picture.filter(ImageFilter.GaussianBlur(2))


def app(random: Random) -> Image.Image:
    """A news app: red bar or red name on white, headlines and small pictures."""
    sheet, ink = Sheet.of((200, 400), (255, 255, 255)), red(random)
    if random.random() < 0.5:
        sheet.box((0, 0, 200, 42), ink)
        sheet.text((100, 28), "云岭学习", ("heavy", 12, WHITE), "mm")
    else:
        sheet.text((100, 28), "青石日报客户端", ("heavy", 14, ink), "mm")
        sheet.rule((0, 200, 44), 0.6, ink if random.random() < 0.6 else GREY)
    for row in range(5):
        y = 58 + 66 * row
        sheet.text((8, y), prose(random, 12), ("hei", 9, BLACK))
        sheet.text((8, y + 13), prose(random, 9), ("hei", 9, BLACK))
        sheet.text((8, y + 42), "置顶　云岭融媒", ("hei", 6, ink))
        if random.random() < 0.7:
            sheet.image.paste(scene(random, (250, 190)), (int(138 * SCALE), int(y * SCALE)))
    return sheet.image


def couplets(random: Random) -> Image.Image:
    """Red strips with black or gold words beside a door."""
    sheet = Sheet(scene(random, (900, 1200)))
    ink = YELLOW if random.random() < 0.5 else BLACK
    for x in (20, 155):
        sheet.box((x, 50, x + 26, 240), red(random))
        for row, character in enumerate(prose(random, 7)):
            sheet.text((x + 3, 58 + 25 * row), character, ("kai", 20, ink))
    sheet.box((55, 15, 147, 38), red(random))
    return sheet.image


SCENES: dict[str, Callable[[Random], Image.Image]] = {
    "banner": banner,
    "packet": packet,
    "desk": desk,
    "crowd": crowd,
    "app": app,
    "couplets": couplets,
}
"""Pictures as they are."""
