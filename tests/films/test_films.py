"""Some pictures of a film become evidence; what was not seen of it is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import util
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from leakwatch import films
from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.films import ffmpeg
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
HERE = Path(__file__).parent
CONTAINERS = ("three.mp4", "three.mov", "three.avi", "three.mkv", "three.3gp")
"""Nine seconds each: three black, three grey, three white. Made by ffmpeg, three.mp4 and three.mov with H.264."""
needs_ffmpeg = pytest.mark.skipif(not ffmpeg.is_installed(), reason="ffmpeg is not installed")
needs_pyav = pytest.mark.skipif(util.find_spec("av") is None, reason="PyAV is not installed")


@pytest.fixture(params=[pytest.param("ffmpeg", marks=needs_ffmpeg), pytest.param("pyav", marks=needs_pyav)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Only the one way to open a film is there."""
    if request.param == "pyav":
        monkeypatch.setenv("PATH", str(tmp_path))
    return str(request.param)


def timeless() -> float:
    return 0.0


def read(file: Evidence, vault: Vault, limits: Limits, clock: Callable[[], float] = timeless) -> list[object]:
    """Evidence as name and brightness, rows as reason and sentence."""
    found: list[object] = []
    for item in films.pictures(file, vault, limits, clock):
        if isinstance(item, Skipped):
            found.append((item.name, item.reason, item.detail))
        else:
            with Image.open(item.path) as picture:
                level = picture.convert("L").resize((1, 1)).tobytes()[0]
            found.append((item.inner_path, "暗灰亮"[(level > 60) + (level > 190)], item.parent))
    return found


@pytest.mark.parametrize("name", CONTAINERS)
def test_pictures_that_differ_are_evidence_named_by_their_second(
    keep: Keep, vault: Vault, engine: str, name: str
) -> None:
    file = keep("收件/现场.docx", (HERE / name).read_bytes())
    assert read(file, vault, Limits(film_frames=9)) == [
        ("收件/现场.docx!第0秒.png", "暗", file.sha256),
        ("收件/现场.docx!第3秒.png", "灰", file.sha256),
        ("收件/现场.docx!第6秒.png", "亮", file.sha256),
        (
            "现场.docx",
            Reason.UNSUPPORTED,
            "视频长 9 秒，只看了其中 9 个画面里的字，其余画面和声音未检查；请人工观看",
        ),
    ]


def test_a_film_without_a_length_is_looked_at_up_to_its_end(keep: Keep, vault: Vault, engine: str) -> None:
    data = (HERE / "three.mkv").read_bytes()
    at = data.index(b"\x44\x89\x88")  # Duration, a float of eight bytes
    file = keep("录像.mkv", data[:at] + b"\xec\x89" + data[at + 2 :])  # becomes Void
    found = read(file, vault, Limits(film_frames=9))
    assert [shown[1] for shown in found[:-1] if isinstance(shown, tuple)] == ["暗", "灰"]


def test_the_time_of_a_film_is_bounded(keep: Keep, vault: Vault, engine: str) -> None:
    file = keep("现场.mp4", (HERE / "three.mp4").read_bytes())
    seconds = count(0, 10)
    (*shown, row) = read(file, vault, Limits(film_seconds=60), lambda: float(next(seconds)))
    assert len(shown) < 3
    assert isinstance(row, tuple)
    assert row[1] is Reason.TIMED_OUT
    assert "film_seconds" in row[2]


@pytest.mark.parametrize("data", [b"\0\0\0\x18ftypmp42" + bytes(64), (HERE / "sound.mp4").read_bytes()])
def test_a_film_that_shows_nothing_says_so(keep: Keep, vault: Vault, engine: str, data: bytes) -> None:
    try:
        (row,) = read(keep("1.mp4", data), vault, Limits())
    except Unreadable as why:
        row = ("1.mp4", why.reason, why.detail)
    assert row == (
        "1.mp4",
        Reason.DAMAGED,
        "视频已损坏，或里面没有画面，未检查；请人工观看或重新导出",
    )


@pytest.mark.parametrize("name", ["three.mp4", "three.avi", "three.mkv"])
def test_a_broken_film_raises_nothing_but_unreadable(
    keep: Keep, vault: Vault, engine: str, name: str
) -> None:
    data = (HERE / name).read_bytes()
    for start in range(0, len(data), len(data) // 6):
        for broken in (data[:start], data[:start] + bytes(9) + data[start + 9 :]):
            try:
                found = read(keep("1", broken), vault, Limits(film_frames=3))
            except Unreadable:
                continue
            assert found


def test_a_machine_that_cannot_open_films_is_told_what_to_install(
    keep: Keep, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(Unreadable, match="apt install ffmpeg") as caught:
        read(keep("1.mp4", (HERE / "three.mp4").read_bytes()), vault, Limits())
    assert caught.value.reason is Reason.NO_ENGINE


def test_films_can_be_switched_off(keep: Keep, vault: Vault) -> None:
    file = keep("1.mp4", b"any")
    detail = "设置 film_frames = 0 关闭了视频检查，视频未检查；请人工观看"
    assert read(file, vault, Limits(film_frames=0)) == [("1.mp4", Reason.UNSUPPORTED, detail)]


@pytest.mark.skipif(os.name != "posix", reason="a program of Windows needs a suffix")
def test_a_program_in_the_working_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.touch(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (shutil.which("ffmpeg"), ffmpeg.is_installed()) == (str(program), True)
    monkeypatch.chdir(tmp_path)
    assert not ffmpeg.is_installed()


@pytest.mark.parametrize(
    ("length_s", "most", "expected"),
    [
        (9.0, 3, [1.5, 4.5, 7.5]),
        (0.4, 10, [0.2]),
        (2.5, 10, [0.625, 1.875]),
        (3600.0, 2, [900.0, 2700.0]),
        (0.0, 3, [0.0, 5.0, 10.0]),
    ],
)
def test_moments_are_spread_over_the_film(length_s: float, most: int, expected: list[float]) -> None:
    assert films.moments(length_s, most) == expected


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\0\0\0\x20ftypisom\0\0\x02\0", "mov"),
        (b"\0\0\0\x14ftypqt  ", "mov"),
        (b"\0\0\0\x18ftyp3gp4", "mov"),
        (b"\0\0\0\x08wide\0\x01\x02\x03mdat", "mov"),
        (b"RIFF\x24\0\0\0AVI LIST", "avi"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81", "matroska"),
        (b"FLV\x01\x05", "flv"),
        (b"\0\0\x01\xba\x44", "mpeg"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", ""),
        (b"\0\0\0\x1cftypheic\0\0\0\0", ""),
        (b"RIFF\x24\0\0\0WAVEfmt ", ""),
        (b"The free encyclopedia", ""),
        (b"#EXTM3U\n#EXT-X", ""),
        (b"ffconcat version 1.0", ""),
        ("免费领取，名额有限".encode("utf-16-le"), ""),
        (b"", ""),
    ],
)
def test_films_are_told_by_their_first_bytes(head: bytes, container: str) -> None:
    assert films.demuxer(head) == container
