"""What is only like something of history joins its lead; what differs in what counts does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from leakwatch.images.prints import PicturePrint
from leakwatch.model import Outcome, Scan
from leakwatch.spread import TextPrint
from leakwatch.store import papers
from leakwatch.store.models import Lead, Posting
from leakwatch.store.records import Recorded, record
from tests.conftest import NOON
from tests.store.scans import ASKED, MEANS, SEALER, Post, evidence, put, scan

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
NOTICE = (
    "机密★10年 各有关单位：为做好汛期水库调度工作，请于本周五前将下游三处堤段的巡查安排、备用闸门的启闭记录"
    "和值守人员名单报送青石市防汛办公室，由云岭区分局汇总后统一上报，联系人王明远。逾期未报的单位须书面说明原因，"
    "并在下一次调度会议上作出解释。"
)
OTHER = (
    "机密★10年 关于印发年度设备检修计划的函：泵站二号机组将于下月停机更换轴承，期间由三号机组承担全部排水任务，"
    "运行班组应当每两小时抄表一次，发现振动超过规定数值立即停机并通知检修人员到场处置，不得擅自调整整定值或者短接保护。"
)


def shot(file: str, print_: int, *, text: str = "机密★10年", document: str = "", minute: int = 0) -> Scan:
    """A picture with such a print."""
    found = scan(Post(file=file, text=text, document=document, minute=minute), export=f"{file}.json")
    return replace(found, picture_prints={evidence(file).sha256: str(PicturePrint(print_))})


def flipped(bits: int) -> int:
    return PAGE ^ ((1 << bits) - 1)


PAGE = int("5a3c" * 16, 16)


def brought(first: Scan, second: Scan) -> tuple[int, int]:
    """How many leads each opens."""
    one, other = record(first, ASKED, MEANS), record(replace(second, ended_at=LATER), ASKED, MEANS)
    return len(one.opened), len(other.opened)


@pytest.mark.parametrize(
    ("bits", "opened"),
    [(0, (1, 0)), (12, (1, 0)), (40, (1, 1)), (120, (1, 1))],
)
def test_the_same_picture_saved_anew_joins_its_lead(bits: int, opened: tuple[int, int]) -> None:
    assert brought(shot("a.jpg", PAGE), shot("b.jpg", flipped(bits), minute=5)) == opened


def test_pages_under_one_head_with_other_numbers_are_two() -> None:
    first = shot("a.jpg", PAGE, document="青办密发〔2031〕3号")
    assert brought(first, shot("b.jpg", PAGE, document="青办密发〔2031〕4号", minute=5)) == (1, 1)


def read_badly(text: str) -> str:
    """Every fortieth character misread."""
    return "".join("口" if place % 40 == 39 else letter for place, letter in enumerate(text))


@pytest.mark.parametrize(("text", "opened"), [(read_badly(NOTICE), 0), (NOTICE, 0), (OTHER, 1)])
def test_a_long_text_is_known_again(text: str, opened: int) -> None:
    put(Post(text=NOTICE))
    later = put(Post(text=text, file="翻拍.jpg", minute=5), export="云岭群.json", at=LATER)
    assert len(later.opened) == opened


def test_a_short_saying_joins_nothing() -> None:
    put(Post(text="这份机密★10年"))
    assert len(put(Post(text="这份机密★10年", minute=5), at=LATER).opened) == 1
    assert Posting.objects.count() == 0


def test_what_only_waits_for_a_look_joins_nothing_by_likeness() -> None:
    put(Post(text=NOTICE, outcome=Outcome.REVIEW))
    assert len(put(Post(text=read_badly(NOTICE), file="翻拍.jpg"), at=LATER).opened) == 1


def test_a_picture_that_is_like_two_leads_makes_them_one() -> None:
    (older,) = record(shot("a.jpg", PAGE), ASKED, MEANS).opened
    (newer,) = record(replace(shot("b.jpg", flipped(20), minute=1), ended_at=LATER), ASKED, MEANS).opened
    last: Recorded = record(
        replace(shot("c.jpg", flipped(10), minute=2), ended_at=LATER + timedelta(days=1)), ASKED, MEANS
    )
    assert (last.opened, last.merged) == ((), ((newer, older),))


def test_one_page_photographed_twice_is_one_document() -> None:
    brought(shot("a.jpg", PAGE), shot("b.jpg", flipped(8), minute=5))
    lead = Lead.objects.get()
    assert (lead.findings.count(), lead.at_once) == (2, False)


def test_two_pages_of_one_number_in_a_lead_stay_one_document() -> None:
    document = "青办密发〔2031〕3号"
    brought(shot("a.jpg", PAGE, document=document), shot("b.jpg", flipped(120), document=document, minute=5))
    assert not Lead.objects.get().at_once


def test_recorded_again_nothing_is_added() -> None:
    found = shot("a.jpg", PAGE, text=NOTICE)
    record(found, ASKED, MEANS)
    again = record(found, ASKED, MEANS)
    assert (again.opened, again.grown, again.merged, Posting.objects.count()) == ((), (), (), 1)


def test_what_a_text_is_known_by_lies_sealed() -> None:
    put(Post(text=NOTICE))
    raw = TextPrint.of(NOTICE).raw
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM store_posting")
        ((sealed,),) = cursor.fetchall()
    assert raw[:16] not in bytes(sealed)


def test_the_annex_of_the_form_says_why_each_place_belongs_to_the_rest() -> None:
    brought(shot("a.jpg", PAGE), shot("b.jpg", flipped(12), minute=5))
    lead = Lead.objects.get()
    first, second = papers.annexes(lead, SEALER).spread
    assert (first.joined_by, second.joined_by[:4]) == ("最先出现", "图片相似")
    assert first.group == second.group == "微信群「青石市防汛联络群」"


def test_what_stands_in_one_place_has_no_time_line() -> None:
    (id,) = put(Post()).opened
    assert papers.annexes(Lead.objects.get(pk=id), SEALER).spread == ()
