"""`evidence pack|purge` and `form`: what the shell tells."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leakwatch.config import load
from leakwatch.forms import pdf
from leakwatch.keeping import open_keeping
from leakwatch.store.models import Arrival, Lead, LeadState, LogEntry, Scan
from leakwatch.store.records import record
from leakwatch.store.review import Decision, decide
from leakwatch.vault.receipt import open_package
from tests.conftest import NOON
from tests.store.kept import PASSPHRASE, real
from tests.store.scans import ASKED, Post, scan, user

Call = Callable[..., int]
MakeRoad = Callable[..., Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A lead whose picture lies sealed; the passphrase waits on standard input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    monkeypatch.setattr(pdf, "find_converter", lambda: None)
    keeping = open_keeping(load(None, {}), {}, lambda _sentence: None)
    found = real(scan(Post(file="照片.jpg")), tmp_path / "copies")
    return record(found, ASKED, keeping.means()).opened[0]


def test_a_lead_is_packed_and_its_check_values_told(
    lead: str, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(road(), "evidence", "pack", lead, "交接.lwjj") == 0
    out, err = capsys.readouterr()
    details = LogEntry.objects.get(action="lead.handed_over").details
    assert out.splitlines() == ["交接.lwjj", f"SHA-256 {details['sha256']}", f"SM3 {details['sm3']}"]
    assert "表格 1 份，原件 1 件" in err
    assert "原件/001_照片.jpg" in open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")


def test_a_weak_passphrase_is_wrong_usage(
    lead: str, call: Call, road: MakeRoad, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("短\n"))
    assert call(road(), "evidence", "pack", lead, "交接.lwjj") == 2
    assert not (tmp_path / "交接.lwjj").exists()


def test_an_open_lead_is_not_purged(
    lead: str, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "evidence", "purge", lead, "--reason", "保存期满") == 1
    assert "还没有结论，不能清除" in capsys.readouterr().err
    assert call(road(), "evidence", "purge", lead) == 2


def test_a_purge_tells_what_went_and_what_it_did_not_touch(
    lead: str, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sealer = open_keeping(load(None, {}), {}, lambda _sentence: None).sealer
    decide(lead, Decision(by=user("zhao"), verdict=LeadState.CONFIRMED, reason="已核实", at=NOON), sealer)
    Lead.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))  # the shell's clock is the machine's
    call(road(), "evidence", "pack", lead, "交接.lwjj")
    capsys.readouterr()
    dropped = tmp_path / "inbox" / "done" / "群.zip"
    dropped.parent.mkdir(parents=True)
    dropped.touch()
    Arrival.objects.create(
        root=str(tmp_path / "inbox"), name="群.zip", place="done/群.zip", signature="s", kind="inbox",
        files=1, size=1, state="done", arrived_at=NOON, scan=Scan.objects.get(),
    )  # fmt: skip
    assert call(road(), "evidence", "purge", lead, "--reason", "保存期满") == 0
    out, err = capsys.readouterr()
    assert "已清除 1 项发现、1 处原文、1 个原件，删除封存文件 1 个、报告表 2 份" in out
    assert not list((tmp_path / "drafts").glob("*.docx"))
    assert f"{dropped}：收到的原件还在这里，没有删除" in err
    assert call(road(), "evidence", "verify") == 0
    assert call(road(), "evidence", "list", "--lead", lead) == 0
    assert "已销毁" in capsys.readouterr().out
    assert call(road(), "evidence", "purge", lead, "--reason", "再一次") == 0
    assert "以前已经清除，这次补删封存文件 0 个、报告表 0 份" in capsys.readouterr().out
    assert Lead.objects.get().purged_because == "保存期满"


def test_forms_are_written_again_but_never_over_a_persons_words(
    lead: str, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(road(), "form", lead) == 0
    out, err = capsys.readouterr()
    assert (tmp_path / out.strip()).is_file()
    assert "没有安装 LibreOffice" in err
    Path(out.strip()).write_bytes(b"by hand")
    assert call(road(), "form", lead) == 0
    out, err = capsys.readouterr()
    assert out.strip().endswith(f"{lead}-2.docx")
    assert Path(out.strip()).with_name(f"{lead}.docx").read_bytes() == b"by hand"


def test_there_is_no_form_of_a_lead_that_is_none(
    lead: str, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "form", "XS-20310506-000000") == 1
    assert "没有编号为 XS-20310506-000000 的线索" in capsys.readouterr().err
