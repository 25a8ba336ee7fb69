"""What red pages are drawn with: faces, inks, lines of text, seals; everything in mm of a sheet of paper."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SCALE = 4.5
"""Pixels a mm: an A4 sheet is 945 px wide."""
FACES = {
    "song": "opentype/noto/NotoSerifCJK-Regular.ttc",
    "bold": "opentype/noto/NotoSerifCJK-Bold.ttc",
    "hei": "opentype/noto/NotoSansCJK-Regular.ttc",
    "heavy": "opentype/noto/NotoSansCJK-Bold.ttc",
    "kai": "truetype/arphic/ukai.ttc",
    "ming": "truetype/arphic/uming.ttc",
    "zen": "truetype/wqy/wqy-zenhei.ttc",
}
Ink = tuple[int, int, int]
Random = np.random.Generator
BLACK: Ink = (28, 27, 30)
WHITE: Ink = (250, 249, 246)
YELLOW: Ink = (250, 222, 90)
GREY: Ink = (120, 120, 124)
WORDS = (
    "为进一步加强全区水环境综合治理工作现将有关事项通知如下各单位应当高度重视认真组织落实明确责任分工按照时限"
    "要求报送情况由区应急指挥部统一调配不得擅自变更调整方案经研究同意印发你们请结合实际贯彻执行"
)
PLACES = ("青石市", "云岭区", "柳树镇", "中共青石市委", "云岭省", "中共云岭区委", "青石市南湖区")
BODIES = ("人民政府", "生态环境局", "应急管理局", "办公室", "水务局", "人民政府办公室", "机构编制委员会")


def face(name: str, mm: float, scale: float = SCALE) -> ImageFont.FreeTypeFont:
    path = Path("/usr/share/fonts") / FACES[name]
    if not path.exists():
        sys.exit(
            "找不到中文字体，请安装：apt install fonts-noto-cjk fonts-arphic-ukai fonts-arphic-uming fonts-wqy-zenhei"
        )
    return ImageFont.truetype(path, max(4, round(mm * scale)), index=2 if "Noto" in FACES[name] else 0)


def red(random: Random) -> Ink:
    """Printer's red: between vermilion and carmine."""
    return (int(random.integers(185, 240)), int(random.integers(8, 52)), int(random.integers(14, 58)))


def unit(random: Random) -> str:
    return str(random.choice(PLACES)) + str(random.choice(BODIES))


def prose(random: Random, length: int) -> str:
    start = int(random.integers(0, len(WORDS)))
    return "".join(WORDS[(start + i) % len(WORDS)] for i in range(length))


@dataclass(frozen=True)
class Sheet:
    """A page that is being drawn."""

    image: Image.Image
    scale: float = SCALE

    @classmethod
    def of(cls, size_mm: tuple[float, float], ground: Ink, scale: float = SCALE) -> Sheet:
        return cls(Image.new("RGB", (round(size_mm[0] * scale), round(size_mm[1] * scale)), ground), scale)

    @property
    def width(self) -> float:
        return self.image.width / self.scale

    @property
    def height(self) -> float:
        return self.image.height / self.scale

    def text(
        self, at: tuple[float, float], words: str, look: tuple[str, float, Ink], anchor: str = "la"
    ) -> None:
        name, mm, ink = look
        place = (at[0] * self.scale, at[1] * self.scale)
        ImageDraw.Draw(self.image).text(place, words, ink, face(name, mm, self.scale), anchor=anchor)

    def stretched(self, box: tuple[float, float, float, float], words: str, look: tuple[str, Ink]) -> None:
        """The words as wide and as high as the box, as title heads are set."""
        name, ink = look
        left, top, right, bottom = (round(side * self.scale) for side in box)
        drawn = face(name, 20, self.scale)
        x0, y0, x1, y1 = drawn.getbbox(words)
        mask = Image.new("L", (int(x1 - x0), int(y1 - y0)))
        ImageDraw.Draw(mask).text((-x0, -y0), words, 255, drawn)
        mask = mask.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
        self.image.paste(Image.new("RGB", mask.size, ink), (left, top), mask)

    def rule(self, box: tuple[float, float, float], mm: float, ink: Ink) -> None:
        """A level line: from, to, at which height; how thick."""
        left, right, y = (side * self.scale for side in box)
        ImageDraw.Draw(self.image).rectangle((left, y, right, y + max(1, mm * self.scale) - 0.5), ink)

    def box(self, corners: tuple[float, float, float, float], ink: Ink, mm: float = 0) -> None:
        """A frame of that thickness; filled if it has none."""
        sides = [side * self.scale for side in corners]
        draw = ImageDraw.Draw(self.image)
        if mm:
            draw.rectangle(sides, outline=ink, width=max(1, round(mm * self.scale)))
        else:
            draw.rectangle(sides, ink)

    def star(self, centre: tuple[float, float], mm: float, ink: Ink) -> None:
        turns = np.radians(np.arange(10) * 36 - 90)
        reach = np.where(np.arange(10) % 2, 0.382, 1.0) * mm / 2
        points = zip(centre[0] + np.cos(turns) * reach, centre[1] + np.sin(turns) * reach, strict=True)
        ImageDraw.Draw(self.image).polygon(
            [(float(x) * self.scale, float(y) * self.scale) for x, y in points], ink
        )

    def lines(
        self, box: tuple[float, float, float, float], random: Random, mm: float = 5.4, ink: Ink = BLACK
    ) -> float:
        """Paragraphs of prose in the box; where they end."""
        left, top, right, bottom = box
        name = str(random.choice(["song", "kai", "ming", "zen"]))
        pitch = mm * random.uniform(1.6, 1.95)
        row, ends_at = 0, int(random.integers(2, 7))
        while top + mm < bottom:
            is_last, indent = row == ends_at, mm * 2 if row == 0 else 0
            room = int((right - left - indent) / mm)
            self.text((left + indent, top), prose(random, room // 2 if is_last else room), (name, mm, ink))
            top, row = top + pitch, 0 if is_last else row + 1
            ends_at = int(random.integers(2, 7)) if is_last else ends_at
        return top

    def seal(
        self, centre: tuple[float, float], random: Random, mm: float = 42, is_oval: bool = False
    ) -> None:
        stamp = seal(random, mm, is_oval, self.scale)
        at = (
            round(centre[0] * self.scale - stamp.width / 2),
            round(centre[1] * self.scale - stamp.height / 2),
        )
        self.image.paste(stamp, at, stamp)


def seal(random: Random, mm: float, is_oval: bool = False, scale: float = SCALE) -> Image.Image:
    """A round or oval red seal, its text along the rim, unevenly inked."""
    size, ink = round(mm * scale), (*red(random), int(random.integers(150, 235)))
    stamp = Image.new("RGBA", (size, size), (*ink[:3], 0))
    draw = ImageDraw.Draw(stamp)
    edge = max(2, round(random.uniform(0.9, 1.5) * scale))
    draw.ellipse((1, 1, size - 2, size - 2), outline=ink, width=edge)
    draw.text((size / 2, size / 2), "" if is_oval else "★", ink, face("hei", mm * 0.3, scale), anchor="mm")
    if is_oval:
        draw.text((size / 2, size / 2), "发票专用章", ink, face("hei", mm * 0.13, scale), anchor="mm")
    words = unit(random)
    for index, character in enumerate(words):
        turn = np.radians(150 + 240 * index / max(1, len(words) - 1))
        tile = Image.new("RGBA", (round(mm * 0.2 * scale),) * 2, (*ink[:3], 0))
        ImageDraw.Draw(tile).text(
            (tile.width / 2,) * 2, character, ink, face("song", mm * 0.12, scale), anchor="mm"
        )
        tile = tile.rotate(-float(np.degrees(turn)) - 90, Image.Resampling.BICUBIC)
        reach = size * 0.38
        place = (int(size / 2 + reach * np.cos(turn)), int(size / 2 + reach * np.sin(turn)))
        stamp.alpha_composite(tile, (place[0] - tile.width // 2, place[1] - tile.height // 2))
    patches = Image.fromarray(np.uint8(random.uniform(130, 255, (9, 9)))).resize(
        stamp.size, Image.Resampling.BICUBIC
    )
    stamp.putalpha(
        Image.fromarray(np.uint8(np.asarray(stamp.getchannel("A"), float) * np.asarray(patches) / 255))
    )
    stamp = stamp.rotate(float(random.uniform(-15, 15)), Image.Resampling.BICUBIC)
    return stamp.resize((size, round(size * 0.7))) if is_oval else stamp
