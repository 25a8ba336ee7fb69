"""Each picture content is recognised once for each version of an engine."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason
from leakwatch.ocr import Line
from leakwatch.ocr.cache import Cached

Keep = Callable[[str, bytes], Evidence]
LINE = Line(
    text="秘密★5年", box=((1.0, 2.0), (9.5, 2.0), (9.5, 4.0), (1.0, 4.0)), confidence=0.75, spot="第2页"
)


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


@pytest.mark.parametrize("lines", [[LINE], []])
def test_the_same_content_is_read_once(keep: Keep, tmp_path: Path, lines: list[Line]) -> None:
    source = Counting(lines)
    cached = Cached(source, "1", tmp_path)
    first, second = keep("1.jpg", b"same"), keep("转发.jpg", b"same")
    assert (cached.read(first), cached.read(second), source.asked) == (lines, lines, 1)


def test_a_failure_is_not_kept(keep: Keep, tmp_path: Path) -> None:
    cached = Cached(Counting([LINE], refusals=1), "1", tmp_path)
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
    (entry,) = tmp_path.rglob("*.lines")
    entry.write_bytes(damage)
    source = Counting([LINE])
    assert (Cached(source, "1", tmp_path).read(file), source.asked) == ([LINE], 1)
    assert (Cached(source, "1", tmp_path).read(file), source.asked) == ([LINE], 1)


def test_no_text_lies_open_and_another_picture_does_not_open_it(keep: Keep, tmp_path: Path) -> None:
    one, other = keep("1.jpg", b"same"), keep("2.jpg", b"other")
    Cached(Counting([LINE]), "1", tmp_path).read(one)
    (entry,) = tmp_path.rglob("*.lines")
    assert "秘密".encode() not in entry.read_bytes()
    entry.rename(entry.with_name(f"{other.sha256}.lines"))
    source = Counting([])
    assert (Cached(source, "1", tmp_path).read(other), source.asked) == ([], 1)


def test_what_earlier_versions_left_open_goes(keep: Keep, tmp_path: Path) -> None:
    (tmp_path / "0a").mkdir()
    (tmp_path / "0a" / "1.json").write_text("秘密★5年", "utf-8")
    Cached(Counting([LINE]), "1", tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_the_folder_belongs_to_the_user_alone(keep: Keep, tmp_path: Path) -> None:
    Cached(Counting([LINE]), "1", tmp_path / "缓存").read(keep("1.jpg", b"same"))
    modes = {path.stat().st_mode & 0o077 for path in [tmp_path / "缓存", *(tmp_path / "缓存").rglob("*")]}
    assert modes == {0}


def test_without_a_folder_the_engine_is_asked_each_time(keep: Keep) -> None:
    source = Counting([LINE])
    cached = Cached(source, "1", None)
    assert [cached.read(keep("1.jpg", b"same")) for _ in range(2)] == [[LINE], [LINE]]
    assert source.asked == 2


def test_a_folder_that_cannot_be_written_costs_no_line(
    keep: Keep, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "ocr").write_text("a file where the folder should be")
    file = keep("名单.jpg", b"same")
    assert Cached(Counting([LINE]), "1", tmp_path / "ocr").read(file) == [LINE]
    assert caplog.messages == [f"the lines of {file.sha256} are not kept: errno {errno.EEXIST}"]
