"""Postings whose pictures or texts are alike enough to be of one document.

Only what is new is asked for, through indexes: 10,000 postings among 100,000 known ones take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leakwatch.images.prints import BITS
from leakwatch.spread.distinct import Distinct
from leakwatch.spread.forest import Edge, Forest
from leakwatch.spread.pictures import PictureIndex
from leakwatch.spread.postings import How, Posting
from leakwatch.spread.text_index import TextIndex
from leakwatch.spread.texts import Overlap, TextPrint, overlap

SURE_BITS = 16
"""Of 256: pictures as near as this show one page unless their words disagree."""
LEAST_GRAMS = 40
"""3-grams of a text that can speak for or against anything: an everyday sentence has fewer."""
_DISAGREE = 0.2
"""Share of the smaller text; unlike passages of one style share up to 0.26, most of them under 0.16."""
_AGREE = 0.4
"""Where one of the two was recognised: 0.44 is left with a tenth misread on both sides."""
_AGREE_TYPED = 0.9
"""Typed words are not misread: two notices of one pattern share two thirds, with a long admonition four fifths."""
_NEARLY_WHOLE = 0.6
"""Where one was recognised and all of it is in many texts: 0.7 at a twentieth misread on both sides."""
_LEAST_SHARED = 60
_MAIN = 0.8
"""Of the longest text of its matter: a shorter one may be a passage that others quote too."""


def alike_pictures(postings: Sequence[Posting], fresh: range) -> Iterator[Edge]:
    """Pictures that show one page, the nearest first."""
    pictures = Distinct([posting.picture for posting in postings], fresh)
    if not pictures.asked:
        return  # the index takes 17 MB, however few pictures it holds
    index = PictureIndex(pictures.prints)
    pairs = {(0, first, place) for first, place in pictures.equals}
    for picture, place in pictures.asked.items():
        for found, bits in index.near(picture).items():
            other = pictures.owners[found]
            if other != place:
                pairs.add((bits, min(place, other), max(place, other)))
    for bits, one, other in sorted(pairs):
        if _shows_one_page(postings[one], postings[other], bits):
            yield Edge(one, other, How.PICTURE, f"相似度{1 - bits / BITS:.0%}")


def _shows_one_page(one: Posting, other: Posting, bits: int) -> bool:
    if one.numbers and other.numbers and one.numbers.isdisjoint(other.numbers):
        return False
    mine, theirs = _telling(one), _telling(other)
    if mine is None or theirs is None:
        return bits <= SURE_BITS
    return overlap(mine, theirs).of_smaller >= (_DISAGREE if bits <= SURE_BITS else _AGREE)


def alike_texts(postings: Sequence[Posting], fresh: range, forest: Forest) -> Iterator[Edge]:
    """Texts that are one, each with the one longer text that holds most of it; the most alike first."""
    texts = Distinct([_telling(posting) for posting in postings], fresh)
    for first, place in texts.equals:
        yield Edge(first, place, How.TEXT, "全文相同")
    scale = _Scale(postings, texts, forest)
    best: dict[int, tuple[int, float, Edge]] = {}
    for text, place in texts.asked.items():
        for found in scale.index.candidates(text):
            pair = scale.pair(place, texts.owners[found])
            if pair is not None and pair[:2] > best.get(pair[2].one, (0, 0.0))[:2]:
                best[pair[2].one] = pair
    for *_, edge in sorted(best.values(), key=lambda pair: (-pair[0], -pair[1], pair[2].one)):
        yield edge


class _Scale:
    """Whether two texts are one, weighed against all that there are."""

    def __init__(self, postings: Sequence[Posting], texts: Distinct[TextPrint], forest: Forest) -> None:
        self._postings = postings
        self._texts = dict(zip(texts.owners, texts.prints, strict=True))
        self._texts |= {place: text for text, place in texts.asked.items()}
        self._roots = {place: forest.root(place) for place in self._texts}
        self.index = TextIndex(texts.prints, [self._roots[place] for place in texts.owners])
        self._longest: dict[int, int] = {}
        for text, place in zip(texts.prints, texts.owners, strict=True):
            root = self._roots[place]
            self._longest[root] = max(text.grams, self._longest.get(root, 0))

    def pair(self, one: int, other: int) -> tuple[int, float, Edge] | None:
        """How much they share, and the edge from the smaller text to the larger; None for two texts."""
        if self._roots[one] == self._roots[other]:
            return None
        smaller, larger = sorted((one, other), key=lambda place: (self._texts[place].grams, -place))
        whole = overlap(self._texts[smaller], self._texts[larger])
        if not self._is_one(smaller, larger, whole):
            return None
        edge = Edge(smaller, larger, How.TEXT, f"共同部分{whole.of_smaller:.0%}")
        return whole.grams, whole.of_larger, edge

    def _is_one(self, smaller: int, larger: int, whole: Overlap) -> bool:
        is_read = self._postings[smaller].is_recognised or self._postings[larger].is_recognised
        least = _AGREE if is_read else _AGREE_TYPED
        if min(whole.of_smaller, whole.of_larger) >= (_NEARLY_WHOLE if is_read else least):
            return True
        text = self._texts[smaller]
        if whole.of_smaller < least or text.grams < _MAIN * self._longest[self._roots[smaller]]:
            return False
        rare = overlap(text, self._texts[larger], self.index.common(text))
        return rare.of_smaller >= least and rare.grams >= _LEAST_SHARED


def _telling(posting: Posting) -> TextPrint | None:
    """Its text, where that is long enough to tell it from others."""
    return posting.text if posting.text is not None and posting.text.grams >= LEAST_GRAMS else None
