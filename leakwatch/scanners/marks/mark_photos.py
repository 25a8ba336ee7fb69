"""What a far-away or blurred photo leaves of a mark: doubtful, its level for a person to confirm."""

from __future__ import annotations

import re

from leakwatch.scanners.marks.mark_forms import (
    COPY,
    DOCUMENT_WORDS,
    URGENCY,
    Form,
    Signals,
    on_photo,
)
from leakwatch.scanners.marks.mark_places import at_head
from leakwatch.scanners.marks.mark_terms import BLURRED_TERM
from leakwatch.scanners.sieving.sieve import Candidate

# What PP-OCR and two other engines make of characters 8 to 12 px high (1,600 drawn lines and 250 pages).
_BLURRED_LEVEL = r"(?:[绝机秘][班图老出地度电知街径击南据衡费册概量宅]|[通格杨标相轮福特朳极楼经结统终]密)"


def _blurred_head(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level alone that a photo blurred, at the head of what is plainly a document."""
    signals = at_head(candidate, match) if on_photo(candidate, match) else None
    return signals if signals and "mark_documents" in signals else None


def _star_alone(candidate: Candidate, match: re.Match[str]) -> Signals:
    """Star and term, the level illegible, at the head of what is plainly a document."""
    words = len(set(DOCUMENT_WORDS.findall(candidate.folded.text[match.end() : match.end() + 300])))
    return on_photo(candidate, match) if words > 1 else None


DOUBTFUL = (
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{COPY}[^\S\n]*)?(?P<level>{_BLURRED_LEVEL})[^\n]{{0,2}}?(?P<term>{BLURRED_TERM})"
            rf"[^\S\n]*{URGENCY}?[^\S\n]*$",
            re.MULTILINE,
        ),
        is_doubtful=True,
        fits=on_photo,
    ),
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{COPY}[^\S\n]*)?(?P<level>[㐀-鿿]{{1,2}})[^\S\n]*★[^\S\n]*(?P<term>{BLURRED_TERM})"
            rf"[^\S\n]*{URGENCY}?[^\S\n]*$",
            re.MULTILINE,
        ),
        is_doubtful=True,
        fits=_star_alone,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(rf"^[^\S\n]*(?!机电)(?P<level>{_BLURRED_LEVEL})(?P<term>)[^\S\n]*$", re.MULTILINE),
        is_doubtful=True,
        fits=_blurred_head,
    ),
)
