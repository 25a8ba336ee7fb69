"""Pictures → lines of text, by one of several engines.

An engine is created cheaply and loads what it needs on `warm_up`; it runs inside a child process
(`worker.Reader`), several of them side by side (`pool.ReadAhead`), each picture once (`cache.Cached`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import dist
from pathlib import Path
from typing import Protocol
from unicodedata import east_asian_width

from leakwatch.errors import ConfigError
from leakwatch.model import BoxedLine, Evidence, Origin, Reason, Skipped, TextPiece

Point = tuple[float, float]

_LEGIBLE = ((0.9, 9), (0.6, 14))
"""Confidence, and the width of a character in px below which a line read with less is lost.

Of 8 marks on paper PP-OCR reads 3 at 8 px and 7 at 9 px.
"""
_SURE = 0.9
_TOO_WIDE = 4
"""Times its height: no print is set so wide."""
_FEW, _MANY = 3, 8
"""Lost lines from which a page counts as unread: where they are half of its lines, and in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text as an engine read it."""

    text: str
    """Empty for a line that the engine saw and could not read."""
    box: tuple[Point, Point, Point, Point]
    """In px of the upright image, from the corner where the text begins and round along its reading
    direction: on a page that lies on its side the first corner is not the top left one."""
    confidence: float
    """0-1; engines are not comparable."""
    spot: str = ""
    """Which page or code of the picture: 第2页, 第12帧, 二维码; empty for the first page."""


class Reads(Protocol):
    """Whatever gives the lines of a picture: an engine, or a reader that owns one."""

    def read(self, image: Path) -> list[Line]:
        """Its lines in reading order, [] only for a picture without text; raises Unreadable."""
        ...


class Engine(Reads, Protocol):
    """A text recogniser; uses one thread, keeps no settings from call to call."""

    def version(self) -> str:
        """Engine, version and every setting that changes results, without loading anything heavy."""
        ...

    def warm_up(self) -> None:
        """Loads everything `read` needs; Unreadable(NO_ENGINE) if this machine lacks it."""
        ...


def engine_named(name: str) -> Engine:
    """The engine that config.toml calls rapidocr, tesseract or none; nothing heavy is imported yet."""
    match name:
        case "rapidocr":
            from leakwatch.ocr.rapid import Rapid

            return Rapid()
        case "tesseract":
            from leakwatch.ocr.tesseract import Tesseract

            return Tesseract()
        case "none":
            from leakwatch.ocr.blind import Off

            return Off()
        case _:
            raise ConfigError(f"ocr.engine：没有名为“{name}”的识别引擎，可用 rapidocr、tesseract 或 none")


def pieces(lines: Sequence[Line], file: Evidence) -> Iterator[TextPiece]:
    """The text of each page as one piece, so that words over a line break are found."""
    for spot, group in groupby(lines, key=lambda line: line.spot):
        of_page = [line for line in group if line.text]
        weight = sum(len(line.text) for line in of_page)
        if not weight:
            continue
        yield TextPiece(
            text="\n".join(line.text for line in of_page),
            origin=Origin.OCR,
            evidence=file,
            spot=spot or None,
            confidence=sum(line.confidence * len(line.text) for line in of_page) / weight,
            lines=tuple(_boxed(of_page)),
        )


def _boxed(lines: Sequence[Line]) -> Iterator[BoxedLine]:
    """Where each line stands in the text of its page."""
    start = 0
    for line in lines:
        end = start + len(line.text)
        yield BoxedLine(start=start, end=end, box=line.box)
        start = end + 1


def illegible(lines: Sequence[Line], file: Evidence) -> Iterator[Skipped]:
    """A row for each page with more than a few lines that could not be read: it must not pass for clean."""
    for spot, group in groupby(lines, key=lambda line: line.spot):
        of_page = list(group)
        lost = sum(map(_is_lost, of_page))
        if lost >= _MANY or (lost >= _FEW and 2 * lost >= len(of_page)):
            detail = f"图片{spot}上有 {lost} 行字太小或太模糊，认不出来，不能算检查过；请索取原图后重新放入，或人工查看"
            yield Skipped(evidence=file, name=spot or file.name, reason=Reason.INCOMPLETE, detail=detail)


def _is_lost(line: Line) -> bool:
    """Too small for what was read to be trusted.

    By the width of its characters: PP-OCR's boxes are 13 px high for any print of 6 to 10 px. Sharp print on
    a screen is read at 7 px (0.95); a photo of print that size is guessed at (0.65), and characters that are
    left out make the others seem wider; of a whole line only one or two may be left.
    """
    if not line.text:
        return True
    cells = sum(1 if east_asian_width(character) in "WFA" else 0.5 for character in line.text)
    width_px = dist(line.box[0], line.box[1]) / cells
    if line.confidence < _SURE and width_px > _TOO_WIDE * dist(line.box[1], line.box[2]):
        return True
    return any(line.confidence < sure and width_px < legible_px for sure, legible_px in _LEGIBLE)
