"""Lines become pieces of text, and engines are found by name."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from leakwatch.errors import ConfigError, Unreadable
from leakwatch.model import BoxedLine, Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.ocr import Line, engine_named, illegible, pieces
from leakwatch.ocr.blind import Blind, Off

Keep = Callable[[str, bytes], Evidence]
BOX = ((0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0))


def line(text: str, confidence: float = 1.0, spot: str = "") -> Line:
    return Line(text=text, box=BOX, confidence=confidence, spot=spot)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), "white").save(buffer, "PNG")
    return buffer.getvalue()


def test_each_page_is_one_piece(keep: Keep) -> None:
    file = keep("传真.tif", b"any")
    lines = [line("值守", 0.5), line("安排的通知单", 1.0), line("附件", spot="第3页")]
    assert list(pieces(lines, file)) == [
        TextPiece(
            text="值守\n安排的通知单",
            origin=Origin.OCR,
            evidence=file,
            confidence=0.875,
            lines=(BoxedLine(start=0, end=2, box=BOX), BoxedLine(start=3, end=9, box=BOX)),
        ),
        TextPiece(
            text="附件",
            origin=Origin.OCR,
            evidence=file,
            spot="第3页",
            lines=(BoxedLine(start=0, end=2, box=BOX),),
        ),
    ]


@pytest.mark.parametrize("lines", [[], [line("")], [line("", 0.1), line("", 0.1)]])
def test_no_text_is_no_piece(keep: Keep, lines: list[Line]) -> None:
    assert list(pieces(lines, keep("1.jpg", b"any"))) == []


def print_of(width_px: float, confidence: float, text: str = "防汛值守工作安排") -> Line:
    """A line of eight characters, each so wide."""
    box = ((0.0, 0.0), (width_px * 8, 0.0), (width_px * 8, 13.0), (0.0, 13.0))
    return Line(text=text, box=box, confidence=confidence)


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        ([], 0),
        ([print_of(8, 0.7)] * 3, 3),
        ([print_of(8, 0.7)] * 3 + [print_of(30, 0.99)] * 3, 3),
        ([print_of(8, 0.7)] * 8 + [print_of(30, 0.99)] * 20, 8),
        ([print_of(12, 0.5)] * 3, 3),
        ([print_of(30, 0.1, "")] * 3, 3),
        ([print_of(4, 0.7, "duty roster 2031")] * 3, 3),
        ([print_of(18, 0.6, "A")] * 3, 3),
        ([print_of(18, 0.95, "公告")] * 3, 0),
        ([print_of(8, 0.7)] * 2, 0),
        ([print_of(8, 0.7)] * 3 + [print_of(30, 0.99)] * 4, 0),
        ([print_of(8, 0.99)] * 20, 0),
        ([print_of(9, 0.7)] * 20, 0),
        ([print_of(14, 0.5)] * 20, 0),
    ],
)
def test_a_page_of_lines_too_small_to_read_does_not_pass_for_clean(
    keep: Keep, lines: list[Line], lost: int
) -> None:
    file = keep("1.jpg", b"any")
    detail = f"图片上有 {lost} 行字太小或太模糊，认不出来，不能算检查过；请索取原图后重新放入，或人工查看"
    expected = [Skipped(evidence=file, name="1.jpg", reason=Reason.INCOMPLETE, detail=detail)]
    assert list(illegible(lines, file)) == expected[: bool(lost)]


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ConfigError, match="paddle"):
        engine_named("paddle")


def test_an_engine_that_is_off_refuses_every_picture(keep: Keep) -> None:
    engine = engine_named("none")
    assert isinstance(engine, Off)
    with pytest.raises(Unreadable) as caught:
        engine.read(keep("1.png", picture()).path)
    assert caught.value.reason is Reason.NO_ENGINE


def test_the_blind_engine_gives_its_lines_for_pictures_alone(keep: Keep) -> None:
    engine = Blind([line("机密★10年")])
    assert engine.read(keep("1.png", picture()).path) == [line("机密★10年")]
    with pytest.raises(Unreadable):
        engine.read(keep("2.png", b"no picture").path)


@pytest.mark.parametrize("name", ["rapidocr", "tesseract"])
def test_naming_an_engine_imports_nothing_heavy(name: str) -> None:
    program = (
        "import sys; from leakwatch.ocr import engine_named; engine_named(sys.argv[1]);"
        "print(sorted({'cv2', 'onnxruntime', 'rapidocr', 'pytesseract'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
