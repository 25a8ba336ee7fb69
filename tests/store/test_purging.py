"""What goes with a lead that was purged, what stays, and what is never purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from leakwatch.errors import EvidenceDamaged, LeakwatchError, Refused
from leakwatch.model import Outcome, Reason, Skipped
from leakwatch.store import dossier, log, papers, purging
from leakwatch.store.models import (
    Finding,
    Lead,
    LeadState,
    LogEntry,
    Original,
    Place,
    Posting,
    Print,
    Role,
    Scan,
    Unread,
)
from leakwatch.store.purging import Swept
from leakwatch.store.review import Decision, reopen
from leakwatch.store.terms import Terms, due
from leakwatch.store.unread import opened
from leakwatch.vault.sealed import SealedVault
from tests.conftest import NOON
from tests.store.kept import LATER, House, decided, house
from tests.store.scans import SEALER, Post, evidence, user

pytestmark = pytest.mark.django_db

PHOTO = Post(file="照片.jpg", text="督办单 机密★10年")
OTHER = Post(file="别的.jpg", text="另一份 机密★5年", quote="机密★5年", minute=9)


@pytest.fixture
def home(tmp_path: Path) -> House:
    return house(tmp_path)


def closed(home: House, *posts: Post) -> list[str]:
    """Leads of those posts, confirmed and handed over."""
    leads = list(home.put(*posts).opened)
    for number, lead in enumerate(leads):
        decided(lead, LeadState.CONFIRMED)
        home.pack(lead, f"{number}.lwjj")
    return leads


def test_no_word_of_a_purged_lead_is_left(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    went = home.purge(lead)
    assert (went.findings, went.places, len(went.originals), went.left, went.swept.files) == (1, 1, 1, 0, 1)
    assert home.files() == set()
    sealed = [
        *Finding.objects.values_list("sealed", flat=True),
        *Place.objects.values_list("sealed", flat=True),
    ]
    assert [bytes(one) for one in [*sealed, Lead.objects.get().sealed]] == [b"", b"", b""]
    assert (Print.objects.count(), Posting.objects.count()) == (0, 0)
    assert home.problems() == []
    assert list(log.verify(None)) == []


def test_who_purged_what_and_why_stays(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    went = home.purge(lead, " 保存期满 ")
    row, entry = Lead.objects.get(), LogEntry.objects.get(action="lead.purged")
    assert (row.purged_at, row.purged_because) == (LATER, "保存期满")
    assert (entry.actor, entry.subject, entry.details["originals"]) == ("zhou", lead, list(went.originals))
    assert "保存期满" not in str(entry.details)
    shown = dossier.lead(user("li", Role.OFFICE), lead, SEALER)
    assert (shown.content, shown.places, len(shown.findings)) == (None, (), 1)


@pytest.mark.parametrize("verdict", [None, LeadState.UNCLEAR, LeadState.CONFIRMED])
def test_an_open_lead_and_one_not_handed_over_are_never_purged(
    home: House, verdict: LeadState | None
) -> None:
    (lead,) = home.put(PHOTO).opened
    if verdict is not None:
        decided(lead, verdict)
    with pytest.raises(Refused):
        home.purge(lead)
    assert len(home.files()) == 1
    assert Lead.objects.get().purged_at is None


def test_handing_over_does_not_make_an_undecided_lead_one_to_purge(home: House) -> None:
    (lead,) = home.put(PHOTO).opened
    home.pack(lead)
    with pytest.raises(Refused, match="还没有结论"):
        home.purge(lead)


def test_what_was_found_after_the_hand_over_is_not_purged_with_it(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    post = Post(file="照片.jpg", text=PHOTO.text, group="云岭值班群", minute=3)
    assert home.put(post, export="云岭群.json", at=LATER + timedelta(days=1)).grown == (lead,)
    with pytest.raises(Refused, match="又有新的发现"):
        home.purge(lead)


@pytest.mark.parametrize("because", ["", "  "])
def test_nothing_is_purged_without_a_reason(home: House, because: str) -> None:
    (lead,) = closed(home, PHOTO)
    with pytest.raises(Refused, match="理由"):
        home.purge(lead, because)


def test_an_original_that_another_lead_needs_stays_until_that_is_purged_too(home: House) -> None:
    first, second = home.put(Post(), Post(text="另一份绝密", quote="绝密", minute=5)).opened
    decided(first, LeadState.DISMISSED, "zhao")
    decided(first, LeadState.DISMISSED, "li")
    went = home.purge(first)
    assert (went.originals, went.left, len(home.files())) == ((), 1, 1)
    assert home.problems() == []
    decided(second, LeadState.CONFIRMED)
    home.pack(second)
    went = home.purge(second)
    assert (len(went.originals), went.left, home.files()) == (1, 0, set())


def test_originals_of_one_batch_go_together_or_stay(home: House) -> None:
    first, _ = home.put(PHOTO, OTHER).opened
    key = Original.objects.filter(is_kept=True).values_list("key_id", flat=True)[0]
    Original.objects.filter(is_kept=True).update(key_id=key)
    decided(first, LeadState.CONFIRMED)
    Lead.objects.filter(pk=first).update(handed_over_at=LATER)
    assert (home.purge(first).left, len(home.files())) == (1, 2)


def test_a_break_between_tables_and_vault_is_made_up_for(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lead,) = closed(home, PHOTO)

    def full(_self: SealedVault, _key_id: str) -> int:
        raise LeakwatchError("断电")

    with monkeypatch.context() as broken:
        broken.setattr(SealedVault, "purge", full)
        with pytest.raises(LeakwatchError, match="断电"):
            home.purge(lead)
    assert (len(home.files()), len(home.problems())) == (1, 1)
    again = home.purge(lead)
    assert (again.findings, again.swept.files, home.files(), home.problems()) == (0, 1, set(), [])
    assert LogEntry.objects.filter(action="lead.purged").count() == 1


def test_a_scan_of_the_same_export_brings_no_word_back(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    home.purge(lead)
    again = home.put(PHOTO, at=LATER + timedelta(days=1))
    assert (again.new, again.known, again.opened, again.met, again.met_again) == (0, 1, (), (), (lead,))
    assert (home.files(), bytes(Place.objects.get().sealed), bytes(Finding.objects.get().sealed)) == (
        set(),
        b"",
        b"",
    )
    entry = LogEntry.objects.get(action="lead.met_again")
    assert (entry.subject, entry.details["again"], entry.details["elsewhere"]) == (lead, 1, 0)
    assert home.problems() == []


def test_a_purged_document_posted_elsewhere_is_a_lead_of_its_own(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    home.purge(lead)
    elsewhere = Post(file="照片.jpg", text=PHOTO.text, group="云岭值班群", minute=3)
    again = home.put(PHOTO, elsewhere, at=LATER + timedelta(days=1))
    (opened_lead,) = again.opened
    assert opened_lead != lead
    form = papers.boxes(Lead.objects.get(pk=opened_lead), SEALER).facts
    assert ("云岭值班群" in form, "青石市防汛联络群" in form) == (True, False)
    assert (len(home.files()), home.problems()) == (1, [])
    assert Lead.objects.get(pk=lead).purged_at == LATER


def test_a_purged_lead_is_neither_reopened_nor_handed_over(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    home.purge(lead)
    again = Decision(by=user("qian"), verdict=LeadState.IN_REVIEW, reason="再看看", at=LATER)
    with pytest.raises(Refused, match="已清除"):
        reopen(lead, again, SEALER)
    with pytest.raises(Refused, match="已清除"):
        home.pack(lead, "再一次.lwjj")


def test_names_of_unread_parts_go_with_their_original_alone(home: House) -> None:
    inside = Skipped(
        evidence=evidence("青石群.json"), name="机密附件.zip", reason=Reason.PASSWORD, detail="有密码"
    )
    apart = Skipped(evidence=evidence("别处.zip"), name="别处.zip", reason=Reason.PASSWORD, detail="有密码")
    (lead,) = home.put(Post(), skipped=(inside, apart)).opened
    decided(lead, LeadState.CONFIRMED)
    home.pack(lead)
    home.purge(lead)
    names = {part.name: part.row.settled_at for part in opened(Unread.objects.all(), SEALER)}
    assert names == {"（已清除）": LATER, "别处.zip": None}


def test_only_what_was_handed_over_or_dismissed_so_long_ago_is_due(home: House) -> None:
    handed, dismissed, waiting = home.put(
        PHOTO, OTHER, Post(outcome=Outcome.REVIEW, text="像是内部资料", quote="内部", minute=20)
    ).opened
    decided(handed, LeadState.CONFIRMED)
    home.pack(handed)
    decided(dismissed, LeadState.DISMISSED, "zhao")
    decided(dismissed, LeadState.DISMISSED, "li")
    term = timedelta(days=30)
    terms = Terms(store=term)
    assert due(LATER + timedelta(days=365), Terms(store=timedelta())) == {}
    assert due(NOON + timedelta(days=29), terms) == {}
    assert due(NOON + term, terms) == {dismissed: term}
    assert set(due(LATER + term, terms)) == {handed, dismissed}
    assert waiting not in due(LATER + timedelta(days=365), terms)


def test_an_inbox_that_keeps_for_ever_keeps_its_leads_alone(home: House) -> None:
    leads = closed(home, PHOTO, OTHER)
    term, other = timedelta(days=30), timedelta(days=90)
    Scan.objects.update(root="/收件")
    assert due(LATER + term, Terms(store=term, inboxes={"/收件": timedelta()})) == {}
    assert due(LATER + term, Terms(store=term, inboxes={"/收件": other})) == {}
    assert due(LATER + term, Terms(store=term, inboxes={"/别处": timedelta()})) == dict.fromkeys(leads, term)
    assert due(LATER + other, Terms(store=timedelta(), inboxes={"/收件": other})) == dict.fromkeys(
        leads, other
    )


def test_what_is_due_goes_in_the_name_of_the_daemon(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    term = timedelta(days=30)
    assert purging.purge_due(LATER, Terms(store=term), home.keeps) == ([], Swept())
    went, _ = purging.purge_due(LATER + term, Terms(store=term), home.keeps)
    assert [one.lead for one in went] == [lead]
    entry = LogEntry.objects.get(action="lead.purged")
    assert (entry.actor, Lead.objects.get().purged_because[-4:], home.files()) == (
        "daemon",
        "自动清除",
        set(),
    )


def test_leads_that_prove_to_be_one_are_to_be_handed_over_anew(home: House) -> None:
    posts = [replace(PHOTO, document="青办密发〔2031〕3号"), replace(OTHER, document="青办密发〔2031〕4号")]
    closed(home, *posts)
    both = Post(text="青办密发〔2031〕3号和4号 机密★10年", minute=30, document="青办密发〔2031〕3号")
    other = replace(both, document="青办密发〔2031〕4号", text=both.text, quote="机密")
    ((_, into),) = home.put(both, other, at=LATER - timedelta(days=1)).merged
    with pytest.raises(Refused, match="还没有移交"):
        home.purge(into)


def test_its_forms_go_with_it_and_those_of_others_stay(home: House) -> None:
    lead, other = closed(home, PHOTO, OTHER)
    drafts = home.folder / "drafts"
    for name in (f"{lead}-旧稿.docx", f"{lead}-2.pdf", f"{lead}-改动说明.txt", f"{lead}0.docx", "记录.docx"):
        (drafts / name).touch()
    went = home.purge(lead)
    gone = ("-2.pdf", "-改动说明.txt", "-旧稿.docx", "-泄密事件报告表.docx", ".docx")
    left = {f"{other}.docx", f"{other}-泄密事件报告表.docx", f"{lead}0.docx", "记录.docx"}
    assert went.swept.forms == tuple(f"{lead}{ending}" for ending in gone)
    assert {path.name for path in drafts.iterdir()} == left
    assert went.swept.stayed == ()


def test_what_a_person_named_or_holds_open_stays_and_is_told(home: House) -> None:
    (lead,) = closed(home, PHOTO)
    drafts = home.folder / "drafts"
    (drafts / f"{lead}.docx").unlink()
    (drafts / f"{lead}.docx").mkdir()  # no file can be removed there
    (drafts / f"{lead}签批.docx").touch()
    stayed = home.purge(lead).swept.stayed
    assert ["删不掉" in stayed[0], "文件名不是 leakwatch 起的" in stayed[1]] == [True, True]
    (drafts / f"{lead}.docx").rmdir()
    (drafts / f"{lead}.docx").touch()
    assert f"{lead}.docx" in home.purge(lead).swept.forms


@pytest.mark.django_db(transaction=True)
def test_no_word_stays_in_the_log_of_changes_of_sqlite(tmp_path: Path) -> None:
    home = house(tmp_path)
    (lead,) = closed(home, PHOTO)
    home.purge(lead)
    if connection.vendor == "sqlite":
        wal = Path(f"{connection.settings_dict['NAME']}-wal")
        assert not wal.exists() or wal.stat().st_size == 0


def test_a_package_with_a_damaged_original_is_none(home: House, tmp_path: Path) -> None:
    (lead,) = home.put(PHOTO).opened
    (sealed,) = (path for path in (tmp_path / "evidence").rglob("*") if len(path.name) == 64)
    sealed.chmod(0o600)
    data = bytearray(sealed.read_bytes())
    data[-1] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(EvidenceDamaged):
        home.pack(lead)
    assert not (tmp_path / "交接.lwjj").exists()
    assert Lead.objects.get().handed_over_at is None
    assert not LogEntry.objects.filter(action="lead.handed_over").exists()
