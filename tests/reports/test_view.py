"""What is shown and what is masked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leakwatch.model import Finding, Outcome, Scan
from leakwatch.reports.view import View, counts, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("密", "密"),
        ("机密", "机*"),
        ("机密★10年", "机****年"),
        ("110101", "******"),
        ("三号", "**"),
        ("青办发〔2031〕45号", "青**********号"),
        ("甲" + "乙" * 90 + "丙", "甲************丙"),
    ],
)
def test_a_mask_leaves_the_ends_but_never_a_digit(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(("lowest", "number"), [(Outcome.LEAD, 1), (Outcome.REVIEW, 2), (Outcome.NOTE, 3)])
def test_lower_outcomes_than_asked_for_are_not_shown(
    scan: Scan, marked: Finding, lowest: Outcome, number: int
) -> None:
    noted = replace(scan, findings=(replace(marked, outcome=Outcome.NOTE), *scan.findings))
    assert len(View(lowest=lowest).shown(noted)) == number
    assert counts(noted) == {"lead": 1, "review": 1, "note": 1}


def test_a_number_in_a_reason_is_masked_like_the_quote() -> None:
    reason = "机要文件文号“中办发〔2031〕45号”：属于机要文件系列"

    assert (
        View().without(reason, {"中办发〔2031〕45号", ""}) == "机要文件文号“中**********号”：属于机要文件系列"
    )
    assert View(is_masked=False).without(reason, {"中办发〔2031〕45号"}) == reason


def test_a_long_number_in_a_file_name_is_masked() -> None:
    assert View().place("王110105199003078713名单.txt") == f"王{'*' * 14}名单.txt"
