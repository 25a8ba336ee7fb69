"""A picture file → an open picture within limits, and its page as upright RGB."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageStat

from leakwatch.errors import Unreadable
from leakwatch.images.signatures import is_heif
from leakwatch.model import Reason

# Pillow refuses 179 MP and more before it can be asked to shrink; `opened` has limits of its own.
Image.MAX_IMAGE_PIXELS = None

SHRINK_PX = 40_000_000
"""Bigger pictures are scaled down to this many pixels: a scan of 600 dpi is no attack."""
REFUSE_PX = 500_000_000
REFUSE_WHOLE_PX = 150_000_000
"""Formats that cannot be shrunk while they are decoded: 484 MP of PNG took 4.7 GB."""
REFUSE_SIDE_PX = 100_000

_FORMATS = (
    "JPEG",
    "MPO",
    "PNG",
    "GIF",
    "WEBP",
    "BMP",
    "DIB",
    "TIFF",
    "AVIF",
    "JPEG2000",
    "HEIF",
)  # never EPS: it runs
_SINGLE = ("JPEG", "MPO")
"""Read by their first page alone, which no other will overwrite."""
_HEIF_ADVICE = "本机没有安装 pi-heif，手机照片格式 HEIC 未读；请安装：pip install 'leakwatch[photos]'，或在手机上另存为 JPG 后重新导入"
_LIGHT = 200
"""Mean brightness of what is drawn on a transparent ground, above which the ground is taken for dark."""
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders raise on broken files, as found by feeding them cut and flipped bytes.
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The picture before its pixels are decoded, on its first page; closed behind the block."""
    with path.open("rb") as file:
        head = file.read(32)
        file.seek(0)
        try:
            with explained():
                Image.init()
                if is_heif(head):
                    _learn_heif()
                image = Image.open(file, formats=[name for name in _FORMATS if name in Image.OPEN])
        except Unreadable:
            if is_heif(head):
                if "HEIF" not in Image.OPEN:
                    raise Unreadable(Reason.NO_ENGINE, _HEIF_ADVICE) from None
                detail = "手机照片（HEIC/AVIF）打不开，文件可能已损坏；请在手机上另存为 JPG 后重新导入"
                raise Unreadable(Reason.DAMAGED, detail) from None
            raise
        check_size(image)
        yield image


@contextmanager
def explained() -> Iterator[None]:
    """Turns Pillow's failures into Unreadable, and keeps its warnings (they quote metadata) off the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except EOFError:
            raise
        except MemoryError as why:
            raise Unreadable(Reason.TOO_BIG, "图片太大，内存不足，请缩小后重新导入") from why
        except _FAULTS as why:
            detail = "图片已损坏或不是图片，无法打开，请重新导出或向发送人索取原图"
            raise Unreadable(Reason.DAMAGED, detail) from why


def check_size(image: Image.Image) -> None:
    """Unreadable for a page that would cost too much memory."""
    width, height = image.size
    if width < 1 or height < 1:
        raise Unreadable(Reason.DAMAGED, "图片的宽或高为零，文件已损坏，请重新导出")
    limit = REFUSE_PX if image.format in _SINGLE else REFUSE_WHOLE_PX
    if width * height > limit or max(width, height) > REFUSE_SIDE_PX:
        detail = f"图片尺寸 {width}×{height} 像素，超出上限（{limit / 1e8:g} 亿像素），请缩小后重新导入"
        raise Unreadable(Reason.TOO_BIG, detail)


def loaded(image: Image.Image, path: Path) -> Image.Image:
    """The decoded image, of a cut file what could be decoded."""
    excess = (image.width * image.height / SHRINK_PX) ** 0.5
    if excess > 1 and image.format in _SINGLE:
        image.draft(None, (int(image.width / excess), int(image.height / excess)))
    try:
        image.load()
    except EOFError:
        raise OSError("cut inside a header") from None
    except OSError as why:
        if "truncated" not in str(why):
            raise
        if image.format in _SINGLE:
            # A cut progressive JPEG shows nothing until it ends: an end marker makes it show what it has.
            image = Image.open(_with_end_marker(path), formats=("JPEG",))
        else:
            image.tile = []  # type: ignore[attr-defined] # takes what is decoded so far, without Pillow's process-wide switch
        image.load()
    return image


def upright(image: Image.Image) -> Image.Image:
    """The decoded page as RGB, scaled down if it is huge, with its EXIF orientation applied."""
    page = _rgb(image)
    excess = (page.width * page.height / SHRINK_PX) ** 0.5
    if excess > 1:
        size = (max(1, int(page.width / excess)), max(1, int(page.height / excess)))
        page = page.resize(size, Image.Resampling.BOX)
    turn = _TURNS.get(_orientation(image))
    return page if turn is None else page.transpose(turn)


def _learn_heif() -> None:
    """Teaches Pillow HEIC where pi-heif is installed; at the first such file, for its libraries are 4 MB.

    pi-heif 1.4 ends the process at some forged metadata (3 of 3 runs of 1,500 broken files): pictures are
    opened in child processes alone.
    """
    with suppress(ImportError):
        import pi_heif

        # Previews and depth maps are no pages.
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _with_end_marker(path: Path) -> BinaryIO:
    return BytesIO(path.read_bytes() + b"\xff\xd9")


def _orientation(image: Image.Image) -> int:
    """The EXIF value, 1 to 8; 1 (upright) if the metadata are broken or hold none."""
    try:
        value = image.getexif().get(_ORIENTATION)
    except _FAULTS:
        return 1
    return value if isinstance(value, int) else 1


def _rgb(image: Image.Image) -> Image.Image:
    """RGB on a ground that its own text stands out from; `convert` alone turns transparent into black."""
    if image.mode.startswith(("I", "F")):  # 16 bits and more: `convert` alone would clip to white
        deep = np.nan_to_num(np.asarray(image, np.float32))
        low, high = deep.min(), deep.max()
        return Image.fromarray(np.uint8((deep - low) * (255 / max(high - low, 1e-6)))).convert("RGB")
    if image.mode == "RGB" and image.format in _SINGLE:
        return image  # `convert` would copy it: 48 MB of a phone's photo
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    ink = ImageStat.Stat(layered.convert("L"), mask=alpha)
    is_light = ink.count[0] > 0 and ink.mean[0] > _LIGHT
    ground = Image.new("RGB", layered.size, "black" if is_light else "white")
    ground.paste(layered, mask=alpha)
    return ground
