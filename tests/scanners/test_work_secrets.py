"""Work secrets in plain words: a topic alone says little, with a figure, a name and a hush it says much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Kind

Hits = Callable[..., list[Hit]]


def _secrets(found: list[Hit]) -> list[Hit]:
    return [hit for hit in found if hit.rule.kind is Kind.WORKSECRET]


def test_a_word_of_the_trade_weighs_more_than_one_said_elsewhere(hits: Hits) -> None:
    (trade,) = _secrets(hits("标底的事"))
    (everyday,) = _secrets(hits("投标的事"))

    assert [signal.id for signal in trade.signals] == ["trade_word"]
    assert everyday.signals == ()


def test_topic_words_of_any_category_add_up(hits: Hits) -> None:
    found = _secrets(hits("标底跟留置的事，还有控制数"))

    assert {tuple(signal.id for signal in hit.signals) for hit in found} >= {("three_words", "trade_word")}


def test_a_category_is_told_once_by_its_strongest_rule(hits: Hits) -> None:
    found = _secrets(hits("标底和评标报价都在汇总表里"))

    assert [hit.rule.id for hit in found] == ["ws.data"]


def test_in_a_long_text_details_say_nothing(hits: Hits) -> None:
    (short,) = _secrets(hits("标底是420万"))
    (long,) = _secrets(hits("标底是420万" + "，其余略" * 100))

    assert long.score < short.score - 0.2


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
