"""Runs of letters and digits that encode Chinese say what they encode; links, hashes and numbers say nothing."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.detect import judge
from leakwatch.model import Evidence, Outcome
from leakwatch.scanners import Matcher
from leakwatch.scanners.disguises.encoded import holds, said

MARK = "机密★10年"


def points(text: str) -> str:
    """As \\uXXXX."""
    return "".join(f"\\u{ord(character):04x}" for character in text)


WRITTEN = {
    "base64": base64.b64encode(MARK.encode()).decode(),
    "base64 of links": base64.urlsafe_b64encode("机密★10年？".encode()).decode().rstrip("="),
    "hex": MARK.encode().hex(),
    "hex in pairs": MARK.encode().hex(" ").upper(),
    "hex of GBK": MARK.replace("★", "").encode("gbk").hex(),
    "percent": quote(MARK),
    "quoted printable": "".join(f"={byte:02X}" for byte in MARK.encode()),
    "points": points(MARK),
    "points around figures": f"{points('机密★')}10{points('年')}",
    "entities": "".join(f"&#{ord(character)};" for character in MARK),
    "entities in hex": "".join(f"&#x{ord(character):x};" for character in MARK),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_what_a_run_encodes_is_said(written: str) -> None:
    text = f"自己解：{written} 懂吧"

    ((start, end, plain),) = said(text)

    assert text[start:end] == written
    assert plain.rstrip("?") in (MARK, MARK.replace("★", ""))


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_mark_is_found_however_it_is_encoded(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence], written: str
) -> None:
    (finding, *_) = judge(f"自己解：{written}", matcher, keep("a", b"a"))

    assert (finding.outcome, finding.level) == (Outcome.LEAD, "机密")
    assert finding.hits[0].quote in written


@pytest.mark.parametrize(
    "text",
    [
        "https://www.qingshi.example/zwgk/2031/0506/c1a7f0e2b94d.html",
        "电话 13805066678，订单 202411063301874529",
        "4fe8929394785dd375051483d9e41000",
        "Q4bzqmWE6pnsb7jCsb94TSMpNsrOgpRu",
        "thisisalongenglishwordwithoutanyblank",
        "看了一点&#183;&#183;就没看了",
        "C:\\users\\util\\unit",
        "",
    ],
)
def test_other_runs_say_nothing(text: str) -> None:
    assert not holds(text)


@given(st.text(alphabet=string.ascii_letters + string.digits + "+/=_-%&#;\\ux ", max_size=80))
def test_any_run_can_be_looked_at(text: str) -> None:
    assert all(0 <= start < end <= len(text) and plain for start, end, plain in said(text))


@pytest.mark.parametrize("text", ["今天中午吃火锅，十二点门口集合", "生日快乐，蛋糕在冰箱第二层"])
def test_everyday_words_in_code_are_no_finding(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence], text: str
) -> None:
    findings = judge(base64.b64encode(text.encode()).decode(), matcher, keep("a", b"a"))

    assert all(finding.outcome is Outcome.NOTE for finding in findings)
