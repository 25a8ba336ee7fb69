"""`scan`: options, targets and exit codes; what is found is not its business."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leakwatch.cli.road import Job, Road
from leakwatch.model import Chat, Conversation, Evidence, Finding, Progress, Reason, Scan, Skipped

Call = Callable[..., int]
MakeRoad = Callable[..., Any]


@pytest.fixture
def unread(lead: Finding) -> Skipped:
    """A locked archive."""
    evidence: Evidence = lead.hits[0].piece.evidence
    return Skipped(evidence=evidence, name="d.zip", reason=Reason.PASSWORD, detail="有密码，请解开")


def chat(parsed: int, declared: int | None) -> Conversation:
    """A conversation with so many messages."""
    return Conversation(chat=Chat(name="群", platform="qq"), format="qq", parsed=parsed, declared=declared)


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], 0),
        (["note"], 0),
        (["review"], 3),
        (["lead"], 3),
        (["note", "lead"], 3),
        (["gravest"], 4),
    ],
)
def test_the_exit_code_says_how_grave_it_is(
    call: Call, road: MakeRoad, request: pytest.FixtureRequest, findings: list[str], code: int
) -> None:
    assert call(road(*map(request.getfixturevalue, findings)), "scan", "收件.txt") == code


def test_a_review_is_never_reported_at_once(call: Call, road: MakeRoad, gravest: Finding) -> None:
    review = replace(gravest, outcome=type(gravest.outcome).REVIEW)
    assert call(road(review), "scan", "收件.txt") == 3


@pytest.mark.parametrize(("parsed", "declared", "code"), [(0, None, 5), (3, 9, 5), (9, 9, 0), (3, None, 0)])
def test_an_incomplete_conversation_counts_as_unread(
    call: Call, road: MakeRoad, parsed: int, declared: int | None, code: int
) -> None:
    here = road()
    here.scanned = replace(here.scanned, conversations=(chat(parsed, declared),))
    assert call(here, "scan", "收件.txt") == code


def test_unread_parts_change_the_code_only_where_nothing_was_found(
    call: Call, road: MakeRoad, unread: Skipped, note: Finding, review: Finding
) -> None:
    for findings, code in (((), 5), ((note,), 5), ((review,), 3)):
        here = road(*findings)
        here.scanned = replace(here.scanned, skipped=(unread,))
        assert call(here, "scan", "收件.txt") == code


def test_jsonl_alone_stands_on_stdout(
    call: Call, road: MakeRoad, lead: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    call(road(lead), "scan", "--format", "jsonl", "收件.txt")
    out, err = capsys.readouterr()
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["finding", "summary"]
    assert err.startswith("扫描了 1 个文件")


def test_quotes_are_masked_unless_asked_for(
    call: Call, road: MakeRoad, lead: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    call(road(lead), "scan", "收件.txt")
    assert "原文 机****年" in capsys.readouterr().out
    call(road(lead), "scan", "--no-redact", "收件.txt")
    assert "原文 机密★10年" in capsys.readouterr().out


def test_notes_are_listed_when_asked_for(
    call: Call, road: MakeRoad, note: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    call(road(note), "scan", "--outcome", "note", "收件.txt")
    assert "备查（只作统计） 1 件" in capsys.readouterr().out


def test_a_report_file_is_whole_private_and_replaces_the_old_one(
    call: Call, road: MakeRoad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "报告.csv"
    target.write_text("旧", "utf-8")
    assert call(road(), "scan", "--format", "csv", "--output", "报告.csv", "收件.txt") == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf\xe5")
    assert target.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"收件.txt", "报告.csv"}
    assert capsys.readouterr().out == ""


def test_drafts_go_where_the_config_says(
    call: Call, road: MakeRoad, tmp_path: Path, lead: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    here = road(lead)
    call(here, "scan", "收件.txt")
    assert here.drafted == [tmp_path / "drafts"]
    assert capsys.readouterr().err.splitlines() == [
        f"已起草 1 份线索报告表，在 {tmp_path / 'drafts'}",
        "备注栏截断。",
    ]


def test_without_store_no_drafts_are_written_unless_a_folder_is_named(
    call: Call, road: MakeRoad, lead: Finding
) -> None:
    here = road(lead)
    call(here, "scan", "--no-store", "收件.txt")
    call(here, "scan", "--no-store", "--drafts", "表", "收件.txt")
    assert here.drafted == [Path("表")]


def test_without_store_the_copies_stay_out_of_the_data_folder(
    call: Call, road: MakeRoad, tmp_path: Path
) -> None:
    here = road()
    call(here, "scan", "收件.txt")
    call(here, "scan", "--no-store", "收件.txt")
    assert [job.folder for job in here.jobs] == [tmp_path / "data", None]


def test_the_road_learns_where_report_and_drafts_will_lie(call: Call, road: MakeRoad) -> None:
    here = road()
    call(here, "scan", "--output", "报告.txt", "--drafts", "表", "收件.txt")
    assert [(job.report, job.drafts) for job in here.jobs] == [(Path("报告.txt"), Path("表"))]


def test_jobs_on_the_command_line_win_over_the_config(call: Call, road: MakeRoad, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[scan]\njobs = 3\n", "utf-8")
    here = road()
    call(here, "scan", "收件.txt")
    call(here, "scan", "--jobs", "2", "收件.txt")
    assert [job.jobs for job in here.jobs] == [3, 2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["没有"], "找不到：没有，请检查路径和权限后重试"),
        (["收件.txt", "", "没有"], "找不到：（空的路径）、没有，请检查路径和权限后重试"),
        ([], "缺少 路径；用法见 leakwatch scan --help"),
        (
            ["--format", "xml", "收件.txt"],
            "--format 的值不对，应为 table、jsonl、csv、sarif 之一；用法见 leakwatch scan --help",
        ),
        (["--jobs", "many", "收件.txt"], "--jobs 的值不对，应为整数（0–256）；用法见 leakwatch scan --help"),
        (["--fromat", "csv"], "没有选项 --fromat，是否想写 --format；用法见 leakwatch scan --help"),
        (["--output"], "选项 --output 的写法不对：要么缺少值，要么多写了值；用法见 leakwatch --help"),
        (
            ["--output", "没有/报告.csv", "收件.txt"],
            "--output 没有/报告.csv：应为文件名，所在的文件夹必须已经存在",
        ),
        (["--drafts", "收件.txt", "收件.txt"], "--drafts 收件.txt：是文件，不是文件夹，请换一个位置"),
    ],
)
def test_wrong_usage_is_one_chinese_sentence(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert call(road(), "scan", *arguments) == 2
    assert capsys.readouterr() == ("", sentence + "\n")


def test_a_wrong_config_stops_before_anything_is_read(
    call: Call, road: MakeRoad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("[ocr]\nengin = 1\n", "utf-8")
    here = road()
    assert call(here, "scan", "收件.txt") == 9
    assert (here.jobs, capsys.readouterr().err) == (
        [],
        "config.toml：ocr.engin：没有这个设置，是否想写 ocr.engine？\n",
    )


def test_a_scan_that_was_stopped_reports_and_ends_with_130(
    call: Call, road: MakeRoad, gravest: Finding, unread: Skipped, capsys: pytest.CaptureFixture[str]
) -> None:
    here = road(gravest)
    left = replace(unread, reason=Reason.PENDING, detail="还没有轮到识别")
    here.scanned = replace(here.scanned, skipped=(left,))
    before = signal.getsignal(signal.SIGTERM)

    def scanned(job: Job, progress: Callable[[Progress], None]) -> Scan:
        signal.raise_signal(signal.SIGTERM)
        assert job.is_over()
        made: Scan = here.scanned
        return made

    here.scan = scanned
    assert call(here, "scan", "收件.txt", "--no-store", "--format", "jsonl") == 130
    out, err = capsys.readouterr()
    *_, row, summary = map(json.loads, out.splitlines())
    assert (row["reason"], summary["pending"]) == ("pending", 1)
    assert ("正在停下" in err, "其中 1 处待读" in err, "须立即报告" in err) == (True, True, True)
    assert signal.getsignal(signal.SIGTERM) == before


def test_an_interrupted_scan_ends_with_130(
    call: Call, interrupted: Road, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(interrupted, "scan", "收件.txt") == 130
    assert "已中断，临时副本已删除。" in capsys.readouterr().err
