"""The package of a lead, and what is remembered of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from docx import Document

from leakwatch.errors import LeakwatchError, Refused, UsageError
from leakwatch.store.models import Lead, LeadState, LogEntry
from leakwatch.vault.receipt import open_package
from tests.store.kept import LATER, PASSPHRASE, House, decided, house
from tests.store.scans import Post

pytestmark = pytest.mark.django_db

PHOTO = Post(file="照片.jpg", text="督办单 机密★10年")


@pytest.fixture
def home(tmp_path: Path) -> House:
    return house(tmp_path)


def test_forms_originals_list_and_log_of_the_lead_arrive(home: House, tmp_path: Path) -> None:
    lead, _ = home.put(
        PHOTO, Post(file="别的.jpg", text="另一份 机密★5年", quote="机密★5年", minute=9)
    ).opened
    decided(lead, LeadState.CONFIRMED)
    packed = home.pack(lead)
    names = open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")
    assert [name for name in names if "/" in name] == [
        f"表格/01_{lead}.docx",
        f"表格/02_{lead}-泄密事件报告表.docx",
        "原件/001_照片.jpg",
    ]
    rows = [
        json.loads(line)["row"] for line in (tmp_path / "收到" / "日志摘录.jsonl").read_bytes().splitlines()
    ]
    assert [(row["subject"], row["action"]) for row in rows] == [
        (lead, "lead.created"),
        (lead, "lead.confirmed"),
    ]
    assert (packed.forms, packed.originals, packed.absent) == (2, 1, 0)


def test_it_is_logged_with_the_check_values_of_its_file(home: House, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    packed = home.pack(lead)
    entry = LogEntry.objects.get(action="lead.handed_over")
    data = (tmp_path / "交接.lwjj").read_bytes()
    assert entry.details["sha256"] == packed.sha256 == hashlib.sha256(data).hexdigest()
    assert (entry.details["sm3"], entry.subject, entry.actor) == (packed.sm3, lead, "shell")
    assert Lead.objects.get().handed_over_at == LATER


def test_what_a_person_wrote_in_the_form_goes_along(home: House, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    home.pack(lead, "第一次.lwjj")
    form = tmp_path / "drafts" / f"{lead}.docx"
    document = Document(str(form))
    document.tables[0].rows[0].cells[1].text = "云岭区分局办公室"
    document.save(str(form))
    home.put(Post(file="照片.jpg", text=PHOTO.text, group="云岭值班群", minute=3), export="云岭群.json")
    home.pack(lead, "第二次.lwjj")
    names = open_package(tmp_path / "第二次.lwjj", PASSPHRASE, tmp_path / "收到")
    assert [name for name in names if name.startswith("表格/")] == [
        f"表格/01_{lead}.docx",
        f"表格/02_{lead}-2.docx",
    ]
    assert "云岭区分局办公室" in Document(str(tmp_path / "收到" / names[3])).tables[0].rows[0].cells[1].text


@pytest.mark.parametrize("passphrase", ["", "太短", "12345678901"])
def test_a_weak_passphrase_makes_no_package(home: House, tmp_path: Path, passphrase: str) -> None:
    (lead,) = home.put(PHOTO).opened
    with pytest.raises(UsageError, match="口令太短"):
        home.pack(lead, passphrase=passphrase)
    assert not (tmp_path / "交接.lwjj").exists()
    assert not (tmp_path / "drafts").exists()


def test_a_file_that_is_there_stays(home: House, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    (tmp_path / "交接.lwjj").write_text("别人的", "utf-8")
    with pytest.raises(LeakwatchError, match="没有覆盖"):
        home.pack(lead)
    assert (tmp_path / "交接.lwjj").read_text("utf-8") == "别人的"
    assert Lead.objects.get().handed_over_at is None


def test_there_is_no_package_of_a_lead_that_is_none(home: House) -> None:
    with pytest.raises(Refused, match="没有编号"):
        home.pack("XS-20310506-000000")


def test_what_was_never_kept_is_counted(home: House, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    from leakwatch.store.models import Original

    Original.objects.update(is_kept=False)
    packed = home.pack(lead)
    assert (packed.originals, packed.absent) == (0, 1)
