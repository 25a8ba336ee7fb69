"""What is looked at first: red print on paper, then paper, then all else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from leakwatch.images.urgency import Urgency, urgency_of
from leakwatch.model import Evidence

Keep = Callable[[str, bytes], Evidence]
Ink = tuple[int, int, int]
RED: Ink = (200, 30, 30)
BLACK: Ink = (30, 30, 30)


def jpeg(image: Image.Image) -> bytes:
    data = BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def page(title: Ink, desk: Ink = (90, 70, 60), size: int = 900) -> Image.Image:
    """A sheet of that size on a desk of 1200 × 1200 px."""
    image = Image.new("RGB", (1200, 1200), desk)
    draw = ImageDraw.Draw(image)
    left = (1200 - size) // 2
    draw.rectangle((left, left, left + size, left + size), (235, 232, 225))
    for row in range(6):
        y = left + size * (row + 2) // 10
        ink = title if row == 0 else BLACK
        draw.rectangle((left + size // 5, y, left + size * 4 // 5, y + size // 40), ink)
    return image


@pytest.mark.parametrize(
    ("image", "urgency"),
    [
        (page(RED), Urgency.RED_PAGE),
        (page(RED, desk=(150, 40, 30)), Urgency.RED_PAGE),
        (page(RED, size=300), Urgency.RED_PAGE),
        (page(BLACK), Urgency.PAGE),
        (Image.new("RGB", (1200, 1200), (60, 90, 40)), Urgency.SCENE),
        (Image.new("RGB", (1200, 1200), RED), Urgency.SCENE),
    ],
    ids=["red head", "on a red desk", "from far away", "print", "grass", "red cloth"],
)
def test_red_print_on_paper_comes_first(keep: Keep, image: Image.Image, urgency: Urgency) -> None:
    assert urgency_of(keep("1.jpg", jpeg(image)).path) is urgency


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff broken", jpeg(page(RED))[:400]])
def test_a_picture_that_cannot_be_opened_comes_last(keep: Keep, data: bytes) -> None:
    assert urgency_of(keep("1.jpg", data).path) is Urgency.SCENE
