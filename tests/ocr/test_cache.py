"""Each picture content is recognised once for each version of an engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason
from leakwatch.ocr import Line
from leakwatch.ocr.cache import Cached

Keep = Callable[[str, bytes], Evidence]
LINE = Line(text="秘密★5年", box=((1.0, 2.0), (9.5, 2.0), (9.5, 4.0), (1.0, 4.0)), confidence=0.75, page=2)


class Counting:
    """Answers with its lines, or refuses once, and counts how often it is asked."""

    def __init__(self, lines: list[Line], refusals: int = 0) -> None:
        self.asked = 0
        self._lines = lines
        self._refusals = refusals

    def read(self, image: Path) -> list[Line]:
        self.asked += 1
        if self.asked <= self._refusals:
            raise Unreadable(Reason.TIMED_OUT, "超时")
        return self._lines


@pytest.fixture(params=["folder", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "缓存" if request.param == "folder" else None


@pytest.mark.parametrize("lines", [[LINE], []])
def test_the_same_content_is_read_once(keep: Keep, folder: Path | None, lines: list[Line]) -> None:
    source = Counting(lines)
    cached = Cached(source, "1", folder)
    first, second = keep("1.jpg", b"same"), keep("转发.jpg", b"same")
    assert (cached.read(first), cached.read(second), source.asked) == (lines, lines, 1)


def test_a_failure_is_not_kept(keep: Keep, folder: Path | None) -> None:
    cached = Cached(Counting([LINE], refusals=1), "1", folder)
    with pytest.raises(Unreadable):
        cached.read(keep("1.jpg", b"same"))
    assert cached.read(keep("1.jpg", b"same")) == [LINE]


def test_the_next_run_finds_the_lines_and_another_version_does_not(keep: Keep, tmp_path: Path) -> None:
    file = keep("1.jpg", b"same")
    for version, asked in (("1", 1), ("1", 0), ("2/../x", 1)):
        source = Counting([LINE])
        assert (Cached(source, version, tmp_path).read(file), source.asked) == ([LINE], asked)


@pytest.mark.parametrize("damage", [b"", b"[{", b"\xff\xfe", b'[{"text": "x"}]', b"{}"])
def test_a_damaged_entry_is_read_and_written_anew(keep: Keep, tmp_path: Path, damage: bytes) -> None:
    file = keep("1.jpg", b"same")
    Cached(Counting([LINE]), "1", tmp_path).read(file)
    (entry,) = tmp_path.rglob("*.json")
    entry.write_bytes(damage)
    source = Counting([LINE])
    assert (Cached(source, "1", tmp_path).read(file), source.asked) == ([LINE], 1)
    assert (Cached(source, "1", tmp_path).read(file), source.asked) == ([LINE], 1)


def test_the_folder_belongs_to_the_user_alone(keep: Keep, tmp_path: Path) -> None:
    Cached(Counting([LINE]), "1", tmp_path / "缓存").read(keep("1.jpg", b"same"))
    modes = {path.stat().st_mode & 0o077 for path in [tmp_path / "缓存", *(tmp_path / "缓存").rglob("*")]}
    assert modes == {0}
