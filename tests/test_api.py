"""The Python outside finds what the command line finds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from leakwatch import scan_path, scan_text
from leakwatch.config import load
from leakwatch.errors import UsageError
from leakwatch.model import Outcome

QUIET = load(Path(__file__).parents[1] / "config.toml", {"LEAKWATCH_OCR_ENGINE": "none"})


def test_a_file_is_scanned_and_nothing_stays_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "收件").mkdir()
    (tmp_path / "收件" / "通知.txt").write_text("机密★10年\n关于云岭区水源地的通知\n", "utf-8")
    (tmp_path / "临时").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "临时"))
    scan = scan_path(tmp_path / "收件", config=QUIET)
    leads = [finding for finding in scan.findings if finding.outcome is Outcome.LEAD]
    assert [finding.hits[0].piece.evidence.name for finding in leads] == ["通知.txt"]
    assert list((tmp_path / "临时").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"), [("没有", "没有"), ("", "（空的路径）"), (Path("没有"), "没有"), ("a\0", "a\0")]
)
def test_a_path_that_does_not_exist_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | Path, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        scan_path(tmp_path, name, config=QUIET)
    assert str(caught.value) == f"找不到：{shown}，请检查路径和权限后重试"


def test_a_text_is_judged() -> None:
    assert [finding.level for finding in scan_text("机密★10年", QUIET)] == ["机密"]
    assert scan_text("今天开会", QUIET) == ()
