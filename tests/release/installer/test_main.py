"""The installer's own command line: nothing is changed before all is checked, and every word is Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from release.installer.__main__ import main


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["甲", "乙"], ["--services"]])
def test_what_it_does_not_know_is_answered_with_its_usage(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words, tmp_path) == 2
    assert capsys.readouterr().out.startswith("用法：install.sh [文件夹] [--service]\n")


def test_a_bundle_without_sums_leaves_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "target")], tmp_path) == 1
    assert capsys.readouterr().err.startswith("没有安装：")
    assert list(tmp_path.iterdir()) == []
