"""Whatever is done to the log afterwards is named."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.chain import START, Anchor, Chain, Flaw, Json, Link, canonical
from leakwatch.errors import LeakwatchError

KEYED = Chain(b"k" * 32)


def log(chain: Chain, *words: str, algorithm: str = "sha256", last: Anchor = START) -> list[Link]:
    links: list[Link] = []
    for word in words:
        links.append(chain.link({"谁": "王明远", "做了": word}, last, algorithm))
        last = links[-1].anchor
    return links


ROWS = log(KEYED, "查看", "确认", "导出", "清除", "登录")
HEAD = ROWS[-1].anchor


def flaws(
    links: Sequence[Link], anchor: Anchor | None = HEAD, chain: Chain = KEYED
) -> list[tuple[Flaw, int]]:
    return [(problem.flaw, problem.seq) for problem in chain.verify(links, anchor)]


def test_a_row_can_be_checked_by_anyone_without_this_program() -> None:
    (link,) = log(Chain(), "查看")
    line = f'{{"algorithm":"sha256","previous":"{"0" * 64}","row":{{"做了":"查看","谁":"王明远"}},"seq":1}}'

    assert link.hash == hashlib.sha256(line.encode()).hexdigest()
    assert log(KEYED, "查看")[0].hash == hmac.digest(b"k" * 32, line.encode(), "sha256").hex()


@pytest.mark.parametrize("chain", [Chain(), KEYED], ids=["plain", "keyed"])
def test_a_log_as_written_is_whole_and_may_change_its_algorithm(chain: Chain) -> None:
    first = log(chain, "一", "二")
    links = first + log(chain, "三", "四", algorithm="sm3", last=first[-1].anchor)

    assert [link.seq for link in links] == [1, 2, 3, 4]
    for anchor in (None, links[0].anchor, links[-1].anchor):
        assert flaws(links, anchor, chain) == []
    assert flaws([], None) == []


def edited(link: Link, word: str = "没看") -> Link:
    return replace(link, row={**link.row, "做了": word})


def forged(links: Sequence[Link], chain: Chain) -> list[Link]:
    """All hashes made new, as somebody would who knows how."""
    made: list[Link] = []
    for link in links:
        made.append(chain.link(link.row, made[-1].anchor if made else START, link.algorithm))
    return made


ONE, TWO, THREE, FOUR, FIVE = ROWS


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([ONE, edited(TWO), THREE, FOUR, FIVE], [(Flaw.EDITED, 2)]),
        ([ONE, replace(TWO, algorithm="sm3"), THREE, FOUR, FIVE], [(Flaw.EDITED, 2)]),
        ([ONE, replace(TWO, algorithm="md5"), THREE, FOUR, FIVE], [(Flaw.EDITED, 2)]),
        ([ONE, replace(TWO, row={"做了": 1.5}), THREE, FOUR, FIVE], [(Flaw.EDITED, 2)]),  # type: ignore[dict-item]  # as a database might give it
        ([ONE, replace(TWO, hash="0" * 64), THREE, FOUR, FIVE], [(Flaw.EDITED, 2), (Flaw.BROKEN, 3)]),
        (
            [ONE, replace(TWO, previous="0" * 64), THREE, FOUR, FIVE],
            [(Flaw.EDITED, 2), (Flaw.BROKEN, 2)],
        ),
        ([ONE, KEYED.link({}, ONE.anchor, "sha256"), THREE, FOUR, FIVE], [(Flaw.BROKEN, 3)]),
        ([ONE, THREE, FOUR, FIVE], [(Flaw.MISSING, 2)]),
        ([ONE, FIVE], [(Flaw.MISSING, 2)]),
        ([TWO, THREE, FOUR, FIVE], [(Flaw.MISSING, 1)]),
        ([TWO, FOUR], [(Flaw.MISSING, 1), (Flaw.MISSING, 3), (Flaw.CUT, 5)]),
        ([ONE, TWO, TWO, THREE, FOUR, FIVE], [(Flaw.EXTRA, 2)]),
        ([ONE, TWO, edited(TWO), THREE, FOUR, FIVE], [(Flaw.EDITED, 2), (Flaw.EXTRA, 2)]),
        ([replace(ONE, seq=0), *ROWS], [(Flaw.EDITED, 0), (Flaw.EXTRA, 0)]),
        ([ONE, THREE, TWO, FOUR, FIVE], [(Flaw.REORDERED, 2)]),
        ([FIVE, FOUR, THREE, TWO, ONE], [(Flaw.REORDERED, seq) for seq in (4, 3, 2, 1)]),
        ([ONE, THREE, TWO, TWO, FOUR, FIVE], [(Flaw.REORDERED, 2), (Flaw.EXTRA, 2)]),
        ([ONE, TWO, THREE], [(Flaw.CUT, 4)]),
        ([], [(Flaw.CUT, 1)]),
        (forged([ONE, edited(TWO), THREE, FOUR, FIVE], KEYED), [(Flaw.REWRITTEN, 5)]),
        (forged([ONE, THREE, FOUR, FIVE], KEYED), [(Flaw.CUT, 5)]),
        (forged(ROWS, Chain()), [*((Flaw.EDITED, seq) for seq in (1, 2, 3, 4, 5)), (Flaw.REWRITTEN, 5)]),
    ],
)
def test_what_was_done_to_it_is_named(links: list[Link], expected: list[tuple[Flaw, int]]) -> None:
    assert flaws(links) == expected


def test_without_an_anchor_a_cut_tail_and_a_new_history_pass() -> None:
    assert flaws([ONE, TWO], None) == []
    assert flaws(forged([edited(ONE), TWO], KEYED), None) == []


def test_a_sentence_says_from_which_row_to_which() -> None:
    assert [problem.detail for problem in KEYED.verify([ONE, FOUR], HEAD)] == [
        "日志第 2 条起至第 3 条缺失，被删除过；请保留现场并向保密办报告",
        "日志第 5 条起至第 5 条缺失，末尾被截去；请保留现场并向保密办报告",
    ]


VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(row=st.dictionaries(st.text(), VALUES, max_size=4))
def test_the_order_of_the_keys_does_not_matter(row: dict[str, Json]) -> None:
    assert canonical(row) == canonical(dict(reversed(row.items())))


@given(one=VALUES, other=VALUES)
def test_two_values_are_written_alike_only_if_they_are_one(one: Json, other: Json) -> None:
    assert (canonical(one) == canonical(other)) == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None, "密★\n\"\u2028"]}, '{"a":[true,null,"密★\\n\\"\u2028"],"b":1}'),
        (("甲", -1), '["甲",-1]'),
        ({}, "{}"),
    ],
)  # fmt: skip
def test_there_is_one_way_to_write_a_value(value: Json, expected: str) -> None:
    assert canonical(value) == expected.encode()


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert canonical("\ud800") == b'"\xed\xa0\x80"'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 1 << 63, b"x", {1: "x"}, {"x": {2: 3}}, [object()], {1}]
)
def test_what_has_no_one_way_is_refused(value: object) -> None:
    with pytest.raises(LeakwatchError, match="不能写入日志"):
        canonical(value)  # type: ignore[arg-type]


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(LeakwatchError, match="可用的有：sha256、sm3"):
        Chain().link({}, START, "md5")


def test_a_chain_does_not_show_its_key() -> None:
    assert repr(KEYED) == "Chain()"
