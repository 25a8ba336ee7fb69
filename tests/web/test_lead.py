"""The page of one lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leakwatch.model import Precision
from leakwatch.store.models import Group, Lead, LogEntry, Role
from tests.web.people import NOON, Visit, account, visitor
from tests.web.rows import CANARY, NUMBER, Posted, finding, lead, place, scan, unread


def shown(client: Client, id: str = NUMBER) -> str:
    """The page as it came."""
    return str(client.get(f"/leads/{id}").content.decode())


def unmasked(client: Client, id: str = NUMBER) -> str:
    """The page with its words."""
    client.post(f"/leads/{id}/unmask", {"purpose": "review"})
    return shown(client, id)


def test_words_and_names_are_masked_until_somebody_says_why(visit: Visit) -> None:
    lead()
    page = shown(visit(Role.REVIEWER))
    assert "机****年" in page
    assert "王**" in page
    assert "***.txt" in page
    for words in (CANARY, "王明远", "李小梅", "机密★10年", "收件/"):
        assert words not in page


def test_what_was_said_around_a_hit_is_shown_once_a_purpose_is_logged(visit: Visit) -> None:
    lead()
    page = unmasked(visit(Role.REVIEWER))
    assert "<mark>机密★10年</mark>那份我拍给你看" in page
    assert page.count(f"{CANARY}的材料几点交") == 5
    assert page.count("</span>收到</p>") == 5
    entry = LogEntry.objects.get(action="lead.unmasked")
    assert (entry.actor, entry.subject, entry.details) == ("reviewer", NUMBER, {"purpose": "review"})


@pytest.mark.parametrize("purpose", ["", "好奇", "review "])
def test_words_stay_masked_without_one_of_the_purposes(visit: Visit, purpose: str) -> None:
    lead()
    client = visit(Role.REVIEWER)
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": purpose})
    assert CANARY not in shown(client)
    assert not LogEntry.objects.filter(action="lead.unmasked").exists()


def test_words_are_shown_of_that_lead_and_to_that_visitor_alone(visit: Visit) -> None:
    lead()
    lead("XS-20310506-0000aa")
    client = visit(Role.REVIEWER)
    unmasked(client)
    assert CANARY not in shown(client, "XS-20310506-0000aa")
    assert CANARY not in shown(visit(Role.OFFICE))


def test_who_opens_a_lead_is_logged_once_a_session_and_told_on_it(visit: Visit) -> None:
    lead()
    client = visit(Role.REVIEWER)
    assert "打开线索" in shown(client)
    shown(client)
    assert LogEntry.objects.filter(action="lead.looked_at", subject=NUMBER).count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "还剩 22 小时"),
        ({"due_at": NOON - timedelta(hours=1)}, "已超期 1 小时"),
        ({"at_once": True}, "立即报告"),
        ({"state": "confirmed", "office_due_at": NOON + timedelta(hours=5)}, "还剩 5 小时"),
        (
            {"state": "confirmed", "office_due_at": NOON, "reported_at": NOON},
            "已于 2031-05-06 12:00 上报",
        ),
        ({}, "确认后开始计时"),
    ],
)
def test_both_clocks_are_told(visit: Visit, changed: dict[str, Any], words: str) -> None:
    lead(**changed)
    assert words in shown(visit(Role.REVIEWER))


def test_an_owner_meets_no_lead_of_another_group(visit: Visit) -> None:
    lead()
    client = visit(Role.OWNER)
    assert client.get(f"/leads/{NUMBER}").status_code == 404
    assert client.post(f"/leads/{NUMBER}/unmask", {"purpose": "review"}).status_code == 404
    assert client.get(f"/leads/{NUMBER}/forms/lead.docx").status_code == 404
    assert not LogEntry.objects.exists()


def test_an_owner_sees_of_a_lead_what_was_posted_in_the_own_group(visit: Visit) -> None:
    lead(NUMBER, Posted(), Posted(group="云岭区值班群", sender="赵一鸣", inner_path="收件/值班群.txt"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    page = unmasked(visit(Role.OWNER))
    assert "赵一鸣" in page
    assert "王明远" not in page
    assert "青石市应急工作群" not in page
    assert "作结论" not in page


def test_several_findings_in_the_same_words_are_one_post(visit: Visit) -> None:
    made = lead()
    place(finding(made, "f-2"), Posted(), "p0")
    page = shown(visit(Role.REVIEWER))
    assert "共 1 处" in page
    assert page.count('class="finding"') == 2


def test_what_was_read_on_a_picture_and_what_it_looks_like_is_one_post(visit: Visit) -> None:
    looks = Posted(origin="image", text="图片版式：红色标题", spans=((0, 9),))
    lead(NUMBER, looks, Posted(origin="ocr"))
    page = unmasked(visit(Role.REVIEWER))
    assert "共 1 处" in page
    assert "<mark>机密★10年</mark>" in page
    assert "图片版式" not in page


def test_of_a_long_text_each_stretch_with_a_hit_is_shown(visit: Visit) -> None:
    lead(NUMBER, Posted(origin="ocr"), Posted(origin="ocr", text="又见机密★5年", spans=((2, 7),)))
    assert "……\n又见<mark>机密★5年</mark>" in unmasked(visit(Role.REVIEWER))


def test_the_same_number_in_two_chats_of_one_file_is_two_posts(visit: Visit) -> None:
    lead(NUMBER, Posted(), Posted(group="云岭区值班群"))
    assert "共 2 处" in shown(visit(Role.REVIEWER))


def test_the_time_line_begins_with_who_posted_first(visit: Visit) -> None:
    late = Posted(group="云岭区值班群", sender="赵一鸣", sent_at=NOON - timedelta(hours=2))
    lead(NUMBER, late, Posted())
    page = unmasked(visit(Role.REVIEWER))
    line = page[page.index("传播时间线") :]
    assert line.index("王明远") < line.index("赵一鸣")
    assert line.count("最早") == 1


def test_the_time_line_says_what_joins_the_places_without_its_words_while_masked(visit: Visit) -> None:
    number = f"青政密〔2031〕8号{CANARY}"
    late = Posted(group="云岭区值班群", sent_at=NOON - timedelta(hours=2), document=number)
    place(finding(lead(NUMBER, Posted(document=number)), "f2"), late, "p2")
    client = visit(Role.REVIEWER)
    assert "<td>同一文号</td>" in shown(client)
    assert CANARY not in shown(client)
    assert f"<td>同一文号（{number}）</td>" in unmasked(client)


def test_who_was_first_is_left_open_where_an_export_keeps_no_time(visit: Visit) -> None:
    vague = Posted(group="云岭区值班群", sent_at=NOON - timedelta(hours=30), precision=Precision.DAY)
    lead(NUMBER, vague, Posted(sent_at=NOON - timedelta(hours=29)))
    page = shown(visit(Role.REVIEWER))
    assert "谁最早发出不能确定" in page
    assert "最早</span>" not in page


def test_a_day_tells_who_was_first_against_later_days(visit: Visit) -> None:
    vague = Posted(group="云岭区值班群", sent_at=NOON - timedelta(hours=60), precision=Precision.DAY)
    lead(NUMBER, vague, Posted())
    assert "最早</span>" in shown(visit(Role.REVIEWER))


def test_an_unknown_time_stands_last_and_leaves_the_first_open(visit: Visit) -> None:
    lead(NUMBER, Posted(), Posted(group="云岭区值班群", sent_at=None))
    page = shown(visit(Role.REVIEWER))
    line = page[page.index("传播时间线") :]
    assert line.index("青石市应急工作群") < line.index("时间不详")
    assert "最早</span>" not in page


def test_what_was_not_read_of_the_same_export_is_told(visit: Visit) -> None:
    lead()
    run = scan()
    for sha256, group, name in (
        ("ab" * 32, "", "近.zip"),
        ("00", "青石市应急工作群", "同群.amr"),
        ("00", "", "远.zip"),
    ):
        unread(name, f"{name}有密码", scan=run, sha256=sha256, group=group)
    client = visit(Role.REVIEWER)
    assert "近.zip" not in shown(client)
    page = unmasked(client)
    assert "近.zip" in page
    assert "同群.amr" in page
    assert "远.zip" not in page


def test_hostile_words_are_text(visit: Visit) -> None:
    words = "<script>alert(1)</script>机密★10年"
    lead(NUMBER, Posted(text=words, spans=((25, 31),), sender="<b>王</b>", inner_path="<i>.html"))
    page = unmasked(visit(Role.REVIEWER))
    assert "<script>alert" not in page
    assert "<b>王" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>" in page


def test_an_old_number_leads_to_the_lead_it_was_merged_into(visit: Visit) -> None:
    into = lead("XS-20310506-0000aa")
    lead(merged_into=into)
    answer = visit(Role.REVIEWER).get(f"/leads/{NUMBER}")
    assert answer["Location"] == "/leads/XS-20310506-0000aa"
    assert visit(Role.OWNER).get(f"/leads/{NUMBER}").status_code == 404


def test_the_most_pressing_of_the_others_follows(visit: Visit) -> None:
    for number, due in enumerate((5, 2, 9)):
        lead(f"XS-20310506-00000{number}", due_at=NOON + timedelta(hours=due))
    lead("XS-20310506-00000f", due_at=NOON, state="in_review", claimed_by=account(Role.OFFICE))
    client = visit(Role.REVIEWER)
    assert '/next" data-key="n"' in shown(client, "XS-20310506-000000")
    for id, following in (("000000", "000001"), ("000001", "000000")):
        answer = client.get(f"/leads/XS-20310506-{id}/next")
        assert answer["Location"] == f"/leads/XS-20310506-{following}"
    Lead.objects.exclude(pk="XS-20310506-000001").update(state="confirmed", office_due_at=NOON)
    assert "没有别的新线索了" in client.get("/leads/XS-20310506-000001/next", follow=True).content.decode()


def test_the_form_is_shown_in_its_boxes_and_order(visit: Visit) -> None:
    lead()
    page = unmasked(visit(Role.OFFICE))
    labels = ["报告单位", "案件（事件）发生单位", "泄密违规行为", "涉及文件资料及密级", "事实经过"]
    found = [page.index(f"<th>{label}") for label in labels]
    assert found == sorted(found)
    assert "（由人填写）" in page


def test_a_page_of_a_lead_says_where_it_fails_on_a_wrong_number(visit: Visit) -> None:
    assert visit(Role.OFFICE).get("/leads/XS-1").status_code == 404


def test_a_longer_lead_costs_no_more_queries(visit: Visit) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    lead(NUMBER, *(Posted(number=number) for number in range(2)))
    lead("XS-20310506-0000aa", *(Posted(number=number) for number in range(40)))
    counts = []
    client = visitor(account(Role.REVIEWER))
    for id in (NUMBER, "XS-20310506-0000aa"):
        client.get(f"/leads/{id}")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/leads/{id}")
        counts.append(len(caught))
    assert counts[0] == counts[1]
