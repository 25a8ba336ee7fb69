"""Paper with much red on it, or a seal, that is no red-head page: what a detector takes for one."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from bench.photos.ink import BLACK, GREY, SCALE, WHITE, YELLOW, Random, Sheet, prose, red, unit
from bench.photos.scenes import scene


def poster(random: Random) -> Image.Image:
    """Red all over, light words; half of them white with a red title and pictures."""
    ink = red(random)
    if random.random() < 0.5:
        sheet = Sheet.of((210, 297), ink)
        sheet.stretched((30, 30, 180, 60), "学习宣传贯彻", ("heavy", YELLOW))
        sheet.lines((30, 90, 180, 240), random, 9, YELLOW)
    else:
        sheet = Sheet.of((210, 297), (252, 246, 232))
        sheet.stretched((25, 25, 185, 60), "全民国家安全教育", ("heavy", ink))
        sheet.image.paste(scene(random, (680, 420)), (130, 330))
        sheet.lines((30, 180, 180, 260), random, 9, ink)
    return sheet.image


def receipt(random: Random) -> Image.Image:
    """A till slip or a hand-written receipt with a round stamp."""
    sheet = Sheet.of((80, random.uniform(120, 200)), WHITE)
    sheet.text((40, 10), "收　款　收　据", ("bold", 6, BLACK), "ma")
    for row in range(int(random.integers(6, 12))):
        sheet.text((6, 26 + 7 * row), prose(random, 6), ("song", 4, BLACK))
        sheet.text((74, 26 + 7 * row), f"{random.integers(1, 900)}.00", ("song", 4, BLACK), "ra")
    sheet.seal((random.uniform(30, 55), sheet.height - 28), random, 38, is_oval=bool(random.random() < 0.4))
    return sheet.image


def invoice(random: Random) -> Image.Image:
    """Brown-red rules and title, oval stamp."""
    sheet, ink = Sheet.of((210, 140), WHITE), (168, 60, 50)
    sheet.stretched((65, 10, 145, 19), "云岭增值税普通发票", ("song", ink))
    sheet.rule((65, 145, 22), 0.4, ink)
    sheet.rule((65, 145, 23.5), 0.4, ink)
    for y in (34, 56, 64, 96, 104, 126):
        sheet.rule((10, 200, y), 0.4, ink)
    for x in (10, 60, 90, 120, 150, 199.5):
        sheet.box((x, 34, x + 0.4, 126), ink)
    for row in range(4):
        sheet.text((14, 67 + 7 * row), prose(random, 8), ("song", 4.2, BLACK))
        sheet.text((198, 67 + 7 * row), f"{random.integers(9, 9000)}.00", ("song", 4.2, BLACK), "ra")
    sheet.seal((random.uniform(150, 180), 118), random, 36, is_oval=True)
    return sheet.image


def letter_paper(random: Random) -> Image.Image:
    """A bureau's red head over many red rules, blank or written on."""
    sheet, ink = Sheet.of((185, 260), WHITE), red(random)
    sheet.stretched((45, 18, 140, 28), unit(random), ("bold", ink))
    pitch = random.uniform(8, 11)
    is_written = random.random() < 0.7
    for row in range(int(210 / pitch)):
        y = 36 + pitch * row
        sheet.rule((20, 165, y), 0.35, ink)
        if is_written and row:
            sheet.text(
                (22, y - pitch + 2), prose(random, int(random.integers(8, 22))), ("kai", 6, (30, 30, 90))
            )
    return sheet.image


def certificate(random: Random) -> Image.Image:
    """荣誉证书: gold or red frame, red title, seal."""
    ink, size = red(random), (297, 210) if random.random() < 0.6 else (210, 297)
    sheet = Sheet.of(size, (253, 248, 232))
    frame = (205, 160, 70) if random.random() < 0.5 else ink
    sheet.box((8, 8, size[0] - 8, size[1] - 8), frame, 3)
    middle = size[0] / 2
    sheet.stretched(
        (middle - 55, 30, middle + 55, 52),
        str(random.choice(["荣誉证书", "聘　书", "奖　状"])),
        ("bold", ink),
    )
    if random.random() < 0.4:
        sheet.rule((middle - 60, middle + 60, 58), 0.7, ink)
    sheet.lines((45, 78, size[0] - 45, 125), random, 8)
    sheet.text((size[0] - 45, 150), unit(random), ("song", 7, BLACK), "ra")
    sheet.seal((size[0] - 75, 155), random, 42)
    return sheet.image


def prices(random: Random) -> Image.Image:
    """A menu or price list: red title, red prices."""
    sheet, ink = Sheet.of((210, 297), (255, 250, 238)), red(random)
    sheet.stretched(
        (50, 16, 160, 38), str(random.choice(["今日特价菜单", "农家小院", "理发价目表"])), ("heavy", ink)
    )
    if random.random() < 0.6:
        sheet.rule((25, 185, 44), 0.8, ink)
    for row in range(int(random.integers(9, 15))):
        y = 56 + 16 * row
        sheet.text((25, y), prose(random, int(random.integers(4, 8))), ("hei", 8, BLACK))
        sheet.text((185, y), f"{random.integers(3, 99)}元", ("heavy", 8, ink), "ra")
    return sheet.image


def newspaper(random: Random) -> Image.Image:
    """Red head, small print in columns, a picture; some with a red rule under the head."""
    sheet, ink = Sheet.of((270, 390), (240, 238, 228)), red(random)
    sheet.stretched(
        (20, 15, 120, 45), str(random.choice(["青石日报", "云岭晚报", "青石新闻"])), ("bold", ink)
    )
    sheet.text((125, 20), "2031年5月6日　星期二　第8321期", ("song", 4, BLACK))
    sheet.rule((12, 258, 52), 0.8, ink if random.random() < 0.5 else BLACK)
    sheet.stretched((30, 60, 240, 76), prose(random, 11), ("heavy", BLACK))
    for column in range(4):
        left = 14 + 62 * column
        sheet.lines((left, 90, left + 56, 375), random, 3.6)
    sheet.image.paste(scene(random, (480, 380)), (round(78 * SCALE), round(130 * SCALE)))
    return sheet.image


def marriage(random: Random) -> Image.Image:
    """The red cover, or the pink inside with a photo and a stamp."""
    if random.random() < 0.5:
        sheet = Sheet.of((130, 180), (150, 22, 30))
        sheet.stretched((35, 90, 95, 108), "结婚证", ("bold", (214, 178, 90)))
        return sheet.image
    sheet = Sheet.of((260, 180), (246, 214, 212))
    for row in range(5):
        sheet.text((14, 30 + 22 * row), prose(random, 8), ("song", 6, BLACK))
    sheet.image.paste(Image.new("RGB", (260, 180), (200, 30, 40)), (700, 140))
    sheet.seal((200, 115), random, 40)
    return sheet.image


def slide(random: Random) -> Image.Image:
    """A slide of a party class: red bar, or red title with a red rule under it."""
    sheet, ink = Sheet.of((254, 143 if random.random() < 0.6 else 190), WHITE), red(random)
    title = prose(random, int(random.integers(5, 10)))
    if random.random() < 0.4:
        sheet.box((0, 0, 254, 26), ink)
        sheet.text((14, 13), title, ("heavy", 13, YELLOW), "lm")
    elif random.random() < 0.5:
        sheet.text((127, 16), title, ("heavy", 14, ink), "mm")
        sheet.rule((14, 240, 28), 0.9, ink)
    else:
        sheet.text((14, 16), title, ("heavy", 13, ink), "lm")
        sheet.rule((14, 240, 28), 0.9, ink)
    sheet.lines((20, 42, 234, 130), random, float(random.uniform(8, 11)))
    return sheet.image


def book(random: Random) -> Image.Image:
    """A cover: red with light words, or white with a red title and no text below."""
    ink, is_red = red(random), random.random() < 0.5
    sheet = Sheet.of((148, 210), ink if is_red else WHITE)
    sheet.stretched(
        (25, 45, 123, 68),
        str(random.choice(["党章学习", "公文写作指南", "基层治理"])),
        ("bold", YELLOW if is_red else ink),
    )
    if not is_red:
        sheet.box((0, 150, 148, 170), ink)
    sheet.text((74, 180), "青石出版社", ("song", 6, WHITE if is_red else BLACK), "mm")
    return sheet.image


def marked_up(random: Random) -> Image.Image:
    """Black print with a teacher's or editor's red strokes and words."""
    sheet, ink = Sheet.of((210, 297), WHITE), red(random)
    sheet.text((105, 30), prose(random, 11), ("bold", 8, BLACK), "ma")
    sheet.lines((28, 52, 182, 270), random)
    for _ in range(int(random.integers(2, 9))):
        x, y = random.uniform((30, 50), (120, 260))
        if random.random() < 0.6:
            sheet.rule((x, x + random.uniform(20, 60), y), 0.7, ink)
        else:
            sheet.text((x, y), prose(random, 4), ("kai", 7, ink))
    return sheet.image


def table(random: Random) -> Image.Image:
    """A work sheet: red heading, grid, some red figures."""
    sheet, ink = Sheet.of((297, 210), WHITE), red(random)
    sheet.text(
        (148, 18), prose(random, 9) + "统计表", ("heavy", 9, ink if random.random() < 0.7 else BLACK), "mm"
    )
    for row in range(13):
        sheet.rule((15, 282, 32 + 12 * row), 0.3, GREY)
        for column in range(6):
            words = f"{random.integers(10, 9999)}" if column else prose(random, 4)
            sheet.text(
                (20 + 45 * column, 35 + 12 * row), words, ("hei", 5, ink if random.random() < 0.15 else BLACK)
            )
    return sheet.image


def plain(random: Random) -> Image.Image:
    """A page of black print, its title large."""
    sheet = Sheet.of((210, 297), WHITE)
    sheet.stretched((45, 50, 165, 64), unit(random) + "公告", ("bold", BLACK))
    sheet.rule((28, 184, 72), 0.8, BLACK)
    sheet.lines((28, 85, 184, 265), random)
    return sheet.image


PAPER: dict[str, Callable[[Random], Image.Image]] = {
    "poster": poster,
    "receipt": receipt,
    "invoice": invoice,
    "letterpaper": letter_paper,
    "certificate": certificate,
    "prices": prices,
    "newspaper": newspaper,
    "marriage": marriage,
    "slide": slide,
    "book": book,
    "markedup": marked_up,
    "table": table,
    "plain": plain,
}
"""Seen as sheets on a desk or as files."""
