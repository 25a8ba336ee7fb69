"""Numbers that are veiled come out as numbers are written; other digits stay."""

from __future__ import annotations

import pytest

from leakwatch.scanners.disguises.serials import unveiled
from leakwatch.text import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("中发<<2031>>12号", "中发[2031]12号"),
        ("中办发括号2031括号13号", "中办发[2031]13号"),
        ("厅字【【2031】】14号", "厅字[2031]14号"),
        ("国保发“2031”15号", "国保发[2031]15号"),
        ("青纪发〔2031〕17耗", "青纪发[2031]17号"),
        ("青纪发〔2031〕17hao", "青纪发[2031]17号"),
        ("中发〔2031〕No.12", "中发[2031]12"),
        ("中发两洞三幺 第幺两号", "中发2031 第12号"),
        ("号21〕1302〔发中 倒着念", "中发[2031]12号 倒着念"),
        ("号51〔6202〕干委川柏 反着读", "柏川委干[2026]15号 反着读"),
        ("320102兔19850307兔2840", "320102198503072840"),
        ("手机倒着念87666050831", "手机倒着念13805066678"),
        ("320102 后面 1985年03月07号的 尾巴2840", "320102198503072840"),
        ("320102那边，1985.03.07，最后284x", "32010219850307284x"),
        ("前六320102，生日85年3月7号，后四2840", "前六320102198503072840"),
        ("三二零一零二，八五年三月七的，尾巴二八四零", "320102198503072840"),
        ("320102，零三年十二月三十一，尾号284x", "32010220031231284x"),
        ("邮编320102，1985年03月07日建成", "邮编320102,1985年03月07日建成"),
        ("他说“好”12点", "他说“好”12点"),
        ("幺妹在拐角", "幺妹在拐角"),
        ("2031年5月12日", "2031年5月12日"),
        ("电话87666050831", "电话87666050831"),
        ("第2栋02单元", "第2栋02单元"),
        ("110元和1200元和30元", "110元和1200元和30元"),
    ],
)
def test_what_is_veiled_is_written_as_numbers_are(text: str, plain: str) -> None:
    written = unveiled(fold(text))

    assert written.text == plain
    assert len(written.at) == len(plain)


def test_a_number_read_from_behind_spans_all_that_was_written() -> None:
    plain = unveiled(fold("看：号21〕1302〔发中，收好"))
    start = plain.text.index("中发")

    assert plain.span(start, start + len("中发[2031]12号")) == (2, 13)
