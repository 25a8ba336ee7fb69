"""A level and a term without any star: 机密10年, 秘密 至2031年6月30日.

In a sentence that is a mark only where a carrier is named beside it; 秘密 is a word of every day.
"""

from __future__ import annotations

import re

from leakwatch.model import Origin
from leakwatch.scanners.marks.mark_forms import (
    BORNE,
    HAN,
    LEVEL,
    LEVELS,
    OTHER_SECRETS,
    Form,
    Signals,
    is_list,
    stands,
)
from leakwatch.scanners.marks.mark_terms import PLAIN_TERM
from leakwatch.scanners.sieving.sieve import Candidate

_MARKING = re.compile(
    r"(?:(?:里头|里面|上面|属于)是?|(?:标|定|写|印|打|注|盖|敲|密级|级别|顶上|角上|上头)[的着了是成为个:\"“'「『【\[(\s]{0,3})$"
)
"""Said of what stands on the carrier: 封面标的机密10年."""
_DATED = re.compile(r"[12]\s?[09]\s?\d\s?\d")
_PAPER = re.compile(r"[这那几两三四五六七八九十\d一有]\s?[份件本页册张](?:是|为|属)?$")
_TALK = re.compile(r"[前后来了间里多内以之]|没|都|的时候|过去")
"""After a level and a term: 这个秘密三年了, 机密10年后解开."""
_CLOSING = re.compile(r"[)\]”\"'’」』]")


def _plain(candidate: Candidate, match: re.Match[str]) -> Signals:
    """机密10年 without a star: in a sentence a mark only after a word of marking, else a level and a time."""
    text = candidate.folded.text
    before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 4]
    around = text[max(0, match.start() - 14) : match.end() + 14]
    if match.group("term5") and len({level[0] for level in LEVELS.findall(around)}) > 1:
        return None  # 机密级保密期限20年，绝密级30年: what the law says
    is_closed = bool(match.group("term") or match.group("term3") or match.group("term5"))
    is_closed = is_closed or bool(_CLOSING.match(after))
    if not stands(candidate, match) or is_list(around) or (_TALK.match(after) and not is_closed):
        return None
    if before.endswith(OTHER_SECRETS):
        return None
    if match.group("term4"):  # 定的秘密，五年; 秘密级，五年; but not 守了这个秘密，10年没说
        is_graded = text.startswith("级", match.end("level"))
        return () if is_graded or _MARKING.search(before) else None
    is_borne = bool(BORNE.match(text, match.end()))
    is_set = is_closed or is_borne or not HAN.match(after) or candidate.piece.origin is Origin.FILENAME
    if is_closed or _MARKING.search(before) or not HAN.match(before[-1:]):
        return () if is_set else ("mark_in_sentence",)
    is_paper = bool(_PAPER.search(before))
    if match.group("level")[0] != "秘":
        return () if is_set or is_paper else ("mark_in_sentence",)
    # 秘密 is a word of every day: 守了这个秘密3年, but 那份秘密3年的材料
    if (is_paper and is_borne) or (is_set and _DATED.search(match.group())):
        return ()
    return ("mark_in_sentence",) if is_paper or is_borne or before.endswith("是") else None


PLAIN = (
    Form(
        grammar="mark.plain",
        pattern=re.compile(
            rf"(?P<level>{LEVEL})[级件]?(?:[(]\s*(?P<term>{PLAIN_TERM})\s*[)]|\s?[,、:]\s?(?P<term3>{PLAIN_TERM})(?=[)\]”\"』」])"
            rf"|[^\w\n]{{0,3}}?(?:保密期限?|期限|密期)[:为是]?\s?(?P<term5>{PLAIN_TERM})"
            rf"|[^\w\n★,、;。!?()]{{0,4}}?(?P<term2>{PLAIN_TERM})|\s?[,、]\s?(?P<term4>{PLAIN_TERM}))"
        ),
        fits=_plain,
    ),
)
