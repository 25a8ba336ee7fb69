"""A picture file → the lines of all its pages, by an engine that reads one page, and the codes on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from leakwatch.images import frames, has_room_for_text
from leakwatch.ocr import Line
from leakwatch.ocr.codes import codes

ReadPage = Callable[[Image.Image], Iterable[Line]]


def lines(image: Path, read_page: ReadPage) -> list[Line]:
    """Page by page the lines in reading order, then the codes."""
    found = []
    for frame in frames(image):
        if has_room_for_text(frame.image):
            found += [replace(line, spot=frame.spot) for line in read_page(frame.image)]
            found += [replace(code, spot=frame.spot + code.spot) for code in codes(frame.image)]
    return found
