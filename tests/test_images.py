"""Pictures of every format, size and damage become upright RGB pages."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import util
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from leakwatch.errors import Unreadable
from leakwatch.images import (
    MAX_PAGES,
    SHRINK_PX,
    frames,
    gaps,
    has_room_for_text,
    is_picture,
    is_thumbnail,
    open_upright,
)
from leakwatch.model import Evidence, Reason

Keep = Callable[[str, bytes], Evidence]
HEIC = Path(__file__).with_name("half_dark.heic").read_bytes()
"""96 × 64 px, the left half dark, as an iPhone's decoder would give it; encoded by pillow-heif."""
needs_heif = pytest.mark.skipif(util.find_spec("pi_heif") is None, reason="pi-heif is not installed")


def page(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light, with a stripe pattern that does not compress to nothing."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 2 - 1, size[1]), fill=(20, 20, 20))
    for y in range(0, size[1], 7):
        draw.line((0, y, size[0], y * 5 % size[1]), fill=(y * 37 % 256, 90, 160))
    return image.convert(mode)


def encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def darkness(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    return 255 - sum(image.crop(box).convert("L").resize((1, 1), Image.Resampling.BOX).tobytes())


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "JPEG2000"])
def test_every_format_is_told_by_its_content_and_opened(keep: Keep, format_name: str) -> None:
    data = encoded(page(), format_name)
    image = open_upright(keep("照片.docx", data).path)
    assert (is_picture(data[:32]), image.mode, image.size) == (True, "RGB", (120, 80))


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x1cftypheic\0\0\0\0",
        b"\0\0\0\x1cftypavif\0\0\0\0",
        b"\0\0\0\x18ftypmif1\0\0\0\0",
        b"II*\0\x08\0\0\0",
    ],
)
def test_picture_heads_are_known(head: bytes) -> None:
    assert is_picture(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"BM",
        "BMW 采购合同，请各位领导审阅".encode(),
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x20ftypisom\0\0\x02\0",
        b"%!PS-Adobe-3.0 EPSF",
        b"GIF88a",
    ],
)
def test_other_heads_are_no_pictures(head: bytes) -> None:
    assert not is_picture(head)


@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [
        (1, (120, 80), (0, 0, 40, 80)),
        (2, (120, 80), (80, 0, 120, 80)),
        (3, (120, 80), (80, 0, 120, 80)),
        (6, (80, 120), (0, 0, 80, 40)),
        (8, (80, 120), (0, 80, 80, 120)),
        (77, (120, 80), (0, 0, 40, 80)),
    ],
)
def test_exif_orientation_is_applied(
    keep: Keep, orientation: int, size: tuple[int, int], dark: tuple[int, int, int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = open_upright(keep("1.jpg", encoded(page(), "JPEG", exif=exif.tobytes())).path)
    assert image.size == size
    assert darkness(image, dark) > 150


def test_broken_exif_does_not_cost_the_picture(keep: Keep) -> None:
    data = encoded(page(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12")
    assert open_upright(keep("1.jpg", data).path).size == (120, 80)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA", "I;16"])
def test_every_mode_becomes_rgb_with_its_left_half_dark(keep: Keep, mode: str) -> None:
    if mode == "I;16":
        wide = page(mode="L").convert("I").point(lambda value: value * 200)
        data = encoded(wide.convert("I;16"), "PNG")
    else:
        data = encoded(page(mode=mode), "JPEG" if mode == "CMYK" else "PNG")
    image = open_upright(keep("1", data).path)
    assert image.mode == "RGB"
    assert darkness(image, (5, 5, 55, 75)) > darkness(image, (65, 5, 115, 75)) + 60


@pytest.mark.parametrize("ink", ["black", "white"])
def test_text_on_a_transparent_ground_stands_out(keep: Keep, ink: str) -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 40, 40), fill=ink)
    read = open_upright(keep("1.png", encoded(image, "PNG")).path).convert("L")
    assert read.getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("format_name", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("BMP", {}), ("TIFF", {})],
)
def test_a_cut_file_is_read_as_far_as_it_goes_and_says_so(
    keep: Keep, format_name: str, options: dict[str, object]
) -> None:
    data = encoded(page((600, 400)), format_name, **options)
    file = keep("截断.jpg", data[: len(data) * 2 // 3])
    image = open_upright(file.path)
    assert darkness(image, (0, 0, 200, 60)) > 100
    assert [(gap.reason, gap.name) for gap in gaps(file)] == [(Reason.INCOMPLETE, "截断.jpg")]


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_whole_file_has_no_gaps_even_with_a_tail(keep: Keep, format_name: str) -> None:
    file = keep("1", encoded(page(), format_name) + b"motion photo" * 9)
    assert list(gaps(file)) == []


def test_an_embedded_thumbnail_does_not_hide_a_cut(keep: Keep) -> None:
    thumbnail = encoded(page((40, 30)), "JPEG")
    data = encoded(page((600, 400)), "JPEG", exif=b"Exif\0\0" + thumbnail)
    assert [gap.reason for gap in gaps(keep("1.jpg", data[: len(data) // 2]))] == [Reason.INCOMPLETE]


def test_every_page_of_a_tiff_is_read(keep: Keep) -> None:
    data = encoded(page(), "TIFF", save_all=True, append_images=[page((50, 90)), page((70, 70))])
    assert [(frame.spot, frame.image.size) for frame in frames(keep("传真.tif", data).path)] == [
        ("", (120, 80)),
        ("第2页", (50, 90)),
        ("第3页", (70, 70)),
    ]


def test_pages_over_the_limit_are_told(keep: Keep) -> None:
    small = Image.new("1", (8, 8))
    file = keep("传真.tif", encoded(small, "TIFF", save_all=True, append_images=[small] * MAX_PAGES))
    assert sum(1 for _ in frames(file.path)) == MAX_PAGES
    assert [(gap.reason, gap.detail) for gap in gaps(file)] == [
        (Reason.TOO_BIG, "图片共 201 页，只读了前 200 页，请拆分后重新导入其余各页")
    ]


def animation(format_name: str, pictures: list[Image.Image]) -> bytes:
    return encoded(pictures[0], format_name, save_all=True, append_images=pictures[1:], duration=100)


def shades(*levels: int, size: tuple[int, int] = (120, 80)) -> list[Image.Image]:
    return [Image.new("RGB", size, (level,) * 3) for level in levels]


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_middle_and_last_frame(keep: Keep, format_name: str) -> None:
    data = animation(format_name, shades(0, 60, 130, 190, 255))
    file = keep("表情.gif", data)
    found = [(frame.spot, frame.image.getpixel((9, 9))) for frame in frames(file.path)]
    assert found == [("", (0, 0, 0)), ("第3帧", (130, 130, 130)), ("第5帧", (255, 255, 255))]
    assert list(gaps(file)) == []


@pytest.mark.parametrize(
    ("levels", "spots"), [((0, 99, 0), ["", "第2帧"]), ((0, 20, 40), [""]), ((0, 255), ["", "第2帧"])]
)
def test_frames_that_repeat_another_are_left_out(
    keep: Keep, levels: tuple[int, ...], spots: list[str]
) -> None:
    file = keep("1.webp", animation("WEBP", shades(*levels)))
    assert [frame.spot for frame in frames(file.path)] == spots


@pytest.mark.parametrize(("side", "told"), [(480, False), (481, True)])
def test_frames_that_nobody_looks_at_are_told_unless_it_is_a_sticker(
    keep: Keep, side: int, told: bool
) -> None:
    file = keep("录屏.gif", animation("GIF", shades(0, 60, 130, 255, size=(side, 90))))
    assert [gap.detail for gap in gaps(file)] == [
        "动图共 4 帧，只读了首、中、末 3 帧，其余未检查，请人工查看"
    ] * told


@pytest.mark.parametrize("format_name", ["GIF", "PNG"])
def test_a_cut_animation_keeps_what_came_and_says_so(keep: Keep, format_name: str) -> None:
    data = animation(format_name, [page((300, 200)).rotate(90 * turn) for turn in range(4)])
    file = keep("1.gif", data[: len(data) // 2])
    assert next(frames(file.path)).image.size == (300, 200)
    assert [gap.reason for gap in gaps(file)] == [Reason.INCOMPLETE]


@needs_heif
def test_a_photo_of_an_iphone_is_read_upright(keep: Keep) -> None:
    image = open_upright(keep("IMG_0001.JPG", HEIC).path)
    assert (image.mode, image.size) == ("RGB", (96, 64))
    assert darkness(image, (0, 0, 40, 64)) > darkness(image, (56, 0, 96, 64)) + 60


@needs_heif
def test_a_cut_heic_raises_nothing_but_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "1"
    for end in range(0, len(HEIC), 5):  # flipped bytes may end the process: see `_learn_heif`
        path.write_bytes(HEIC[:end])
        with suppress(Unreadable):
            assert {frame.image.mode for frame in frames(path)} == {"RGB"}


def test_a_machine_without_heif_is_told_what_to_install(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.delitem(Image.OPEN, "HEIF", raising=False)
    with pytest.raises(Unreadable, match="leakwatch\\[photos\\]") as caught:
        open_upright(keep("IMG_0001.heic", HEIC).path)
    assert caught.value.reason is Reason.NO_ENGINE


@pytest.mark.parametrize(("format_name", "size"), [("JPEG", (16_000, 12_000)), ("PNG", (12_000, 9_000))])
def test_a_huge_picture_is_scaled_down(keep: Keep, format_name: str, size: tuple[int, int]) -> None:
    image = open_upright(keep("1", encoded(Image.new("L", size, 255), format_name)).path)
    assert 0 < image.width * image.height <= SHRINK_PX
    assert image.width / image.height == pytest.approx(4 / 3, rel=0.01)


def bomb(width: int, height: int) -> bytes:
    """A BMP header that promises this size; no pixels."""
    header = b"BM" + bytes(8) + (54).to_bytes(4, "little") + (40).to_bytes(4, "little")
    return header + width.to_bytes(4, "little") + height.to_bytes(4, "little") + b"\1\0\x18\0" + bytes(24)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.DAMAGED),
        (b"\xff\xd8\xff", Reason.DAMAGED),
        (b"not a picture at all", Reason.DAMAGED),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Reason.DAMAGED),
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + bytes(60), Reason.DAMAGED),
        (bomb(30_000, 30_000), Reason.TOO_BIG),
        (bomb(200_000, 4), Reason.TOO_BIG),
        (bomb(0, 4), Reason.DAMAGED),
    ],
)
def test_what_cannot_be_opened_says_why(keep: Keep, data: bytes, reason: Reason) -> None:
    file = keep("1.jpg", data)
    with pytest.raises(Unreadable) as caught:
        open_upright(file.path)
    assert (caught.value.reason, list(gaps(file))) == (reason, [])


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "JPEG2000"])
def test_broken_bytes_raise_nothing_but_unreadable(tmp_path: Path, format_name: str) -> None:
    data = encoded(page(), format_name)
    for start in range(0, len(data), max(1, len(data) // 60)):
        path = tmp_path / "1"
        path.write_bytes(data[:start] + b"\xff\x00\x7f" + data[start + 3 :])
        try:
            modes = {frame.image.mode for frame in frames(path)}
        except Unreadable:
            continue
        assert modes <= {"RGB"}


@pytest.mark.parametrize(("size", "has_room"), [((31, 31), False), ((32, 8), True), ((8, 32), True)])
def test_only_the_smallest_pictures_have_no_room_for_text(size: tuple[int, int], has_room: bool) -> None:
    assert has_room_for_text(Image.new("RGB", size)) is has_room


@pytest.mark.parametrize(
    ("size", "is_preview"),
    [((60, 40), False), ((90, 60), True), ((150, 200), True), ((300, 225), True), ((301, 200), False)],
)
def test_a_preview_is_told_by_its_size(keep: Keep, size: tuple[int, int], is_preview: bool) -> None:
    assert is_thumbnail(keep("a.jpg", encoded(page(size), "JPEG")).path) is is_preview


def test_what_cannot_be_opened_is_no_preview(keep: Keep) -> None:
    assert not is_thumbnail(keep("a.jpg", b"\xff\xd8\xff").path)
