"""What is seen on a page becomes a piece, with what its text adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.intake.pictures import piece
from leakwatch.model import Evidence, Origin, TextPiece
from leakwatch.redhead import Layout

Keep = Callable[[str, bytes], Evidence]
HEAD = "图片版式：红色标题、红色分隔线"
BODY = "关于做好重点目标安全保卫工作的通知"


def layout(spot: str = "") -> Layout:
    """A page with nothing but a red head."""
    return Layout(spot, has_head=True, has_star=False, has_corner=False, has_seal=False)


@pytest.mark.parametrize(
    ("text", "confidence", "told"),
    [
        (BODY, 0.95, ""),
        ("青石", 0.95, "；文字无法辨读"),
        (BODY, 0.3, "；文字无法辨读"),
        (f"{BODY}\n（此件公开发布）", 0.95, "；写明主动公开"),
        (f"{BODY}\n公开方式：主动\n公开", 0.95, "；写明主动公开"),
        (f"{BODY}\n公开方式：不主动公开", 0.95, ""),
        (f"{BODY}\n公开方式：不予公开", 0.95, ""),
        (f"{BODY}\n公开方式：依申请公开", 0.95, ""),
    ],
)
def test_the_text_of_the_page_adds_what_it_tells(keep: Keep, text: str, confidence: float, told: str) -> None:
    file = keep("1.jpg", b"1")
    read = TextPiece(text=text, origin=Origin.OCR, evidence=file, confidence=confidence)

    assert piece(layout(), [read], file) == TextPiece(text=HEAD + told, origin=Origin.IMAGE, evidence=file)


def test_a_page_counts_by_its_own_text(keep: Keep) -> None:
    file = keep("1.tif", b"1")
    first = TextPiece(text=BODY, origin=Origin.OCR, evidence=file)

    assert piece(layout("第2页"), [first], file) == TextPiece(
        text=f"{HEAD}；文字无法辨读", origin=Origin.IMAGE, evidence=file, spot="第2页"
    )


def test_without_an_engine_nothing_is_said_of_the_text(keep: Keep) -> None:
    file = keep("1.jpg", b"1")

    assert piece(layout(), None, file).text == HEAD
