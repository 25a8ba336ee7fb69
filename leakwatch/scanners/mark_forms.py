"""The shapes of a classification mark: level + separator + term, tables, heads, brackets, file names.

A level standing in a sentence is no mark: 机密 occurs in real chat almost only in 手机密码 and film titles.
LAW 14, 20, 22; GB/T 9704: second line of the upper left corner, in older documents the upper right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from leakwatch.model import Origin
from leakwatch.scanners.borders import stands_alone
from leakwatch.scanners.sieve import Candidate

_GAP = r"[^\w\n]{0,3}?"
_BREAK = r"[^\w]{0,4}?"
"""Around the star a line may end: recognised text breaks 机密★10年 wherever it likes."""
LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
YEARS = r"(?:[0-9loi〇]\s?[0-9loi〇]?|[一二两三四五六七八九十]{1,3})"
_TERM = (
    rf"(?:{YEARS}\s*(?:年|个?\s*月)|长\s*期"
    r"|(?:至\s*)?20\d\d\s*[年\-./]\s*\d{1,2}(?:\s*[月\-./]\s*\d{1,2}\s*日?|\s*月)?"
    r"|(?:启用|公布|公开|解密|实施|发布|宣布|开考|开标|考试)[^\n]{0,4}?[前后]|解密条件)"
)
# What OCR engines and typists make of the star; most are common characters, so a term must follow.
_STAND_IN = r"[*※·•●◆▲△☼✱✳❋+x×\-~/|°女太大友妇文六犬娘雪广交立妈娄克去冯坟支充攵夫火术木]"
_URGENCY = r"(?:特提|特急|加急|急件|平急)"
_COPY = r"(?:份号\s*:?\s*)?(?:n[o0]\.?\s*:?\s*)?\d{4,7}"
_ITEM = r"(?:[(]?[\d一二三四五六七八九十]{1,3}[).、][^\S\n]*)"
_OTHER_SECRETS = ("商业", "工作", "国家", "个人", "技术")
_LISTED = re.compile(rf"{LEVEL}[级★]*\s*(?:[、/,或和及|\s]|以及|□|☐|★)+\s*(?:或|和|及)?\s*(?:□|☐)?\s*{LEVEL}")
_LEVELS = re.compile(LEVEL)
_DOCUMENT_WORDS = re.compile(
    r"关于|通知|请示|报告|方案|纪要|通报|预案|意见|批复|计划|简报|专报|名单|部署|文件|号|办公室|委员会|人民政府"
    r"|函|清单|汇总|统计|点位|安排|要点|件"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One shape of a mark and the grammar rule that it belongs to."""

    grammar: str
    pattern: re.Pattern[str]
    is_formal: bool = False
    fits: Callable[[Candidate, re.Match[str]], float | None]
    """The bonus on the rule's score, or None where the shape is not a mark after all."""


def _star(candidate: Candidate, match: re.Match[str]) -> float | None:
    """A star is a mark; a stand-in only where the level is a word of its own."""
    text, has_term = candidate.folded.text, bool(match.group("term") or match.group("term2"))
    around = text[max(0, match.start() - 14) : match.end() + 14]
    if text[: match.start()].endswith(_OTHER_SECRETS):
        return None
    if "\n" in match.group("level") and candidate.piece.origin is not Origin.OCR:
        return None
    if _is_list(around):  # 绝密★、机密★、秘密★: the levels are listed, nothing is marked
        return -0.3 if has_term else None
    if "★" in match.group():
        return 0.0 if has_term or not re.match(rf"\s?(?!{_URGENCY})\w", text[match.end() :]) else -0.3
    return -0.07 if _stands(candidate, match) else None


def _photo(candidate: Candidate, match: re.Match[str]) -> float | None:
    """Whatever a photo makes of the star, on a line of its own at the head of a page."""
    is_head = candidate.folded.text[: match.start()].count("\n") < 6
    return -0.1 if candidate.piece.origin is Origin.OCR and is_head else None


def _table(candidate: Candidate, match: re.Match[str]) -> float | None:
    """A filled box; not the list of choices on an empty form."""
    if not match.group("parted") and candidate.piece.origin is not Origin.FILENAME:
        return None
    if match.group("ticked"):
        return 0.0
    text = candidate.folded.text
    around = text[max(0, match.start("level") - 4) : match.end("level") + 14]
    if re.search(r"[□☐○](?:\s*)$", text[: match.start("level")]) or _is_list(around):
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


def _corner(candidate: Candidate, match: re.Match[str]) -> float | None:
    """The upper right corner of an older document: set apart at the end of the first lines."""
    is_page = candidate.piece.origin in (Origin.OCR, Origin.DOCUMENT)
    is_apart = len(match.group("level")) > 2 or len(match.group("blank")) > 2
    if not is_page or not is_apart or candidate.folded.text[: match.start()].count("\n") > 3:
        return None
    return 0.26 if _DOCUMENT_WORDS.search(candidate.folded.text) else None


def _bracket(candidate: Candidate, match: re.Match[str]) -> float | None:
    text = candidate.folded.text
    line_start = text.rfind("\n", 0, match.start()) + 1
    line_end = text.find("\n", match.end())
    line = text[line_start : line_end if line_end != -1 else len(text)]
    is_at_edge = match.start() - line_start <= 1 or len(line) - (match.end() - line_start) <= 1
    if not is_at_edge or _is_list(line):
        return None
    words = len(set(_DOCUMENT_WORDS.findall(line)))
    return 0.15 * min(2, words) - 0.15 + (0.3 if match.group("term") else 0.0)


def _filename(candidate: Candidate, match: re.Match[str]) -> float | None:
    if candidate.piece.origin is not Origin.FILENAME:
        return None
    text = candidate.folded.text
    is_glued = bool(re.match(r"[㐀-鿿]", text[match.end() :]))
    if is_glued and not (stands_alone(text, *match.span("level")) and _DOCUMENT_WORDS.search(text)):
        return None
    if is_glued:
        return 0.0
    return 0.18 if _DOCUMENT_WORDS.search(text) else -0.1


def _point(candidate: Candidate, match: re.Match[str]) -> float | None:
    line = candidate.folded.text[match.end() : match.end() + 40].partition("\n")[0]
    is_question = bool(re.search(r"[?]|属于哪|级事项|的含义|是指|[abcd]\.", line))
    return None if is_question or len(line) < 8 else 0.0


def _stands(candidate: Candidate, match: re.Match[str]) -> bool:
    raw = match.group("level")
    if len(raw) > 2:  # 秘 密: set apart on purpose, no seam of two words
        return True
    return stands_alone(candidate.folded.text, match.start("level"), match.end("level"))


def _is_list(text: str) -> bool:
    """绝密、机密 or all three levels together: choices are listed. The same level twice is no list."""
    if len({level[0] for level in _LEVELS.findall(text)}) == 3:
        return True
    return any(len({level[0] for level in _LEVELS.findall(found)}) > 1 for found in _LISTED.findall(text))


FORMS = (
    Form(
        grammar="mark.filename",
        pattern=re.compile(rf"(?<![㐀-鿿])(?P<level>{LEVEL})(?:级|件)?(?![★☆]|{_GAP}★)"),
        fits=_filename,
    ),
    Form(
        grammar="mark.workstar",
        pattern=re.compile(
            rf"(?P<level>工{_GAP}作{_GAP}秘{_GAP}密|内{_GAP}部)[^\w\n★]{{0,3}}?★(?!★){_GAP}(?P<term>{_TERM})"
        ),
        is_formal=True,
        fits=lambda _, __: 0.0,
    ),
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"(?P<level>{LEVEL}|(?:绝|机|秘)\n+密){_BREAK}(?:★(?!★)(?:{_BREAK}(?P<term>{_TERM}))?"
            rf"|{_STAND_IN}[^\w\n]{{0,2}}?(?P<term2>{_TERM}))"
        ),
        is_formal=True,
        fits=_star,
    ),
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{_COPY}[^\S\n]*)?(?P<level>{LEVEL})[^\n]{{1,2}}(?P<term>{YEARS}\s*年)"
            rf"[^\S\n]*{_URGENCY}?[^\S\n]*$",
            re.MULTILINE,
        ),
        is_formal=True,
        fits=_photo,
    ),
    Form(
        grammar="mark.table",
        pattern=re.compile(
            r"(?:密\s*级|涉密等级|保密等级|秘密等级|涉密级别|定密等级)(?P<parted>\s*:\s*|[\s|]+|)"
            rf"(?P<ticked>[^\n☑√■✔☒]{{0,24}}?[☑√■✔☒]\s*)?(?P<level>{LEVEL})(?!码|钥|封|度|文)"
        ),
        is_formal=True,
        fits=_table,
    ),
    Form(
        grammar="mark.table",
        pattern=re.compile(rf"密\s*级(?P<parted>为|是)(?P<ticked>)(?P<level>{LEVEL})(?!码|钥|封|度|文)"),
        fits=_table,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{_COPY}[^\S\n]*)?(?P<level>{LEVEL})[^\S\n]*[(]?(?P<term>{_TERM})?[)]?[^\S\n]*"
            rf"{_URGENCY}?[^\S\n]*(?:{_COPY})?[^\S\n]*$",
            re.MULTILINE,
        ),
        fits=_head,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(rf"^[^\n]{{2,40}}?(?P<blank>[^\S\n]+)(?P<level>{LEVEL})[^\S\n]*$", re.MULTILINE),
        fits=_corner,
    ),
    Form(
        grammar="mark.point",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{_ITEM}[(](?P<level>{LEVEL})[)]|[(](?P<level2>{LEVEL})[)]{_ITEM})(?=[^\n]{{8}})",
            re.MULTILINE,
        ),
        fits=_point,
    ),
    Form(
        grammar="mark.bracket",
        pattern=re.compile(rf"[\[(](?P<level>{LEVEL})级?(?:[^\w\n]{{0,2}}(?P<term>{_TERM}))?[\])]"),
        fits=_bracket,
    ),
)
