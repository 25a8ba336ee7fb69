"""A picture as received → upright RGB pages, whatever its name, size or damage.

JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF, JPEG 2000 and, with pi-heif, HEIC, told apart by content. A TIFF
and a HEIC give every page, an animation its first, middle and last picture where they differ. What no reader
will see of a picture (a cut file, pages over the limit) is told by `gaps`; a picture that cannot be opened
at all raises Unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from leakwatch.errors import Unreadable
from leakwatch.images.opening import SHRINK_PX, check_size, explained, loaded, opened, upright
from leakwatch.images.signatures import is_picture, lacks_end, points_beyond
from leakwatch.model import Evidence, Reason, Skipped

__all__ = [
    "SHRINK_PX",
    "Frame",
    "frames",
    "gaps",
    "glance",
    "has_room_for_text",
    "is_picture",
    "is_thumbnail",
    "looks_like",
    "open_upright",
]

MAX_PAGES = 200
_THUMBNAIL_SIDES_PX = range(90, 301)
"""Of the long side of the previews that chat programs make; what is smaller is an icon."""
MIN_TEXT_SIDE_PX = 32
"""A picture under this size on both sides has no room for two characters that any engine can read."""
_PAGED = ("TIFF", "HEIF")
"""An MPO's other pictures are the same scene for the other eye, or a preview."""
_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_LOOKS = 3
_STICKER_PX = 480
"""Animations up to this long side are stickers: nobody is told of those between first, middle and last."""
_COMPARED_PX = 512
_DIFFERENCE = 48
"""Of 255: compression changes the grey of a still picture by less."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright RGB page of a picture."""

    image: Image.Image
    spot: str = ""
    """第2页, 第12帧; empty for the first."""


def open_upright(path: Path) -> Image.Image:
    """The picture, or its first page, as RGB with its EXIF orientation applied."""
    return next(frames(path)).image


def frames(path: Path) -> Iterator[Frame]:
    """Each page, at least one and at most MAX_PAGES; a cut file as far as it goes."""
    with opened(path) as image:
        if _frames_in(image) > 1:
            yield from _looks(image, path)
            return
        for number in _pages(image, MAX_PAGES):
            yield Frame(_page(image, path), f"第{number + 1}页" if number else "")


def _looks(image: Image.Image, path: Path) -> Iterator[Frame]:
    """First, middle and last frame of an animation, those that repeat another one left out."""
    seen: list[Image.Image] = []
    for number in _pages(image, MAX_PAGES):
        try:
            page = _page(image, path)
        except Unreadable:
            if not seen:
                raise
            return
        look = glance(page)
        if not any(looks_like(look, other) for other in seen):
            seen.append(look)
            yield Frame(page, f"第{number + 1}帧" if number else "")


def _page(image: Image.Image, path: Path) -> Image.Image:
    check_size(image)
    with explained():
        return upright(loaded(image, path))


def glance(picture: Image.Image) -> Image.Image:
    """The picture small and grey, to be compared."""
    grey = picture.convert("L")
    grey.thumbnail((_COMPARED_PX, _COMPARED_PX), Image.Resampling.BOX)
    return grey


def looks_like(look: Image.Image, other: Image.Image) -> bool:
    """Of two glances: no spot of the one has another brightness in the other, so that both say the same."""
    return (
        look.size == other.size
        and max(ImageChops.difference(look, other).convert("L").tobytes()) < _DIFFERENCE
    )


def gaps(file: Evidence) -> Iterator[Skipped]:
    """What the pages of `frames` do not show of this picture; cheap: pixels are decoded of animations alone.

    Nothing of a picture that cannot be opened: that is said by `frames`.
    """
    try:
        with opened(file.path) as image:
            is_cut, pages, moving = lacks_end(image.format, file.path.read_bytes()), 0, _frames_in(image)
            for page in _pages(image, 10 * MAX_PAGES):
                pages = page + 1
                is_cut = is_cut or points_beyond(image, file.size) or (moving > 1 and not _is_sound(image))
            is_cut = is_cut or pages < moving
            is_sticker = max(image.size) <= _STICKER_PX
    except Unreadable:
        return
    if pages > max(moving, MAX_PAGES):
        detail = f"图片共 {pages} 页，只读了前 {MAX_PAGES} 页，请拆分后重新导入其余各页"
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
    if moving > _LOOKS and not is_sticker:
        detail = f"动图共 {moving} 帧，只读了首、中、末 {_LOOKS} 帧，其余未检查，请人工查看"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)
    if is_cut:
        detail = "图片文件不完整（可能没有下载完），只读到已有的部分，请在聊天软件中打开原图后重新导出"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)


def is_thumbnail(path: Path) -> bool:
    """Whether the picture has the size of a chat program's preview: no print on a page can be read in it."""
    try:
        with opened(path) as image:
            return max(image.size) in _THUMBNAIL_SIDES_PX
    except Unreadable:
        return False


def has_room_for_text(image: Image.Image) -> bool:
    """False for the smallest emoji and icons: they count as read and hold no text."""
    return max(image.size) >= MIN_TEXT_SIDE_PX


def _pages(image: Image.Image, limit: int) -> Iterator[int]:
    """Seeks to each page that counts; ends where the file's chain of pages ends or breaks."""
    yield 0
    last = _frames_in(image) - 1
    wanted = range(1, limit) if image.format in _PAGED else sorted({last // 2, last} - {0})
    for number in wanted:
        try:
            with explained():
                image.seek(number)
        except (EOFError, Unreadable):
            return
        yield number


def _frames_in(image: Image.Image) -> int:
    """Of an animation; 1 for any other picture and where its chain is broken."""
    if image.format not in _ANIMATED:
        return 1
    try:
        with explained():
            return max(1, int(getattr(image, "n_frames", 1)))
    except (EOFError, Unreadable):
        return 1


def _is_sound(image: Image.Image) -> bool:
    """The frame that the animation stands at can be decoded."""
    try:
        with explained():
            image.load()
    except (EOFError, Unreadable):
        return False
    return True
