"""A level known as a mark by the place where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit

Hits = Callable[..., list[Hit]]


def _rules(found: list[Hit]) -> list[tuple[str, str]]:
    return [(hit.rule.id, hit.quote) for hit in found if hit.rule.id.startswith("mk.state")]


@pytest.mark.parametrize(
    ("text", "rule", "quote"),
    [
        ("机密 关于点位调整的请示", "mk.state.head", "机密 关于点位调整的请示"),
        ("绝密级 《云岭区储备点位情况报告》", "mk.state.head", "绝密级 《云岭区储备点位情况报告》"),
        ("3.（机密18年）本段内容涉及点位。", "mk.state.point", "3.（机密18年）"),
        ("档案号A-17，绝密级，份号000031", "mk.state.label", "绝密级"),
    ],
)
def test_a_level_at_its_place_is_a_mark(hits: Hits, text: str, rule: str, quote: str) -> None:
    assert _rules(hits(text)) == [(rule, quote)]


@pytest.mark.parametrize(
    "text", ["秘密 关于爱情", "机密、秘密 关于如何区分的通知和报告", "主机密 关于封条的报告和通知"]
)
def test_elsewhere_it_is_none(hits: Hits, text: str) -> None:
    assert _rules(hits(text)) == []


def test_the_issuing_body_below_makes_a_sheet_of_it(hits: Hits) -> None:
    found = hits("秘密\n云岭区应急管理局\n关于东湾新区勘查的意见")
    head = next(hit for hit in found if hit.rule.id == "mk.state.head")
    assert [signal.why for signal in head.signals] == [
        "旁边有多处公文用语",
        "单独标在首行，下面是发文机关和标题",
    ]
