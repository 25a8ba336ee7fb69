"""Classification marks by their forms, and words that call a carrier classified or not to be passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from leakwatch.model import SHANGHAI, Hit, Kind, Level, Mark, Origin, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.marks.mark_boxes import BOXES
from leakwatch.scanners.marks.mark_changes import standing
from leakwatch.scanners.marks.mark_forms import LEVEL, STARRED, Form
from leakwatch.scanners.marks.mark_photos import DOUBTFUL
from leakwatch.scanners.marks.mark_places import PLACES, POINTS
from leakwatch.scanners.marks.mark_plain import PLAIN
from leakwatch.scanners.marks.mark_terms import MAXIMUM_YEARS, TERM, read
from leakwatch.scanners.sieving.sieve import Candidate, hit
from leakwatch.scanners.words.borders import is_inside

_LEVELS = tuple(Level)
# The first character decides, but for 密 read right after a character that a photo blurred.
_FIRST = {
    **dict.fromkeys("绝绐通结统终", Level.JUEMI),
    **dict.fromkeys("机杌朹杋枊朳", Level.JIMI),
    **dict.fromkeys("秘袐泌祕格杨标相轮福特极楼经", Level.MIMI),
    "工": Level.WORK,
    "内": Level.INTERNAL,
}
_WRITTEN = frozenset({"mk.work", "mk.nopub"})
_CARRIERS = frozenset({Origin.OCR, Origin.DOCUMENT, Origin.FILENAME})
_PAGE = 4000
"""Characters below a mark that are searched for the day of issue."""
_COMMERCIAL_TALK = r"(?:管理|保护|制度|办法|认定|定密|人员|岗位|培训|的定义|的范围|的?区别|[和与跟][核普]|是什么|怎么|有哪些)"


def _is_boxed(match: re.Match[str]) -> bool:
    """【核心商密】: a label, not the words."""
    text = match.string
    return text[: match.start()].endswith(("[", "(")) and text.startswith(("]", ")"), match.end())


_COMMERCIAL = Form(
    grammar="mark.commercial",
    pattern=re.compile(
        rf"(?P<level>核\s?心\s?商\s?密|普\s?通\s?商\s?密|商业[秘机]密(?=[^\w\n]{{0,2}}?[▲△★◆·*][^\w\n]{{0,2}}?(?:{TERM})))"
        rf"(?!{_COMMERCIAL_TALK})(?:[^\w\n]{{0,4}}(?P<term>{TERM}))?"
    ),
    fits=lambda _, match: () if match.group("term") or _is_boxed(match) else ("mark_commercial_bare",),
)
_FORMS = (*BOXES, *STARRED, *POINTS, *PLAIN, *PLACES, *DOUBTFUL, _COMMERCIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A form with its rule and the place where it fits."""

    form: Form
    rule: Rule
    match: re.Match[str]
    signals: tuple[str, ...]

    @property
    def level(self) -> Level | None:
        """As marked; None where a photo blurred it."""
        return self.rule.level or _FIRST.get(self.match.group("level")[0])

    @property
    def term(self) -> str:
        """As marked, empty for a level alone."""
        groups = self.match.groupdict()
        terms = (groups.get(name) for name in ("term", "term2", "term3", "term4", "term5"))
        return next(filter(None, terms), "")


class Marks:
    """Finds marks by their grammar and the marking rules by their terms and patterns."""

    grammars: tuple[re.Pattern[str], ...] = tuple(form.pattern for form in _FORMS)

    triggers: tuple[str, ...] = (
        *(
            "绝密",
            "机密",
            "秘密",
            "密级",
            "涉密",
            "密件",
            "密别",
            "商密",
            "商业秘密",
            "商业机密",
            "工作秘密",
            "内部",
            "不公开",
            "予公开",
            "发至",
        ),
        *(
            "封面",
            "封皮",
            "首页",
            "左上",
            "右上",
            "眉头",
            "抬头",
            "页眉",
            "带星",
            "颗星",
            "五角星",
            "戳",
            "盖章",
        ),
        *("看完", "阅后", "看过", "别存", "不要存", "撤", "过期不候", "老规矩", "老办法", "档", "开头的"),
    )

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._forms = tuple((form, book.grammar(form.grammar)) for form in _FORMS)
        self._shapes = frozenset(form.pattern.pattern for form in _FORMS)
        self._compounds = book.cues["compound"].terms
        self._borne = book.signal("mark_borne")
        self._said = tuple(rule for rule in book.of_kind(Kind.MARKING) if rule.pattern and not rule.grammar)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Marks, words that call a carrier classified, and cues not to pass on."""
        yield from _ranked([self._as_hit(candidate, seen) for seen in self._seen(candidate)])
        yield from self._sayings(candidate)
        for found in candidate.terms:
            if found.rule.kind == Kind.MARKING and not found.rule.pattern:
                yield hit(found, candidate.piece, f"出现“{found.term}”（{found.rule.name}）")

    def _seen(self, candidate: Candidate) -> Iterator[_Seen]:
        if self._shapes.isdisjoint(candidate.possible):
            return
        taken = bytearray(len(candidate.folded.text))
        forms = ((form, rule) for form, rule in self._forms if form.pattern.pattern in candidate.possible)
        for form, rule in forms:
            for match in form.pattern.finditer(candidate.folded.text):
                if 1 in taken[match.start() : match.end()]:
                    continue
                signals = form.fits(candidate, match)
                if signals is None:
                    continue
                seen = _Seen(form=form, rule=rule, match=match, signals=signals)
                is_whole = "★" in match.group() or form is _COMMERCIAL
                if is_whole or not self._is_compound(candidate, seen):
                    taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                    yield seen

    def _is_compound(self, candidate: Candidate, seen: _Seen) -> bool:
        return is_inside(candidate.folded.text, seen.match.span("level"), self._compounds)

    def _as_hit(self, candidate: Candidate, seen: _Seen) -> Hit:
        match, level, is_doubtful = seen.match, seen.level, seen.form.is_doubtful
        start = match.start("level") if seen.rule.grammar in ("mark.label", "mark.head") else match.start()
        raw_start, raw_end = candidate.folded.span(start, match.end())
        mark = _dated(
            candidate, read(seen.term, level, candidate.folded.text[match.end() : match.end() + _PAGE])
        )
        if seen.rule.grammar == "mark.workstar":
            mark = _with_anomaly(mark, "工作秘密不应使用★和密级期限，标注有误")
        signals = (*seen.signals, *standing(candidate, match))
        return Hit(
            rule=seen.rule,
            piece=candidate.piece,
            start=raw_start,
            end=raw_end,
            reason=_reason(seen.rule, level, mark)
            + ("；照片上认不准，密级待人工确认" if is_doubtful else ""),
            signals=tuple(map(self._book.signal, signals)),
            # 通 is as often another character as a blurred 绝: the gravest level is for a person to say.
            level=None if is_doubtful and level is Level.JUEMI else level,
            mark=mark,
            is_formal=seen.form.is_formal,
            is_doubtful=is_doubtful,
        )

    def _sayings(self, candidate: Candidate) -> Iterator[Hit]:
        said = self._said if candidate.possible else ()
        for rule in (rule for rule in said if rule.pattern in candidate.possible):
            found = candidate.search(*candidate.possible[rule.pattern])
            if found is None:
                continue
            start, end, words = found
            level = re.search(LEVEL, words)
            is_said = rule.category == "mk.said"
            yield Hit(
                rule=rule,
                piece=candidate.piece,
                start=start,
                end=end,
                reason=f"文字{'称所说的材料涉密，' if is_said else ''}属于“{rule.name}”",
                signals=(self._borne,) if _is_borne(candidate, rule) else (),
                level=_FIRST[level.group()[0]] if is_said and level else rule.level,
            )


def _is_borne(candidate: Candidate, rule: Rule) -> bool:
    """Whether the words stand on the carrier itself and are not only said of it."""
    return rule.category in _WRITTEN and candidate.piece.origin in _CARRIERS


def _ranked(hits: list[Hit]) -> list[Hit]:
    """The hits; where one carrier bears several levels, the gravest says so."""
    levels = sorted(
        {one.level for one in hits if one.is_formal and one.level in MAXIMUM_YEARS}, key=_LEVELS.index
    )
    if len(levels) < 2:
        return hits
    why = f"同一载体上有{'、'.join(levels)}几种密级，按最高的{levels[0]}计"
    return [
        replace(one, mark=_with_anomaly(one.mark, why), reason=f"{one.reason}；{why}")
        if one.mark and one.is_formal and one.level is levels[0]
        else one
        for one in hits
    ]


def _dated(candidate: Candidate, mark: Mark) -> Mark:
    """The mark; one that had run out when the message was sent says so."""
    message = candidate.piece.message
    if mark.until is None or message is None or message.sent_at is None:
        return mark
    if message.sent_at.astimezone(SHANGHAI).date() <= mark.until:
        return mark
    return _with_anomaly(mark, f"按所标期限已于{mark.until:%Y-%m-%d}届满，须核实是否已解密")


def _with_anomaly(mark: Mark, why: str) -> Mark:
    return replace(mark, anomalies=(*mark.anomalies, why))


def _reason(rule: Rule, level: Level | None, mark: Mark) -> str:
    said = f"{rule.name}：密级" + (f"“{level}”" if level else "不明")
    if mark.term:
        said += f"，期限“{mark.term}”"
    return "；".join((said, *mark.anomalies))
