"""Series of document numbers and the reviewers' list of published ones."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from leakwatch import rules
from leakwatch.detect import judge
from leakwatch.errors import RulesError
from leakwatch.model import SHANGHAI, Evidence, Outcome
from leakwatch.rules import RuleBook
from leakwatch.rules.series import Risk, canonical, load_published, load_series
from leakwatch.scanners import Matcher

LISTS = Path(__file__).parents[2] / "keyword_lists"
SPECIMEN = Evidence(
    sha256="0" * 64,
    size=0,
    name="例.txt",
    inner_path="例.txt",
    path=Path("例.txt"),
    taken_at=datetime(2031, 5, 6, tzinfo=SHANGHAI),
)
ENTRY = '[[published]]\nnumber = "{}"\nwhere = "{}"\nwho = "王明远"\nsince = 2031-05-07\n'


@pytest.mark.parametrize(
    ("code", "risk"),
    [
        ("中办发", Risk.CENTRAL),
        ("厅字", Risk.CENTRAL),
        ("青政密", Risk.CENTRAL),
        ("青委密办", Risk.SECRECY),
        ("禾保委", Risk.SECRECY),
        ("青密", Risk.SECRECY),
        ("绝密", None),
        ("青外明电", Risk.TELEGRAM),
        ("国办发明电", Risk.TELEGRAM),
        ("国发", Risk.PUBLIC),
        ("青府规", Risk.PUBLIC),
        ("沪农委", Risk.PUBLIC),
        ("青组干", Risk.INTERNAL),
        ("青检发干字", Risk.INTERNAL),
        ("局党组纪要", Risk.INTERNAL),
        ("情况汇报", None),
        ("家长会纪要", Risk.NONE),
        ("采购合同", Risk.NONE),
        ("青住建", None),
    ],
)
def test_the_first_series_that_fits_decides(book: RuleBook, code: str, risk: Risk | None) -> None:
    assert next((family.risk for family in book.series if family.has(code)), None) is risk


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("中办发〔2031〕45号", "中办发〔2031〕45号"),
        ("中办发 [２０３１] 第045号", "中办发〔2031〕45号"),
        ("局党组纪要（2031）7期", "局党组纪要〔2031〕7期"),
        ("中办发45号", None),
        ("中办发〔31〕45号", None),
        ("", None),
    ],
)
def test_a_number_in_full_has_one_key(number: str, key: str | None) -> None:
    assert canonical(number) == key


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """All scanners, and a number that a reviewer found published."""
    lists = Path(shutil.copytree(LISTS, tmp_path_factory.mktemp("reviewed") / "lists"))
    (lists / "published.toml").write_text(ENTRY.format("中办发[2031]45号", "新华社 2031年5月6日"), "utf-8")
    return Matcher(rules.load(lists))


def test_a_published_number_is_only_noted_and_says_where(reviewed: Matcher) -> None:
    (published,) = judge("中办发（2031）第45号", reviewed, SPECIMEN)
    (other,) = judge("中办发（2031）第46号", reviewed, SPECIMEN)

    assert published.outcome is Outcome.NOTE
    assert "已公开：新华社 2031年5月6日（-1.00）" in published.reasons
    assert other.outcome is Outcome.LEAD


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("zbf 2031-45 正文在下面三张图里", Outcome.NOTE),
        ("zbf 31-45，红头的那个", Outcome.NOTE),
        ("zbf 2031-46 正文在下面三张图里", Outcome.REVIEW),
        ("zbf 2030-45 正文在下面三张图里", Outcome.REVIEW),
    ],
)
def test_a_published_number_is_public_however_it_is_said(
    reviewed: Matcher, text: str, outcome: Outcome
) -> None:
    said = [one for one in judge(text, reviewed, SPECIMEN) if one.rule.id == "dn.said"]
    assert [one.outcome for one in said] == [outcome]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ENTRY.format("第45号文", "官网"), "看不出文号"),
        (ENTRY.format("中办发〔2031〕45号", "官网") + ENTRY.format("中办发[2031]45号", "公报"), "写了两次"),
        (ENTRY.format("中办发〔2031〕45号", " "), "须写明 where"),
        ('[[published]]\nnumber = "中办发〔2031〕45号"\n', "内容不合要求"),
    ],
)
def test_an_entry_that_proves_nothing_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "published.toml").write_text(content, "utf-8")

    with pytest.raises(RulesError, match=f"published.toml.*{sentence}"):
        load_published(tmp_path / "published.toml")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('rule = "dn.sec"', 'rule = "dn.nothing"', "rule 指向不存在的规则“dn.nothing”"),
        ('risk = "电报"', 'risk = "非文号"', "不是文号的系列不写 rule"),
        ('codes = ["国保发"]\npattern = ', 'pattern = "("\nwhy2 = ', "内容不合要求"),
        ('pattern = "^法发$|令$|公告$"', 'pattern = "("', "正则表达式有误"),
        ('pattern = "[环劳医社人银]保委$"\n', "", "至少要写一项"),
    ],
)
def test_a_series_that_cannot_work_is_refused(
    book: RuleBook, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = (LISTS / "series.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "series.toml").write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(RulesError, match=f"series.toml.*{sentence}"):
        load_series(tmp_path / "series.toml", {rule.id for rule in book.rules})
