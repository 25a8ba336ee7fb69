"""`scan` puts what it found into the store; what cannot be put there is told after the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_form
from msgspec import structs

from leakwatch.cli.recording import Recorder, sentence
from leakwatch.cli.road import Road
from leakwatch.errors import LeakwatchError
from leakwatch.model import Finding, Level, Outcome
from leakwatch.store.models import Lead
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.records import Recorded
from tests.store.scans import MEANS, Post, scan

Call = Callable[..., int]
MakeRoad = Callable[..., Any]
MILD = Post(level=Level.MIMI)  # however many, never at once
RECORDED = Recorded(
    scan_id=1, new=3, known=2, reactivated=0, gone=1, notes=4, suppressed=0,
    met=("XS-1", "XS-2"), opened=("XS-1", "XS-2"), grown=(), reopened=(), escalated=(), merged=(),
)  # fmt: skip


class Full:
    """A vault on a full disk."""

    def batch(self, known: str) -> str:
        raise LeakwatchError("磁盘已满，原件没有封存")

    def keep(self, source: Path, key_id: str) -> Any:
        raise AssertionError("no batch, nothing to keep")


def test_a_scan_is_handed_to_the_store_unless_told_not_to(call: Call, road: MakeRoad, lead: Finding) -> None:
    here = road(lead)
    assert call(here, "scan", "收件.txt") == 3
    assert here.kept == [here.scanned]
    assert call(here, "scan", "--no-store", "收件.txt") == 3
    assert len(here.kept) == 1


@pytest.mark.django_db
def test_it_lies_in_the_database_and_a_key_is_made_once(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    here = road()
    here.scanned = scan(Post())
    here.recorder = lambda config: Road.recorder(here, config)
    assert call(here, "scan", "收件.txt") == 3
    err = capsys.readouterr().err
    assert "已生成主密钥" in err
    assert "已记入数据库：新发现 1 项，已知 0 项，重现 0 项，消失 0 项；新线索 1 条。" in err
    assert (tmp_path / "leakwatch.key").stat().st_mode & 0o777 == 0o600
    assert call(here, "scan", "收件.txt") == 3
    assert "已生成主密钥" not in capsys.readouterr().err
    assert (Lead.objects.count(), ScanRow.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_without_its_key_a_store_is_not_written_to(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    here = road()
    here.recorder = lambda config: Road.recorder(here, config)
    assert call(here, "scan", "收件.txt") == 0
    (tmp_path / "leakwatch.key").unlink()
    assert call(here, "scan", "收件.txt") == 9
    assert len(here.jobs) == 1
    assert not (tmp_path / "leakwatch.key").exists()


@pytest.mark.django_db
def test_what_could_not_be_recorded_is_told_after_the_report(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    here = road()
    found = scan(Post())
    hit = found.findings[0].hits[0]
    copy = tmp_path / hit.piece.evidence.sha256
    copy.write_bytes(b"")
    here.scanned = _at(found, copy)
    here.recorder = lambda _config: Recorder(replace(MEANS, keeper=Full()))
    assert call(here, "scan", "收件.txt") == 1
    out, err = capsys.readouterr()
    assert "密级标志" in out
    assert err.endswith("磁盘已满，原件没有封存\n")
    assert len(here.drafted) == 1


def _at(found: Any, copy: Path) -> Any:
    """The scan with its copy of the export in that place."""
    (finding,) = found.findings
    (hit,) = finding.hits
    evidence = replace(hit.piece.evidence, path=copy)
    placed = replace(hit, piece=structs.replace(hit.piece, evidence=evidence))
    return replace(found, findings=(replace(finding, hits=(placed,)),))


@pytest.mark.django_db
def test_forms_are_written_of_what_is_new_and_of_all_where_a_folder_is_named(
    call: Call, road: MakeRoad, tmp_path: Path
) -> None:
    here = road()
    here.recorder = lambda config: Road.recorder(here, config)
    here.scanned = scan(MILD, replace(MILD, minute=1, outcome=Outcome.REVIEW))
    for _ in range(2):
        call(here, "scan", "收件.txt")
    (form,) = (tmp_path / "drafts").iterdir()
    lines = [line.text for line in open_form(str(form)).paragraphs]
    assert "电子数据证据清单" in lines
    assert any(line.startswith("记录链首：第") for line in lines)
    here.scanned = scan(MILD, replace(MILD, minute=2))
    call(here, "scan", "收件.txt")
    assert len(list((tmp_path / "drafts").iterdir())) == 2
    call(here, "scan", "--drafts", "全部", "收件.txt")
    names = {path.name for path in (tmp_path / "全部").iterdir()}
    assert (form.name in names, len(names)) == (True, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "新发现 3 项，已知 2 项，重现 0 项，消失 1 项；新线索 2 条。用 leakwatch leads 查看。"),
        (
            {"grown": ("a",), "reopened": ("b",), "escalated": ("a", "c"), "merged": (("d", "a"),)},
            "；新线索 2 条，补充 1 条，重新打开 1 条，升级为立即报告 2 条，合并 1 条。用",
        ),
    ],
)
def test_the_sentence_says_what_changed(changes: dict[str, Any], words: str) -> None:
    assert words in sentence(replace(RECORDED, **changes))
