"""Rules prove themselves, and what proves nothing is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from leakwatch.model import Mode, Outcome, Rule
from leakwatch.proof import explain, faults, unproved
from leakwatch.rules import CATEGORIES, RuleBook
from leakwatch.rules.allowed import load_allowed
from leakwatch.scanners import Matcher

TODAY = date(2031, 5, 6)
HEAD = 'owner = "区保密办"\nreason = "片名"\nsince = 2031-05-01\n'
Told = Callable[[RuleBook], list[str]]


@pytest.fixture
def rule(book: RuleBook) -> Rule:
    """The rule of marks with a term, on sound examples."""
    rule = book.grammar("mark.term")
    return replace(rule, examples=("机密★1年", "发的是绝密★长期"), non_examples=("手机密码是多少",))


@pytest.fixture
def asked(book: RuleBook, rule: Rule) -> RuleBook:
    """The shipped rules, of which that one alone is asked for proof."""
    return _with(book, rule)


def _with(book: RuleBook, asked: Rule) -> RuleBook:
    silent = (replace(other, examples=(), non_examples=()) for other in book.rules)
    return replace(book, rules=tuple(asked if other.id == asked.id else other for other in silent))


@pytest.fixture
def told(matcher: Matcher) -> Told:
    """The faults of a book; one matcher serves all that differ in examples, days and allowed entries alone."""
    return lambda book: faults(book, matcher, TODAY)


def test_every_example_of_every_shipped_rule_holds(book: RuleBook, told: Told) -> None:
    assert told(book) == []


def test_every_shipped_rule_has_an_example_that_one_lost_character_silences(
    book: RuleBook, matcher: Matcher
) -> None:
    assert list(unproved(book, matcher)) == []


def test_an_example_that_does_not_fire_is_named(asked: RuleBook, rule: Rule, told: Told) -> None:
    spoilt = _with(asked, replace(rule, examples=("机密★1年", "手机号码")))

    assert told(spoilt) == ["mk.state.term：正例没有命中：手机号码"]


def test_a_non_example_that_fires_is_named(asked: RuleBook, rule: Rule, told: Told) -> None:
    spoilt = _with(asked, replace(rule, non_examples=("绝密★2年", "手机密码")))

    assert told(spoilt) == ["mk.state.term：反例被命中：绝密★2年"]


def test_a_rule_of_tomorrow_is_named(asked: RuleBook, rule: Rule, told: Told) -> None:
    early = _with(asked, replace(rule, since=date(2031, 5, 7)))

    assert told(early) == ["mk.state.term：since 2031-05-07 在今天（2031-05-06）之后，请改正"]


def test_a_rule_on_trial_proves_itself_as_if_it_counted(asked: RuleBook, rule: Rule) -> None:
    trial = replace(rule, mode=Mode.SHADOW)
    sound, spoilt = _with(asked, trial), _with(asked, replace(trial, examples=("手机号码",)))
    matcher = Matcher(sound)

    assert faults(sound, matcher, TODAY) == []
    assert faults(spoilt, matcher, TODAY) == ["mk.state.term：正例没有命中：手机号码"]


def test_a_rule_that_hits_whatever_character_is_lost_is_named(
    asked: RuleBook, rule: Rule, matcher: Matcher
) -> None:
    twice = _with(asked, replace(rule, examples=("机密★1年，另一份也是机密★1年", "绝密★长期；绝密★长期")))

    assert list(unproved(asked, matcher)) == []
    assert list(unproved(twice, matcher)) == [
        "mk.state.term：例句不能证明规则，去掉哪个字都照样命中，请换一个只说一处的例句"
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('scope = "word"\ntext = "绝密营救"', []),
        (
            'scope = "phrase"\ntext = "机密★1年"',
            ["mk.state.term：正例被白名单放行，请缩小白名单里的条目：机密★1年"],
        ),
        ('scope = "phrase"\ntext = "机密★1年"\napplies_to = ["dn.sec"]', []),
        ('scope = "phrase"\ntext = "机密★1年"\nexpires = 2031-05-05', []),
        (
            'scope = "word"\ntext = "机密★7年"',
            ["allowed.toml：“机密★7年”：不比规则 mk.state.term 命中的词长，请写更长的词"],
        ),
    ],
)
def test_an_allowed_entry_that_disarms_a_rule_is_named(
    asked: RuleBook, told: Told, tmp_path: Path, entry: str, expected: list[str]
) -> None:
    (tmp_path / "allowed.toml").write_text(f"[[allowed]]\n{entry}\n{HEAD}", "utf-8")
    allowed = load_allowed(tmp_path / "allowed.toml", CATEGORIES)

    assert told(replace(asked, allowed=allowed)) == expected


def test_a_text_is_explained_with_its_allowance(asked: RuleBook, tmp_path: Path) -> None:
    (tmp_path / "allowed.toml").write_text(
        f'[[allowed]]\nscope = "phrase"\ntext = "绝密★长期"\n{HEAD}', "utf-8"
    )
    allowed = load_allowed(tmp_path / "allowed.toml", CATEGORIES)
    found, passed = (
        explain("发的是绝密★长期", one, TODAY) for one in (asked, replace(asked, allowed=allowed))
    )

    assert [finding.outcome for finding in (*found, *passed)] == [Outcome.LEAD, Outcome.NOTE]
    assert passed[0].reasons[-1] == "在白名单中：语句“绝密★长期”（区保密办，长期），片名"
