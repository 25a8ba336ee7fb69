"""The package of a lead from the page, and the page of a purged lead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from leakwatch.config import Config, Paths, Web
from leakwatch.store.models import Lead, LeadState, LogEntry, Role
from leakwatch.vault.receipt import open_package
from leakwatch.web.originals import SealedOriginals
from leakwatch.web.site import Office, site_settings
from tests.store.kept import LATER, PASSPHRASE, House, decided, house
from tests.store.scans import SEALER, Post
from tests.web.people import Visit

PHOTO = Post(file="照片.jpg", text="云岭区督办单 机密★10年")


@pytest.fixture
def home(tmp_path: Path) -> Any:
    """A vault that the page looks into."""
    made = house(tmp_path)
    config = Config(
        paths=Paths(data_dir=tmp_path, drafts_dir=tmp_path / "drafts"), web=Web(allowed_hosts=("testserver",))
    )
    office = Office(config=config, clock=lambda: LATER, sealer=SEALER, originals=SealedOriginals(made.vault))
    with override_settings(**site_settings({}, office)):
        yield made


def asked(client: Client, lead: str, passphrase: str = PASSPHRASE, again: str = PASSPHRASE) -> Any:
    return client.post(f"/leads/{lead}/package", {"passphrase": passphrase, "again": again})


def test_the_office_takes_the_package_away(home: House, visit: Visit, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    client = visit(Role.OFFICE)
    answer = asked(client, lead)
    assert f'filename="{lead}.lwjj"' in answer["Content-Disposition"]
    (tmp_path / "收到.lwjj").write_bytes(answer.getvalue())
    names = open_package(tmp_path / "收到.lwjj", PASSPHRASE, tmp_path / "收到")
    assert {f"表格/01_{lead}.docx", "原件/001_照片.jpg"} <= set(names)
    assert LogEntry.objects.get(action="lead.handed_over").actor == "office"
    assert "制作过交接包" in client.get(f"/leads/{lead}").content.decode()


@pytest.mark.parametrize(
    ("passphrase", "again", "words"),
    [("短", "短", "口令太短"), (PASSPHRASE, "别的口令一二三四五六", "不一样")],
)
def test_a_weak_or_mistyped_passphrase_makes_no_package(
    home: House, visit: Visit, passphrase: str, again: str, words: str
) -> None:
    (lead,) = home.put(PHOTO).opened
    answer = asked(visit(Role.OFFICE), lead, passphrase, again)
    assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert Lead.objects.get().handed_over_at is None


def test_only_the_office_is_offered_one(home: House, visit: Visit) -> None:
    (lead,) = home.put(PHOTO).opened
    assert "制作并下载交接包" in visit(Role.OFFICE).get(f"/leads/{lead}").content.decode()
    assert "制作并下载交接包" not in visit(Role.REVIEWER).get(f"/leads/{lead}").content.decode()
    assert asked(visit(Role.REVIEWER), lead).status_code == 403


def test_the_page_of_a_purged_lead_says_what_went_and_who_had_it_go(home: House, visit: Visit) -> None:
    (lead,) = home.put(PHOTO).opened
    decided(lead, LeadState.CONFIRMED)
    home.pack(lead)
    went = home.purge(lead, "保存期满")
    client = visit(Role.OFFICE)
    client.post(f"/leads/{lead}/unmask", {"purpose": "review"})
    page = client.get(f"/leads/{lead}").content.decode()
    for words in ("已清除", "zhou", "保存期满", went.originals[0], "1 项发现"):
        assert words in page
    for words in ("督办单", "制作并下载交接包", "重开本线索"):
        assert words not in page
    assert client.get(f"/leads/{lead}/forms/lead.docx").status_code == 404
