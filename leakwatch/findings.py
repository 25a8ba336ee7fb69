"""Hit → Finding: weigh each hit by its surroundings, merge what is the same fact, say what is to happen.

All weights are additive and each is listed with its reason. Surroundings never cancel a formal mark or a
checked number: they lower it to review at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from leakwatch.cues import Surroundings
from leakwatch.lowering import READ, lowering, sides
from leakwatch.model import Finding, Hit, Kind, Level, Mode, Origin, Outcome, TextPiece, Window, digest
from leakwatch.text import tight

LEAD = 0.75
REVIEW = 0.45
_NEIGHBOUR_SHARE = 0.8
"""What a cue in a neighbouring message counts, against one in the same message."""
_LISTED = 1 << 12
_ROSTER = "pd.roster"
_NUMBERS = frozenset({"pd.id", "pd.bank", "pd.phone", _ROSTER})
_SENTENCES = frozenset({"mk.cue.pictured"})
"""Their hits are whole sentences, whose words say what is meant."""
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


def weigh(hit: Hit, here: Surroundings, there: Surroundings | None) -> Weighed:
    """The hit after its surroundings are weighed.

    here: the text it stands in; there: what the same sender said and posted within minutes, if anything.
    """
    near, unless = here.among(hit.rule.near, there), here.among(hit.rule.unless)
    raised = [(window, share) for window in near if (share := _share(window, hit, here, there))]
    lowered = list(lowering(hit, unless, here))
    listed = (
        *((signal.why, signal.weight) for signal in hit.signals),
        *((window.why, window.weight * share) for window, share in raised),
        *((window.why, window.weight) for window in lowered),
    )
    score = hit.rule.score + sum(weight for _, weight in listed)
    reasons = [_based(hit.reason, hit.rule.score), *(_listed(why, weight) for why, weight in listed)]
    is_plain = any(window.hushes for window, _ in raised) and not lowered
    for bound, why in _bounds(hit, score, is_plain):
        score = bound
        reasons.append(why)
    return Weighed(hit=hit, score=round(min(1.0, max(0.0, score)), 4), reasons=tuple(reasons))


@lru_cache(maxsize=_LISTED)
def _listed(why: str, weight: float) -> str:
    """One string for all hits that have it: a big export has a hundred thousand of them."""
    return f"{why}（{weight:+.2f}）"


@lru_cache(maxsize=_LISTED)
def _based(why: str, score: float) -> str:
    return f"{why}（{score:.2f}）"


def _bounds(hit: Hit, score: float, is_plain: bool) -> Iterator[tuple[float, str]]:
    """What no sum may pass, each with its sentence; the last one counts.

    is_plain: a hush or “not public yet” stands near, and nothing that speaks for a harmless matter.
    """
    if score >= LEAD and hit.rule.kind is Kind.WORKSECRET and not is_plain:
        yield LEAD - 0.01, "没有尚未公开或要求保密的说法，或另有公开、私事等说法，最高列为待核"
    if score >= LEAD and hit.rule.category == "mk.cue":
        yield LEAD - 0.01, "只有勿外传一类的话，最高列为待核"
    if score >= LEAD and hit.is_doubtful:
        yield LEAD - 0.01, "写法只能算疑似，最高列为待核"
    if hit.is_formal and score < REVIEW:
        yield REVIEW, "正式标志或校验相符的号码，最低列为待核"
    if hit.rule.mode is Mode.SHADOW:
        yield 0.0, "试行规则，只计数"


def merge(weighed: Iterable[Weighed]) -> tuple[Finding, ...]:
    """One finding a fact, gravest first; its hits are all the places where it stands."""
    groups: dict[str, list[Weighed]] = defaultdict(list)
    kept = list(_strongest(weighed))
    ids = [_id(one.hit) for one in kept]
    quoting = [one.hit.piece.origin is Origin.QUOTE for one in kept]
    said: dict[tuple[str, str, str], str] = {}
    for one, id_ in zip(kept, ids, strict=True) if any(quoting) else ():
        if one.hit.piece.origin is Origin.MESSAGE:
            said.setdefault(_saying(one), id_)
    for one, id_, is_quote in zip(kept, ids, quoting, strict=True):
        groups[said.get(_saying(one), id_) if is_quote else id_].append(one)
    documents = _documents(kept)
    findings = [_finding(key, group, documents) for key, group in groups.items()]
    return tuple(sorted(_without_doubles(list(_with_pictures(findings))), key=_gravity))


def _with_pictures(findings: Sequence[Finding]) -> Iterator[Finding]:
    """A red head or seal is part of the lead that is read on the same picture."""
    led = {
        hit.piece.evidence.sha256
        for finding in findings
        if finding.outcome is Outcome.LEAD and finding.rule.kind in (Kind.MARKING, Kind.DOCNUMBER)
        for hit in finding.hits
        if hit.piece.origin is Origin.OCR
    }
    for finding in findings:
        is_led = any(hit.piece.evidence.sha256 in led for hit in finding.hits)
        if finding.rule.kind is Kind.IMAGE and finding.outcome is Outcome.REVIEW and is_led:
            why = "同一图片上读出密级标志或涉密文号，一并列为线索"
            yield replace(finding, outcome=Outcome.LEAD, reasons=(*finding.reasons, why))
        else:
            yield finding


def _without_doubles(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What another finding on the same carrier says already is only noted.

    Work secrets beside a state mark: 工作秘密制度 二（二）1 excludes what is a state secret.  A carrier that
    touches two categories of work secrets is one matter, of the heavier category.  “Do not pass it on” beside
    any lead: it was weighed there.
    """
    shown = sorted((one for one in findings if one.outcome is not Outcome.NOTE), key=_gravity)
    leads = [finding for finding in shown if finding.outcome is Outcome.LEAD]
    marked = {_whole(finding.hits[0].piece) for finding in leads if finding.rule.category == "mk.state"}
    led = {finding.id: _whole(finding.hits[0].piece) for finding in leads}
    works = {one.id: _whole(one.hits[0].piece) for one in shown if one.rule.kind is Kind.WORKSECRET}
    heaviest = {whole: finding_id for finding_id, whole in reversed(works.items())}
    taken = {*led.values(), *works.values()}
    for finding in findings:
        work = works.get(finding.id)
        is_cue = finding.rule.category == "mk.cue" and finding.id not in led
        if work in marked:
            yield _noted(finding, "同一载体已有国家秘密标志，按国家秘密处理")
        elif work is not None and heaviest[work] != finding.id:
            yield _noted(finding, "同一消息或文件已按另一类工作秘密列出")
        elif is_cue and _whole(finding.hits[0].piece) in taken:
            yield _noted(finding, "同一消息已另行列出，勿外传的说法已计入")
        else:
            yield finding


def _noted(finding: Finding, why: str) -> Finding:
    return replace(finding, outcome=Outcome.NOTE, reasons=(*finding.reasons, why))


def _finding(key: str, group: list[Weighed], documents: Mapping[str, str]) -> Finding:
    best = max(group, key=lambda one: one.score)
    first, whole = best.hit, _whole(best.hit.piece)
    levels = [one.hit.level for one in group if one.hit.level]
    return Finding(
        id=key,
        rule=first.rule,
        level=min(levels, key=_LEVELS.index) if levels else None,
        score=best.score,
        outcome=best.outcome,
        document=first.document or documents.get(whole, whole),
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


def _strongest(weighed: Iterable[Weighed]) -> Iterator[Weighed]:
    """Without hits that a stronger one of the same sort covers in the same piece; a roster covers its rows.

    Not where a row must be reported and the roster not: a list of contacts, one of them a complainant's.
    """
    for _, group in groupby(weighed, key=lambda one: id(one.hit.piece)):  # hits of a piece come in a row
        within = list(group)
        yield from within if len(within) == 1 else _strongest_within(within)


def _strongest_within(weighed: Sequence[Weighed]) -> list[Weighed]:
    kept: dict[tuple[Kind, str], list[Weighed]] = defaultdict(list)
    chosen: set[int] = set()
    for one in sorted(weighed, key=_precedence):
        rule = one.hit.rule
        is_apart = rule.kind in (Kind.PERSONAL, Kind.WORKSECRET) and rule.category not in _NUMBERS
        rivals = kept[rule.kind, rule.category if is_apart else ""]
        if not any(_overlap(one.hit, rival.hit) for rival in rivals):
            rivals.append(one)
            chosen.add(id(one))
    return [one for one in weighed if id(one) in chosen]


def _precedence(one: Weighed) -> tuple[bool, bool, float]:
    return (one.outcome is not Outcome.LEAD, one.hit.rule.category != _ROSTER, -one.score)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _carrier(piece: TextPiece) -> str:
    """What bears the text: the message, or the file by its hash."""
    if piece.message is not None and piece.origin not in READ:
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


def _share(window: Window, hit: Hit, here: Surroundings, there: Surroundings | None) -> float:
    """1 for a cue beside the hit, less for one in a neighbouring message, 0 for none."""
    own = [(hit.start, hit.end)] if hit.rule.id in _SENTENCES else []
    if any(here.holds(window, *side) for side in (*sides(window, hit), *own)):
        return 1.0
    return _NEIGHBOUR_SHARE if there and there.has(window) else 0.0
