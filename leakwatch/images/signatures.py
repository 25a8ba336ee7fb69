"""What the first and last bytes of a picture file say: that it is one, and whether it was cut."""

from __future__ import annotations

import struct

from PIL import Image, TiffImagePlugin

_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MAGIC_JPEG2000 = (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis")
)
_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325


def is_picture(head: bytes) -> bool:
    """The file's first 32 bytes are those of a picture, HEIC and AVIF included."""
    if head.startswith(_MAGIC + _MAGIC_JPEG2000) or is_heif(head):
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP"
    # "BM" alone begins many a text: the reserved bytes are zero and the header has one of few sizes.
    is_bmp = head.startswith(b"BM") and head[6:10] == bytes(4)
    return is_bmp and head[14:18] in {struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124)}


def is_heif(head: bytes) -> bool:
    """HEIC, AVIF or another picture in the container of MP4."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def lacks_end(format_name: str | None, data: bytes) -> bool:
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


def points_beyond(image: Image.Image, size: int) -> bool:
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
