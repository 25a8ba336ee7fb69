"""Rules prove themselves: their examples through the production road, and again with a character lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from leakwatch.allowlist import is_covered, sift
from leakwatch.detect import weigh_each
from leakwatch.findings import REVIEW, Weighed, merge
from leakwatch.model import SHANGHAI, Evidence, Finding, Mode, Rule
from leakwatch.rules import RuleBook
from leakwatch.rules.allowed import Scope
from leakwatch.scanners import Matcher

_Case = tuple[Rule, str]
"""A rule and a text that it is asked about."""
_NOTHING = Evidence(
    sha256="", size=0, name="", inner_path="", path=Path(), taken_at=datetime.min.replace(tzinfo=SHANGHAI)
)


def faults(book: RuleBook, matcher: Matcher, today: date) -> list[str]:
    """A Chinese sentence for each example that goes wrong and each allowed entry that allows too much.

    matcher: of that book. Asked before every scan: 0.2 to 0.4 s for 500 examples, besides the
    dictionary of jieba, which the first hit of a scan loads anyway.
    """
    return [*_untimely(book, today), *_failing(book, matcher, today), *_too_short(book, matcher)]


def unproved(book: RuleBook, matcher: Matcher) -> Iterator[str]:
    """A Chinese sentence for each rule whose examples all fire whatever single character they lose.

    They would fire with almost any pattern in the place of the rule. One example that falls silent is proof
    enough: others may name their topic twice.
    """
    matchers = _matchers(book, matcher)
    cases = [(rule, text) for rule in book.rules for text in rule.examples]
    waiting: dict[Rule, Iterator[str]] = {}
    for (rule, text), weighed in _weighed(cases, matchers):
        if _fires(rule, weighed):
            waiting[rule] = chain(waiting.get(rule, ()), _mutants(rule, text, weighed))
    while waiting:
        mutants = {rule: next(rest, "") for rule, rest in waiting.items()}
        yield from (
            f"{rule.id}：例句不能证明规则，去掉哪个字都照样命中，请换一个只说一处的例句"
            for rule, mutant in mutants.items()
            if not mutant
        )
        tried = _weighed([(rule, mutant) for rule, mutant in mutants.items() if mutant], matchers)
        waiting = {rule: waiting[rule] for (rule, _), weighed in tried if _fires(rule, weighed)}


def _mutants(rule: Rule, text: str, weighed: Sequence[Weighed]) -> Iterator[str]:
    """The text without one letter, digit or character, those of the hit first.

    The key may stand beside the hit: a passport number is one by the word in front of it.
    """
    hit = max((one for one in weighed if one.hit.rule.id == rule.id), key=lambda one: one.score).hit
    places = dict.fromkeys((*range(hit.start, hit.end), *range(len(text))))
    return (text[:at] + text[at + 1 :] for at in places if text[at].isalnum())


def explain(text: str, book: RuleBook, today: date) -> tuple[Finding, ...]:
    """What a message of that text would be found to hold, even with rules that a scan refuses."""
    weighed = weigh_each([text], Matcher(book), _NOTHING)[0]
    return merge(sift(weighed, book.allowed, today).weighed)


def _untimely(book: RuleBook, today: date) -> Iterator[str]:
    for rule in book.rules:
        if rule.since and rule.since > today:
            yield f"{rule.id}：since {rule.since} 在今天（{today}）之后，请改正"


def _failing(book: RuleBook, matcher: Matcher, today: date) -> Iterator[str]:
    cases = [(rule, text) for rule in book.rules for text in (*rule.examples, *rule.non_examples)]
    for (rule, text), weighed in _weighed(cases, _matchers(book, matcher)):
        is_example = text in rule.examples
        if _fires(rule, sift(weighed, book.allowed, today).weighed) is is_example:
            continue
        if is_example and _fires(rule, weighed):
            yield f"{rule.id}：正例被白名单放行，请缩小白名单里的条目：{text}"
        else:
            yield f"{rule.id}：{'正例没有命中' if is_example else '反例被命中'}：{text}"


def _too_short(book: RuleBook, matcher: Matcher) -> Iterator[str]:
    """An allowed word must say more than the words that hit."""
    words = [entry for entry in book.allowed if entry.scope is Scope.WORD]
    found = weigh_each([entry.text for entry in words], matcher, _NOTHING)
    for entry, weighed in zip(words, found, strict=True):
        phrase = replace(entry, scope=Scope.PHRASE)
        for one in weighed:
            if is_covered(one.hit, phrase) and not is_covered(one.hit, entry):
                yield f"allowed.toml：“{entry.text}”：不比规则 {one.hit.rule.id} 命中的词长，请写更长的词"


def _matchers(book: RuleBook, matcher: Matcher) -> dict[Mode, Matcher]:
    """For the rules of each mode; those on trial are asked what they would do if they counted."""
    if all(rule.mode is Mode.ACTIVE for rule in book.rules):
        return {Mode.ACTIVE: matcher}
    counting = tuple(replace(rule, mode=Mode.ACTIVE) for rule in book.rules)
    return {Mode.ACTIVE: matcher, Mode.SHADOW: Matcher(replace(book, rules=counting))}


def _weighed(
    cases: Sequence[_Case], matchers: Mapping[Mode, Matcher]
) -> Iterator[tuple[_Case, list[Weighed]]]:
    """Each case with what its text holds; all texts go down the road together."""
    found: dict[tuple[Mode, str], list[Weighed]] = {}
    for mode, matcher in matchers.items():
        texts = list(dict.fromkeys(text for rule, text in cases if rule.mode is mode))
        for text, weighed in zip(texts, weigh_each(texts, matcher, _NOTHING), strict=True):
            found[mode, text] = weighed
    return ((case, found[case[0].mode, case[1]]) for case in cases)


def _fires(rule: Rule, weighed: Sequence[Weighed]) -> bool:
    """By score: what a lead beside it says already is only noted, yet it was found."""
    return any(
        finding.score >= REVIEW and any(hit.rule.id == rule.id for hit in finding.hits)
        for finding in merge(weighed)
    )
