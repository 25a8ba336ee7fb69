"""The level as the value of a field: 密级：机密, a ticked choice, a column of a register.

A form that only offers the levels marks nothing.  Cells come as OCR lines, as tab-separated rows (xlsx) and
as lines of their own (docx); the term often stands in the next box.
"""

from __future__ import annotations

import re

from leakwatch.model import Origin
from leakwatch.scanners.marks.mark_forms import LEVEL, Form, Signals, is_list
from leakwatch.scanners.marks.mark_terms import TERM
from leakwatch.scanners.sieving.sieve import Candidate

_FIELD = r"(?:密\s*级|涉密等级|保密等级|秘密等级|保密级别|涉密级别|定密等级|定密|密别)(?:程度|标识|标志|意见|/期限)?"
_NO_LEVEL = r"(?!码|钥|封|度|文|级?(?:以[上下内]|及以)|[^\w\n]{0,4}?★)"
_TERM_BOX = (
    rf"(?:[^\w\n]{{0,3}}(?P<term>{TERM})"
    rf"|[^\n]{{0,30}}?\n?[^\n]{{0,30}}?(?:保密\s*期\s*限|保密年限|期\s*限|密期)[\s:|\])]*(?P<term2>{TERM}))?"
)
_CHOICE = re.compile(r"\s*(?:[、/或|]|□|☐)\s*(?:非|内部|公开|普通|一般|无)")
_TABLE = 3000
"""Characters above a cell that are searched for the header of its column."""
_HEADER = re.compile(r"^(?:[^\n]*[\s|])?密\s?级(?=[\s|]|$)", re.MULTILINE)


def _box(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A filled box; not the list of choices on an empty form."""
    text = candidate.folded.text
    is_glued = not match.group("parted") and candidate.piece.origin is not Origin.FILENAME
    if is_glued and re.match("[㐀-鿿]", text[match.end("level") : match.end("level") + 1]):
        return None
    if match.group("ticked"):
        return ()
    around = text[max(0, match.start("level") - 4) : match.end("level") + 14]
    if re.search(r"[□☐○]\s*$", text[: match.start("level")]) or is_list(around):
        return None
    return None if _CHOICE.match(text, match.end("level")) else ()


def _column(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A cell that holds a level and nothing else, under a header with 密级."""
    return (
        () if _HEADER.search(candidate.folded.text, max(0, match.start() - _TABLE), match.start()) else None
    )


def _always(_: Candidate, __: re.Match[str]) -> Signals:
    return ()


BOXES = (
    Form(
        grammar="mark.table",
        pattern=re.compile(
            rf"{_FIELD}(?P<parted>\s*:[\s★]*|[\s|]+|[\])]\s?:?\s?|)(?P<ticked>[^\n☑√■✔☒]{{0,24}}?[☑√■✔☒]\s*)?"
            rf"(?P<level>{LEVEL}){_NO_LEVEL}级?{_TERM_BOX}"
        ),
        is_formal=True,
        fits=_box,
    ),
    Form(
        grammar="mark.table",
        pattern=re.compile(
            rf"(?:级\s*别|等\s*级)(?P<parted>\s*:\s*)(?P<ticked>)(?P<level>{LEVEL}){_NO_LEVEL}级?{_TERM_BOX}"
        ),
        is_formal=True,
        fits=_box,
    ),
    Form(
        grammar="mark.table",
        pattern=re.compile(rf"(?:^|[\s|])(?P<level>{LEVEL})级?(?=[\s|]|$)", re.MULTILINE),
        is_formal=True,
        fits=_column,
    ),
    Form(
        grammar="mark.table",
        pattern=re.compile(rf"密\s*级[为是](?P<level>{LEVEL})(?!码|钥|封|度|文|级?[、和或及的]|级?以)"),
        fits=_always,
    ),
)
