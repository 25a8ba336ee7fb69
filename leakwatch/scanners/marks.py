"""Classification marks: level + separator + term, tables, heads, brackets, file names (domain: LAW 14, 20, 22).

A level standing in a sentence is no mark: 机密 occurs in real chat almost only in 手机密码 and film titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leakwatch.model import Hit, Kind, Level, Origin, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.borders import stands_alone
from leakwatch.scanners.sieve import Candidate, hit

_GAP = r"[^\w\n]{0,3}?"
_LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_YEARS = r"(?:[0-9loi〇]{1,2}|[一二两三四五六七八九十]{1,3})"
_TERM = (
    rf"(?:{_YEARS}\s*(?:年|个?\s*月)|长\s*期|(?:至\s*)?20\d\d\s*[年\-./]\s*\d{{1,2}}(?:\s*[月\-./]\s*\d{{1,2}}\s*日?)?"
    rf"|(?:启用|公布|公开|解密|实施|发布|宣布|开考|开标)[^\n]{{0,4}}?[前后]|解密条件)"
)
# What OCR engines and typists make of the star; most are common characters, so a term must follow.
_STAND_IN = r"[*※·•●◆▲△☼✱✳❋+x×\-~/|°女太大友妇文六犬娘雪广交立妈娄克去冯坟支充攵夫]"
_ITEM = r"(?:[(]?[\d一二三四五六七八九十]{1,3}[).、][^\S\n]*)"
_OTHER_SECRETS = ("商业", "工作", "国家", "个人", "技术")
_MAXIMUM_YEARS = {Level.JUEMI: 30, Level.JIMI: 20, Level.MIMI: 10}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ENUMERATION = re.compile(
    rf"{_LEVEL}[级★\d年长期]*\s*(?:[、/,或和及|\s]|以及|□|☐|★)+\s*(?:或|和|及)?\s*{_LEVEL}"
)
_DOCUMENT_WORDS = re.compile(
    r"关于|通知|请示|报告|方案|纪要|通报|预案|意见|批复|计划|简报|专报|名单|部署|文件|号|办公室|委员会|人民政府"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One shape of a mark and the grammar rule that it belongs to."""

    grammar: str
    pattern: re.Pattern[str]
    is_formal: bool = False
    fits: Callable[[Candidate, re.Match[str]], float | None]
    """The bonus on the rule's score, or None where the shape is not a mark after all."""


class Marks:
    """Finds marks by their grammar and the marking rules by their terms."""

    kind = Kind.MARKING
    triggers: tuple[str, ...] = ("绝密", "机密", "秘密", "密级", "涉密等级", "商密", "工作秘密", "内部")

    def __init__(self, book: RuleBook) -> None:
        self._forms = tuple((form, book.grammar(form.grammar)) for form in _FORMS)
        self._said = tuple(
            (rule, re.compile(rule.pattern)) for rule in book.of_kind(Kind.MARKING) if rule.pattern
        )
        self._patterned = frozenset(rule.id for rule, _ in self._said)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Marks, words that call a carrier classified, and cues not to pass on."""
        yield from self._marks(candidate)
        yield from self._sayings(candidate)
        for found in candidate.terms:
            if found.rule.kind == Kind.MARKING and found.rule.id not in self._patterned:
                yield hit(found, candidate.piece, f"出现“{found.term}”（{found.rule.name}）")

    def _marks(self, candidate: Candidate) -> Iterator[Hit]:
        taken: list[tuple[int, int]] = []
        for form, rule in self._forms:
            for match in form.pattern.finditer(candidate.folded.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                bonus = form.fits(candidate, match)
                if bonus is None:
                    continue
                taken.append(match.span())
                yield _as_hit(candidate, match, rule, (bonus, form.is_formal))

    def _sayings(self, candidate: Candidate) -> Iterator[Hit]:
        for rule, pattern in self._said:
            match = pattern.search(candidate.folded.text)
            if match is None:
                continue
            start, end = candidate.folded.span(*match.span())
            level = re.search(_LEVEL, match.group())
            yield Hit(
                rule=rule,
                piece=candidate.piece,
                start=start,
                end=end,
                score=rule.score,
                reason=f"文字称所说的材料涉密（{rule.name}）",
                level=_level(level.group()) if level else None,
            )


def _as_hit(candidate: Candidate, match: re.Match[str], rule: Rule, verdict: tuple[float, bool]) -> Hit:
    bonus, is_formal = verdict
    start, end = candidate.folded.span(*match.span())
    groups = match.groupdict()
    marked = groups.get("level") or groups.get("level2")
    level = _level(marked) if marked else rule.level
    return Hit(
        rule=rule,
        piece=candidate.piece,
        start=start,
        end=end,
        score=min(1.0, rule.score + bonus),
        reason=_reason(rule, level, groups.get("term") or groups.get("term2") or ""),
        level=level,
        is_formal=is_formal,
    )


def _reason(rule: Rule, level: Level | None, term: str) -> str:
    said = f"{rule.name}：密级“{level}”" if level else rule.name
    if term:
        said += f"，期限“{term.strip()}”"
    years = _years(term)
    if level in _MAXIMUM_YEARS and years is not None and years > _MAXIMUM_YEARS[level]:
        said += f"（超过{level}级最长{_MAXIMUM_YEARS[level]}年的法定期限，标注有误，仍须报告）"
    if level in (Level.WORK, Level.INTERNAL) and "★" in rule.name:
        said += "（工作秘密不应使用★，标注有误）"
    return said


def _years(term: str) -> int | None:
    found = re.match(rf"({_YEARS})\s*年", term)
    if found is None:
        return None
    text = found.group(1).translate(str.maketrans("loi〇", "1010"))
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones if ten else tens, 0)


def _level(text: str) -> Level:
    return {"绝": Level.JUEMI, "机": Level.JIMI, "秘": Level.MIMI, "工": Level.WORK, "内": Level.INTERNAL}[
        text[0]
    ]


def _always(_: Candidate, __: re.Match[str]) -> float | None:
    return 0.0


def _star(candidate: Candidate, match: re.Match[str]) -> float | None:
    """A star is a mark; a stand-in only where the level is a word of its own."""
    around = candidate.folded.text[max(0, match.start() - 14) : match.end() + 14]
    if _ENUMERATION.search(around):  # 绝密★、机密★、秘密★: the three levels are listed, nothing is marked
        return None
    if candidate.folded.text[: match.start()].endswith(_OTHER_SECRETS):
        return None
    if "★" in match.group():
        return 0.0
    return -0.07 if _stands(candidate, match) else None


def _table(candidate: Candidate, match: re.Match[str]) -> float | None:
    """A filled box; not the list of choices on an empty form."""
    if match.group("ticked"):
        return 0.0
    text = candidate.folded.text
    around = text[max(0, match.start("level") - 4) : match.end("level") + 14]
    if re.search(r"[□☐○](?:\s*)$", text[: match.start("level")]) or _ENUMERATION.search(around):
        return None
    if re.match(r"\s*(?:[、/或|]|□|☐)\s*(?:非|内部|公开|普通|一般|无)", text[match.end("level") :]):
        return None
    return 0.0


def _head(candidate: Candidate, match: re.Match[str]) -> float | None:
    """A level on a line of its own above a text that looks like a document."""
    text, has_term = candidate.folded.text, bool(match.group("term"))
    if not _stands(candidate, match):
        return None
    below = text[match.end() : match.end() + 300]
    above = text[: match.start()]
    is_page = candidate.piece.origin in (Origin.OCR, Origin.DOCUMENT)
    if not has_term and above.count("\n") > 8:
        return None
    if not below.strip() and not above.strip() and not has_term:
        return -0.02 if is_page and candidate.piece.spot in ("页眉", "页脚") else None
    words = len(set(_DOCUMENT_WORDS.findall(below + above[-200:])))
    return (0.1 if is_page else 0.0) + min(0.2, 0.1 * words) + (0.12 if has_term else 0.0)


def _bracket(candidate: Candidate, match: re.Match[str]) -> float | None:
    text = candidate.folded.text
    line_start = text.rfind("\n", 0, match.start()) + 1
    line_end = text.find("\n", match.end())
    line = text[line_start : line_end if line_end != -1 else len(text)]
    is_at_edge = match.start() - line_start <= 1 or len(line) - (match.end() - line_start) <= 1
    if not is_at_edge or _ENUMERATION.search(line):
        return None
    words = len(set(_DOCUMENT_WORDS.findall(line)))
    return 0.15 * min(2, words) - 0.15


def _filename(candidate: Candidate, _: re.Match[str]) -> float | None:
    if candidate.piece.origin is not Origin.FILENAME:
        return None
    return 0.18 if _DOCUMENT_WORDS.search(candidate.folded.text) else -0.1


def _point(candidate: Candidate, match: re.Match[str]) -> float | None:
    line = candidate.folded.text[match.end() : match.end() + 40].partition("\n")[0]
    is_question = bool(re.search(r"[?]|属于哪|级事项|的含义|是指|[abcd]\.", line))
    return None if is_question or len(line) < 8 else 0.0


def _stands(candidate: Candidate, match: re.Match[str]) -> bool:
    raw = match.group("level")
    if len(raw) > 2:  # 秘 密: set apart on purpose, no seam of two words
        return True
    return stands_alone(candidate.folded.text, match.start("level"), match.end("level"))


_FORMS = (
    _Form(
        grammar="mark.filename",
        pattern=re.compile(rf"(?<![㐀-鿿])(?P<level>{_LEVEL})(?![㐀-鿿])"),
        fits=_filename,
    ),
    _Form(
        grammar="mark.workstar",
        pattern=re.compile(
            rf"(?P<level>工{_GAP}作{_GAP}秘{_GAP}密|内{_GAP}部)[^\w\n★]{{0,3}}?★[^\w\n]{{0,3}}?(?P<term>{_TERM})"
        ),
        is_formal=True,
        fits=_always,
    ),
    _Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"(?P<level>{_LEVEL})[^\w\n]{{0,3}}?(?:★(?!★)(?:[^\w\n]{{0,3}}?(?P<term>{_TERM}))?|{_STAND_IN}[^\w\n]{{0,2}}?(?P<term2>{_TERM}))"
        ),
        is_formal=True,
        fits=_star,
    ),
    _Form(
        grammar="mark.table",
        pattern=re.compile(
            rf"(?:密\s*级|涉密等级|保密等级|秘密等级|涉密级别|定密等级)(?:\s*[:为]\s*|[\s|]+)(?P<ticked>[^\n☑√■✔☒]{{0,24}}?[☑√■✔☒]\s*)?(?P<level>{_LEVEL})(?!码|钥|封|度|文)"
        ),
        is_formal=True,
        fits=_table,
    ),
    _Form(
        grammar="mark.head",
        pattern=re.compile(
            rf"^[^\S\n]*(?:\d{{6}}[^\S\n]*)?(?P<level>{_LEVEL})[^\S\n]*[(]?(?P<term>{_TERM})?[)]?[^\S\n]*(?:特急|加急|平急)?[^\S\n]*$",
            re.MULTILINE,
        ),
        fits=_head,
    ),
    _Form(
        grammar="mark.point",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{_ITEM}[(](?P<level>{_LEVEL})[)]|[(](?P<level2>{_LEVEL})[)]{_ITEM})(?=[^\n]{{8}})",
            re.MULTILINE,
        ),
        fits=_point,
    ),
    _Form(
        grammar="mark.bracket",
        pattern=re.compile(rf"[\[(](?P<level>{_LEVEL})级?(?:[^\w\n]{{0,2}}(?P<term>{_TERM}))?[\])]"),
        fits=_bracket,
    ),
)
