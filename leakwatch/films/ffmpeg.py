"""Pictures of a film by the program ffmpeg: optional, a child of the reading process, under its limits."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from leakwatch.errors import Unreadable
from leakwatch.films.camera import MOST_PX, LateError
from leakwatch.model import Reason

ADVICE = (
    "请安装 ffmpeg（apt install ffmpeg，Windows 上把 ffmpeg.exe 放进 PATH 里的文件夹）后重新扫描，或人工观看"
)

_LENGTH = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_QUIET = ("-nostdin", "-hide_banner", "-threads", "1", "-max_pixels", str(MOST_PX))
_PNG = (
    "-an",
    "-sn",
    "-dn",
    "-frames:v",
    "1",
    "-f",
    "image2pipe",
    "-c:v",
    "png",
    "-threads",
    "1",
    "-pix_fmt",
    "rgb24",
)


def is_installed() -> bool:
    """Whether the program is there."""
    return bool(_program())


class Film:
    """A film that ffmpeg opens anew for each picture: a fault in one costs no other."""

    def __init__(self, path: Path, container: str, left_s: Callable[[], float]) -> None:
        """left_s: how much time there still is."""
        # No other protocol: what a film links to is neither fetched nor opened.
        self._input = ("-protocol_whitelist", "file", "-f", container, "-i", f"file:{path}")
        self._left_s = left_s
        found = _LENGTH.search(self._run(*self._input).stderr.decode("utf-8", "replace"))
        hours, minutes, seconds = found.groups() if found else (0, 0, 0)
        self.length_s = int(hours) * 3600 + int(minutes) * 60 + float(seconds)

    def picture_at(self, second: float) -> bytes:
        """As `Camera` says."""
        png = self._run("-ss", f"{second:.3f}", *self._input, *_PNG, "-").stdout
        if not png:
            raise Unreadable(Reason.DAMAGED, "视频在这一秒没有画面")
        return png

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        if (left_s := self._left_s()) <= 0:
            raise LateError
        try:
            return subprocess.run((_program(), *_QUIET, *arguments), capture_output=True, timeout=left_s)
        except subprocess.TimeoutExpired as why:
            raise LateError from why


def _program() -> str:
    """Its path, empty if there is none; Windows looks into the working folder too, which may hold the evidence."""
    found = shutil.which("ffmpeg")
    return found if found and Path(found).resolve().parent != Path.cwd() else ""
