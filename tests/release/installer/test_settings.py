"""An upgrade never touches what the office edited, and never keeps old what it did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from release.installer.settings import BESIDE, SHIPPED, lay_out

Files = dict[str, str]


def write(folder: Path, files: Files) -> None:
    """The files, and the folders above them."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def there(folder: Path) -> Files:
    """What lies in the target, but for the record."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != SHIPPED)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def upgraded(folder: Path, first: Files, edits: Files, second: Files) -> tuple[Files, list[str]]:
    """The target after one version, the office's edits and the next version; what was told."""
    target = folder / "target"
    write(folder / "1", first)
    write(folder / "2", second)
    lay_out(folder / "1", target)
    write(target, edits)
    told = lay_out(folder / "2", target)
    return there(target), [sentence.replace(f"{target}/", "") for sentence in told]


@pytest.mark.parametrize(
    ("first", "edits", "second", "after", "told"),
    [
        pytest.param({"a": "1"}, {}, {"a": "1"}, {"a": "1"}, [], id="the same again"),
        pytest.param({"a": "1"}, {}, {"a": "2"}, {"a": "2"}, [], id="not edited: the new one"),
        pytest.param({"a": "1"}, {}, {"a": "1", "k/b": "2"}, {"a": "1", "k/b": "2"}, [], id="a new file"),
        pytest.param({"a": "1", "b": "1"}, {}, {"a": "1"}, {"a": "1"}, [], id="no longer there"),
        pytest.param({"a": "1"}, {"own": "x"}, {"a": "1"}, {"a": "1", "own": "x"}, [], id="the office's own"),
        pytest.param({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "2"}, [], id="edited to what comes"),
        pytest.param(
            {"a": "1"},
            {"a": "edited"},
            {"a": "2"},
            {"a": "edited", f"a{BESIDE}": "2"},
            ["a 您改过，保持不动；新版放在旁边（a.新版），请对照合并。"],
            id="edited: the new one beside",
        ),
        pytest.param(
            {"a": "1", "b": "1"},
            {"b": "edited"},
            {"a": "1"},
            {"a": "1", "b": "edited"},
            ["b 新版不再使用，因您改过而保留；确认不需要后请删除。"],
            id="edited, and no longer there",
        ),
        pytest.param(
            {"a": "1"},
            {"a": "merged", f"a{BESIDE}": "old"},
            {"a": "merged"},
            {"a": "merged"},
            [],
            id="merged: nothing is left beside",
        ),
    ],
)
def test_an_upgrade(
    first: Files, edits: Files, second: Files, after: Files, told: list[str], tmp_path: Path
) -> None:
    assert upgraded(tmp_path, first, edits, second) == (after, told)


def test_files_of_unknown_origin_count_as_edited(tmp_path: Path) -> None:
    write(tmp_path / "new", {"a": "2"})
    write(tmp_path / "target", {"a": "1"})

    assert len(lay_out(tmp_path / "new", tmp_path / "target")) == 1
    assert there(tmp_path / "target") == {"a": "1", f"a{BESIDE}": "2"}


def test_what_was_edited_once_stays_edited(tmp_path: Path) -> None:
    upgraded(tmp_path, {"a": "1"}, {"a": "edited"}, {"a": "2"})
    write(tmp_path / "3", {"a": "3"})

    lay_out(tmp_path / "3", tmp_path / "target")

    assert there(tmp_path / "target") == {"a": "edited", f"a{BESIDE}": "3"}
