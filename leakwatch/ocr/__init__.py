"""Pictures → lines of text, by one of several engines.

An engine is created cheaply and loads what it needs on `warm_up`; it runs inside a child process
(`worker.Reader`), several of them side by side (`pool.ReadAhead`), each picture once (`cache.Cached`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from leakwatch.errors import ConfigError
from leakwatch.model import Evidence, Origin, TextPiece

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text as an engine read it."""

    text: str
    box: tuple[Point, Point, Point, Point]
    """In px of the upright image, from the corner where the text begins and round along its reading
    direction: on a page that lies on its side the first corner is not the top left one."""
    confidence: float
    """0-1; engines are not comparable."""
    page: int = 1


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
    """The text of each page as one piece, so that words over a line break are found.

    The first page of a picture has no spot; the others are 第2页, 第3页 …
    """
    for page, group in groupby(lines, key=lambda line: line.page):
        of_page = list(group)
        weight = sum(len(line.text) for line in of_page)
        if not weight:
            continue
        yield TextPiece(
            text="\n".join(line.text for line in of_page),
            origin=Origin.OCR,
            evidence=file,
            spot=None if page == 1 else f"第{page}页",
            confidence=sum(line.confidence * len(line.text) for line in of_page) / weight,
        )
