"""How much of the norm must be there for what is known of a code: a bracketed year, 第, 号."""

from __future__ import annotations

import re

from leakwatch.rules.series import CONFIDENTIAL, Risk
from leakwatch.scanners.numbers.codes import Code, Reading
from leakwatch.scanners.numbers.number_forms import Tail

ISSUED = frozenset({"dn.minutes", "dn.bulletin"})
"""Rules of what comes out in issues."""
SPOKEN_ENDS = tuple("发字函干")
"""Nothing else ends so and is followed by a year in two digits."""
_FORMAL_ENDS = tuple("发字函办干")
_HAN = re.compile(r"[㐀-鿿]")
_REGISTERED = re.compile(
    r"(?:单|合同|设备|资产|采购|招标|项目|图|序列|房|型|货|批|档案)(?:编?号)?[^，。,;；\n]{0,3}$"
)
"""Latin initials behind these belong to somebody else's numbering."""


def is_number(text: str, code: Code, tail: Tail, is_page: bool) -> bool:
    """Whether enough of the norm is there for what is known of the code."""
    risk = code.risk
    if risk is Risk.NONE or not _is_year(code, tail) or not (tail.is_bracketed or _is_word(code)):
        return False
    if code.reading is Reading.INITIALS:
        is_elsewhere = _REGISTERED.search(text[max(0, code.start - 12) : code.start])
        return not is_elsewhere and (tail.is_closed or bool(tail.mark) or tail.is_linked)
    if not tail.mark:
        return _is_enough_without_mark(code, tail)
    if risk in CONFIDENTIAL:
        return True
    if tail.is_misread:
        return is_page and risk is not Risk.PUBLIC
    if risk is Risk.PUBLIC:
        is_yearly = tail.has_year_sign and code.text.endswith(("公告", "令"))
        return tail.is_plain and (tail.is_bracketed or is_yearly)
    return True


def _is_word(code: Code) -> bool:
    """Whether two characters are a code without brackets behind them: not in 其中发2号."""
    return len(code.text) > 2 or code.is_apart


def _is_year(code: Code, tail: Tail) -> bool:
    """Two digits are a year in brackets, or behind a code that nothing else can be."""
    is_said = code.risk in CONFIDENTIAL and tail.has_year_sign and bool(tail.mark)
    # 岚委发24年12号: with the year said as one, nothing else ends in 发 and is no date.
    is_said |= (
        tail.has_year_sign and bool(tail.mark) and len(code.text) > 2 and code.text.endswith(SPOKEN_ENDS)
    )
    is_certain = bool(code.reading) or code.is_known or is_said
    return tail.is_full or (code.risk is not Risk.PUBLIC and (tail.is_closed or is_certain))


def is_certain(code: Code, tail: Tail) -> bool:
    """厅字〔2031〕7呈: no other number is written so, whatever stands for the 号."""
    return code.risk in CONFIDENTIAL and code.reading is Reading.PLAIN and tail.is_closed and tail.is_full


def _is_enough_without_mark(code: Code, tail: Tail) -> bool:
    if code.risk is Risk.PUBLIC:
        return False
    if code.risk is Risk.INTERNAL:
        is_minutes = code.series is not None and code.series.rule in ISSUED
        is_formal = tail.is_full and len(code.text) > 2 and code.text.endswith(_FORMAL_ENDS)
        is_borne_out = tail.is_linked and (is_minutes or is_formal)
        return (tail.is_closed and not tail.has_year_sign) or is_borne_out
    if tail.is_closed or tail.is_linked:
        return True
    return tail.has_year_sign if len(code.text) == 2 else tail.is_full or tail.has_year_sign


def is_said(code: Code, found: re.Match[str]) -> bool:
    """Whether a number without a year is one: only for codes that leave no doubt."""
    filler, mark = found["filler"].strip(), found["mark"]
    is_issue = mark == "期" or (mark == "号" and "第" in filler)
    if code.reading is Reading.INITIALS or not _is_word(code):
        return False
    if code.risk is Risk.CENTRAL:
        is_whole = bool(found["doc"] or filler or code.is_known) or not _HAN.match(found.string, found.end())
        return mark == "期" or (mark == "号" and is_whole)
    if code.risk is Risk.SECRECY:
        return mark == "号" and (bool(found["doc"] or filler) or "委" in code.text)
    if code.series and code.series.rule in ISSUED:
        return is_issue or (mark == "次" and code.text.endswith("纪要"))
    if code.risk is Risk.TELEGRAM:  # 发电2号机组 is no telegram
        return mark == "号" and (bool(filler) or code.text.endswith(("明电", "密电")))
    return code.text.endswith("令") and len(code.text) > 2 and mark == "号"
