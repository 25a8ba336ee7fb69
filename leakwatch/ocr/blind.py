"""Engines that recognise nothing: one for tests, one for a bureau that has switched recognition off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leakwatch.errors import Unreadable
from leakwatch.images import open_upright
from leakwatch.model import Reason
from leakwatch.ocr import Line


class Blind:
    """Sees the same lines (none by default) in every picture that can be opened; for tests."""

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        self._lines = tuple(lines)

    def version(self) -> str:
        return "blind"

    def warm_up(self) -> None:
        """Nothing to load."""

    def read(self, image: Path) -> list[Line]:
        open_upright(image)
        return list(self._lines)


class Off:
    """Refuses every picture, so that an unread picture never passes for one without text."""

    def version(self) -> str:
        return "off"

    def warm_up(self) -> None:
        raise Unreadable(
            Reason.NO_ENGINE,
            "配置中关闭了图片文字识别，图片未读；如需识别请把 ocr.engine 设为 rapidocr 或 tesseract",
        )

    def read(self, image: Path) -> list[Line]:  # noqa: ARG002 - no picture is opened
        self.warm_up()
        return []
