"""Personal data count when they are tied to a person, not when they are merely long or sad."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


def _personal(found: list[Hit]) -> list[Hit]:
    return [hit for hit in found if hit.rule.category.startswith("pd.")]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("证号 110105 19900307 8713", ["pd.id"]),
        ("卡号6222 0212 3456 7890 128", ["pd.bank"]),
        ("1 1 0 1 0 5 1 9 9 0 0 3 0 7 8 7 1 3", ["pd.id"]),
        ("一一〇一〇五一九九〇〇三〇七八七一三", ["pd.id"]),
        ("护照E12345678", ["pd.id.paper"]),
        ("身份证 110105********8713", ["pd.id.part"]),
        ("名单：欧阳青石 13812345678，司马云 13912345678", ["pd.phone", "pd.phone", "pd.roster"]),
        ("王明远\n13812345678\n李云\n13912345678", ["pd.phone", "pd.phone", "pd.roster"]),
        ("１３８１２３４５６７８", ["pd.phone"]),
        ("订单号110105199003078714", []),
        ("流水 202604060115230012", []),
        ("收款二维码在窗口", []),
    ],
)
def test_numbers_are_found_however_they_are_written(hits: Hits, text: str, rules: list[str]) -> None:
    assert [hit.rule.id for hit in _personal(hits(text))] == rules


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("王明远 13812345678", ("named_beside",)),
        ("一三八一二三四五六七八", ("disguised",)),
        ("电话13812345678", ()),
    ],
)
def test_a_phone_says_what_ties_it_to_a_person(hits: Hits, text: str, signals: tuple[str, ...]) -> None:
    (phone,) = _personal(hits(text))

    assert tuple(signal.id for signal in phone.signals) == signals


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("王明远查出肺结核", ["王明远查出肺结核"]),
        ("我妈查出肺结核", []),
        ("肺结核筛查免费", []),
        ("举报的就是老隋", ["举报的就是老隋"]),
        ("举报箱的钥匙在哪", []),
    ],
)
def test_words_count_with_the_person_they_are_about(hits: Hits, text: str, quotes: list[str]) -> None:
    assert [hit.quote for hit in _personal(hits(text))] == quotes


@pytest.mark.parametrize(
    ("text", "origin", "weights"),
    [
        ("独居老人联系方式.xlsx", Origin.FILENAME, [0.75]),
        ("闵某身份证正反面.jpg", Origin.FILENAME, [0.75]),
        ("尿检阳性人员.et", Origin.FILENAME, [0.75]),
        ("我把独居老人联系方式.xlsx发群里了", Origin.MESSAGE, [0.55]),
        ("独居老人联系方式要更新", Origin.MESSAGE, []),
        ("信访工作总结.docx", Origin.FILENAME, []),
        ("体检安排.docx", Origin.FILENAME, []),
        ("考核办法.docx", Origin.FILENAME, []),
    ],
)
def test_a_file_name_says_whose_data_the_file_holds(
    hits: Hits, text: str, origin: Origin, weights: list[float]
) -> None:
    found = [hit.score for hit in hits(text, origin) if hit.rule.id == "pd.roster.file"]

    assert found == pytest.approx(weights)


def test_only_a_number_that_checks_out_is_formal(hits: Hits) -> None:
    (right,) = _personal(hits("身份证110105199003078713"))
    (wrong,) = _personal(hits("身份证110105199003078714"))

    assert (right.is_formal, right.is_doubtful) == (True, False)
    assert (wrong.is_formal, wrong.is_doubtful) == (False, True)


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [
        ("王明远身份证110105199003078714", False),
        ("证号110105199003078714，核一下", True),
    ],
)
def test_a_mistyped_identity_number_is_sure_beside_a_name(hits: Hits, text: str, is_doubtful: bool) -> None:
    (found,) = (hit for hit in hits(text) if hit.rule.id == "pd.id.wrong")

    assert found.is_doubtful is is_doubtful


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("体检登记 王明远 男 310112630104622", ["old_named"]),
        ("编号310112630104622，系统里查不到", []),
    ],
)
def test_an_old_identity_number_is_told_by_the_name_beside_it(
    hits: Hits, text: str, signals: list[str]
) -> None:
    (old,) = (hit for hit in hits(text) if hit.rule.id == "pd.id.old")
    assert [signal.id for signal in old.signals] == signals
