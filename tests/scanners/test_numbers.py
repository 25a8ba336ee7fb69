"""Document numbers: where the code begins, which series it belongs to, what counts as one document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


def _numbers(found: list[Hit]) -> list[tuple[str, str, str]]:
    return [(hit.rule.id, hit.quote, hit.document) for hit in found if hit.document]


@pytest.mark.parametrize(
    ("text", "rule", "quote", "key"),
    [
        ("中办发〔2031〕45号", "dn.jiyao", "中办发〔2031〕45号", "中办发〔2031〕45号"),
        ("请按中发[2030]12号执行", "dn.jiyao", "中发[2030]12号", "中发〔2030〕12号"),
        ("收到厅字﹝2031﹞3号了吗", "dn.jiyao", "厅字﹝2031﹞3号", "厅字〔2031〕3号"),
        ("沪委密办【2031】12号", "dn.sec", "沪委密办【2031】12号", "沪委密办〔2031〕12号"),
        ("国保发（2031）2号要清退", "dn.sec", "国保发（2031）2号", "国保发〔2031〕2号"),
        ("青委办明电〔2031〕第8号", "dn.tele", "青委办明电〔2031〕第8号", "青委办明电〔2031〕8号"),
        ("中办发 〔２０３１〕 ４５ 号", "dn.jiyao", "中办发 〔２０３１〕 ４５ 号", "中办发〔2031〕45号"),
        ("中办发2031年45号", "dn.jiyao", "中办发2031年45号", "中办发〔2031〕45号"),
        ("云委办发〔2031〕8号", "dn.intern", "云委办发〔2031〕8号", "云委办发〔2031〕8号"),
        ("根据国发〔2030〕3号", "dn.public", "国发〔2030〕3号", "国发〔2030〕3号"),
        ("符合青府规〔2030〕1号", "dn.public", "青府规〔2030〕1号", "青府规〔2030〕1号"),
        ("中办发〔二〇三一〕四十五号", "dn.jiyao", "中办发〔二〇三一〕四十五号", "中办发〔2031〕45号"),
        ("中 办 发 【2031】 45 号", "dn.jiyao", "中 办 发 【2031】 45 号", "中办发〔2031〕45号"),
        ("中*办*发〔2 0 3 1〕4 5 号", "dn.jiyao", "中*办*发〔2 0 3 1〕4 5 号", "中办发〔2031〕45号"),
        ("发中办发2031-45给你", "dn.jiyao", "中办发2031-45", "中办发〔2031〕45号"),
        ("对照沪委密办〔2031〕2号自查", "dn.sec", "沪委密办〔2031〕2号", "沪委密办〔2031〕2号"),
        ("市财政局沪委发〔2031〕2号", "dn.intern", "沪委发〔2031〕2号", "沪委发〔2031〕2号"),
        ("你看下浦科经委规〔2031〕7号", "dn.public", "浦科经委规〔2031〕7号", "浦科经委规〔2031〕7号"),
        ("中办45号文到了没", "dn.jiyao", "中办45号文", "中办〔年份未写〕45号"),
    ],
)
def test_a_number_is_cut_at_its_code_and_classed(
    hits: Hits, text: str, rule: str, quote: str, key: str
) -> None:
    assert _numbers(hits(text)) == [(rule, quote, key)]


@pytest.mark.parametrize(
    "text",
    [
        "（2024）沪0115行初123号",
        "订单号2031045号",
        "GB/T 9704-2012",
        "云岭路2031号",
        "合同〔2031〕45号",
        "2031年5月6日",
        "第45号台风",
        "密云路45号文化广场",
    ],
)
def test_other_numbers_are_none(hits: Hits, text: str) -> None:
    assert _numbers(hits(text)) == []


def test_the_last_sign_may_be_misread_on_photos_only(hits: Hits) -> None:
    assert _numbers(hits("中办发〔2031〕45呈", Origin.OCR)) == [
        ("dn.jiyao", "中办发〔2031〕45呈", "中办发〔2031〕45号")
    ]
    assert _numbers(hits("中办发〔2031〕45呈", Origin.MESSAGE)) == []


@pytest.mark.parametrize(
    ("read", "key"),
    [
        ("中办发(2031]45号", "中办发〔2031〕45号"),
        ("中办发[2031}45号", "中办发〔2031〕45号"),
        ("中办友〔2031〕45号", "中办发〔2031〕45号"),
        ("厅宇〔2031〕12号", "厅字〔2031〕12号"),
        ("沪委密力〔2031〕12号", "沪委密办〔2031〕12号"),
        ("中办发〔203l〕45号", "中办发〔2031〕45号"),
        ("中办发〔2O31〕4S号", "中办发〔2031〕45号"),
    ],
)
def test_what_ocr_makes_of_a_confidential_number_is_repaired(hits: Hits, read: str, key: str) -> None:
    assert [document for _, _, document in _numbers(hits(read, Origin.OCR))] == [key]


def test_several_numbers_of_one_message_are_all_found(hits: Hits) -> None:
    found = _numbers(hits("贯彻中办发〔2031〕45号、沪委密办〔2031〕9号\n附国发〔2030〕3号"))

    assert [rule for rule, _, _ in found] == ["dn.jiyao", "dn.sec", "dn.public"]
