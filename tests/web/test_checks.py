"""发前自查: nothing is kept, nor said to anybody else."""

from __future__ import annotations

import dataclasses
import io
import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from leakwatch.config import Ocr
from leakwatch.inspection import Inspection
from leakwatch.model import Evidence, Reason, Scan, Skipped
from leakwatch.store.models import Lead, LogEntry, Role
from leakwatch.store.models import Scan as ScanRow
from tests.web.people import NOON, Visit

CANARY = "云岭区第七号预案"
SECRET = f"{CANARY} 机密★10年"
Inspect = Callable[[Sequence[Path]], Scan]


def emptied(seen: list[str], skipped: tuple[Skipped, ...] = ()) -> Inspect:
    """Finds nothing, and remembers what it was given."""

    def inspect(paths: Sequence[Path]) -> Scan:
        files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.*")))]
        seen.extend(f"{file.name}: {file.read_text('utf-8')}" for file in files)
        return Scan(
            findings=(),
            skipped=skipped,
            conversations=(),
            files=len(files),
            messages=0,
            pieces=len(files),
            rules_version="00ff",
            started_at=NOON,
            ended_at=NOON,
        )

    return inspect


@pytest.fixture
def inspected(settings: Any) -> list[str]:
    """What an inspection that finds nothing was given."""
    seen: list[str] = []
    settings.OFFICE = dataclasses.replace(settings.OFFICE, inspect=emptied(seen))
    return seen


def left() -> list[str]:
    """What lies in the data folder, and in the database."""
    data = Path(django_settings.OFFICE.config.paths.data_dir)
    return [path.name for path in data.rglob("*") if path.name not in ("secret", "evidence")]


def test_text_and_files_are_checked_together_and_nothing_is_left(visit: Visit, inspected: list[str]) -> None:
    sent = {"text": "收到", "file": SimpleUploadedFile("粘贴的文字.txt", "通知".encode())}
    page = visit(Role.OWNER).post("/check", sent).content.decode()
    assert inspected == ["粘贴的文字.txt: 通知", "粘贴的文字.txt: 收到"]
    assert "没有发现规则所列的内容" in page
    assert (left(), ScanRow.objects.count(), Lead.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize("sent", [{}, {"text": " \n"}])
def test_nothing_to_check_is_said(visit: Visit, inspected: list[str], sent: dict[str, str]) -> None:
    answer = visit(Role.OFFICE).post("/check", sent)
    assert (answer.status_code, inspected) == (400, [])
    assert "请先粘贴文字" in answer.content.decode()


def test_what_was_not_read_is_no_all_clear(visit: Visit, settings: Any) -> None:
    file = Evidence(sha256="ab", size=1, name="a.zip", inner_path="a.zip", path=Path(), taken_at=NOON)
    gap = Skipped(evidence=file, name="a.zip", reason=Reason.PASSWORD, detail="压缩包有密码，请解开后再查")
    settings.OFFICE = dataclasses.replace(settings.OFFICE, inspect=emptied([], (gap,)))
    page = visit(Role.REVIEWER).post("/check", {"text": "x"}).content.decode()
    assert "不能算检查过" in page
    assert "请解开后再查" in page


def test_a_road_that_was_not_given_is_said(visit: Visit) -> None:
    answer = visit(Role.ADMIN).post("/check", {"text": "收到"})
    assert (answer.status_code, "自查没有装好" in answer.content.decode()) == (400, True)


def test_a_person_checks_one_thing_at_a_time(visit: Visit, inspected: list[str]) -> None:
    client = visit(Role.OWNER)
    with django_settings.OFFICE.turns.take("owner"):
        answer = client.post("/check", {"text": "收到"})
    assert (answer.status_code, inspected) == (400, [])
    assert "还没有结束" in answer.content.decode()
    assert "收到</textarea>" in answer.content.decode()


def test_a_form_that_was_not_made_here_is_refused(visit: Visit) -> None:
    answer = visit(Role.OWNER).post("/check/form", {"check": "eyJpZCI6IjEifQ:1:x"})
    assert "页面已过期" in answer.content.decode()


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    """The real one, blind to pictures."""
    from leakwatch.config import Paths, load

    config = load(None, {})
    paths = Paths(data_dir=tmp_path_factory.mktemp("check"), keyword_lists=config.paths.keyword_lists)
    return Inspection(msgspec.structs.replace(config, paths=paths, ocr=Ocr(engine="none")))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_found_is_shown_goes_on_the_form_and_nowhere_else(
    visit: Visit, settings: Any, road: Inspection, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OFFICE = dataclasses.replace(settings.OFFICE, inspect=road)
    client = visit(Role.OWNER)
    with caplog.at_level(logging.DEBUG):
        page = client.post("/check", {"text": SECRET, "title": "安全月信息"}).content.decode()
    assert "先不要发" in page
    assert "机密★10年" in page
    signed = re.search(r'name="check" value="([^"]+)"', page)
    assert signed
    answer = client.post("/check/form", {"check": signed.group(1)})
    cells = [cell.text for row in Document(io.BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    assert "安全月信息" in cells
    assert any("密级" in cell and "共检查 1 个文件" in cell for cell in cells)
    assert left() == []
    logged = list(LogEntry.objects.values("action", "details"))
    assert [row["action"] for row in logged] == ["check.made", "check.form_taken"]
    assert logged[0]["details"] == {"findings": 1, "unread": 0, "files": 1}
    assert CANARY not in caplog.text + str(list(LogEntry.objects.values()))
