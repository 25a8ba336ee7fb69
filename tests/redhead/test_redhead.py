"""What is seen of a red-head document on drawn pages, and what must not be seen on their look-alikes.

pictures/: some of what bench/photos/red.py draws, 600 px and JPEG quality 60; a few come from another generator.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leakwatch.redhead import Layout, layout_of

PICTURES = Path(__file__).parent / "pictures"
HEAD = "图片版式：红色标题、红色分隔线"


def picture(name: str) -> Image.Image:
    """One of the committed pictures."""
    return Image.open(PICTURES / f"{name}.jpg").convert("RGB")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("文件", f"{HEAD}、圆形印章、左上角有字"),
        ("文件二", f"{HEAD}（带星）、左上角有字"),
        ("联合发文", HEAD),
        ("信函", HEAD),
        ("纪要", f"{HEAD}、圆形印章"),
        ("末页", "图片版式：圆形印章"),
        ("传真电报", HEAD),
        ("上报", f"{HEAD}、圆形印章"),
    ],
)
def test_a_page_is_told_by_its_head_its_line_and_its_seal(name: str, words: str) -> None:
    assert layout_of(picture(name)).words == words


@pytest.mark.parametrize(
    "name",
    [
        "横幅",
        "海报",
        "收据",
        "红漆桌",
        "应用",
        "信纸",
        "证书",
        "价目表",
        "报纸",
        "幻灯片",
        "菜单",
        "菜谱",
        "晚报",
        "信封",
        "月历",
    ],
)
def test_what_is_red_but_no_document_shows_nothing(name: str) -> None:
    assert layout_of(picture(name)).words == ""


@pytest.mark.parametrize("name", ["收据", "红漆桌", "信纸", "证书", "价目表", "报纸", "幻灯片"])
def test_what_is_no_document_is_none_upside_down(name: str) -> None:
    assert layout_of(picture(name).transpose(Image.Transpose.ROTATE_180)).words == ""


@pytest.mark.parametrize("name", ["文件", "文件二"])
@pytest.mark.parametrize("side", [240, 300])
def test_a_head_is_seen_on_a_preview_whose_line_has_lost_its_colour(name: str, side: int) -> None:
    preview = picture(name)
    preview.thumbnail((side, side))
    data = BytesIO()
    preview.save(data, "JPEG", quality=60)
    assert layout_of(Image.open(data).convert("RGB")).has_head


@pytest.mark.parametrize("name", ["截断", "信函截断"])
def test_a_head_is_seen_on_a_photo_that_ends_below_its_line(name: str) -> None:
    assert layout_of(picture(name)).has_head


@pytest.mark.parametrize("name", ["翻拍屏幕", "翻拍屏幕二"])
def test_a_head_is_seen_on_a_screen_whose_points_colour_the_paper(name: str) -> None:
    assert layout_of(picture(name)).has_head


@pytest.mark.parametrize("name", ["手持卷曲", "信函下垂"])
def test_a_head_is_seen_on_a_page_that_is_not_flat(name: str) -> None:
    assert layout_of(picture(name)).has_head


def test_a_letter_is_told_by_the_line_at_its_foot() -> None:
    assert layout_of(picture("信函页脚")).has_head


def test_a_head_is_seen_under_a_seal() -> None:
    assert layout_of(picture("标题盖章")).has_head


def test_a_head_is_seen_beside_the_shadow_of_a_hand() -> None:
    assert layout_of(picture("手影")).has_head


def test_a_line_is_seen_of_which_little_colour_is_left() -> None:
    assert layout_of(picture("淡线")).has_head


def test_a_head_of_thin_strokes_is_seen_beside_a_glare() -> None:
    assert layout_of(picture("细字反光")).has_head


@pytest.mark.parametrize("name", ["文件", "联合发文"])
@pytest.mark.parametrize(
    "turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]
)
def test_a_page_is_seen_whichever_side_is_up(name: str, turn: Image.Transpose) -> None:
    assert layout_of(picture(name).transpose(turn)).has_head


def test_a_head_is_seen_through_another_compression_and_at_two_thirds_of_the_size(tmp_path: Path) -> None:
    small = picture("联合发文")
    small.thumbnail((400, 400))
    small.save(tmp_path / "again.jpg", quality=50)

    assert layout_of(Image.open(tmp_path / "again.jpg")).has_head


def test_a_head_without_its_line_is_none() -> None:
    page = np.asarray(picture("信函")).copy()
    grey = page.max(axis=-1, keepdims=True)

    assert not layout_of(Image.fromarray(np.repeat(grey, 3, axis=-1))).words


@pytest.mark.parametrize("colour", ["white", "black", "red", "gray"])
@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (33, 33), (640, 480)])
def test_an_empty_picture_shows_nothing(colour: str, size: tuple[int, int]) -> None:
    assert layout_of(Image.new("RGB", size, colour), "第3页") == Layout("第3页", False, False, False, False)


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.tuples(st.integers(1, 160), st.integers(1, 160)),
    red=st.floats(0, 0.2),
)
@settings(max_examples=60)
def test_no_picture_breaks_it(seed: int, size: tuple[int, int], red: float) -> None:
    random = np.random.default_rng(seed)
    pixels = np.full((*size, 3), 240, np.uint8)
    pixels[random.random(size) < red] = (200, 20, 30)
    pixels[random.integers(size[0])] = (200, 20, 30)
    pixels[random.random(size) < red] = (20, 20, 20)

    layout_of(Image.fromarray(pixels))
