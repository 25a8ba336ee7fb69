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
        ("出院记录\n姓名：卢晓娟 女 41岁\n诊断：双相情感障碍", "patient_named"),
        ("单晓霞脑里有个瘤，家里没告诉她", "patient_named"),
        ("盛国栋查出来锰中毒，厂里想私了", "patient_named"),
        ("五组那个精神分裂的又跑出来了", "patient_pointed"),
        ("那个抑郁症的讲座改到周五", None),
        ("我胃里有个结节", None),
        ("老李查出来了，是线路的毛病", None),
        ("小张得了选择困难症", None),
        ("全家群别发爸化疗那事", None),
        ("孩子阳性，请假", None),
        ("抑郁症科普", None),
    ],
)
def test_the_patient_is_somebody_else(hits: Hits, text: str, told: str | None) -> None:
    signals = {signal.id for hit in hits(text) if hit.rule.category == "pd.health" for signal in hit.signals}

    assert told in signals if told else not signals - {"patient_described"}


def test_a_long_tale_without_age_or_unit_is_told_of_nobody_here(hits: Hits) -> None:
    tale = "那一年的雨下得很长，河边的人都说日子会好起来，可是谁也没有等到，" * 4

    (health,) = (hit for hit in hits(f"{tale}毕舒敏患癌去世") if hit.rule.id == "pd.health")

    assert [signal.id for signal in health.signals] == ["patient_named", "story"]
