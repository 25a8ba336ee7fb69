"""A level and a term without a star, in a sentence and out of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


def _plain(found: list[Hit]) -> list[tuple[str, list[str]]]:
    return [
        (hit.quote, [signal.why for signal in hit.signals])
        for hit in found
        if hit.rule.id == "mk.state.plain"
    ]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("机密2039年8月6日", "机密2039年8月6日"),
        ("绝密 2034-12-03 关于点位的请示", "绝密 2034-12-03"),
        ("绝密2039.11.3　第二部分　力量部署", "绝密2039.11.3"),
        ("秘 密　2 0 3 5 年 8 月 1 6 日 解密", "秘 密　2 0 3 5 年 8 月 1 6 日 解密"),
        ("【机密启封前】通信频率", "机密启封前"),
        ("我记得是绝密任务完成前，编号07", "绝密任务完成前"),
        ("那份秘密6个月的材料我转成文字了", "秘密6个月"),
        ("档案室有份机密10年的没人领", "机密10年"),
        ("盖着绝密30年的戳", "绝密30年"),
        ("刚开完会，发的是秘密 2046-12-15，三条要求", "秘密 2046-12-15"),
    ],
)
def test_a_date_a_condition_or_a_named_carrier_makes_it_a_mark(hits: Hits, text: str, quote: str) -> None:
    assert _plain(hits(text)) == [(quote, [])]


@pytest.mark.parametrize("text", ["这份秘密5年，锁柜里", "他说机密10年能换两套房"])
def test_in_the_middle_of_a_sentence_it_is_less_sure(hits: Hits, text: str) -> None:
    assert [why for _, why in _plain(hits(text))] == [["没有★，写在句子里"]]


@pytest.mark.parametrize(
    "text",
    [
        "这个秘密2019年5月6日才公开",
        "守着这份秘密10年了",
        "我的秘密3年没告诉过人",
        "手机密码2019-05-06改的",
        "商业秘密5年的保护期",
    ],
)
def test_a_secret_of_every_day_is_no_mark(hits: Hits, text: str) -> None:
    assert _plain(hits(text)) == []


def test_the_name_of_a_file_goes_on_behind_the_mark(hits: Hits) -> None:
    name = "秘密2037-04-09松江口机构改革情况报告.pdf"
    assert _plain(hits(name, Origin.FILENAME)) == [("秘密2037-04-09", [])]
