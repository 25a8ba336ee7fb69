"""What pages repeat is HTML that shows what it was given as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template

from leakwatch.store.queries import OPEN, Row
from leakwatch.web.markup import clock, lead_rows, options
from tests.conftest import NOON

ROW = Row(
    id="XS-20310506-00ff3a",
    state="new",
    is_draft=True,
    level="机密",
    category="mk.state",
    rule_name="密级标志",
    at_once=False,
    found_at=NOON,
    due_at=NOON + timedelta(hours=24),
    office_due_at=None,
    reported_at=None,
    changed_at=NOON,
    claimed_by="",
    groups=("青石群",),
    findings=2,
    places=3,
)
CONTEXT = {
    "now": NOON,
    "soon": NOON + timedelta(hours=4),
    "open": OPEN,
    "free": ("new", "unclear"),
    "can_claim": True,
}
EVIL = "<script>群</script>"


def test_a_row_says_what_the_lead_is() -> None:
    assert lead_rows(CONTEXT, [ROW]) == (
        '<tr data-row><td><span class="clock">还剩 24 小时</span></td>'
        '<td><a href="/leads/XS-20310506-00ff3a">XS-20310506-00ff3a</a><br>'
        '<span class="hint">2031-05-06 12:00 发现</span></td>'
        '<td><span class="badge red">标注：机密</span> 密级标志<br>'
        '<span class="hint">国家秘密标志 · 3 处</span></td>'
        '<td>青石群</td><td><span class="badge state-new">新线索</span></td>'
        '<td><button form="claim" formaction="/leads/XS-20310506-00ff3a/claim">认领</button></td></tr>'
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"at_once": True}, '<tr class="urgent" data-row>'),
        ({"level": ""}, "<td>密级标志<br>"),
        ({"is_draft": False}, "3 处 · 待人工判断</span>"),
        ({"claimed_by": "zhou"}, '<br><span class="hint">zhou</span></td>'),
        ({"groups": ()}, '<span class="hint">未对应到群</span>'),
        ({"groups": ("一", "二", "三")}, "<td>一<br>二<br>三</td>"),
        ({"groups": ("一", "二", "三", "四")}, "<td>一<br>二<br>三<br>等 4 个群</td>"),
    ],
)
def test_what_is_special_is_shown(changed: dict[str, Any], said: str) -> None:
    assert said in lead_rows(CONTEXT, [replace(ROW, **changed)])


@pytest.mark.parametrize("changed", [{"state": "in_review"}, {"state": "confirmed", "office_due_at": NOON}])
def test_who_cannot_claim_gets_no_button(changed: dict[str, Any]) -> None:
    assert "认领</button>" not in lead_rows(CONTEXT, [replace(ROW, **changed)])
    assert "认领</button>" not in lead_rows({**CONTEXT, "can_claim": False}, [ROW])


def test_names_are_text() -> None:
    shown = lead_rows(
        CONTEXT, [replace(ROW, groups=(EVIL,) * 5, rule_name=EVIL, claimed_by=EVIL, level=EVIL)]
    )
    assert "<script>" not in shown
    assert "<script>" not in options(EVIL, [(EVIL, EVIL)], EVIL)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, '<span class="clock">还剩 24 小时</span>'),
        ({"due_at": NOON + timedelta(hours=3)}, '<span class="clock soon">还剩 3 小时</span>'),
        ({"due_at": NOON - timedelta(hours=3)}, '<span class="clock late">已超期 3 小时</span>'),
        (
            {"at_once": True},
            '<span class="clock late">立即报告</span><br><span class="hint">发现已 0 分</span>',
        ),
        ({"state": "dismissed"}, '<span class="clock">—</span>'),
        ({"reported_at": NOON}, '<span class="clock">已上报 2031-05-06 12:00</span>'),
        (
            {"state": "confirmed", "office_due_at": NOON, "at_once": True},
            '<span class="clock late">立即上报</span>',
        ),
        (
            {"state": "confirmed", "office_due_at": NOON + timedelta(hours=1)},
            '<span class="clock">上报还剩 1 小时</span>',
        ),
        (
            {"state": "confirmed", "office_due_at": NOON - timedelta(hours=1)},
            '<span class="clock late">上报已超期 1 小时</span>',
        ),
    ],
)
def test_the_clock_says_whose_time_runs(changed: dict[str, Any], said: str) -> None:
    assert clock(CONTEXT, replace(ROW, **changed)) == said


def test_what_is_chosen_is_marked() -> None:
    page = Template("{% options 'b' values '不限' %}").render(Context({"values": [("a", "甲"), ("b", "乙")]}))
    assert page == (
        '<option value="">不限</option><option value="a">甲</option><option value="b" selected>乙</option>'
    )
