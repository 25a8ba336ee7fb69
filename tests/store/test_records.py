"""What a scan leaves in the database, and what recording it again changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leakwatch.leads import draft
from leakwatch.model import Level, Outcome, Reason, Skipped, digest
from leakwatch.store import log
from leakwatch.store.contents import LeadContent, unpack
from leakwatch.store.models import (
    Conversation,
    Finding,
    Group,
    Lead,
    LeadState,
    LogEntry,
    Original,
    Place,
    Print,
    Received,
    Suppression,
    Unread,
    User,
)
from leakwatch.store.originals import paths
from leakwatch.store.records import record
from leakwatch.store.unread import opened
from tests.conftest import NOON
from tests.store.scans import ASKED, MEANS, PERSONAL, SEALER, Post, evidence, finding, put, scan, user

pytestmark = pytest.mark.django_db
NUMBER = "青办密发〔2031〕3号"
LATER = NOON + timedelta(days=1)


def leads() -> list[tuple[str, bool, str, bool]]:
    rows = Lead.objects.filter(merged_into=None).order_by("id")
    return [(row.state, row.is_draft, row.level, row.at_once) for row in rows]


def partition(outcome: Outcome = Outcome.LEAD) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for id, lead in Finding.objects.filter(outcome=outcome).values_list("id", "lead"):
        groups.setdefault(lead, set()).add(id)
    return {frozenset(group) for group in groups.values()}


def snapshot() -> list[Any]:
    """All that must not change when the same scan is recorded again; sealed columns by what they hold."""
    tables: Sequence[Any] = (Finding, Lead, Place, Print, Group, Original)
    ignored = {"sealed", "last_scan", "id"}
    return [
        sorted(
            str([(f.name, getattr(row, f.attname)) for f in table._meta.fields if f.name not in ignored])
            for row in table.objects.all()
        )
        for table in tables
    ]


def test_a_lead_has_the_id_the_form_is_drafted_under() -> None:
    found = scan(Post())
    assert [one.id for one in draft(found.findings, found, MEANS.units, NOON)] == [*put(Post()).opened]


def test_what_drafts_a_form_and_what_waits_both_open_leads() -> None:
    brought = put(Post(), Post(minute=1, outcome=Outcome.REVIEW), Post(minute=2, outcome=Outcome.NOTE))
    assert (brought.new, brought.notes, len(brought.opened)) == (2, 1, 2)
    assert sorted(leads()) == [("new", False, "机密", False), ("new", True, "机密", False)]


def test_the_boxes_of_the_form_lie_sealed_with_the_lead() -> None:
    (id,) = put(Post(document=NUMBER)).opened
    content = unpack(Lead.objects.get(pk=id).sealed, LeadContent, SEALER, f"lead:{id}")
    assert content.reporting_unit == "青石市生态环境局"
    assert f"文号{NUMBER}；标注为“机密★10年”" in content.documents_and_levels
    assert "2031年5月5日12:00:00，微信群「青石市防汛联络群」，“王明远”发送（第1条）" in content.facts


def test_no_word_of_a_message_stands_in_clear() -> None:
    put(Post(document=NUMBER, text="防汛物资清单机密★10年", sender="赵晓岚", file="照片.jpg"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            text = repr([[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor])
            for word in (NUMBER, "物资", "机密★", "赵晓岚"):
                assert word not in text, table
                assert repr(word.encode())[2:-1] not in text, table


def test_the_same_document_in_another_group_joins_its_lead() -> None:
    first = put(Post(document=NUMBER))
    second = put(Post(document=NUMBER, group="云岭值班群", minute=5), at=LATER, export="云岭群.json")
    assert (second.opened, second.grown) == ((), first.opened)
    lead = Lead.objects.get()
    assert {group.name for group in lead.groups.all()} == {"青石市防汛联络群", "云岭值班群"}
    assert (lead.found_at, lead.due_at) == (NOON, NOON + timedelta(hours=24))
    content = unpack(lead.sealed, LeadContent, SEALER, f"lead:{lead.id}")
    assert "云岭值班群" in content.facts
    assert "微信群「云岭值班群」，“王明远”：同一文号（青办密发〔2031〕3号）" in content.remark


def test_the_same_picture_elsewhere_joins_its_lead() -> None:
    put(Post(file="照片.jpg"))
    assert put(Post(file="照片.jpg", group="云岭值班群"), export="云岭群.json").opened == ()
    assert Place.objects.count() == 2


def test_two_leads_that_prove_to_be_one_go_on_as_the_older() -> None:
    (older,) = put(Post(document=NUMBER)).opened
    (newer,) = put(Post(file="照片.jpg", minute=1), at=LATER).opened
    brought = put(Post(document=NUMBER, file="照片.jpg", quote="机密★10年", minute=2), at=LATER)
    assert brought.merged == ((newer, older),)
    assert Lead.objects.get(pk=newer).merged_into_id == older
    remark = unpack(Lead.objects.get(pk=older).sealed, LeadContent, SEALER, f"lead:{older}").remark
    assert f"线索{newer}与本线索{older}为同一事项" in remark
    assert set(Finding.objects.values_list("lead", flat=True)) == {older}
    told = LogEntry.objects.filter(action="lead.merged").values_list("subject", "details__into")
    assert list(told) == [(newer, older)]


def test_two_secret_documents_of_one_scan_are_urgent_both() -> None:
    put(Post(document=NUMBER), Post(document="青办密发〔2031〕4号", minute=1))
    assert [row[3] for row in leads()] == [True, True]


def test_a_second_secret_document_in_a_lead_makes_it_urgent() -> None:
    (id,) = put(Post(document=NUMBER)).opened
    assert not Lead.objects.get().at_once
    second = replace(
        finding([Post(document="青办密发〔2031〕4号", text="机密★10年另一份")], evidence("青石群.json"))
    )
    hit = replace(second.hits[0], piece=scan(Post()).findings[0].hits[0].piece, start=2, end=8)
    later = replace(scan(Post(document=NUMBER), at=LATER), ended_at=LATER)
    both = replace(later, findings=(*later.findings, replace(second, hits=(hit,))))
    brought = record(both, ASKED, MEANS)
    lead = Lead.objects.get()
    assert (brought.escalated, lead.at_once, lead.due_at) == ((id,), True, NOON + timedelta(days=1))
    assert record(both, ASKED, MEANS).escalated == ()


def test_one_top_secret_is_due_at_once() -> None:
    put(Post(level=Level.JUEMI))
    assert [(lead.at_once, lead.due_at) for lead in Lead.objects.all()] == [(True, NOON)]


def test_a_review_is_never_urgent() -> None:
    put(Post(level=Level.JUEMI, outcome=Outcome.REVIEW))
    assert not Lead.objects.get().at_once


def test_recorded_again_nothing_changes_but_the_counts() -> None:
    found = scan(Post(document=NUMBER), Post(minute=1, outcome=Outcome.REVIEW), Post(file="a.jpg", minute=2))
    record(found, ASKED, MEANS)
    before = snapshot()
    again = record(found, ASKED, MEANS)
    assert (again.new, again.known, again.gone, again.opened, again.grown) == (0, 3, 0, (), ())
    assert snapshot() == before


def test_an_overlapping_export_adds_only_what_is_new() -> None:
    put(Post(), Post(minute=1))
    brought = put(Post(minute=1), Post(minute=2), export="青石群6月.json", at=LATER)
    assert (brought.new, brought.known, len(brought.opened)) == (1, 1, 1)
    assert Place.objects.count() == 3


@pytest.mark.parametrize("state", [LeadState.CONFIRMED, LeadState.DISMISSED, LeadState.UNCLEAR])
def test_a_verdict_survives_a_rescan(state: str) -> None:
    put(Post())
    Lead.objects.update(state=state)
    put(Post(), at=LATER)
    put(Post(), at=LATER, export="青石群6月.json")
    assert Lead.objects.get().state == state


def test_new_facts_open_a_dismissed_lead_again() -> None:
    (id,) = put(Post(document=NUMBER)).opened
    Lead.objects.update(state=LeadState.DISMISSED)
    brought = put(Post(document=NUMBER, minute=7), at=LATER)
    lead = Lead.objects.get()
    assert (brought.reopened, lead.state, lead.due_at) == ((id,), "new", LATER + timedelta(hours=24))
    assert LogEntry.objects.filter(action="lead.reopened", subject=id).count() == 1


def test_new_facts_leave_a_confirmed_lead_confirmed() -> None:
    (id,) = put(Post(document=NUMBER)).opened
    Lead.objects.update(state=LeadState.CONFIRMED)
    assert put(Post(document=NUMBER, minute=7), at=LATER).grown == (id,)
    assert Lead.objects.get().state == LeadState.CONFIRMED


def suppress(owner: User, group: Group | None = None, days: int = 30) -> Suppression:
    made: Suppression = Suppression.objects.create(
        fingerprint=Finding.objects.values_list("fingerprint", flat=True)[0],
        rule="pd.id",
        group=group,
        owner=owner,
        sealed=b"",
        created_at=NOON,
        expires_at=NOON + timedelta(days=days),
    )
    return made


PHONE = Post(text="电话13900000000", quote="13900000000", rule=PERSONAL, level=None)


@pytest.mark.parametrize(
    ("days", "group", "opened"), [(30, None, 0), (0, None, 1), (30, "青石市防汛联络群", 0), (30, "云岭群", 1)]
)
def test_suppressed_content_opens_no_lead(days: int, group: str | None, opened: int) -> None:
    put(PHONE)
    scope = Group.objects.get_or_create(name=group, platform="wechat")[0] if group else None
    suppression = suppress(user("zhao"), scope, days)
    brought = put(replace(PHONE, text="请拨打13900000000", minute=9), at=LATER)
    assert (len(brought.opened), brought.suppressed) == (opened, 1 - opened)
    suppression.refresh_from_db()
    assert suppression.uses == 1 - opened


def test_when_the_suppression_ends_the_lead_is_opened() -> None:
    put(PHONE)
    suppress(user("zhao"), days=2)
    again = replace(PHONE, text="请拨打13900000000", minute=9)
    assert put(again, at=LATER).opened == ()
    assert len(put(again, at=NOON + timedelta(days=3)).opened) == 1


def test_a_suppressed_mark_hides_no_other_document() -> None:
    put(Post(text="机密★10年样张"))
    suppress(user("zhao"))
    brought = put(Post(text="机密★10年防汛方案", minute=1), Post(text="机密★10年样张", minute=2), at=LATER)
    assert (len(brought.opened), brought.suppressed) == (1, 1)


def test_what_no_longer_stands_in_a_file_read_again_is_gone_and_may_return() -> None:
    put(Post(), Post(minute=1))
    assert put(Post(), at=LATER).gone == 1
    assert put(Post(), at=LATER).gone == 0
    brought = put(Post(), Post(minute=1), at=LATER)
    assert (brought.reactivated, brought.known, brought.gone) == (1, 1, 0)


def test_what_stands_in_a_file_that_was_not_read_again_is_not_gone() -> None:
    put(Post(), Post(minute=1))
    assert put(Post(), export="青石群6月.json", at=LATER).gone == 0


def unread(name: str = "d.zip", reason: Reason = Reason.PASSWORD) -> Skipped:
    return Skipped(evidence=evidence(name), name=name, reason=reason, detail="有密码，请解开")


@pytest.mark.parametrize(("reason", "gone"), [(Reason.TIMED_OUT, 0), (Reason.UNSUPPORTED, 1)])
def test_what_stands_in_a_file_that_was_not_read_whole_is_not_gone(reason: Reason, gone: int) -> None:
    put(Post(), Post(minute=1))
    assert record(scan(Post(), skipped=[unread("青石群.json", reason)]), ASKED, MEANS).gone == gone


def open_unread() -> list[tuple[str, int]]:
    parts = opened(Unread.objects.filter(settled_at=None), SEALER)
    return [(part.name, part.row.scan_id) for part in parts]


def test_what_was_unread_counts_once_and_is_settled_when_it_is_read() -> None:
    locked = scan(skipped=[unread()])
    record(locked, ASKED, MEANS)
    again = record(locked, ASKED, MEANS)
    assert open_unread() == [("d.zip", again.scan_id)]
    inside = replace(evidence("群.txt"), parent=evidence("d.zip").sha256)
    record(scan(also=[inside], at=LATER), ASKED, MEANS)
    assert open_unread() == []


def test_what_a_person_said_may_stay_unread_stays_settled() -> None:
    locked = scan(skipped=[unread()])
    record(locked, ASKED, MEANS)
    Unread.objects.update(settled_at=NOON, settled_by=user("zhao"))
    record(locked, ASKED, MEANS)
    assert open_unread() == []
    record(scan(skipped=[unread(reason=Reason.DAMAGED)]), ASKED, MEANS)
    assert [name for name, _ in open_unread()] == ["d.zip"]


def closed(place: str, reason: Reason = Reason.NOT_PERMITTED) -> Skipped:
    """A file whose bytes could not be read: its sha256 is that of nothing."""
    file = replace(evidence(place.rpartition("/")[2], place), sha256=hashlib.sha256(b"").hexdigest())
    return Skipped(evidence=file, name=file.name, reason=reason, detail="没有读取权限")


def test_what_brought_no_bytes_is_known_again_by_where_it_lay_alone() -> None:
    record(scan(skipped=[closed("甲/1.jpg"), closed("甲/2.jpg"), closed("乙/1.jpg")]), ASKED, MEANS)
    again = record(scan(skipped=[closed("甲/1.jpg"), closed("丙/空.txt")], at=LATER), ASKED, MEANS)
    assert [name for name, _ in open_unread()] == ["2.jpg", "1.jpg", "1.jpg", "空.txt"]
    assert [scan_id for _, scan_id in open_unread()].count(again.scan_id) == 2
    record(scan(also=[evidence("1.jpg", "甲/1.jpg")], at=LATER), ASKED, MEANS)
    assert [name for name, _ in open_unread()] == ["2.jpg", "1.jpg", "空.txt"]


def test_an_excuse_for_what_brought_no_bytes_excuses_no_other_of_its_name() -> None:
    record(scan(skipped=[closed("甲/1.jpg")]), ASKED, MEANS)
    Unread.objects.update(settled_at=NOON, settled_by=user("zhao"))
    record(scan(skipped=[closed("甲/1.jpg"), closed("乙/1.jpg")]), ASKED, MEANS)
    assert [name for name, _ in open_unread()] == ["1.jpg"]


def test_groups_are_noted_as_seen_and_matched_with_the_register() -> None:
    known = Group.objects.create(name="青石市防汛联络群", is_registered=True)
    put(Post(), Post(group="云岭值班群"))
    assert Group.objects.get(pk=known.pk).last_message_at == NOON
    rows = Group.objects.order_by("pk").values_list("name", "is_registered")
    assert list(rows) == [("青石市防汛联络群", True), ("云岭值班群", False)]
    assert Conversation.objects.exclude(group=None).count() == 2


@pytest.mark.parametrize("name", ["半个\ud83d", "空\x00字", "长" * 400])
def test_names_that_no_database_stores_are_mended(name: str) -> None:
    put(Post(group=name, text=f"{name}机密★10年"))
    put(Post(group=name, text=f"{name}机密★10年"))
    assert Group.objects.count() == Place.objects.count() == 1


def test_every_file_met_is_listed() -> None:
    put(Post(file="照片.jpg"))
    listed = paths(Original.objects.values_list("pk", flat=True), SEALER)
    assert set(listed.values()) == {"收件/照片.jpg", "收件/青石群.json"}
    assert Original.objects.filter(is_kept=False).count() == 2


def test_the_scan_is_logged_with_its_figures_and_the_log_verifies() -> None:
    put(Post())
    last = LogEntry.objects.order_by("seq").last()
    assert last is not None
    assert (last.actor, last.action, last.details["new"], last.details["leads"]) == (
        "命令行",
        "scan.recorded",
        1,
        1,
    )
    assert list(log.verify(log.head())) == []


def test_whatever_fails_nothing_is_recorded() -> None:
    broken = replace(scan(Post()), ended_at="never")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="never"):
        record(broken, ASKED, MEANS)
    assert Group.objects.count() == LogEntry.objects.count() == 0


def post(group: str, minute: int, file: str) -> Post:
    """The same carrier always says the same."""
    number = int(digest(file or f"{group}{minute}"), 16)
    return Post(
        group=group,
        minute=minute,
        file=file,
        document=["", "", NUMBER, "青办密发〔2031〕4号"][number % 4],
        outcome=[Outcome.LEAD, Outcome.LEAD, Outcome.REVIEW][number // 4 % 3],
    )


POSTS = st.builds(
    post,
    group=st.sampled_from(["青石市防汛联络群", "云岭值班群"]),
    minute=st.integers(0, 5),
    file=st.sampled_from(["", "", "a.jpg", "b.jpg", "c.jpg"]),
)
SCANS = st.lists(st.lists(POSTS, min_size=1, max_size=4), min_size=1, max_size=4)

FEW = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # to shrink a drop takes minutes
)


def wiped() -> None:
    """Back to an empty store, inside the transaction of the test."""
    Lead.groups.through.objects.all().delete()
    Lead.objects.update(merged_into=None)
    for table in (Print, Place, Finding, Lead, Unread, Received, Conversation, Original, Group):
        table.objects.all().delete()


@given(drops=SCANS)
@FEW
def test_whatever_is_recorded_again_changes_nothing(db: None, drops: list[list[Post]]) -> None:
    wiped()
    scans = [scan(*posts, export=f"{number}.json") for number, posts in enumerate(drops)]
    for one in scans:
        record(one, ASKED, MEANS)
    before = snapshot(), partition(), partition(Outcome.REVIEW)
    brought = [record(one, ASKED, MEANS) for one in scans]
    assert [(one.new, one.opened, one.merged) for one in brought] == [(0, (), ())] * len(scans)
    assert (snapshot(), partition(), partition(Outcome.REVIEW)) == before


@given(drops=SCANS, data=st.data())
@FEW
def test_the_order_of_the_files_changes_no_lead(db: None, drops: list[list[Post]], data: Any) -> None:
    scans = [scan(*posts, export=f"{number}.json") for number, posts in enumerate(drops)]
    found = []
    for order in (scans, data.draw(st.permutations(scans))):
        wiped()
        for one in order:
            record(one, ASKED, MEANS)
        found.append(partition())
    assert found[0] == found[1]


def test_a_finding_never_becomes_lighter_by_itself() -> None:
    (id,) = put(Post()).opened
    for outcome in (Outcome.REVIEW, Outcome.NOTE, Outcome.LEAD):
        brought = put(Post(outcome=outcome), at=LATER)
        assert (brought.grown, brought.gone, Finding.objects.get().outcome) == ((), 0, "lead")
    assert Lead.objects.get().id == id
