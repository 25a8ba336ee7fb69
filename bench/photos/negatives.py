"""Pictures that bear no mark: screens, posters about secrecy, menus, public documents, snapshots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.photos.alikes import PAPER
from bench.photos.camera import compressed
from bench.photos.ink import BLACK, GREY, WHITE, YELLOW, Random, Sheet, red, unit
from bench.photos.looks import Ranges, a_look, taken
from bench.photos.scenes import SCENES

_TALK = (
    "大家注意，明天上午九点在三楼会议室开会，请各科室准时参加",
    "手机密码我改了，回头告诉你",
    "收到，辛苦了",
    "昨晚那部电影叫绝密跟踪，挺好看的",
    "图书角新到了《秘密花园》，想借的找李文清登记",
    "这个月的值班表发群里了，请核对",
    "保密教育答题截止周五，没做的抓紧：机密级事项的保密期限不超过二十年",
    "王明远：食堂今天有红烧鱼，去晚了就没了",
    "培训通知已经挂在门户网站上了，可以转发",
)
_POSTER = (
    "绝密、机密、秘密三级要分清",
    "涉密不上网　上网不涉密",
    "不用手机传递涉密文件",
    "绝密级国家秘密是最重要的国家秘密",
    "云岭区保密宣传月　2031年",
    "守住机密就是守住国家安全",
)
_MENU = (
    "招牌红烧鱼　68元　绝密配方",
    "清炒时蔬　22元",
    "手工豆腐　26元",
    "家传秘密酱料，欢迎品尝",
    "老面馒头　3元",
)
_NOVEL = (
    "第三章　机密",
    "他把那封信塞进抽屉，谁也不知道里面写着什么秘密。",
    "“这是绝密，”老人压低了声音，“除了你我，再没有第三个人。”",
    "窗外的雨下了整整一夜，第二天清晨，青石镇的人都在议论。",
    "她想起十年前的那个夏天，机密档案室的门虚掩着。",
)


def chat(random: Random) -> Image.Image:
    """A work group on a phone."""
    sheet = Sheet.of((180, 360), (237, 237, 237), 6.0)
    sheet.text((90, 20), f"水环境工作群({random.integers(9, 99)})", ("hei", 7, BLACK), "mm")
    y = 32.0
    for words in random.permutation(_TALK)[: int(random.integers(4, 8))]:
        rows = [str(words)[start : start + 16] for start in range(0, len(str(words)), 16)]
        sheet.box((6, y, 21, y + 15), (int(random.integers(60, 200)), 150, 190))
        sheet.text((25, y), str(random.choice(["王明远", "李文清", "小陈"])), ("hei", 5, GREY))
        sheet.box((25, y + 7, 150, y + 12 + 10 * len(rows)), WHITE)
        for row, part in enumerate(rows):
            sheet.text((30, y + 10 + 10 * row), part, ("hei", 7.3, BLACK))
        y += 22 + 10 * len(rows)
    return sheet.image


def sheet_of_words(random: Random, title: str, rows: tuple[str, ...]) -> Sheet:
    """A poster or a card: a large title, then row under row."""
    ground, ink = (red(random), YELLOW) if random.random() < 0.5 else (WHITE, red(random))
    sheet = Sheet.of((210, 280), ground)
    sheet.stretched((30, 22, 180, 44), title, ("heavy", ink))
    for row, words in enumerate(random.permutation(rows)):
        sheet.text((22, 66 + 22 * row), str(words), ("kai", 9, ink))
    return sheet


def novel(random: Random) -> Sheet:
    """A page of a book."""
    sheet = Sheet.of((148, 210), (246, 242, 230), 6.0)
    for row, words in enumerate(_NOVEL * 3):
        sheet.text((16, 16 + 12 * row), words[:26], ("ming", 4.4, BLACK))
    sheet.text((74, 198), f"{random.integers(9, 300)}", ("ming", 4, BLACK), "mm")
    return sheet


def public(random: Random) -> Sheet:
    """A red-head document that everybody may read."""
    sheet, ink = Sheet.of((210, 297), WHITE, 6.0), red(random)
    sheet.stretched((35, 60, 175, 78), unit(random) + "文件", ("bold", ink))
    sheet.text((105, 92), f"云环发〔2031〕{random.integers(1, 90)}号", ("song", 5.5, BLACK), "ma")
    sheet.rule((28, 182, 101), 0.9, ink)
    sheet.text((105, 116), "关于开展世界环境日宣传活动的通知", ("heavy", 7.6, BLACK), "ma")
    sheet.lines((28, 136, 182, 250), random)
    sheet.text((28, 254), "此件公开发布", ("song", 5.5, BLACK))
    return sheet


def snapshot(random: Random) -> Image.Image:
    """People and things without a word: soft shapes, edges, foliage, grain."""
    height, width = (1440, 1080) if random.random() < 0.5 else (1080, 1440)
    spots = Image.fromarray(np.uint8(random.uniform(30, 220, (9, 12, 3))))
    picture = spots.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(15, 60))):
        x, y = random.uniform(0, width), random.uniform(0, height)
        across, down = random.uniform(20, 260, 2)
        colour = tuple(int(v) for v in random.integers(20, 235, 3))
        shape = random.choice(["ellipse", "rounded_rectangle", "line"])
        if shape == "line":
            draw.line((x, y, x + across, y + down), colour, int(random.integers(2, 14)))
        elif shape == "ellipse":
            draw.ellipse((x, y, x + across, y + down), colour)
        else:
            draw.rounded_rectangle((x, y, x + across, y + down), 12, colour)
    leaves = random.normal(0, 1, (height // 3, width // 3)).astype(np.float32).repeat(3, 0).repeat(3, 1)
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), np.float32)[
        : len(leaves), : leaves.shape[1]
    ]
    is_foliage = np.mgrid[0 : len(leaves), 0 : leaves.shape[1]][0] > random.uniform(0.5, 1.2) * height
    pixels = pixels + leaves[..., None] * np.where(is_foliage, np.float32(40), np.float32(4))[..., None]
    return Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))


_EVERYDAY: Mapping[str, Callable[[Random], Image.Image]] = {
    "chat": chat,
    "snapshot": snapshot,
    **{name: SCENES[name] for name in ("packet", "app", "crowd", "banner", "couplets")},
}
_SHEETS: Mapping[str, Callable[[Random], Sheet]] = {
    "poster": lambda random: sheet_of_words(random, "保密法宣传", _POSTER),
    "menu": lambda random: sheet_of_words(random, "农家小院菜单", _MENU),
    "novel": novel,
    "public": public,
}  # fmt: skip
_TURNS = ("snapshot", "chat", "poster", "snapshot", "public", "menu", "app", "crowd", "chat", "novel",
          "snapshot", "plain", "banner", "packet", "newspaper", "certificate", "couplets", "chat", "receipt", "table")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Negative:
    """A picture without a mark."""

    picture: Image.Image
    is_everyday: bool = False
    """What fills phones: a snapshot or a screenshot."""
    has_head: bool = False


def negative(number: int, random: Random, ranges: Ranges) -> Negative:
    """The kinds take turns."""
    kind = _TURNS[number % len(_TURNS)]
    if kind in _SHEETS or kind in PAPER:
        sheet = _SHEETS[kind](random) if kind in _SHEETS else Sheet(PAPER[kind](random))
        look = a_look(str(random.choice(["倾斜", "阴影", "摩尔纹", "缩略图"])), random, ranges)
        return Negative(taken(sheet, replace(look, width_px=1080), random), has_head=kind == "public")
    picture = _EVERYDAY[kind](random)
    picture.thumbnail((2400, 2400))
    return Negative(compressed(picture, int(random.integers(*ranges.quality))), is_everyday=True)
