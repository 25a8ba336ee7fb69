"""Pictures of a film by PyAV, where somebody has installed it; its wheels hold GPL parts, so nothing asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import util
from io import BytesIO
from pathlib import Path
from typing import Any

from leakwatch.errors import Unreadable
from leakwatch.films.camera import MOST_PX, LateError
from leakwatch.model import Reason

_MICROSECONDS = 1_000_000


def is_installed() -> bool:
    """Whether the library is there."""
    return util.find_spec("av") is not None


class Film:
    """An open film; it decodes from the key frame before a moment up to it."""

    def __init__(self, path: Path, container: str, left_s: Callable[[], float]) -> None:
        """left_s: how much time there still is."""
        import av

        self._left_s = left_s
        with _explained():
            self._film: Any = av.open(str(path), format=container, options={"protocol_whitelist": "file"})
            self._stream = self._film.streams.video[0]
            self._stream.codec_context.thread_count = 1
            if self._stream.codec_context.width * self._stream.codec_context.height > MOST_PX:
                raise Unreadable(Reason.TOO_BIG, "视频画面太大，未检查；请人工观看")
            self.length_s = (self._film.duration or 0) / _MICROSECONDS

    def picture_at(self, second: float) -> bytes:
        """As `Camera` says."""
        png = BytesIO()
        with _explained():
            self._film.seek(int(second * _MICROSECONDS) + (self._film.start_time or 0))
            self._shown_at(second).to_image().save(png, "PNG", compress_level=1)
        return png.getvalue()

    def _shown_at(self, second: float) -> Any:
        begin_s = (self._film.start_time or 0) / _MICROSECONDS
        for frame in self._film.decode(self._stream):
            if self._left_s() <= 0:
                raise LateError
            if frame.time is None or frame.time - begin_s >= second - 1 / (self._stream.average_rate or 25):
                return frame
        raise Unreadable(Reason.DAMAGED, "视频在这一秒没有画面")


@contextmanager
def _explained() -> Iterator[None]:
    import av

    try:
        yield
    # FFmpegError is the root of what av raises, IndexError a film without pictures.
    except (av.error.FFmpegError, IndexError, ValueError, OSError) as why:
        raise Unreadable(Reason.DAMAGED, "视频已损坏，或里面没有画面，未检查；请人工观看或重新导出") from why
