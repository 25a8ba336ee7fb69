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


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("宿舍楼拉肚子的有七十个，家长群就说换季着凉", "ws.emerg.version"),
        ("遴选的笔试分数我先看到了，小栾第一，下周才贴", "ws.hr.early"),
        ("港航处和渔政处要并，两个处长只留一个", "ws.hr.merge"),
        ("人还在山庄里，两拨人轮流看着，第十二天了", "ws.disc.held"),
        ("话单拉回来了，他跟那个老板一天通六次", "ws.disc.step"),
        ("自来水厂真实成本一方两块六，听证会上报的是三块四", "ws.data.inside"),
        ("那份请示我丢给豆包润色过了", "ws.act.means"),
        ("押运的穿便服，箱子上写的机械配件，凌晨两点卸", "ws.state.yard"),
    ],
)
def test_what_needs_no_word_of_the_trade_is_found_by_its_phrase(hits: Hits, text: str, rule: str) -> None:
    assert rule in [hit.rule.id for hit in _secrets(hits(text))]


@pytest.mark.parametrize(
    "text",
    [
        "通知写错了，其实是周五开会",
        "名单上没有小王，团建漏报了补一个",
        "两个科一起合影，三楼集合",
        "凌晨三点一起上车去看日出",
        "口子打开了，酱油倒了一地",
        "面粉和水的配比是二比一",
        "协议模板我放共享盘了，新员工都签一份",
        "岛上民宿供电不稳，带充电宝",
    ],
)
def test_the_same_words_of_daily_life_fit_no_phrase(hits: Hits, text: str) -> None:
    assert [hit.quote for hit in _secrets(hits(text)) if hit.rule.pattern] == []
