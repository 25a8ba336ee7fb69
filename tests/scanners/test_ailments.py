"""An illness is a leak when it is somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("小尹体检单出来了，乙肝大三阳", "patient_named"),
        ("12栋2单元501那户确诊", "patient_home"),
        ("那个流浪汉是梅毒", "patient_pointed"),
        ("体检科跟我说，三楼老樊肺上那个结节不好", "patient_named"),
        ("我胃里有个结节", None),
        ("全家群别发爸化疗那事", None),
        ("孩子阳性，请假", None),
        ("抑郁症科普", None),
    ],
)
def test_the_patient_is_somebody_else(hits: Hits, text: str, told: str | None) -> None:
    signals = {signal.id for hit in hits(text) if hit.rule.id == "pd.health" for signal in hit.signals}

    assert told in signals if told else not signals - {"patient_described"}
