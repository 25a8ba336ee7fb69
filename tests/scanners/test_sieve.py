"""The sieve lets nothing through that depends on how the pieces were dealt out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Evidence, Hit, Origin, TextPiece
from leakwatch.scanners import Matcher

TEXTS = (
    "机密★10年",
    "今天食堂有鱼",
    "机(jī)密★5年",
    "请按中办发〔二〇三一〕四十五号执行",
    "",
    "王明远 110105199003078713",
    "一一〇一〇五一九九〇〇三〇七八七一三",
    "标底是420万，别往外说",
    "手机密码是多少",
    "内部资料\n注意保存",
    "这份是机密件，看完删",
)


def _told(hits: list[Hit]) -> list[tuple[str, str, str, float]]:
    return sorted((hit.piece.text, hit.rule.id, hit.quote, hit.score) for hit in hits)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("step", [1, -1])
def test_batch_size_and_order_change_no_hit(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence], size: int, step: int
) -> None:
    pieces = [TextPiece(text=text, origin=Origin.MESSAGE, evidence=keep("a", b"a")) for text in TEXTS]
    dealt = pieces[::step]
    batches = [dealt[start : start + size] for start in range(0, len(dealt), size)]

    assert _told([hit for batch in batches for hit in matcher.match(batch)]) == _told(matcher.match(pieces))


def test_an_empty_batch_has_no_hit(matcher: Matcher) -> None:
    assert matcher.match([]) == []


def test_hits_point_into_the_raw_text(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> None:
    text = "看看机(jī)密\u200b★５年的件"
    (mark,) = (
        hit
        for hit in matcher.match([TextPiece(text=text, origin=Origin.MESSAGE, evidence=keep("a", b"a"))])
        if hit.rule.id == "mk.state.term"
    )

    assert mark.quote == "机(jī)密\u200b★５年"
