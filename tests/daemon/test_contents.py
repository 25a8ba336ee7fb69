"""The same drop twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.daemon.contents import content_of
from leakwatch.watch.listing import look_into


def content(root: Path, files: dict[str, str]) -> str:
    """Of the one arrival with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    listing = look_into(root)
    assert listing
    ((name, arrival),) = listing.arrivals.items()
    return content_of(root, arrival, name)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ({"群.zip": "1"}, {"群 (2).zip": "1"}, True),
        ({"0a/群.zip": "1"}, {"0b/群.zip": "1"}, True),
        ({"0a/群.zip": "1"}, {"0b/云岭密发〔2031〕3号.zip": "1"}, False),
        ({"群.zip": "1"}, {"群.zip": "2"}, False),
        ({"群.zip": "1"}, {"群 - 副本.zip": "1"}, True),
        ({"群.zip": "1"}, {"云岭密发〔2031〕3号.zip": "1"}, False),
        ({"导出/群.json": "1", "导出/1.jpg": "2"}, {"导出(1)/群.json": "1", "导出(1)/1.jpg": "2"}, True),
        ({"导出/群.json": "1"}, {"机密★1年/群.json": "1"}, False),
        ({"导出/群.json": "1", "导出/1.jpg": "2"}, {"0a/导出/群.json": "1", "0a/导出/1.jpg": "2"}, False),
        ({"导出/1.jpg": "1", "导出/2.jpg": "2"}, {"导出/1.jpg": "2", "导出/2.jpg": "1"}, False),
    ],
)
def test_what_counts_as_the_same(
    tmp_path: Path, one: dict[str, str], other: dict[str, str], is_same: bool
) -> None:
    assert (content(tmp_path / "1", one) == content(tmp_path / "2", other)) == is_same


def test_a_link_is_never_the_same(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "群.zip").symlink_to(tmp_path / "elsewhere")
    listing = look_into(tmp_path / "inbox")
    assert listing
    assert content_of(tmp_path / "inbox", listing.arrivals["群.zip"], "群.zip") == ""
