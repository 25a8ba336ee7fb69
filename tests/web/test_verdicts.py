"""What people do with a lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from leakwatch.forms.exclusions import EXCLUSIONS
from leakwatch.store import reasons
from leakwatch.store.models import Lead, LogEntry, Role, Suppression, Verdict
from tests.web.people import NOON, Visit, account, visitor
from tests.web.rows import NUMBER, SEALER, Posted, finding, lead

ALL = {one.id: "1" for one in EXCLUSIONS}


def state(id: str = NUMBER) -> str:
    """Where the lead stands."""
    return str(Lead.objects.get(pk=id).state)


def decide(client: Client, verdict: str, reason: str = "", **more: str) -> str:
    """The page that follows; the words were looked at."""
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": "review"})
    sent = {"verdict": verdict, "reason": reason, **more}
    return str(client.post(f"/leads/{NUMBER}/decide", sent, follow=True).content.decode())


def test_a_lead_is_claimed_and_given_back(visit: Visit) -> None:
    lead()
    client = visit(Role.REVIEWER)
    client.post(f"/leads/{NUMBER}/claim")
    assert state() == "in_review"
    client.post(f"/leads/{NUMBER}/release")
    assert state() == "new"


def test_a_lost_race_is_told_with_the_winner_s_name(visit: Visit) -> None:
    lead(state="in_review", claimed_by=account(Role.OFFICE))
    answer = visit(Role.REVIEWER).post(f"/leads/{NUMBER}/claim")
    assert answer.status_code == 409
    assert "office正在审核" in answer.content.decode()


@pytest.mark.parametrize(
    ("verdict", "reason", "expected"),
    [
        ("confirmed", "", "confirmed"),
        ("unclear", "等区保密局答复", "unclear"),
        ("unclear", "等\0答复", "unclear"),
        ("unclear", " ", "new"),
        ("unclear", "\0", "new"),
        ("dismissed", "", "new"),
        ("dismissed", "培训课件", "dismissed"),
        ("new", "培训课件", "new"),
        ("", "培训课件", "new"),
    ],
)
def test_a_verdict_needs_a_choice_and_mostly_a_reason(
    visit: Visit, verdict: str, reason: str, expected: str
) -> None:
    lead(level="", category="pd.id")
    Lead.objects.get().findings.update(kind="personal", level="")
    decide(visit(Role.REVIEWER), verdict, reason)
    assert state() == expected


@pytest.mark.parametrize("page", ["decide", "same"])
def test_nobody_waves_through_what_they_have_not_looked_at(visit: Visit, page: str) -> None:
    lead(level="", category="pd.id")
    sent = {"verdict": "dismissed", "reason": "培训课件"}
    answer = visit(Role.REVIEWER).post(f"/leads/{NUMBER}/{page}", sent, follow=True)
    assert "判为“非泄密”前，请先查看原文" in answer.content.decode()
    assert state() == "new"


def test_what_was_typed_stays_where_it_was_refused(visit: Visit) -> None:
    lead(category="ws.hr", level="")
    page = decide(visit(Role.REVIEWER), "confirmed", "名单未公开")
    assert "还有 4 项没有勾选" in page
    assert "名单未公开</textarea>" in page
    assert 'value="confirmed" required data-key="1" data-does="确认（再按回车提交）" checked' in page


def test_a_work_secret_is_confirmed_once_the_four_exclusions_were_checked(visit: Visit) -> None:
    lead(category="ws.hr", level="")
    client = visit(Role.REVIEWER)
    some = dict.fromkeys(list(ALL)[:3], "1")
    assert "还有 1 项没有勾选" in decide(client, "confirmed", **some)
    assert state() == "new"
    decide(client, "confirmed", "名单未公开", **ALL)
    assert state() == "confirmed"
    assert (
        reasons.of_verdict(Verdict.objects.get(), SEALER)
        == "名单未公开\n已逐项核对不得确定为工作秘密的四种情形。"
    )


def test_a_second_person_finishes_what_the_first_decided(visit: Visit) -> None:
    lead()
    first, second = visit(Role.REVIEWER), visitor(account(Role.REVIEWER, "陈复核"))
    assert "还须另一人复核" in decide(first, "dismissed", "培训课件")
    assert state() == "second_look"
    assert "须由另一人复核" in first.get(f"/leads/{NUMBER}").content.decode()
    assert "您已作过结论" in decide(first, "dismissed", "真的")
    page = second.get(f"/leads/{NUMBER}").content.decode()
    assert "第一人的结论" in page
    assert "培训课件" in page
    decide(second, "dismissed", "同意")
    assert state() == "dismissed"


def test_the_same_content_can_be_left_alone_for_a_time(visit: Visit) -> None:
    lead(level="", category="pd.id")
    Lead.objects.get().findings.update(kind="personal", level="")
    decide(visit(Role.REVIEWER), "dismissed", "公示名单", pause="90")
    assert Suppression.objects.get().expires_at == NOON + timedelta(days=90)


@pytest.mark.parametrize(("verdict", "pause"), [("unclear", "90"), ("dismissed", "0"), ("dismissed", "")])
def test_nothing_is_left_alone_unasked(visit: Visit, verdict: str, pause: str) -> None:
    lead(level="", category="pd.id")
    Lead.objects.get().findings.update(kind="personal", level="")
    decide(visit(Role.REVIEWER), verdict, "公示名单", pause=pause)
    assert not Suppression.objects.exists()


def test_a_decided_lead_is_reopened_with_a_reason(visit: Visit) -> None:
    lead(state="dismissed")
    client = visit(Role.REVIEWER)
    client.post(f"/leads/{NUMBER}/reopen", {"reason": ""})
    assert state() == "dismissed"
    client.post(f"/leads/{NUMBER}/reopen", {"reason": "又发现一处"})
    assert state() == "in_review"


def test_the_office_says_when_it_reported_on(visit: Visit) -> None:
    lead(state="confirmed", verified_at=NOON, office_due_at=NOON)
    assert (
        "已登记上报时间" in visit(Role.OFFICE).post(f"/leads/{NUMBER}/reported", follow=True).content.decode()
    )
    assert Lead.objects.get().reported_at == NOON


def _twins() -> None:
    for id in (NUMBER, "XS-20310506-0000aa", "XS-20310506-0000bb"):
        made = lead(id, Posted(group=id), level="", category="pd.id")
        made.findings.update(fingerprint="one", kind="personal")
    finding(Lead.objects.get(pk="XS-20310506-0000bb"), "f-other", "another")


def test_one_verdict_does_for_leads_that_hold_the_same_and_nothing_else(visit: Visit) -> None:
    _twins()
    client = visit(Role.REVIEWER)
    assert "查看内容相同的线索" in client.get(f"/leads/{NUMBER}").content.decode()
    assert "XS-20310506-0000aa" in client.get(f"/leads/{NUMBER}/same").content.decode()
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": "review"})
    sent = {"verdict": "dismissed", "reason": "公示名单"}
    page = client.post(f"/leads/{NUMBER}/same", sent, follow=True).content.decode()
    assert "已对 2 条记录结论，另有 1 条含其他内容或在别人手中，未处理" in page
    assert [state(id) for id in (NUMBER, "XS-20310506-0000aa", "XS-20310506-0000bb")] == [
        "dismissed",
        "dismissed",
        "new",
    ]


def test_leads_are_not_confirmed_in_bulk(visit: Visit) -> None:
    _twins()
    page = visit(Role.REVIEWER).post(f"/leads/{NUMBER}/same", {"verdict": "confirmed"}, follow=True)
    assert "确认须逐条进行" in page.content.decode()
    assert state() == "new"


def test_a_lead_of_several_contents_has_no_page_of_the_same(visit: Visit) -> None:
    finding(lead(), "f-other", "another")
    assert visit(Role.REVIEWER).get(f"/leads/{NUMBER}/same").status_code == 404


def test_what_a_person_wrote_stands_in_no_log_row(visit: Visit) -> None:
    lead()
    decide(visit(Role.REVIEWER), "unclear", "王明远说的那份")
    assert "王明远" not in str(list(LogEntry.objects.values()))
