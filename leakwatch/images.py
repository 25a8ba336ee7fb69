"""A picture as received → upright RGB pages, whatever its name, size or damage.

JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF and JPEG 2000, told apart by content. An animation gives its first
frame, a TIFF every page. What no reader will see of a picture (a cut file, pages over the limit) is told
by `gaps`; a picture that cannot be opened at all raises Unreadable.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageStat, TiffImagePlugin

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped

# Pillow refuses 179 MP and more before it can be asked to shrink; `_open` has limits of its own.
Image.MAX_IMAGE_PIXELS = None

SHRINK_PX = 40_000_000
"""Bigger pictures are scaled down to this many pixels: a scan of 600 dpi is no attack."""
REFUSE_PX = 500_000_000
REFUSE_WHOLE_PX = 150_000_000
"""Formats that cannot be shrunk while they are decoded: 484 MP of PNG took 4.7 GB."""
REFUSE_SIDE_PX = 100_000
MAX_PAGES = 200
_THUMBNAIL_SIDES_PX = range(90, 301)
"""Of the long side of the previews that chat programs make; what is smaller is an icon."""
MIN_TEXT_SIDE_PX = 32
"""A picture under this size on both sides has no room for two characters that any engine can read."""

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
)  # never EPS: it runs
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MAGIC_JPEG2000 = (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis")
)
_LIGHT = 200
"""Mean brightness of what is drawn on a transparent ground, above which the ground is taken for dark."""
_ORIENTATION = 0x0112
_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325
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


def is_picture(head: bytes) -> bool:
    """The file's first 32 bytes are those of a picture, HEIC and AVIF included."""
    if head.startswith(_MAGIC + _MAGIC_JPEG2000) or _is_heif(head):
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP"
    # "BM" alone begins many a text: the reserved bytes are zero and the header has one of few sizes.
    is_bmp = head.startswith(b"BM") and head[6:10] == bytes(4)
    return is_bmp and head[14:18] in {struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124)}


def open_upright(path: Path) -> Image.Image:
    """The picture, or its first page, as RGB with its EXIF orientation applied."""
    return next(frames(path))


def frames(path: Path) -> Iterator[Image.Image]:
    """Each page as upright RGB, at least one and at most MAX_PAGES; a cut file as far as it goes."""
    with _open(path) as image:
        for _ in _pages(image, MAX_PAGES):
            _check_size(image)
            with _explained():
                page = _upright(_loaded(image, path))
            yield page


def gaps(file: Evidence) -> Iterator[Skipped]:
    """What the pages of `frames` do not show of this picture; cheap: no pixel is decoded.

    Nothing of a picture that cannot be opened: that is said by `frames`.
    """
    try:
        with _open(file.path) as image:
            is_cut, pages = _is_cut(image.format, file.path.read_bytes()), 0
            for page in _pages(image, 10 * MAX_PAGES):
                pages = page + 1
                is_cut = is_cut or _points_beyond(image, file.size)
    except Unreadable:
        return
    if pages > MAX_PAGES:
        detail = f"图片共 {pages} 页，只读了前 {MAX_PAGES} 页，请拆分后重新导入其余各页"
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
    if is_cut:
        detail = "图片文件不完整（可能没有下载完），只读到已有的部分，请在聊天软件中打开原图后重新导出"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)


def is_thumbnail(path: Path) -> bool:
    """Whether the picture has the size of a chat program's preview: no print on a page can be read in it."""
    try:
        with _open(path) as image:
            return max(image.size) in _THUMBNAIL_SIDES_PX
    except Unreadable:
        return False


def has_room_for_text(image: Image.Image) -> bool:
    """False for the smallest emoji and icons: they count as read and hold no text."""
    return max(image.size) >= MIN_TEXT_SIDE_PX


@contextmanager
def _open(path: Path) -> Iterator[Image.Image]:
    with path.open("rb") as file:
        head = file.read(32)
        file.seek(0)
        try:
            with _explained():
                Image.init()
                image = Image.open(file, formats=[name for name in _FORMATS if name in Image.OPEN])
        except Unreadable:
            if _is_heif(head):
                detail = "手机照片格式 HEIC/AVIF 在本机无法打开，请在手机上另存为 JPG 后重新导入"
                raise Unreadable(Reason.UNSUPPORTED, detail) from None
            raise
        _check_size(image)
        yield image


@contextmanager
def _explained() -> Iterator[None]:
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


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise Unreadable(Reason.DAMAGED, "图片的宽或高为零，文件已损坏，请重新导出")
    limit = REFUSE_PX if image.format in ("JPEG", "MPO") else REFUSE_WHOLE_PX
    if width * height > limit or max(width, height) > REFUSE_SIDE_PX:
        detail = f"图片尺寸 {width}×{height} 像素，超出上限（{limit / 1e8:g} 亿像素），请缩小后重新导入"
        raise Unreadable(Reason.TOO_BIG, detail)


def _loaded(image: Image.Image, path: Path) -> Image.Image:
    """The decoded image, of a cut file what could be decoded."""
    excess = (image.width * image.height / SHRINK_PX) ** 0.5
    if excess > 1 and image.format in ("JPEG", "MPO"):
        image.draft(None, (int(image.width / excess), int(image.height / excess)))
    try:
        image.load()
    except EOFError:
        raise OSError("cut inside a header") from None
    except OSError as why:
        if "truncated" not in str(why):
            raise
        if image.format in ("JPEG", "MPO"):
            # A cut progressive JPEG shows nothing until it ends: an end marker makes it show what it has.
            image = Image.open(_with_end_marker(path), formats=("JPEG",))
        else:
            image.tile = []  # type: ignore[attr-defined] # takes what is decoded so far, without Pillow's process-wide switch
        image.load()
    return image


def _with_end_marker(path: Path) -> BinaryIO:
    return BytesIO(path.read_bytes() + b"\xff\xd9")


def _upright(image: Image.Image) -> Image.Image:
    page = _rgb(image)
    excess = (page.width * page.height / SHRINK_PX) ** 0.5
    if excess > 1:
        size = (max(1, int(page.width / excess)), max(1, int(page.height / excess)))
        page = page.resize(size, Image.Resampling.BOX)
    turn = _TURNS.get(_orientation(image))
    return page if turn is None else page.transpose(turn)


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
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    ink = ImageStat.Stat(layered.convert("L"), mask=alpha)
    is_light = ink.count[0] > 0 and ink.mean[0] > _LIGHT
    ground = Image.new("RGB", layered.size, "black" if is_light else "white")
    ground.paste(layered, mask=alpha)
    return ground


def _is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def _pages(image: Image.Image, limit: int) -> Iterator[int]:
    """Seeks to each page in turn; ends where the file's chain of pages ends or breaks."""
    yield 0
    for number in range(1, limit if image.format == "TIFF" else 1):
        try:
            with _explained():
                image.seek(number)
        except (EOFError, Unreadable):
            return
        yield number


def _is_cut(format_name: str | None, data: bytes) -> bool:
    """The end that the format demands is missing; for formats whose cut files open at all."""
    match format_name:
        case "JPEG" | "MPO":
            return data.rfind(b"\xff\xd9") < _scan_start(data)
        case "PNG":
            return b"IEND" not in data[-4096:]
        case "BMP":
            return int.from_bytes(data[2:6], "little") > len(data)
        case "GIF":
            return b";" not in data[-4096:]
        case _:
            return False


def _points_beyond(image: Image.Image, size: int) -> bool:
    """This page of a TIFF has pixels, or a next page, behind the end of the file."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    tags = image.tag_v2
    for offsets, counts in ((_STRIP_OFFSETS, _STRIP_BYTES), (_TILE_OFFSETS, _TILE_BYTES)):
        starts, lengths = tags.get(offsets, ()), tags.get(counts, ())
        if any(start + length > size for start, length in zip(starts, lengths, strict=False)):
            return True
    return bool(tags.next >= size)


def _scan_start(jpeg: bytes) -> int:
    """Offset of the pixels, behind the headers: an embedded thumbnail has an end marker of its own."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        at += 1 if jpeg[at + 1] == 0xFF else 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return at
