"""Whether a mark still stands: 密级变更 strikes the old one out, 解密 lifts it."""

from __future__ import annotations

import re

from leakwatch.scanners.marks.mark_forms import LEVEL, is_page
from leakwatch.scanners.sieving.sieve import Candidate

_LIFTED = re.compile(r"(?:已经?|已被|予以|自动|正式|盖了?)[“\"']?(?:解密|解除|降密)|解密[章戳]|已解|降为")
_LIFTED_STAMP = re.compile(
    r"^[^\S\n]*(?:已|予以)?(?:解\s?密|解除密级)(?:章|日期[^\n]{0,16})?[^\S\n]*$", re.MULTILINE
)
_CHANGED = re.compile(rf"[^\n。!?]{{0,16}}?(?:改|变更|调整|降|升|划|>|→|➡|=)[^\n。!?]{{0,8}}?{LEVEL}")
_AROUND_LIFTED = 24
_AROUND_STAMP = 300


def standing(candidate: Candidate, match: re.Match[str]) -> tuple[str, ...]:
    """Whether the mark was lifted or replaced by another level, as far as the text beside it says so."""
    text = candidate.folded.text
    if _CHANGED.match(text, match.end()):
        return ("mark_changed",)
    near = text[max(0, match.start() - _AROUND_LIFTED) : match.end() + _AROUND_LIFTED]
    head = text[max(0, match.start() - _AROUND_STAMP) : match.end() + _AROUND_STAMP]
    is_lifted = _LIFTED.search(near) or (is_page(candidate) and _LIFTED_STAMP.search(head))
    return ("mark_lifted",) if is_lifted else ()
