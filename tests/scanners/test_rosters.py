"""A roster is two rows or more, each with a person and something of that person alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("王明远 离异\n李云 独居", ["王明远 离异\n李云 独居"]),
        ("低保：1 钱三妹 67岁 2 赫广田 71岁", ["钱三妹 67岁 2 赫广田 71岁"]),
        ("拟开除：苗壮（酒驾）、常乐（赌博）", ["苗壮（酒驾）、常乐（赌博）"]),
        ("单骁 男 1996.4；鄢磊 男 1998.11", ["单骁 男 1996.4；鄢磊 男 1998.11"]),
        ("3幢 徐 18662510947；8幢 钮 13405578826", ["徐 18662510947；8幢 钮 13405578826"]),
        ("王明远 两份\n李云 一份", []),
        ("午饭：王明远 120，李云 98，张青 130", []),
        ("王明远 离异", []),
        ("面饼、包子、粟米粥、豆浆", []),
    ],
)
def test_rows_are_counted_by_what_they_tell(hits: Hits, text: str, quotes: list[str]) -> None:
    assert [hit.quote for hit in hits(text) if hit.rule.category == "pd.roster"] == quotes


def test_a_roster_says_what_makes_it_one(hits: Hits) -> None:
    (roster,) = (
        hit
        for hit in hits("低保户\n王明远 13812345678\n李云 13912345678\n张青 13712345678")
        if hit.rule.category == "pd.roster"
    )

    assert [signal.id for signal in roster.signals] == ["row_numbers", "row_hardship", "many_rows"]
