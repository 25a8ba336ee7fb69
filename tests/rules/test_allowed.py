"""The allow-list is checked when it is read: nobody passes anything without a name, a reason and a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leakwatch.errors import RulesError
from leakwatch.rules.allowed import Allowed, Scope, load_allowed

NAMES = {"mk.state", "ws.hr"}
HEAD = 'owner = "区保密办"\nreason = "片名"\nsince = 2031-05-01\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the list of a test lies."""
    return tmp_path / "allowed.toml"


def test_an_entry_is_read_whole(file: Path) -> None:
    file.write_text(
        f'[[allowed]]\nscope = "word"\ntext = "絕密营救"\n{HEAD}expires = 2032-05-01\napplies_to = ["mk.state"]',
        "utf-8",
    )
    entry = Allowed(
        scope=Scope.WORD,
        text="絕密营救",
        owner="区保密办",
        reason="片名",
        since=date(2031, 5, 1),
        expires=date(2032, 5, 1),
        applies_to=frozenset({"mk.state"}),
        folded="绝密营救",
    )

    assert load_allowed(file, NAMES) == (entry,)
    assert entry.title == "词语“絕密营救”（区保密办，2032-05-01 到期）"


def test_a_list_without_entries_allows_nothing(file: Path) -> None:
    file.write_text("# 空的\n", "utf-8")

    assert load_allowed(file, NAMES) == ()


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('scope = "words"\ntext = "绝密营救"\n' + HEAD, "“绝密营救”：scope 不认识“words”"),
        ('scope = "word"\ntext = " 、"\n' + HEAD, "没有写 text"),
        ('scope = "word"\ntext = "绝密营救"\nreason = "片名"\nsince = 2031-05-01', "没有写 owner"),
        ('scope = "word"\ntext = "绝密营救"\nowner = "区保密办"\nsince = 2031-05-01', "没有写 reason"),
        ('scope = "word"\ntext = "绝密营救"\nowner = "区保密办"\nreason = "片名"', "内容不合要求"),
        ('scope = "word"\ntext = "绝密营救"\nuntil = 1\n' + HEAD, "内容不合要求"),
        (
            'scope = "word"\ntext = "绝密营救"\napplies_to = ["mk.stat"]\n' + HEAD,
            "没有这样的规则或类别：mk.stat",
        ),
        ('scope = "word"\ntext = "绝密营救"\nexpires = 2031-04-30\n' + HEAD, "expires 早于 since"),
        (f'scope = "document"\ntext = "{"a" * 64}"\n' + HEAD, "须写明到期日 expires"),
        ('scope = "document"\ntext = "通知.docx"\nexpires = 2031-06-01\n' + HEAD, "文件应写 sha256"),
        ('scope = "group"\ntext = "食堂群"\napplies_to = ["ws.hr"]\n' + HEAD, "须写明到期日 expires"),
        ('scope = "group"\ntext = "食堂群"\nexpires = 2031-06-01\n' + HEAD, "按群放行须写明 applies_to"),
        (
            f'scope = "number"\ntext = "云办〔2031〕3号"\n{HEAD}[[allowed]]\nscope = "number"\ntext = "云办[2031] 3号"\n'
            + HEAD,
            "重复的条目",
        ),
    ],
)
def test_an_entry_that_allows_too_much_or_says_too_little_is_refused(
    file: Path, entry: str, sentence: str
) -> None:
    file.write_text(f"[[allowed]]\n{entry}", "utf-8")

    with pytest.raises(RulesError, match=sentence):
        load_allowed(file, NAMES)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2031, 4, 30), False),
        (date(2031, 5, 1), True),
        (date(2032, 5, 1), True),
        (date(2032, 5, 2), False),
    ],
)
def test_an_entry_holds_from_its_first_day_to_its_last(file: Path, today: date, expected: bool) -> None:
    file.write_text(f'[[allowed]]\nscope = "word"\ntext = "绝密营救"\nexpires = 2032-05-01\n{HEAD}', "utf-8")
    (entry,) = load_allowed(file, NAMES)

    assert entry.is_valid(today) is expected
