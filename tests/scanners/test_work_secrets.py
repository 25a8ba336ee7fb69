"""Work secrets in plain words: a topic alone says little, with a figure, a name and a hush it says much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Kind

Hits = Callable[..., list[Hit]]


def _secrets(found: list[Hit]) -> list[Hit]:
    return [hit for hit in found if hit.rule.kind is Kind.WORKSECRET]


def test_what_makes_a_topic_specific_is_listed_and_counts(hits: Hits) -> None:
    (bare,) = _secrets(hits("标底的事"))
    (specific,) = _secrets(hits("标底的事，局长说是420万"))

    assert specific.score > bare.score
    assert "具体的数目、人或职务" in specific.reason


def test_a_category_is_told_once_by_its_strongest_rule(hits: Hits) -> None:
    found = _secrets(hits("标底和评标报价都在汇总表里"))

    assert [hit.rule.id for hit in found] == ["ws.data"]


def test_in_a_long_text_details_say_nothing(hits: Hits) -> None:
    (short,) = _secrets(hits("标底是420万"))
    (long,) = _secrets(hits("标底是420万" + "，其余略" * 100))

    assert long.score < short.score - 0.2


def test_a_hush_in_other_words_counts(hits: Hits) -> None:
    (bare,) = _secrets(hits("标底出来了"))
    (hushed,) = _secrets(hits("标底出来了，不许跟供应商讲"))

    assert hushed.score > bare.score


@pytest.mark.parametrize("text", ["前台办理退房", "吧台商量一下", "收费用电子券"])
def test_the_seam_of_two_words_is_no_topic(hits: Hits, text: str) -> None:
    assert _secrets(hits(text)) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("红头我扫描了发你", "ws.act"),
        ("涉 密 件 拍 给你", "ws.act"),
        ("厂里漏了，对外就说是检修", "ws.emerg.two"),
        ("王局年后去政协", "ws.hr.move"),
    ],
)
def test_conduct_and_contradictions_are_found_by_pattern(hits: Hits, text: str, rule: str) -> None:
    assert rule in [hit.rule.id for hit in _secrets(hits(text))]
