"""JSON lines, held against the contract."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from leakwatch.model import Mark, Outcome, Scan
from leakwatch.reports import View, jsonl

MESSAGE = {
    "id": "id2",
    "number": 2,
    "group": "云岭区工作群",
    "platform": "wechat",
    "sender": "王明远",
    "sent_at": "2031-05-06T12:02:00+08:00",
}


def records(scan: Scan, view: View | None = None) -> list[dict[str, object]]:
    """The lines as values."""
    return [json.loads(line) for line in jsonl.render(scan, view or View())]


def test_a_finding_has_every_key_of_the_contract(scan: Scan) -> None:
    assert records(scan)[0] == {
        "type": "finding",
        "schema": 1,
        "finding": "0123456789abcdef",
        "kind": "marking",
        "category": "mk.state",
        "level": "机密",
        "mark": None,
        "outcome": "lead",
        "score": 0.9877,
        "quote": "机密★10年",
        "reason": "密级和期限写法完整；图片第一页",
        "rule": "mk.state",
        "clauses": ["《保守国家秘密法》第二十二条"],
        "origin": "ocr",
        "spot": "第1页",
        "start": 0,
        "end": 6,
        "message": MESSAGE,
        "evidence": {"sha256": "b" * 64, "name": "b.jpg", "path": "收件/b.jpg"},
        "document": "机密★10年",
        "places": [
            {
                "quote": "机密★10年",
                "origin": "message",
                "spot": None,
                "start": 1,
                "end": 7,
                "message": MESSAGE | {"id": "id3", "number": 3, "sent_at": "2031-05-06T12:03:00+08:00"},
                "evidence": {"sha256": "a" * 64, "name": "a.txt", "path": "收件/a.txt"},
            }
        ],
    }


def test_the_values_of_a_mark_are_given(scan: Scan) -> None:
    first, *others = scan.findings
    mark = Mark(term="10年", months=120, until=date(2041, 5, 6), anomalies=("期限有误",))
    marked = replace(first, hits=(replace(first.hits[0], mark=mark), *first.hits[1:]))

    assert records(replace(scan, findings=(marked, *others)))[0]["mark"] == {
        "term": "10年",
        "months": 120,
        "until": "2041-05-06",
        "anomalies": ["期限有误"],
    }


def test_what_was_not_read_and_the_summary_close_the_report(scan: Scan) -> None:
    unused = ("词语“绝密营救”（区保密办，长期）没有用到",)
    *_, locked, summary = records(replace(scan, allowed_unused=unused))
    assert locked == {
        "type": "unread",
        "schema": 1,
        "reason": "password",
        "name": "d.zip",
        "detail": "压缩包有密码，请解开后再放入",
        "message": None,
        "evidence": {"sha256": "d" * 64, "name": "d.zip", "path": "收件/d.zip"},
    }
    assert summary == {
        "type": "summary",
        "schema": 1,
        "files": 4,
        "messages": 5,
        "pieces": 7,
        "findings": {"lead": 1, "review": 1, "note": 0},
        "unread": 3,
        "pending": 0,
        "conversations": [
            {
                "name": "云岭区工作群",
                "platform": "wechat",
                "format": "memotrace-txt",
                "encoding": "utf-8",
                "messages": 5,
                "declared": 9,
                "incomplete": True,
                "images_present": 1,
                "images_missing": 2,
                "images_thumbnail": 0,
                "files_present": 0,
                "files_missing": 0,
                "voice": 1,
                "video": 0,
                "forwards_full": 0,
                "forwards_summary": 0,
                "recalled": 0,
                "skipped_lines": 0,
                "decode_replacements": 0,
                "lossy": ["此格式不保留引用的原文"],
                "twins": [],
            }
        ],
        "rules_version": "00ff",
        "allowed_unused": ["词语“绝密营救”（区保密办，长期）没有用到"],
        "seconds": 1.25,
    }


def test_broken_characters_and_line_separators_stay_in_their_line(scan: Scan) -> None:
    text = "".join(jsonl.render(scan, View()))
    assert len(text.splitlines()) == text.count("\n") == 6
    quote = '=HYPERLINK("x")\x1b[31m[red]\ud83d\u2028末'
    assert json.loads(text.encode().splitlines()[1])["quote"] == quote


def test_quotes_are_never_masked_and_lower_outcomes_are_counted_only(scan: Scan) -> None:
    found = records(scan, View(lowest=Outcome.LEAD, is_masked=True))
    assert [record.get("quote") for record in found if record["type"] == "finding"] == ["机密★10年"]
    assert found[-1]["findings"] == {"lead": 1, "review": 1, "note": 0}


def test_a_scan_of_nothing_is_one_summary(empty: Scan) -> None:
    assert [record["type"] for record in records(replace(empty, files=0))] == ["summary"]
