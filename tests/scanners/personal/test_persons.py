"""Somebody is meant by name, nickname, title, home or a finger pointed; a word that looks like a name is none."""

from __future__ import annotations

import pytest

from leakwatch.rules import RuleBook
from leakwatch.scanners.personal.persons import How, Persons


@pytest.fixture(scope="module")
def persons(book: RuleBook) -> Persons:
    """The shipped lists."""
    return Persons(book.cues["surname"], book.cues["not_name"], book.cues["somebody"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("司马康，在家", ["司马康"]),
        ("三楼老樊不在", ["老樊"]),
        ("教数学的席老师", ["席老"]),
        ("那人姓逯，摆摊", ["姓逯"]),
        ("寡妇曾二妹", ["曾二妹"]),
        ("登记的是冉×莉", ["冉×莉"]),
        ("同班组的龙二姐", ["龙二姐"]),
        ("焊接班路永昌查出来", ["路永昌"]),
        ("大名叫拓文博", ["拓文博"]),
        ("她姓脱，摆摊", ["姓脱"]),
        ("村头开店的皮嫂", ["皮嫂"]),
        ("来访人储建国反映", ["储建国"]),
        ("公羊健，男", ["公羊健"]),
        ("大三阳，储家独苗", ["储家独苗"]),
        ("报关行的会计小邰", ["小邰"]),
        ("怀孕了，打胎", []),
        ("长×宽×高 = 3×4×2", []),
        ("高血压、白血病、黄疸", []),
        ("老师和老板都在小区", []),
        ("语文老师来了", []),
        ("屋里小孩和老人都在", []),
    ],
)
def test_names_are_told_from_words(persons: Persons, text: str, said: list[str]) -> None:
    named = [text[found.start : found.end] for found in persons.find(text) if found.how is How.NAMED]

    assert list(dict.fromkeys(named)) == said


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("12栋2单元", How.HOME),
        ("家住翠屏村", How.HOME),
        ("五年级二班", How.HOME),
        ("那个流浪汉", How.POINTED),
        ("执勤队的阳子", How.POINTED),
        ("一名护工", How.DESCRIBED),
    ],
)
def test_others_are_pointed_at(persons: Persons, text: str, how: How) -> None:
    assert how in {found.how for found in persons.find(text)}


def test_a_hotel_guest_lives_nowhere(persons: Persons) -> None:
    assert [found.how for found in persons.find("入住三天，打折")] == []
