"""Whose a form is, told by its name."""

from __future__ import annotations

import pytest

from leakwatch.forms.naming import lead_of, lead_spoken_of

LEAD = "XS-20310506-00ff3a"


@pytest.mark.parametrize(
    ("name", "ours", "spoken_of"),
    [
        (f"{LEAD}.docx", LEAD, LEAD),
        (f"{LEAD}.pdf", LEAD, LEAD),
        (f"{LEAD}-2.docx", LEAD, LEAD),
        (f"{LEAD}-泄密事件报告表-旧稿-2.docx", LEAD, LEAD),
        (f"{LEAD}-改动说明.txt", LEAD, LEAD),
        (f"{LEAD}0.docx", f"{LEAD}0", f"{LEAD}0"),
        (f"{LEAD}签批.docx", None, LEAD),
        (f"{LEAD}-王明远改.docx", None, LEAD),
        (f"~${LEAD}.docx", None, None),
        (f"关于{LEAD}.docx", None, None),
        ("记录.docx", None, None),
    ],
)
def test_only_names_that_we_give_are_ours(name: str, ours: str | None, spoken_of: str | None) -> None:
    assert (lead_of(name), lead_spoken_of(name)) == (ours, spoken_of)
