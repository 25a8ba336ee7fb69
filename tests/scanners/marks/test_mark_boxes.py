"""A level as the value of a field is told from a choice of levels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from leakwatch.model import Hit, Level, Mark, Origin

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "level", "mark"),
    [
        ("密级：机密", Level.JIMI, Mark()),
        ("密 级：秘密\n保密期限：10年", Level.MIMI, Mark(term="10年", months=120)),
        ("密级\n机密\n保密期限\n长期", Level.JIMI, Mark(term="长期")),
        ("涉密等级: 绝密", Level.JUEMI, Mark()),
        ("级别：机密　期限：五年", Level.JIMI, Mark(term="五年", months=60)),
        ("密级\t机密\t份号\t000012", Level.JIMI, Mark()),
        ("密级：□绝密 ☑机密 □秘密", Level.JIMI, Mark()),
        ("等级：机密 编号：0007", Level.JIMI, Mark()),
        ("定密：秘密，三年", Level.MIMI, Mark(term="三年", months=36)),
        ("密 级：★机密", Level.JIMI, Mark()),
        ("密级/期限：机密/10年", Level.JIMI, Mark(term="10年", months=120)),
        ("序号\t密级\t标题\n1\t秘密\t储备点位", Level.MIMI, Mark()),
        (
            "密级 秘密\n保密期限 6个月\n2031年5月6日",
            Level.MIMI,
            Mark(term="6个月", months=6, until=date(2031, 11, 6)),
        ),
    ],
)
def test_a_filled_box_is_a_mark(hits: Hits, text: str, level: Level, mark: Mark) -> None:
    found = [hit for hit in hits(text, Origin.DOCUMENT) if hit.rule.id == "mk.state.table"]

    assert [(hit.level, hit.mark) for hit in found] == [(level, mark)]


@pytest.mark.parametrize(
    "text",
    [
        "密级：公开",
        "密级：□绝密 □机密 □秘密",
        "密级：机密/内部/公开",
        "密级分为绝密、机密、秘密三级",
        "密级：机密级以下",
        "序号\t类别\t标题\n1\t秘密\t读书笔记",
    ],
)
def test_an_empty_form_marks_nothing(hits: Hits, text: str) -> None:
    assert [hit.quote for hit in hits(text) if hit.rule.id == "mk.state.table"] == []
