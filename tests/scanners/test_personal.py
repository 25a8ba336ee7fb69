"""Personal numbers count when they check out, not when they are merely long."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit
from leakwatch.scanners.personal import is_card, is_identity, is_old_identity

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("110105199003078713", True),
        ("110105199003078714", False),  # check digit
        ("990105199003078713", False),  # region
        ("110105199013078713", False),  # month 13
        ("11010519900307871", False),
    ],
)
def test_identity_numbers_are_checked(number: str, holds: bool) -> None:
    assert is_identity(number) is holds


@pytest.mark.parametrize(("number", "holds"), [("110105680307871", True), ("110105681307871", False)])
def test_old_identity_numbers_need_a_date(number: str, holds: bool) -> None:
    assert is_old_identity(number) is holds


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("6222021234567890128", True),
        ("6222021234567890129", False),
        ("1222021234567890128", False),
        ("0" * 16, False),
    ],
)
def test_card_numbers_need_issuer_and_luhn(number: str, holds: bool) -> None:
    assert is_card(number) is holds


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("证号 110105 19900307 8713", ["pd.id"]),
        ("卡号6222 0212 3456 7890 128", ["pd.bank"]),
        ("1 1 0 1 0 5 1 9 9 0 0 3 0 7 8 7 1 3", ["pd.id"]),
        ("一一〇一〇五一九九〇〇三〇七八七一三", ["pd.id"]),
        ("名单：欧阳青石 13812345678，司马云 13912345678", ["pd.phone", "pd.phone", "pd.roster"]),
        ("王明远\n13812345678\n李云\n13912345678", ["pd.phone", "pd.phone", "pd.roster"]),
        ("１３８１２３４５６７８", ["pd.phone"]),
        ("订单号110105199003078714", []),
        ("流水 202604060115230012", []),
        ("王明远 13812345678\n李云 13912345678", ["pd.phone", "pd.phone", "pd.roster"]),
    ],
)
def test_numbers_are_found_however_they_are_written(hits: Hits, text: str, categories: list[str]) -> None:
    assert [hit.rule.category for hit in hits(text) if hit.rule.grammar] == categories
