"""Pages as phones and chat programs hand them on: slanted, shadowed, cropped, shrunk, compressed twice."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.photos.ink import Ink, Random, face

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Camera:
    """How bad it gets; the two halves of the set differ here."""

    tilt: Range
    """Share of the side by which corners move."""
    turn: Range
    """Degrees."""
    quality: tuple[int, int]
    sides_px: tuple[int, ...]
    desks: tuple[Ink, ...]
    casts: tuple[tuple[float, float, float], ...]
    shadow: Range
    moire: Range
    """Pixels a period."""


TUNING = Camera(
    tilt=(0.0, 0.08),
    turn=(-6, 6),
    quality=(40, 80),
    sides_px=(240, 320, 480, 540, 720, 1080, 1280, 1600),
    desks=((122, 92, 64), (60, 58, 60), (205, 200, 192), (120, 40, 28)),
    casts=((1, 1, 1), (1.0, 0.95, 0.84), (0.93, 0.98, 1.0)),
    shadow=(0.0, 0.4),
    moire=(3.0, 7.0),
)
HELD_OUT = Camera(
    tilt=(0.02, 0.11),
    turn=(-8, 8),
    quality=(30, 75),
    sides_px=(240, 300, 420, 600, 810, 960, 1200, 1440),
    desks=((150, 112, 70), (35, 40, 52), (228, 226, 222), (142, 48, 36), (90, 120, 110)),
    casts=((1, 1, 1), (1.0, 0.92, 0.76), (0.9, 0.97, 1.0), (1.0, 0.97, 0.92)),
    shadow=(0.1, 0.5),
    moire=(2.4, 9.0),
)


def shot(sheet: Image.Image, random: Random, camera: Camera) -> Image.Image:
    """On a desk, at an angle, from near or far."""
    width, height = (900, 1200) if random.random() < 0.8 else (1200, 900)
    if sheet.width > sheet.height * 1.1:
        width, height = 1200, 900
    grain = random.normal(0, 7, (height // 6, width // 6)).repeat(6, 0).repeat(6, 1)
    ground = np.array(camera.desks[random.integers(len(camera.desks))])
    desk = Image.fromarray(np.uint8(np.clip(ground + grain[..., None], 0, 255)))
    fill = random.uniform(0.62, 1.04)
    scale = fill * min(width / sheet.width, height / sheet.height)
    half = np.array([sheet.width, sheet.height]) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    angle = np.radians(random.uniform(*camera.turn))
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = corners * (1 + random.uniform(-1, 1, (4, 2)) * random.uniform(*camera.tilt))
    corners = corners + np.array([width, height]) / 2 + random.uniform(-40, 40, 2)
    source = np.array([[0, 0], [sheet.width, 0], sheet.size, [0, sheet.height]])
    page = sheet.convert("RGBA").transform(
        (width, height), Image.Transform.PERSPECTIVE, perspective(corners, source), Image.Resampling.BICUBIC
    )
    desk.paste(page, mask=page.getchannel("A"))
    return desk


def perspective(to: np.ndarray, source: np.ndarray) -> list[float]:
    rows = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return list(np.linalg.solve(np.array(rows, float), source.reshape(8).astype(float)))


def lit(picture: Image.Image, random: Random, camera: Camera) -> Image.Image:
    """Lamp at one side, a hand's shadow, colour of the lamp, moiré of a screen, blur and noise."""
    pixels = np.asarray(picture, float)
    y, x = np.mgrid[0 : picture.height, 0 : picture.width] / max(picture.size)
    a, b, c = random.uniform(-1, 1, 3)
    light = random.uniform(0.72, 1.0) * (1 - 0.18 * np.abs(a * x + b * y))
    shadow = 1 / (1 + np.exp((a * x + b * y + 0.2 * c) * 30))
    light = light * (1 - random.uniform(*camera.shadow) * shadow)
    if random.random() < 0.2:
        period = random.uniform(*camera.moire) / max(picture.size)
        light = light * (1 + 0.08 * np.sin(2 * np.pi * (x + 0.3 * a * y) / period))
    pixels = pixels * light[..., None] * np.array(camera.casts[random.integers(len(camera.casts))])
    pixels = pixels + random.normal(0, random.uniform(1, 6), pixels.shape)
    blurred = Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))
    return blurred.filter(ImageFilter.GaussianBlur(float(random.uniform(0, 1.4))))


def screened(picture: Image.Image, random: Random) -> Image.Image:
    """The picture in a viewer on a phone: bars above and below."""
    width = 900
    inner = picture.resize((width, round(picture.height * width / picture.width)))
    ground = (0, 0, 0) if random.random() < 0.4 else (240, 240, 242)
    height = max(round(width * random.uniform(1.7, 2.1)), 400)
    screen = Image.new("RGB", (width, height), ground)
    screen.paste(inner, (0, max(150, (height - inner.height) // 2)))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, 140), (248, 248, 248))
    draw.text((40, 26), "9:41", (20, 20, 20), face("hei", 7))
    draw.text((width // 2, 105), "文件预览", (20, 20, 20), face("hei", 8), anchor="mm")
    draw.rectangle((0, height - 110, width, height), (248, 248, 248))
    return screen


def handed_on(sheet: Image.Image, random: Random, camera: Camera) -> Image.Image:
    """A scan, a photo, the upper part of a photo, or a screenshot; then shrunk and compressed."""
    way = random.random()
    if way < 0.15:
        picture = sheet.rotate(float(random.uniform(-1.5, 1.5)), Image.Resampling.BICUBIC, fillcolor="white")
    elif way < 0.25:
        picture = screened(sheet, random)
    else:
        picture = lit(shot(sheet, random, camera), random, camera)
        if way > 0.8:
            picture = picture.crop((0, 0, picture.width, int(picture.height * random.uniform(0.5, 0.75))))
    side = int(random.choice(camera.sides_px))
    scale = side / max(picture.size)
    picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    return compressed(compressed(picture, 85), int(random.integers(*camera.quality)))


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")
