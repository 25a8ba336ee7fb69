"""The labelled messages hold their floors; those of unseen/ are only ever counted, so that nobody tunes to them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from leakwatch.corpus import read
from leakwatch.measure import Row, Share, figures, measure
from leakwatch.rules import RuleBook
from leakwatch.text import tight

HERE = Path(__file__).parent
BOUNDS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
CASES = [
    (folder, bound, sort, name, share)
    for folder, bounds in BOUNDS.items()
    for bound, sorts in bounds.items()
    for sort, shares in sorts.items()
    for name, share in shares.items()
]


@pytest.fixture(scope="module")
def rows(book: RuleBook) -> dict[tuple[str, str], Row]:
    """The figures by folder and sort."""
    found: dict[tuple[str, str], Row] = {}
    for folder in BOUNDS:
        labels = read(HERE / folder)
        made = figures(labels, measure(labels, book, date(2031, 5, 6)), None)
        found |= {(folder, row.name): row for row in made.rows}
    return found


@pytest.mark.parametrize(("folder", "bound", "sort", "name", "share"), CASES)
def test_each_part_holds_its_floors(
    rows: dict[tuple[str, str], Row], folder: str, bound: str, sort: str, name: str, share: float
) -> None:
    measured: Share = getattr(rows[folder, sort], name)

    if bound == "least":
        assert measured.part >= share * measured.whole > 0
    else:
        assert measured.part <= share * measured.whole


def test_no_labelled_message_is_an_example_of_a_rule(book: RuleBook) -> None:
    examples = {tight(text).text for rule in book.rules for text in (*rule.examples, *rule.non_examples)}

    assert [label.place for label in read(HERE) if tight(label.text).text in examples] == []
