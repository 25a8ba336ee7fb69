"""Whose illness is spoken of: a diagnosis or treatment with somebody other than the sender in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leakwatch.scanners.personal.persons import How, Person, Persons

_BEFORE = 40
_AFTER = 32
_STEP = 4
"""Characters to the next ailment that is looked at: 乙肝大三阳 is one, and a page of them must not take minutes."""
# A form goes on over its lines: 姓名:湛秋月 / 诊断:双相情感障碍.
_FIELD = r"(?=[^\n:,。]{1,8}(?:[: ]|结果|结论))"
_IS_FORM = re.compile(r"(?:姓\s*名|患者|病人|病员|受检者|参检人)[: ]?[^\n]{2}")
_END = re.compile(r"[。!?\n]")
_FORM_END = re.compile(rf"[。!?]|\n(?!{_FIELD})")
_CLAUSE = re.compile(r"[,;:。!?\n…]")
_KIN = (
    "爸|妈|爹|娘|老爸|老妈|爷爷|奶奶|外公|外婆|姥姥|姥爷|岳父|岳母|公公|婆婆|公婆|老丈人|丈母娘|老公|老婆|媳妇|爱人|对象|孩子|娃|宝宝|"
    "闺女|女儿|儿子|哥|姐|弟|妹|嫂|大姨|小姨|姨|舅|姑|叔|伯|婶|亲家|狗|猫|宠物|家"
)
_POINTING = re.compile(r"[那这][个位家](?:得|有|患)?$")
_POINTED = re.compile(
    r"的(?:女|男|老)?(?:人|娃|孩子)?(?:[\s,。!?]|$|[又跑来走在住没还也昨今到打闹被送要家回发犯已])"
)
"""五组那个精神分裂的又跑出来了: the illness stands for the person."""
_OWN = re.compile(
    # The sender's family needs no possessive: 妈的体检异常, 孩子发烧.
    rf"^(?:家里?的?)?(?:{_KIN})|(?<![跟给对让叫诉发找问替帮由被和比喊向])[我俺](?:们?家)?的?(?:{_KIN}|自己|本人|也|有|是|得|患|查|确|怀|住|"
    r"体检|胃|肝|肺|心|腰|血|去年|前年|今年|这|需要|要|在|没|不|都|就|刚做|做)|^本人|^自己"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Somebody whose health is spoken of."""

    how: How
    start: int
    end: int
    """Folded span over person and ailment, half-open."""


def patients(text: str, spots: list[tuple[int, int]], persons: Persons) -> Iterator[Patient]:
    """The nearest person to each folded span of an ailment, within the sentence."""
    reached = 0
    for start, end in spots:
        if start < reached:
            continue
        reached = end + _STEP
        left, right = _sentence(text, start, end)
        if _is_own(text[left:start]):
            continue
        around = persons.find(text[left:right])
        outside = [person for person in around if not _covers(person, start - left, end - left)]
        if not outside and _POINTING.search(text, left, start) and _POINTED.match(text, end):
            outside = [Person(how=How.POINTED, start=start - left, end=end - left)]
        if outside:
            who = min(
                outside, key=lambda person: (person.how is not How.NAMED, _distance(person, start - left))
            )
            yield Patient(how=_how(outside), start=min(start, left + who.start), end=max(end, left + who.end))


def _how(around: list[Person]) -> How:
    """The surest way anybody of the sentence is pointed at."""
    ways = {person.how for person in around}
    return next(how for how in How if how in ways)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    is_form = _IS_FORM.search(text) is not None
    ends = _FORM_END if is_form else _END
    left = max(0, start - (2 * _BEFORE if is_form else _BEFORE))
    for found in ends.finditer(text, left, start):
        left = found.end()
    stop = ends.search(text, end, min(len(text), end + _AFTER))
    return left, stop.start() if stop else min(len(text), end + _AFTER)


def _is_own(before: str) -> bool:
    """Whether the clause of the ailment, or the one before it, is about the sender or the sender's family."""
    clauses = [clause.strip() for clause in _CLAUSE.split(before) if clause.strip()][-2:]
    return any(_OWN.search(clause) for clause in clauses)


def _covers(person: Person, start: int, end: int) -> bool:
    return person.start < end and start < person.end


def _distance(person: Person, start: int) -> int:
    return abs(person.start - start)
