"""Tesseract with chi_sim: the fallback for machines without RapidOCR.

Measured: 65 of 84 marks against RapidOCR's 84, and never a ★ (its alphabet has none; 太, 女, 大 stand
for it). The process that runs it must set OMP_THREAD_LIMIT=1: without, four side by side lost 20 of 24
pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

from leakwatch.errors import Unreadable
from leakwatch.images.page import Quad
from leakwatch.model import Reason
from leakwatch.ocr import Line, picture
from leakwatch.ocr.layout import corners, is_known, windows

if TYPE_CHECKING:
    from types import ModuleType

_SHORT_SIDE_PX = 1600
_MAX_SIDE_PX = 10_000
_MAX_SCALE = 3.0
_PIPELINE = 2
"""Counts up with every change here that changes results: it is part of the cache's key."""
_ADVICE = "本机没有安装 tesseract，图片未读；请安装：apt install tesseract-ocr tesseract-ocr-chi-sim"
_ADVICE_LANGUAGE = "tesseract 缺少简体中文数据 chi_sim，图片未读；请安装：apt install tesseract-ocr-chi-sim"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    line: tuple[int, int, int]
    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int


class Tesseract:
    """The fallback engine; 1 process a page and one more for its orientation, ~1.8 s."""

    def version(self) -> str:
        try:
            number = self._program.get_tesseract_version()
        except (self._program.TesseractNotFoundError, SystemExit) as why:
            raise Unreadable(Reason.NO_ENGINE, _ADVICE) from why
        return f"tesseract {number} chi_sim pipeline {_PIPELINE}"

    def warm_up(self) -> None:
        try:
            languages = self._program.get_languages()
        except self._program.TesseractNotFoundError as why:
            raise Unreadable(Reason.NO_ENGINE, _ADVICE) from why
        if "chi_sim" not in languages:
            raise Unreadable(Reason.NO_ENGINE, _ADVICE_LANGUAGE)

    def read(self, image: Path) -> list[Line]:
        self.warm_up()
        return picture.lines(image, self._read_page)

    @cached_property
    def _program(self) -> Any:
        try:
            import pytesseract
        except ImportError as why:
            raise Unreadable(Reason.NO_ENGINE, "缺少 pytesseract，图片未读；请重新安装 leakwatch") from why
        program: ModuleType = pytesseract
        return program

    def _read_page(self, page: Image.Image) -> Iterator[Line]:
        known = np.zeros((0, 4, 2), np.float32)
        for window in windows(page.height, page.width):
            part = page.crop((window.left, window.top, window.right, window.bottom))
            flat, scale = _flattened(part)
            quarters = self._quarters(flat)
            if quarters:
                flat = flat.transpose(_TURNS[quarters])
            for words in self._lines(flat):
                box = _unturned(words, quarters, flat.size) / scale + (window.left, window.top)
                if window.owns(box) and not is_known(box, known):
                    known = np.concatenate([known, box[None]])
                    yield Line(
                        text=_joined([word.text for word in words]),
                        box=corners(box),
                        confidence=sum(word.confidence for word in words) / len(words),
                    )

    def _quarters(self, flat: Image.Image) -> int:
        """How many quarters the page must be turned counter-clockwise to stand upright."""
        try:
            found = self._program.image_to_osd(flat, output_type="dict")
        except self._program.TesseractError:  # too few characters to tell
            return 0
        return -int(found["rotate"]) // 90 % 4  # it says how far clockwise

    def _lines(self, flat: Image.Image) -> Iterator[list[_Word]]:
        try:
            table = self._program.image_to_data(flat, lang="chi_sim", config="--psm 3", output_type="dict")
        except self._program.TesseractError as why:
            detail = "文字识别程序处理此图片时出错，图片未读，请人工查看"
            raise Unreadable(Reason.CRASHED, detail) from why
        columns = ("block_num", "par_num", "line_num", "text", "conf", "left", "top", "width", "height")
        words = [
            _Word(
                line=(block, paragraph, line),
                text=str(text).strip(),
                confidence=max(0.0, float(score) / 100),
                left=left,
                top=top,
                right=left + width,
                bottom=top + height,
            )
            for block, paragraph, line, text, score, left, top, width, height in zip(
                *(table[name] for name in columns), strict=True
            )
            if str(text).strip()
        ]
        for _, of_line in groupby(words, key=lambda word: word.line):
            yield list(of_line)


_TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}


def _flattened(page: Image.Image) -> tuple[Image.Image, float]:
    """Grey, freed of shadows and enlarged to a short side of 1600 px; and by how much it was enlarged."""
    scale = min(_SHORT_SIDE_PX / min(page.size), _MAX_SCALE, _MAX_SIDE_PX / max(page.size))
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    grey = page.convert("L").resize(size, Image.Resampling.BICUBIC)
    small = grey.reduce(max(1, min(16, *size)))
    light = small.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(4))
    ground = np.maximum(np.asarray(light.resize(size, Image.Resampling.BILINEAR), np.float32), 1)
    flat = np.minimum(np.asarray(grey, np.float32) * (255 / ground), 255)
    return Image.fromarray(flat.astype(np.uint8)), scale


def _joined(words: list[str]) -> str:
    """Words without the blanks that tesseract puts between Han characters."""
    text = words[0]
    for word in words[1:]:
        is_latin = text[-1].isascii() and word[0].isascii() and text[-1].isalpha() and word[0].isalpha()
        text += (" " if is_latin else "") + word
    return text


def _unturned(words: list[_Word], quarters: int, size: tuple[int, int]) -> Quad:
    """The line's box, from where it begins, on the page as it was before it was turned."""
    left, top = min(word.left for word in words), min(word.top for word in words)
    right, bottom = max(word.right for word in words), max(word.bottom for word in words)
    x, y = np.array([[left, right, right, left], [top, top, bottom, bottom]], np.float32)
    width, height = size
    before = {0: (x, y), 1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}
    return np.stack(before[quarters], axis=1)
