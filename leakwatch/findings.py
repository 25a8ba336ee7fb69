"""Hit → Finding: weigh each hit by its surroundings, merge what is the same fact, say what is to happen.

All weights are additive and each is listed with its reason. Surroundings never cancel a formal mark or a
checked number: they lower it to review at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from leakwatch.model import Finding, Hit, Kind, Level, Origin, Outcome, TextPiece, Window, digest
from leakwatch.text import tight

LEAD = 0.75
REVIEW = 0.45
_NEIGHBOUR_SHARE = 0.8
"""What a cue in a neighbouring message counts, against one in the same message."""
_SPECIMENS_FLOOR = 3
"""Teaching words that a page needs before a mark on a line of its own counts as a specimen."""
_SHORT = 2
_HUSH = 0.2
"""A window of that weight says “not public yet” or “keep it quiet”; a work secret needs one to be a lead."""
_ROSTER = "pd.roster"
_NUMBERS = frozenset({"pd.id", "pd.bank", "pd.phone", _ROSTER})
_READ = frozenset({Origin.OCR, Origin.DOCUMENT})
_OUTCOMES = tuple(Outcome)
_LEVELS = tuple(Level)
_KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A hit with its final score and the reasons for it."""

    hit: Hit
    score: float
    reasons: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """What is to happen with it on its own."""
        if self.score >= LEAD:
            return Outcome.LEAD
        return Outcome.REVIEW if self.score >= REVIEW else Outcome.NOTE


def weigh(hit: Hit, neighbours: str) -> Weighed:
    """The hit after its surroundings are weighed.

    neighbours: what the same sender said and posted within minutes, joined by line breaks.
    """
    score, reasons = hit.score, [f"{hit.reason}（{hit.score:.2f}）"]
    is_hushed = hit.rule.kind is not Kind.WORKSECRET
    for window in hit.rule.near:
        share = _share(window, hit, neighbours)
        if share:
            is_hushed |= window.weight >= _HUSH
            score += window.weight * share
            reasons.append(f"{window.why}（{window.weight * share:+.2f}）")
    raising = tuple(term for window in hit.rule.near for term in window.terms if len(term) > _SHORT)
    for window in hit.rule.unless:
        if _lowers(window, hit, raising):
            score += window.weight
            reasons.append(f"{window.why}（{window.weight:+.2f}）")
    if score >= LEAD and not is_hushed:
        score = LEAD - 0.01
        reasons.append("没有尚未公开或要求保密的说法，最高列为待核")
    if hit.is_formal and score < REVIEW:
        score = REVIEW
        reasons.append("正式标志或校验相符的号码，最低列为待核")
    return Weighed(hit=hit, score=round(min(1.0, max(0.0, score)), 4), reasons=tuple(reasons))


def merge(weighed: Iterable[Weighed]) -> tuple[Finding, ...]:
    """One finding a fact, gravest first; its hits are all the places where it stands."""
    groups: dict[str, list[Weighed]] = defaultdict(list)
    kept = _strongest(list(weighed))
    said: dict[tuple[str, str, str], str] = {}
    for one in kept:
        if one.hit.piece.origin is Origin.MESSAGE:
            said.setdefault(_saying(one), _id(one.hit))
    for one in kept:
        is_quote = one.hit.piece.origin is Origin.QUOTE
        groups[said.get(_saying(one), "") if is_quote and _saying(one) in said else _id(one.hit)].append(one)
    documents = _documents(kept)
    findings = [_finding(key, group, documents) for key, group in groups.items()]
    return tuple(sorted(_without_doubles(findings), key=_gravity))


def _without_doubles(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What a lead on the same carrier says already is only noted.

    Work secrets beside a state mark: 工作秘密制度 二（二）1 excludes what is a state secret.  “Do not pass it
    on” beside any lead: it was weighed there.
    """
    leads = [finding for finding in findings if finding.outcome is Outcome.LEAD]
    marked = {_whole(finding.hits[0].piece) for finding in leads if finding.rule.category == "mk.state"}
    led = {_whole(finding.hits[0].piece) for finding in leads}
    for finding in findings:
        whole = _whole(finding.hits[0].piece)
        if finding.rule.kind is Kind.WORKSECRET and whole in marked:
            yield _noted(finding, "同一载体已有国家秘密标志，按国家秘密处理")
        elif finding.rule.category == "mk.cue" and finding.outcome is Outcome.REVIEW and whole in led:
            yield _noted(finding, "同一消息已有线索，勿外传的说法已计入")
        else:
            yield finding


def _noted(finding: Finding, why: str) -> Finding:
    return replace(finding, outcome=Outcome.NOTE, reasons=(*finding.reasons, why))


def _finding(key: str, group: list[Weighed], documents: Mapping[str, str]) -> Finding:
    best = max(group, key=lambda one: one.score)
    first = best.hit
    levels = [one.hit.level for one in group if one.hit.level]
    return Finding(
        id=key,
        rule=first.rule,
        level=min(levels, key=_LEVELS.index) if levels else None,
        score=best.score,
        outcome=best.outcome,
        document=first.document or documents.get(_whole(first.piece), _whole(first.piece)),
        reasons=best.reasons,
        hits=(first, *(one.hit for one in group if one is not best)),
    )


def _documents(weighed: Sequence[Weighed]) -> dict[str, str]:
    """Carrier → the document number that stands on it first: what counts as one 件."""
    documents: dict[str, str] = {}
    for one in weighed:
        if one.hit.rule.kind is Kind.DOCNUMBER:
            documents.setdefault(_whole(one.hit.piece), one.hit.document)
    return documents


def _strongest(weighed: list[Weighed]) -> list[Weighed]:
    """Without hits that a stronger one of the same sort covers in the same piece; a roster covers its rows."""
    kept: dict[tuple[int, Kind, str], list[Weighed]] = defaultdict(list)
    chosen: set[int] = set()
    for one in sorted(weighed, key=lambda one: (one.hit.rule.category != _ROSTER, -one.score)):
        rule = one.hit.rule
        is_apart = rule.kind in (Kind.PERSONAL, Kind.WORKSECRET) and rule.category not in _NUMBERS
        rivals = kept[id(one.hit.piece), rule.kind, rule.category if is_apart else ""]
        if not any(_overlap(one.hit, rival.hit) for rival in rivals):
            rivals.append(one)
            chosen.add(id(one))
    return [one for one in weighed if id(one) in chosen]


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _carrier(piece: TextPiece) -> str:
    """What bears the text: the message, or the file by its hash."""
    if piece.message is not None and piece.origin not in _READ:
        return piece.message.key
    return piece.evidence.sha256


def _whole(piece: TextPiece) -> str:
    """What counts as one 件: ten marked pages of a scanned document are one."""
    return piece.whole or _carrier(piece)


def _id(hit: Hit) -> str:
    return digest(hit.rule.category, _carrier(hit.piece), tight(hit.quote).text or hit.quote)


def _saying(one: Weighed) -> tuple[str, str, str]:
    """Rule family, chat and words: a quote of a message that was found itself is no second fact."""
    message = one.hit.piece.message
    return (one.hit.rule.category, message.chat.name if message else "", tight(one.hit.quote).text)


def _gravity(finding: Finding) -> tuple[int, int, int, float, str]:
    level = _LEVELS.index(finding.level) if finding.level else len(_LEVELS)
    kind = _KINDS.index(finding.rule.kind)
    return (_OUTCOMES.index(finding.outcome), level, kind, -finding.score, finding.id)


def _share(window: Window, hit: Hit, neighbours: str) -> float:
    """1 for a cue beside the hit, less for one in a neighbouring message, 0 for none."""
    if _is_near(window, hit):
        return 1.0
    return _NEIGHBOUR_SHARE if neighbours and _cue(window.terms).search(tight(neighbours).text) else 0.0


def _lowers(window: Window, hit: Hit, raising: tuple[str, ...]) -> bool:
    if hit.is_formal and _stands_on_own_line(hit):
        words = set(_cue(window.terms).findall(tight(hit.piece.text).text))
        return len(words) >= (_SPECIMENS_FLOOR if hit.piece.origin in _READ else _SPECIMENS_FLOOR - 1)
    pattern = _cue(window.terms)
    for side in _sides(window, hit):
        # The longer span wins: 还没公示 is not 公示.
        said = _cue(raising).sub("\n", side) if raising else side
        if pattern.search(said):
            return True
    return False


def _is_near(window: Window, hit: Hit) -> bool:
    pattern = _cue(window.terms)
    return any(pattern.search(side) for side in _sides(window, hit))


def _sides(window: Window, hit: Hit) -> tuple[str, str]:
    """What stands before and after; the hit's own words raise nothing: 内部文件不得外传 must not raise itself."""
    text = hit.piece.text
    before = text[max(0, hit.start - window.within) : hit.start]
    after = text[hit.end : hit.end + window.within]
    return tight(before).text, tight(after).text


def _stands_on_own_line(hit: Hit) -> bool:
    text = hit.piece.text
    line = text[text.rfind("\n", 0, hit.start) + 1 : hit.end] + text[hit.end :].partition("\n")[0]
    return len(line.strip()) <= len(hit.quote) + 8


@cache
def _cue(terms: tuple[str, ...]) -> re.Pattern[str]:
    folded = sorted({tight(term).text for term in terms} - {""}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, folded)))
