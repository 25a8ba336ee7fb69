"""keyword_lists/ is checked when it is read, and its examples prove themselves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leakwatch import rules
from leakwatch.errors import RulesError
from leakwatch.model import Kind
from leakwatch.pipeline import check
from leakwatch.text import tight

LISTS = Path(__file__).parents[1] / "keyword_lists"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(LISTS, tmp_path / "lists"))


def _spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_example_of_every_rule_holds() -> None:
    assert check(rules.load(LISTS)) == []


def test_an_example_that_does_not_fire_is_named(lists: Path) -> None:
    _spoil(lists / "marks.toml", '"机密★1年"', '"手机号码"')

    assert check(rules.load(lists)) == ["mk.state.term：正例没有命中：手机号码"]


def test_a_non_example_that_fires_is_named(lists: Path) -> None:
    _spoil(lists / "marks.toml", '"手机密码是多少"', '"机密★1年"')

    assert check(rules.load(lists)) == ["mk.state.term：反例被命中：机密★1年"]


def test_every_kind_and_clause_is_covered() -> None:
    book = rules.load(LISTS)

    assert {rule.kind for rule in book.rules} == set(Kind) - {Kind.IMAGE}
    assert all(rule.clauses and all(clause.article for clause in rule.clauses) for rule in book.rules)


def test_the_version_changes_with_any_byte(lists: Path) -> None:
    before = rules.load(lists).version
    _spoil(lists / "cues.toml", "保密培训", "保密轮训")

    assert rules.load(lists).version != before


def test_cues_and_series_are_unique_after_folding() -> None:
    book = rules.load(LISTS)
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
        ("marks.toml", 'cue = "secrecy"', 'cue = "secret"', "cues.toml 里没有“secret”"),
        ("marks.toml", '["核心商密", "普通商密"]', '["核心商密", "核心 商密"]', "折叠后重复"),
        ("marks.toml", '["核心商密", "普通商密"]', '["@没有.txt"]', "词表 没有.txt 不存在"),
        ("marks.toml", 'level = "内部"', 'level = "内度"', "level 不认识“内度”"),
        ("marks.toml", "[[rule]]", "[[rule]", "TOML 写法有误"),
        ("work_secrets.toml", 'pattern = "', 'pattern = "(', "正则表达式有误"),
        ("series.toml", 'rule = "dn.jiyao"', 'rule = "dn.none"', "不存在的规则 dn.none"),
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
