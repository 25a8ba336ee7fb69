"""Which cues around a hit speak for a harmless matter: a lesson, a game, something public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from leakwatch.cues import Span, Surroundings
from leakwatch.model import Hit, Kind, Origin, Window
from leakwatch.text import tight

READ = frozenset({Origin.OCR, Origin.DOCUMENT, Origin.IMAGE})
"""Text of a page, not said by anybody."""
_SPECIMENS_FLOOR = 3
"""Teaching words that a page needs before a mark on a line of its own counts as a specimen."""
_SENTENCE_ENDS = "\n。！？!?；;"
_CLAUSE_ENDS = _SENTENCE_ENDS + "，,"
_LONGEST_WORD = 8
"""Characters of a word that a hit may be part of."""
_WORK_MARK = "mk.work"
"""内部资料 注意保存 above a paper full of 一律 and 不得 is its head as much as a mark with a star."""
_TOLD = frozenset({"pd.health", "pd.case"})
"""Their hits reach from the person to the illness or deed, over words that may speak of a book or a lesson."""


def lowering(hit: Hit, windows: Iterable[Window], here: Surroundings) -> Iterator[Window]:
    """The cues that lower the hit, heaviest first; a word that several of them know speaks for one."""
    found = [(window, _words(window, hit, here)) for window in windows]
    is_single = len(_longest({word for _, words in found for word in words})) == 1
    spent: set[str] = set()
    for window, words in sorted(found, key=lambda one: one[0].weight):
        is_aside = is_single and words <= window.loose and _is_by_the_way(window, hit, here)
        if len(words) >= window.least and words - spent and not is_aside:
            spent |= words
            yield window


def sides(window: Window, hit: Hit) -> tuple[Span, Span]:
    """What stands before and after; the hit's own words raise nothing: 内部文件不得外传 must not raise itself."""
    return (max(0, hit.start - window.within), hit.start), (hit.end, hit.end + window.within)


def _words(window: Window, hit: Hit, here: Surroundings) -> set[str]:
    """The words and turns of the cue that are to be taken for it; not one alone in another sentence than a mark."""
    if (hit.is_formal or hit.rule.category == _WORK_MARK) and _stands_on_own_line(hit):
        words = {word for _, word in here.words(window, 0, here.length)}
        floor = _SPECIMENS_FLOOR if hit.piece.origin in READ else _SPECIMENS_FLOOR - 1
        return words if len(words) >= floor else set()
    words = set(_said(window, hit, here))
    is_elsewhere = hit.is_formal and len(words) == 1 and not _is_beside(window, hit, here, _SENTENCE_ENDS)
    return set() if is_elsewhere else words


def _longest(words: set[str]) -> set[str]:
    """Without those that are part of another: 我妈 and 妈 are one word."""
    return {word for word in words if not any(word != other and word in other for other in words)}


def _is_by_the_way(window: Window, hit: Hit, here: Surroundings) -> bool:
    """Whether a loose word is no objection: who also talks of the children or of lunch shows a mark all the same."""
    is_sure = hit.is_formal or (hit.rule.kind is Kind.DOCNUMBER and not hit.is_doubtful)
    return is_sure or not _is_beside(window, hit, here, _CLAUSE_ENDS)


def _is_beside(window: Window, hit: Hit, here: Surroundings, ends: str) -> bool:
    """Whether the cue stands in the hit's own clause or sentence, by what ends one, or the hit in one of its words."""
    text = hit.piece.text
    first = max(text.rfind(end, 0, hit.start) for end in ends) + 1
    last = min((place for end in ends if (place := text.find(end, hit.end)) != -1), default=len(text))
    around = (max(first, hit.start - window.within), min(last, hit.end + window.within))
    return here.holds(window, *around) or any(_over(window, hit, here))


def _said(window: Window, hit: Hit, here: Surroundings) -> Iterator[str]:
    """Every word of the cue around the hit, over it and, where that tells a deed, in it."""
    hushing = [other for other in hit.rule.near if other.hushes]
    own = [(hit.start, hit.end)] if hit.rule.category in _TOLD else []
    for side in (*sides(window, hit), *own):
        yield from _alone(window, hushing, here, side)
    yield from _over(window, hit, here)


def _over(window: Window, hit: Hit, here: Surroundings) -> Iterator[str]:
    """The words of a cue that the hit is only part of: 中标 in 中标公告."""
    quote = tight(hit.quote).text
    if len(quote) < _LONGEST_WORD:
        for _, word in here.words(window, max(0, hit.start - _LONGEST_WORD), hit.end + _LONGEST_WORD):
            if quote in word and word != quote:
                yield word


def _alone(window: Window, hushing: Sequence[Window], here: Surroundings, side: Span) -> Iterator[str]:
    """The words of a cue that stand on their own; the longer span wins: 还没公示 is not 公示."""
    found = list(here.words(window, *side))
    longer = [span for other in hushing for span in here.between(other, *side)] if found else []
    for (start, end), word in found:
        if not any(first <= start and end <= last and last - first > end - start for first, last in longer):
            yield word


def _stands_on_own_line(hit: Hit) -> bool:
    text = hit.piece.text
    line = text[text.rfind("\n", 0, hit.start) + 1 : hit.end] + text[hit.end :].partition("\n")[0]
    return len(line.strip()) <= len(hit.quote) + 8
