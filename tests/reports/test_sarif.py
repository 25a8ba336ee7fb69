"""SARIF: one run, all references sound."""

from __future__ import annotations

import json
from dataclasses import replace

from msgspec import structs

from leakwatch.model import Scan
from leakwatch.reports import View, sarif


def test_a_result_names_its_rule_file_and_message(scan: Scan) -> None:
    log = json.loads(sarif.render(scan, View()))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["mk.state", "pd.id"]
    assert run["results"][0] == {
        "ruleId": "mk.state",
        "ruleIndex": 0,
        "level": "error",
        "rank": 98.8,
        "message": {"text": "〔机密〕“机****年”：密级和期限写法完整；图片第一页"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": "%E6%94%B6%E4%BB%B6/b.jpg"}},
                "logicalLocations": [
                    {
                        "fullyQualifiedName": "云岭区工作群 · 王明远 · 2031-05-06 12:02:00 · 第2条 · 收件/b.jpg · 第1页"
                    }
                ],
            },
            {
                "physicalLocation": {"artifactLocation": {"uri": "%E6%94%B6%E4%BB%B6/a.txt"}},
                "logicalLocations": [
                    {"fullyQualifiedName": "云岭区工作群 · 王明远 · 2031-05-06 12:03:00 · 第3条 · 消息"}
                ],
            },
        ],
        "fingerprints": {"leakwatch/v1": "0123456789abcdef"},
        "properties": {"outcome": "lead", "markedLevel": "机密"},
    }


def test_what_was_not_read_is_a_warning_of_the_run(scan: Scan) -> None:
    (run,) = json.loads(sarif.render(scan, View()))["runs"]
    (invocation,) = run["invocations"]
    assert [notice["descriptor"]["id"] for notice in invocation["toolExecutionNotifications"]] == [
        "unread/missing attachment",
        "unread/missing attachment",
        "unread/password",
    ]
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == (
        "2031-05-06T04:00:00Z",
        "2031-05-06T04:00:01Z",
    )


def test_broken_characters_can_be_written_as_utf8(scan: Scan) -> None:
    assert json.loads(sarif.render(scan, View(is_masked=False)).encode())


def test_long_numbers_in_names_are_masked_everywhere(scan: Scan) -> None:
    number = "110101203105060017"
    hit = scan.findings[0].hits[0]
    file = replace(hit.piece.evidence, inner_path=f"收件/{number}.jpg")
    found = replace(scan.findings[0], hits=(replace(hit, piece=structs.replace(hit.piece, evidence=file)),))
    unread = replace(scan.skipped[2], name=f"{number}.zip", evidence=file)
    numbered = replace(scan, findings=(found,), skipped=(unread,))
    assert number not in sarif.render(numbered, View())
    assert sarif.render(numbered, View(is_masked=False)).count(number) == 4
