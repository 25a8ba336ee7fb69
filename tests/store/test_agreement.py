"""What was changed in the tables behind the log's back is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection

from leakwatch.model import Level
from leakwatch.store import agreement, append_only, review
from leakwatch.store.models import Finding, Lead, LeadState, LogEntry, Role, Suppression, User, Verdict
from leakwatch.store.review import Decision
from tests.conftest import NOON
from tests.store.scans import PERSONAL, SEALER, Post, put, user

pytestmark = pytest.mark.django_db
PHONE = Post(text="电话13900000000", quote="13900000000", rule=PERSONAL, level=None)
MARKED = Post(text="机密★10年那份", quote="机密★10年", minute=3)
DAY = timedelta(days=1)


@pytest.fixture
def decided() -> str:
    """A lead that was claimed, given back, decided, reopened, decided again and reported on; others open."""
    put(PHONE, MARKED)
    zhao, wu = user("zhao"), user("wu", Role.OFFICE)
    id: str = Lead.objects.get(findings__rule=PERSONAL.id).pk
    review.claim(id, zhao, NOON)
    review.release(id, zhao, NOON)
    review.decide(id, _decision(zhao, LeadState.DISMISSED), SEALER)
    review.reopen(id, _decision(wu, LeadState.IN_REVIEW), SEALER)
    review.decide(id, _decision(wu, LeadState.CONFIRMED), SEALER)
    review.report(id, wu, NOON)
    append_only.expose(connection)
    return id


def _decision(by: User, verdict: LeadState) -> Decision:
    is_paused = verdict is LeadState.DISMISSED
    return Decision(
        by=by,
        verdict=verdict,
        reason="已核对原件",
        at=NOON,
        suppress_until=NOON + 30 * DAY if is_paused else None,
    )


def faults() -> list[str]:
    return [fault.partition("；")[0] for fault in agreement.faults(SEALER)]


def test_what_people_did_through_the_program_has_no_fault(decided: str) -> None:
    assert faults() == []


@dataclass
class Meddling:
    """Somebody takes a lead while the verdicts are read."""

    act: Callable[[], object]

    def blind(self, *parts: str) -> str:
        self.act()
        return SEALER.blind(*parts)

    def open(self, sealed: bytes, context: str) -> bytes:
        return SEALER.open(sealed, context)

    def seal(self, plain: bytes, context: str) -> bytes:
        return SEALER.seal(plain, context)


def test_what_somebody_does_meanwhile_is_no_fault(decided: str) -> None:
    other, qian = _other(decided), user("qian")
    assert agreement.faults(Meddling(lambda: review.claim(other, qian, NOON))) == []


def test_leads_that_a_later_scan_joined_or_opened_again_have_no_fault(decided: str) -> None:
    put(PHONE, MARKED, Post(text="电话13900000000", quote="13900000000", rule=PERSONAL, level=None, minute=9))
    put(
        Post(text="机密★10年那份，电话13900000000", quote="13900000000", rule=PERSONAL, level=None, minute=12)
    )
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda id: _lead(id, state="dismissed"), "{id}：状态“非泄密”，与日志所记不符，被改过"),
        (lambda id: _lead(id, state="x"), "{id}：状态“x”，与日志所记不符，被改过"),
        (lambda id: _lead(id, reported_at=None), "{id}：未上报，与日志所记不符，被改过"),
        (lambda id: _lead(id, purged_at=NOON), "{id}：已清除，与日志所记不符，被改过"),
        (lambda id: _lead(id, merged_into=_other(id)), "{id}：并入“{other}”，与日志所记不符，被改过"),
        (
            lambda _: _verdict(verdict="confirmed"),
            "{id}：结论第 {pk} 号与日志第 {first} 条所记不符，写入后被改过",
        ),
        (lambda _: _verdict(sealed=b""), "{id}：结论第 {pk} 号与日志第 {first} 条所记不符，写入后被改过"),
        (
            lambda _: _verdict(sealed=b"x" * 60),
            "{id}：结论第 {pk} 号与日志第 {first} 条所记不符，写入后被改过",
        ),
        (
            lambda _: Verdict.objects.filter(pk=_verdicts()[0]).delete(),
            "{id}：日志第 {first} 条所记的结论第 {pk} 号不见了，被删除过",
        ),
    ],
)
def test_a_row_that_was_changed_past_the_program_is_named(
    decided: str, change: Callable[[str], object], says: str
) -> None:
    told = says.format(id=decided, other=_other(decided), first=_first(), pk=_verdicts()[0])
    change(decided)
    assert faults() == [told]


def test_a_lead_that_is_to_be_reported_at_once_does_not_lose_its_haste() -> None:
    (id,) = put(Post(text="绝密★长期那份", quote="绝密★长期", level=Level.JUEMI)).opened
    assert faults() == []
    _lead(id, at_once=False)
    assert faults() == [f"{id}：不须立即报告，与日志所记不符，被改过"]


def test_one_that_a_later_scan_made_urgent_does_not_either() -> None:
    (id,) = put(Post(document="青密发〔2031〕3号")).opened
    put(Post(document="青密发〔2031〕3号", level=Level.JUEMI, minute=9))
    assert LogEntry.objects.filter(action="lead.escalated", subject=id).exists()
    assert faults() == []
    _lead(id, at_once=False)
    assert faults() == [f"{id}：不须立即报告，与日志所记不符，被改过"]


def test_what_was_put_in_past_the_program_is_named(decided: str) -> None:
    one = Verdict.objects.order_by("pk")[0]
    extra = Verdict.objects.create(
        lead=one.lead, by=one.by, at=NOON, verdict="dismissed", is_second_look=False, sealed=b""
    )
    quiet = Suppression.objects.create(
        fingerprint="f" * 64, rule="r", owner=one.by, sealed=b"", created_at=NOON, expires_at=NOON + DAY
    )
    assert faults() == [
        f"{decided}：结论第 {extra.pk} 号在日志里没有记载，可能是绕过程序写入的",
        f"“暂不生成”第 {quiet.pk} 项在日志里没有记载，可能是绕过程序写入的",
    ]


@pytest.mark.parametrize("details", [{}, [], "x", {"verdict_id": [1]}, {"suppression": {}, "into": [1]}])
def test_rows_of_the_log_that_were_changed_break_nothing(decided: str, details: object) -> None:
    LogEntry.objects.update(details=details)
    assert faults()


def test_a_lead_that_is_gone_is_named(decided: str) -> None:
    other = _other(decided)
    Finding.objects.filter(lead=other).update(lead=None)
    Lead.groups.through.objects.filter(lead=other).delete()
    Lead.objects.filter(pk=other).delete()
    assert faults() == [f"{other}：日志里有这条线索，登记不见了，被删除过"]


def _lead(id: str, **changed: object) -> None:
    Lead.objects.filter(pk=id).update(**changed)


def _verdict(**changed: object) -> None:
    Verdict.objects.filter(pk=_verdicts()[0]).update(**changed)


def _verdicts() -> list[int]:
    return list(Verdict.objects.order_by("pk").values_list("pk", flat=True))


def _other(id: str) -> str:
    return str(Lead.objects.exclude(pk=id).values_list("pk", flat=True)[0])


def _first() -> int:
    """The row of the log that tells of the first verdict."""
    entries = LogEntry.objects.filter(action="lead.dismissed").order_by("seq")
    return int(entries.values_list("seq", flat=True)[0])
