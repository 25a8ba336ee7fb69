"""The tail of a mark becomes values."""

from __future__ import annotations

from datetime import date

import pytest

from leakwatch.model import Level, Mark
from leakwatch.scanners.marks.mark_terms import read


@pytest.mark.parametrize(
    ("term", "mark"),
    [
        ("10年", Mark(term="10年", months=120)),
        ("l0年", Mark(term="l0年", months=120)),
        ("5牛", Mark(term="5牛", months=60)),
        ("十五年", Mark(term="十五年", months=180)),
        ("贰拾年", Mark(term="贰拾年", months=240)),
        ("两年", Mark(term="两年", months=24)),
        ("6 个月", Mark(term="6个月", months=6)),
        ("半年", Mark(term="半年", months=6)),
        ("长期", Mark(term="长期")),
        ("启用前", Mark(term="启用前")),
        ("至2031年6月30日", Mark(term="至2031年6月30日", until=date(2031, 6, 30))),
        ("二〇三一年五月六日", Mark(term="二〇三一年五月六日", until=date(2031, 5, 6))),
        ("2031-05-06", Mark(term="2031-05-06", until=date(2031, 5, 6))),
        ("2031年2月30日", Mark(term="2031年2月30日")),
        ("至2031年", Mark(term="至2031年")),
        ("", Mark()),
    ],
)
def test_a_term_is_read_into_values(term: str, mark: Mark) -> None:
    assert read(term, Level.JUEMI, "") == mark


@pytest.mark.parametrize(
    ("term", "below", "until"),
    [
        ("10年", "\n关于通知\n2031年5月6日\n", date(2041, 5, 6)),
        ("1个月", "\n2031年1月31日", date(2031, 2, 28)),
        ("1年", "\n  二〇三一年五月六日  \n", date(2032, 5, 6)),
        ("1年", "\n2031年5月6日\n2031年5月8日\n", None),
        ("1年", "\n定于2031年5月6日召开\n", None),
        ("长期", "\n2031年5月6日\n", None),
    ],
)
def test_the_day_of_issue_ends_a_term(term: str, below: str, until: date | None) -> None:
    assert read(term, Level.JUEMI, below).until == until


@pytest.mark.parametrize(
    ("level", "term", "anomalies"),
    [
        (Level.MIMI, "10年", ()),
        (Level.MIMI, "11年", ("期限11年超过秘密级最长10年的法定期限，标注有误，仍须报告",)),
        (Level.JIMI, "25年", ("期限25年超过机密级最长20年的法定期限，标注有误，仍须报告",)),
        (Level.JUEMI, "30年", ()),
        (Level.JIMI, "12个月", ("期限满一年应以年计，标作12个月不规范",)),
        (Level.JIMI, "", ()),
        (Level.COMMERCIAL, "50年", ()),
    ],
)
def test_a_term_against_the_law_is_said(level: Level, term: str, anomalies: tuple[str, ...]) -> None:
    assert read(term, level, "").anomalies == anomalies
