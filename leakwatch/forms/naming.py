"""Whose a form is: the names that forms have in the folder of drafts."""

from __future__ import annotations

import re

_FORM = re.compile(r"(XS-\d{8}-[0-9a-f]+)(-(\d+|泄密事件报告表|旧稿|改动说明))*\.(docx|pdf|txt)")
"""What `leads` and `forms` name a form, and what it is called beside another one, as PDF, or put aside."""
_LIKE_ONE = re.compile(r"(XS-\d{8}-[0-9a-f]+)(?![0-9a-f]).*", re.DOTALL)


def lead_of(name: str) -> str | None:
    """The lead whose form leakwatch wrote under that name; None if it gives no such names."""
    named = _FORM.fullmatch(name)
    return named[1] if named else None


def lead_spoken_of(name: str) -> str | None:
    """The lead that a name begins with, whoever gave it: a person's copy of a form."""
    named = _LIKE_ONE.fullmatch(name)
    return named[1] if named else None
