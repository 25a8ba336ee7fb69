"""keyword_lists/ is checked when it is read."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from leakwatch import rules
from leakwatch.errors import RulesError
from leakwatch.model import Kind, Mode
from leakwatch.rules import RuleBook
from leakwatch.text import tight

LISTS = Path(__file__).parents[2] / "keyword_lists"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(LISTS, tmp_path / "lists"))


def _spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_kind_and_clause_is_covered(book: RuleBook) -> None:
    assert {rule.kind for rule in book.rules} == set(Kind)
    assert all(rule.clauses and all(clause.article for clause in rule.clauses) for rule in book.rules)


def test_owner_and_day_of_the_file_hold_for_rules_that_name_none(lists: Path) -> None:
    _spoil(lists / "marks.toml", "score = 0.97", 'score = 0.97\nmode = "shadow"\nowner = "区保密办"')
    first, second = rules.load(lists).of_kind(Kind.MARKING)[:2]

    assert (first.mode, first.owner, first.since) == (Mode.SHADOW, "区保密办", date(2026, 11, 22))
    assert (second.mode, second.owner, second.since) == (Mode.ACTIVE, "leakwatch", date(2026, 11, 22))


def test_a_pattern_may_stand_for_the_words_and_patterns_of_a_cue(lists: Path) -> None:
    _spoil(lists / "veiled.toml", 'pattern = ["@vanishing"]', "pattern = ['甲+乙', '@vanishing']")
    book = rules.load(lists)
    cue = book.cues["vanishing"]

    assert book.rule("mk.cue.vanished").pattern == "|".join(("甲+乙", *cue.terms, *cue.patterns))


def test_what_stands_beside_a_pattern_may_come_before_or_behind_it(book: RuleBook) -> None:
    pattern = re.compile(book.rule("ws.act.copied").pattern)

    assert pattern.search("这本参阅我录屏了")
    assert pattern.search("录屏了一段会上的")
    assert not pattern.search("录屏了，好看")
    assert not pattern.search("参阅件严禁带出来")


def test_a_pattern_that_names_no_cue_is_refused(lists: Path) -> None:
    _spoil(lists / "veiled.toml", "@vanishing", "@nothing")

    with pytest.raises(RulesError, match="里没有“nothing”"):
        rules.load(lists)


def test_the_version_changes_with_any_byte(book: RuleBook, lists: Path) -> None:
    _spoil(lists / "cues.toml", "保密培训", "保密轮训")

    assert rules.load(lists).version != book.version


def test_cues_and_series_are_unique_after_folding(book: RuleBook) -> None:
    for name, cue in book.cues.items():
        folded = [tight(term).text for term in cue.terms]
        assert (name, sorted(set(folded))) == (name, sorted(folded))
    codes = [code for family in book.series for code in family.codes]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("marks.toml", 'category = "mk.state"', 'category = "mk.stat"', "category 不认识“mk.stat”"),
        ("marks.toml", '"ten 第1项"', '"tem 第1项"', "依据“tem 第1项”"),
        ("marks.toml", 'id = "mk.state.term"', 'id = "mk.state.table"', "规则编号重复：mk.state.table"),
        ("marks.toml", "score = 0.97", "score = 97", "内容不合要求"),
        ("marks.toml", "score = 0.97", "scor = 0.97", "内容不合要求"),
        ("weights.toml", 'cue = "secrecy"', 'cue = "secret"', "cues.toml 里没有“secret”"),
        ("marks.toml", 'context = "state_mark"', 'context = "state"', "weights.toml 里没有 context“state”"),
        ("marks.toml", 'owner = "leakwatch"', "", "内容不合要求"),
        ("marks.toml", "score = 0.97", 'score = 0.97\nmode = "trial"', "内容不合要求"),
        ("marks.toml", "\nterms = [", '\nterms = ["核心商迷", "核心 商迷", ', "折叠后重复"),
        ("marks.toml", "\nterms = [", '\nterms = ["@没有.txt", ', "词表 没有.txt 不存在"),
        ("marks.toml", 'level = "内部"', 'level = "内度"', "level 不认识“内度”"),
        ("marks.toml", "[[rule]]", "[[rule]", "TOML 写法有误"),
        ("work_secrets.toml", "pattern = [\n    '", "pattern = [\n    '(", "正则表达式有误"),
        ("series.toml", 'rule = "dn.jiyao"', 'rule = "dn.none"', "不存在的规则“dn.none”"),
    ],
)
def test_a_mistake_is_named_with_its_place(lists: Path, file: str, old: str, new: str, sentence: str) -> None:
    _spoil(lists / file, old, new)

    with pytest.raises(RulesError, match=sentence):
        rules.load(lists)


def test_a_missing_folder_and_a_gbk_file_are_named(lists: Path, tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="没有找到规则目录"):
        rules.load(tmp_path / "没有")
    (lists / "cues.toml").write_bytes("# 中文".encode("gbk"))
    with pytest.raises(RulesError, match=r"cues\.toml：不是 UTF-8 编码"):
        rules.load(lists)
