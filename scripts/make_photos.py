"""Draws the sample photos: invented documents, photographed in simulation; the same bytes each run.

    python scripts/make_photos.py FOLDER

Every unit, name, number and event is invented. Needs NumPy, Pillow and a CJK font of Debian.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = {
    "song": ("opentype/noto/NotoSerifCJK-Regular.ttc", "truetype/arphic/uming.ttc"),
    "bold": ("opentype/noto/NotoSerifCJK-Bold.ttc", "truetype/wqy/wqy-zenhei.ttc"),
    "hei": ("opentype/noto/NotoSansCJK-Regular.ttc", "truetype/wqy/wqy-zenhei.ttc"),
    "kai": ("truetype/arphic/ukai.ttc", "opentype/noto/NotoSerifCJK-Regular.ttc"),
}
A4 = (1240, 1754)
MARGIN = 165
RED = (206, 24, 30)
MAX_BYTES = 200_000


def font(style: str, size: int) -> ImageFont.FreeTypeFont:
    for name in FONTS[style]:
        path = Path("/usr/share/fonts") / name
        if path.exists():
            # Noto's collections begin with Japanese; face 2 is Simplified Chinese.
            return ImageFont.truetype(path, size, index=2 if "Noto" in name else 0)
    sys.exit("找不到中文字体，请安装：apt install fonts-noto-cjk fonts-arphic-ukai")


@dataclass(frozen=True, kw_only=True)
class Document:
    """The text of a page in the layout of GB/T 9704-2012; empty parts are left out."""

    copy_number: str = ""
    mark: str = ""
    urgency: str = ""
    head: str = "云岭区生态环境局文件"
    number: str = ""
    title: str
    addressee: str = ""
    body: tuple[str, ...]
    signed: str = ""
    date: str = ""


def centred(draw: ImageDraw.ImageDraw, y: int, text: str, look: tuple[str, int, tuple[int, int, int]]) -> int:
    style, size, colour = look
    face = font(style, size)
    width = draw.textlength(text, face)
    if width > A4[0] - 2 * MARGIN:
        face = font(style, int(size * (A4[0] - 2 * MARGIN) / width))
        width = draw.textlength(text, face)
    draw.text(((A4[0] - width) / 2, y), text, colour, face)
    return y + int(size * 1.5)


def paragraph(draw: ImageDraw.ImageDraw, y: int, text: str) -> int:
    face, left = font("song", 33), MARGIN
    line = "　　"
    for character in text:
        if draw.textlength(line + character, face) > A4[0] - 2 * MARGIN:
            draw.text((left, y), line, (25, 25, 25), face)
            line, y = "", y + 58
        line += character
    draw.text((left, y), line, (25, 25, 25), face)
    return y + 58


def seal(page: Image.Image, text: str, centre: tuple[int, int]) -> None:
    """A round red seal, its text along the rim."""
    stamp = Image.new("RGBA", (300, 300))
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((6, 6, 294, 294), outline=(*RED, 215), width=7)
    draw.text((150, 150), "★", (*RED, 215), font("hei", 90), anchor="mm")
    for index, character in enumerate(text):
        angle = np.radians(150 + 240 * index / max(1, len(text) - 1))
        tile = Image.new("RGBA", (60, 60))
        ImageDraw.Draw(tile).text((30, 30), character, (*RED, 215), font("song", 36), anchor="mm")
        tile = tile.rotate(-float(np.degrees(angle)) - 90, Image.Resampling.BICUBIC)
        at = (int(150 + 112 * np.cos(angle)) - 30, int(150 + 112 * np.sin(angle)) - 30)
        stamp.alpha_composite(tile, at)
    page.paste(stamp, (centre[0] - 150, centre[1] - 150), stamp)


def page_of(document: Document) -> Image.Image:
    page = Image.new("RGB", A4, (252, 251, 247))
    draw = ImageDraw.Draw(page)
    for row, text in enumerate((document.copy_number, document.mark, document.urgency)):
        draw.text((MARGIN, 90 + 52 * row), text, (15, 15, 15), font("hei", 34))
    y = 300
    if document.head:
        y = centred(draw, y, document.head, ("bold", 96, RED)) + 20
        y = centred(draw, y, document.number, ("song", 33, (25, 25, 25)))
        draw.line((MARGIN - 20, y + 8, A4[0] - MARGIN + 20, y + 8), RED, 5)
        y += 60
    for line in document.title.split("\n"):
        y = centred(draw, y, line, ("bold", 46, (15, 15, 15)))
    y += 30
    if document.addressee:
        draw.text((MARGIN, y), document.addressee, (25, 25, 25), font("song", 33))
        y += 58
    for text in document.body:
        y = paragraph(draw, y, text)
    if document.signed:
        draw.text((A4[0] - MARGIN - 80, y + 90), document.signed, (25, 25, 25), font("song", 33), "ra")
        draw.text((A4[0] - MARGIN - 80, y + 148), document.date, (25, 25, 25), font("song", 33), "ra")
        seal(page, document.signed, (A4[0] - MARGIN - 220, min(y + 140, A4[1] - 160)))
    return page


def photographed(page: Image.Image, random: np.random.Generator, tilt: float) -> Image.Image:
    """The page on a desk, seen at an angle, half in the shadow of a hand."""
    width, height = 1440, 1920
    grain = random.normal(0, 6, (height // 8, width // 8)).repeat(8, 0).repeat(8, 1)
    desk = Image.fromarray(np.uint8(np.clip(np.array([122, 92, 64]) + grain[..., None], 0, 255)))
    jitter = random.uniform(-1, 1, (4, 2)) * tilt * 420
    corners = np.array([[120, 130], [1320, 130], [1320, 1800], [120, 1800]]) + jitter
    coefficients = _perspective(corners, np.array([[0, 0], [A4[0], 0], A4, [0, A4[1]]]))
    sheet = page.convert("RGBA").transform(
        (width, height), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    desk.paste(sheet, mask=sheet.getchannel("A"))
    y, x = np.mgrid[0:height, 0:width]
    light = 1.0 - 0.28 * (x / width) - 0.12 * (y / height)
    shadow = 1 / (1 + np.exp((x * 0.55 + y * 0.35 - random.uniform(650, 900)) / 45))
    noise = random.normal(0, 3.5, (height, width, 1))
    lit = np.asarray(desk, float) * (light * (1 - 0.32 * shadow))[..., None] + noise
    return Image.fromarray(np.uint8(np.clip(lit, 0, 255))).filter(ImageFilter.GaussianBlur(0.8))


def _perspective(to: np.ndarray, source: np.ndarray) -> list[float]:
    """Pillow's eight coefficients: each output corner of `to` shows the input point in `source`."""
    rows = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return list(np.linalg.solve(np.array(rows, float), source.reshape(8).astype(float)))


CONFIDENTIAL = Document(
    copy_number="000012",
    mark="机密★10年",
    urgency="特急",
    number="云环密发〔2031〕7号",
    title="关于青石水库水源地\n应急处置方案的通知",
    addressee="各镇人民政府，区直有关单位：",
    body=(
        "现将《青石水库水源地应急处置方案》印发给你们，请结合实际认真组织落实。本方案涉及取水口布防和"
        "备用水源调度安排，知悉范围限于各单位主要负责人和承办人员。",
        "一、各单位应当于五月二十日前完成备用水源检修，检修情况由专人报送区应急指挥部，不得通过互联网"
        "和移动通信工具传递。",
        "二、取水口值守力量由区应急指挥部统一调配，值守安排另行印发，用后按份号收回。",
    ),
    signed="云岭区生态环境局",
    date="2031年5月6日",
)
SECRET = replace(
    CONFIDENTIAL,
    copy_number="000131",
    mark="秘密★5年",
    urgency="",
    head="青石市人民政府办公室文件",
    number="青政办密〔2031〕15号",
    title="关于做好重点目标\n安全保卫工作的通知",
    signed="青石市人民政府办公室",
    date="2031年3月18日",
)
INTERNAL = Document(
    head="",
    title="区直机关干部调整建议名单\n（讨论稿）",
    body=(
        "内部事项　注意保管",
        "按照区委工作安排，现就区直机关部分岗位调整提出如下建议，供会议讨论，会后收回，不得复印、拍照或者外传。",
        "一、建议王明远同志任区生态环境局水环境科科长，试用期一年。",
        "二、建议李文清同志不再担任区水务局办公室主任职务，另有任用。",
        "三、以上人选待区委常委会研究通过后按程序办理，公布之前请严格保密。",
    ),
)
PUBLIC = Document(
    number="云环发〔2031〕22号",
    title="关于开展世界环境日\n宣传活动的通知",
    addressee="各镇人民政府、街道办事处：",
    body=(
        "为做好今年世界环境日宣传工作，决定在全区开展主题宣传活动。现将有关事项通知如下。",
        "一、活动时间：2031年6月1日至6月7日。活动地点为青石公园和各社区文化广场，欢迎广大市民参加。",
        "二、本通知主动公开，可在区政府门户网站查阅。",
    ),
    signed="云岭区生态环境局",
    date="2031年5月12日",
)


def poster(title: str, lines: tuple[str, ...], colours: tuple[tuple[int, int, int], ...]) -> Image.Image:
    ground, ink = colours
    page = Image.new("RGB", (1080, 1440), ground)
    draw = ImageDraw.Draw(page)
    draw.rectangle((30, 30, 1050, 1410), outline=ink, width=6)
    draw.text((540, 180), title, ink, font("bold", 104), anchor="mm")
    for row, line in enumerate(lines):
        draw.text((120, 330 + 96 * row), line, ink, font("kai", 50))
    return page


def chat(bubbles: tuple[tuple[str, str], ...]) -> Image.Image:
    """A screenshot of a work group on a phone."""
    screen = Image.new("RGB", (1080, 1920), (237, 237, 237))
    draw = ImageDraw.Draw(screen)
    draw.text((540, 110), "水环境工作群(18)", (20, 20, 20), font("hei", 44), anchor="mm")
    draw.line((0, 165, 1080, 165), (210, 210, 210), 2)
    y = 220
    for sender, text in bubbles:
        draw.rounded_rectangle((36, y, 126, y + 90), 12, (110, 150, 190))
        draw.text((150, y), sender, (130, 130, 130), font("hei", 30))
        lines = [text[i : i + 16] for i in range(0, len(text), 16)]
        draw.rounded_rectangle((150, y + 44, 210 + 44 * 17, y + 84 + 62 * len(lines)), 14, "white")
        for row, line in enumerate(lines):
            draw.text((180, y + 62 + 62 * row), line, (20, 20, 20), font("hei", 44))
        y += 150 + 62 * len(lines)
    return screen


def landscape(random: np.random.Generator) -> Image.Image:
    """Hills under an evening sky: no text."""
    y, x = np.mgrid[0:900, 0:1200]
    sky = np.stack([250 - y * 0.12, 190 - y * 0.1, 150 + y * 0.05], axis=-1)
    for depth, height in enumerate((420, 560, 700)):
        ridge = height + 60 * np.sin(x / random.uniform(90, 190) + depth) + 25 * np.sin(x / 37 + depth)
        sky[y > ridge] = np.array([90, 110, 95]) - depth * 25
    return Image.fromarray(np.uint8(np.clip(sky + random.normal(0, 4, sky.shape), 0, 255)))


def photos() -> dict[str, Callable[[np.random.Generator], Image.Image]]:
    menu = (
        "招牌红烧鱼　68元　绝密配方",
        "清炒时蔬　　22元",
        "手工豆腐　　26元",
        "老面馒头　　 3元",
        "家传秘密酱料，欢迎品尝",
    )
    law = (
        "学习贯彻保守国家秘密法",
        "涉密不上网　上网不涉密",
        "不用手机传递涉密文件",
        "机密级事项知悉范围要严控",
        "云岭区保密宣传月　2031年",
    )
    talk = (
        ("王明远", "各位，中央那个文件到了没有"),
        ("李文清", "到了，中办发〔2031〕45号，下午传阅，阅后交还机要室"),
        ("王明远", "收到，让小陈先登记"),
    )
    return {
        "机密红头文件.jpg": lambda random: photographed(page_of(CONFIDENTIAL), random, 0.3),
        "秘密红头文件-横拍.jpg": lambda random: photographed(page_of(SECRET), random, 0.08).rotate(
            90, expand=True
        ),
        "机密红头文件-缩略图.jpg": lambda random: photographed(page_of(CONFIDENTIAL), random, 0.05).resize(
            (540, 720), Image.Resampling.LANCZOS
        ),
        "内部讨论稿.jpg": lambda random: photographed(page_of(INTERNAL), random, 0.1),
        "聊天截图.jpg": lambda _: chat(talk),
        "菜单.jpg": lambda _: poster("农家小院菜单", menu, ((250, 240, 220), (120, 60, 20))),
        "保密宣传海报.jpg": lambda _: poster("保密法宣传", law, ((190, 25, 30), (255, 235, 160))),
        "公开通知.jpg": lambda random: photographed(page_of(PUBLIC), random, 0.06),
        "风景.jpg": landscape,
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, draw) in enumerate(photos().items()):
        picture = draw(np.random.default_rng(seed))
        for quality in range(60, 20, -5):
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= MAX_BYTES:
                break
        (folder / name).write_bytes(buffer.getvalue())
        print(f"{name}: {picture.width}×{picture.height}, q{quality}, {buffer.tell() // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
