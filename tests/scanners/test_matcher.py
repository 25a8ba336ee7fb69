"""The same pieces have the same hits, however they are dealt out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.scanners import Matcher
from tests.conftest import LISTS, shipped
from tests.scanners.found import Told, matched

FOUND = Path(__file__).with_name("found.py")
OFFICE = [
    "收到",
    "今天食堂有鱼",
    "工资还没发",
    "老王发烧了，请假两天",
    "@王明远 8:30 领票",
    "",
    "机(jī)密★5年",
]
TEXTS = [
    *(text for rule in shipped().rules for text in (*rule.examples, *rule.non_examples)),
    *OFFICE,
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), max_size=12), st.integers(1, 5), st.randoms())
def test_neither_batch_size_nor_order_change_a_hit(
    matcher: Matcher, texts: list[str], size: int, random: Random
) -> None:
    shuffled = sorted(texts, key=lambda _: random.random())

    batches = [shuffled[start : start + size] for start in range(0, len(texts), size)]
    found = [one for batch in batches for one in matched(matcher, batch)]

    assert sorted(found) == matched(matcher, texts)


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Told]]:
    """Number of processes → what each of them finds in its share of the texts."""
    splits, children = (1, 2, 3), []
    for number in range(max(splits)):
        counts = [count for count in splits if number < count]
        given_texts = tmp_path_factory.mktemp("shares") / "texts.json"
        given_texts.write_text(json.dumps([TEXTS[number::count] for count in counts]), "utf-8")
        arguments = [sys.executable, "-P", str(FOUND), str(LISTS), str(given_texts)]
        children.append((counts, subprocess.Popen(arguments, stdout=subprocess.PIPE)))
    found: dict[int, list[Told]] = {count: [] for count in splits}
    for counts, child in children:
        for count, hits in zip(counts, json.loads(child.communicate()[0]), strict=True):
            found[count].append([tuple(hit) for hit in hits])
    return found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_number_of_processes_changes_no_hit(
    matcher: Matcher, shares: dict[int, list[Told]], count: int
) -> None:
    assert sorted(hit for share in shares[count] for hit in share) == matched(matcher, TEXTS)
