"""A film → some of its pictures, spread over its length, as evidence of their own.

MP4, MOV, 3GP, AVI, MKV, WebM, FLV, WMV and MPEG, told apart by content; by the program ffmpeg where it is
installed, else by PyAV. What is said in a film stays unread, and a row says so of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

from PIL import Image

from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.films import ffmpeg, pyav
from leakwatch.films.camera import Camera, LateError
from leakwatch.images import glance, is_picture, looks_like
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.vault import Vault

_BLIND_STEP_S = 5.0
"""Between the pictures of a film that does not say how long it is: a recording that was cut off."""
_DEMUXERS = {
    b"\x1aE\xdf\xa3": "matroska",
    b"FLV\x01": "flv",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "asf",
    b"\0\0\x01\xba": "mpeg",
}
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ")
_ATOMS, _SMALL_ATOMS = (b"ftyp", b"moov", b"mdat"), (b"wide", b"free", b"skip", b"pnot")
"""One of them begins a QuickTime file; those of old cameras have no ftyp."""


def demuxer(head: bytes) -> str:
    """The name that FFmpeg has for the film's container; empty for what is no film.

    It is named to FFmpeg, which else would follow a playlist that calls itself a film to other files.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    # "The free" begins a text: before the four letters stands a size, and these are small.
    is_mov = head[4:8] in _ATOMS or (head[:2] == bytes(2) and head[4:8] in _SMALL_ATOMS)
    if is_mov and head[8:12] not in _SOUND_BRANDS and not is_picture(head):
        return "mov"
    return next((name for magic, name in _DEMUXERS.items() if head.startswith(magic)), "")


def pictures(
    file: Evidence, vault: Vault, limits: Limits, clock: Callable[[], float]
) -> Iterator[Evidence | Skipped]:
    """Pictures named by their second (第12秒.png), those that repeat another left out, and what was not seen."""
    if not limits.film_frames:
        detail = "设置 film_frames = 0 关闭了视频检查，视频未检查；请人工观看"
        yield _row(file, Reason.UNSUPPORTED, detail)
        return
    due_at = clock() + limits.film_seconds
    camera = _camera(file, lambda: due_at - clock())
    looks: list[Image.Image] = []
    is_late, seen = False, 0
    for second in moments(camera.length_s, limits.film_frames):
        try:
            png = camera.picture_at(second)
        except LateError:
            is_late = True
            break
        except Unreadable:
            if not camera.length_s:  # behind its end
                break
            continue
        seen += 1
        look = glance(Image.open(BytesIO(png)))
        if not any(looks_like(look, other) for other in looks):
            looks.append(look)
            yield vault.keep_bytes(png, f"{file.inner_path}!第{int(second)}秒.png", file)
    yield _rest(file, camera.length_s, seen, is_late)


def moments(length_s: float, most: int) -> list[float]:
    """The seconds to look at: the middles of equal parts of at least a second; 0 s long: nobody knows."""
    if not length_s:
        return [number * _BLIND_STEP_S for number in range(most)]
    parts = max(1, min(most, int(length_s)))
    return [(number + 0.5) * length_s / parts for number in range(parts)]


def _camera(file: Evidence, left_s: Callable[[], float]) -> Camera:
    with file.path.open("rb") as opened:
        container = demuxer(opened.read(32))
    if ffmpeg.is_installed():
        return ffmpeg.Film(file.path, container, left_s)
    if pyav.is_installed():
        return pyav.Film(file.path, container, left_s)
    raise Unreadable(Reason.NO_ENGINE, f"本机没有安装 ffmpeg，视频的画面和声音都未检查；{ffmpeg.ADVICE}")


def _rest(file: Evidence, length_s: float, seen: int, is_late: bool) -> Skipped:
    length = f"长 {length_s:.0f} 秒，" if length_s else ""
    if is_late:
        detail = f"视频{length}取画面用时超过上限，只看了 {seen} 个画面里的字，其余和声音未检查；请人工观看或调高 film_seconds"
        return _row(file, Reason.TIMED_OUT, detail)
    if not seen:
        return _row(file, Reason.DAMAGED, "视频已损坏，或里面没有画面，未检查；请人工观看或重新导出")
    detail = f"视频{length}只看了其中 {seen} 个画面里的字，其余画面和声音未检查；请人工观看"
    return _row(file, Reason.UNSUPPORTED, detail)


def _row(file: Evidence, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=file, name=file.name, reason=reason, detail=detail)
