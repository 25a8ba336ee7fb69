"""`evidence verify|anchor|list`: what is told of originals and log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from leakwatch.config import load
from leakwatch.keeping import open_keeping
from leakwatch.model import Scan
from leakwatch.store import append_only
from leakwatch.store.models import Original
from leakwatch.store.records import record
from tests.store.scans import ASKED, Post, put, scan
from tests.store.test_originals import found  # noqa: F401 - the fixture

Call = Callable[..., int]
MakeRoad = Callable[..., Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(found: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """Three sealed originals of a recorded scan; their folder."""
    monkeypatch.chdir(tmp_path)
    keeping = open_keeping(load(None, {}), {}, lambda _sentence: None)
    record(found, ASKED, keeping.means())
    return tmp_path / "data" / "evidence"


def test_what_was_left_as_it_was_has_no_fault(
    kept: Path, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "evidence", "verify") == 0
    assert "核对完毕，没有问题" in capsys.readouterr().err


def test_a_flipped_byte_and_a_missing_original_are_named(
    kept: Path, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *_ = sorted(path for path in kept.rglob("*") if len(path.name) == 64)
    first.chmod(0o600)
    data = bytearray(first.read_bytes())
    data[-1] ^= 1
    first.write_bytes(data)
    first.chmod(0o400)
    second.unlink()
    assert call(road(), "evidence", "verify") == 1
    out, err = capsys.readouterr()
    assert (first.name in out, second.name in out, len(out.splitlines())) == (True, True, 2)
    assert "有 2 处问题" in err


def test_a_cut_log_is_seen_with_the_anchor_alone(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    put(Post())
    assert call(road(), "evidence", "anchor", "锚点.txt") == 0
    assert "日志第 2 条" in capsys.readouterr().out
    append_only.expose(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_logentry WHERE seq = 2")
    assert call(road(), "evidence", "verify") == 0
    assert call(road(), "evidence", "verify", "--anchor", "锚点.txt") == 1
    assert "末尾被截去" in capsys.readouterr().out
    assert call(road(), "evidence", "verify", "--anchor", "没有.txt") == 1


def test_the_kept_originals_are_listed(
    kept: Path, call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "evidence", "list") == 0
    out, err = capsys.readouterr()
    rows = [line.split("\t") for line in out.splitlines()]
    assert {(len(row[0]), len(row[1]), row[3]) for row in rows} == {(64, 64, "已封存")}
    assert {row[5] for row in rows} == {"收件/群.json", "收件/照片.jpg", "-"}
    assert "共 3 个原件" in err


def test_those_of_a_lead_are_listed(call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]) -> None:
    run = scan(Post(file="照片.jpg"), Post(file="别的.jpg", minute=1))
    keeping = open_keeping(load(None, {}), {}, lambda _sentence: None)
    (id, _) = record(run, ASKED, keeping.means()).opened
    assert call(road(), "evidence", "list", "--lead", id) == 0
    assert [line.split("\t")[3] for line in capsys.readouterr().out.splitlines()] == ["未封存"]
    assert Original.objects.count() == 3


def test_a_name_of_strangers_stays_on_its_line(
    found: Scan,  # noqa: F811
    call: Call,
    road: MakeRoad,
    capsys: pytest.CaptureFixture[str],
) -> None:
    odd = tuple(replace(file, inner_path="收件/甲\n乙\t丙.txt") for file in found.received)
    keeping = open_keeping(load(None, {}), {}, lambda _sentence: None)
    record(replace(found, received=odd), ASKED, keeping.means())
    assert call(road(), "evidence", "list") == 0
    assert "收件/甲 乙 丙.txt" in capsys.readouterr().out
