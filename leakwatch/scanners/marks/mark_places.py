"""A level known as a mark by its place: on a label, in a file name, at the head of a page, before a paragraph.

GB/T 9704: second line of the upper left corner, in older documents the upper right.
"""

from __future__ import annotations

import re

from leakwatch.model import Origin
from leakwatch.scanners.marks.mark_forms import (
    COPY,
    DOCUMENT_WORDS,
    GAP,
    HAN,
    HEAD_LINES,
    LEVEL,
    LEVELS,
    URGENCY,
    Form,
    Signals,
    is_high,
    is_list,
    is_page,
    stands,
)
from leakwatch.scanners.marks.mark_terms import PLAIN_TERM, TERM
from leakwatch.scanners.sieving.sieve import Candidate
from leakwatch.scanners.words.borders import stands_alone

_ITEM = r"(?:[(]?[\d一二三四五六七八九十]{1,3}[).、][^\S\n]*|[(][一二三四五六七八九十]{1,3}[)][^\S\n]*)"
_BARE_STAR = r"(?:[*※·•●◆✱✳❋+x×]{1,2}[^\S\n]*)"
"""A star without a term behind it, as engines read it."""
_HEADING = re.compile(rf"^[^\S\n]*{_ITEM}[㐀-鿿]", re.MULTILINE)
_TITLE = re.compile(
    r"^[^\n]{2,30}(?:委员会|政府|办公室|局|厅|院|部|组|会)文件[^\S\n]*$|\[20\d\d\][^\S\n]*\d{1,4}[^\S\n]*号",
    re.MULTILINE,
)
_BODY = re.compile(r"\A\s*[^\n]{2,20}(?:[局厅委部会府院办]|办公[厅室]|文件)[^\S\n]*\n")
"""The body that issued it, right below the level."""
_LABEL_WORDS = re.compile(
    r"资产|编号|标签|责任人|使用人|保管人|保管|存放|设备|型号|序列号|部门|台账|启用日期|科室|经手"
    r"|涉密(?:笔记本|计算机|电脑|u盘|移动硬盘|硬盘|打印机|载体|介质|光盘|复印机)|笔记本|移动硬盘|光盘|u盘|份数|份号|档案号|去向"
)
_LABEL_FLOOR = 2


def at_head(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level on a line of its own above a text that looks like a document."""
    text, has_term = candidate.folded.text, bool(match.group("term"))
    below, above = text[match.end() : match.end() + 300], text[max(0, match.start() - 200) : match.start()]
    is_top = is_high(candidate, match, HEAD_LINES + 3) or _is_above_title(candidate, match)
    if not stands(candidate, match) or not (has_term or is_top):
        return None
    if not below.strip() and not above.strip() and not has_term:
        is_margin = is_page(candidate) and candidate.piece.spot in ("页眉", "页脚")
        return ("mark_page",) if is_margin else None
    words = len(set(DOCUMENT_WORDS.findall(below + above)))
    is_apart = is_page(candidate) and len(match.group("level")) > 2
    is_sheet = words > 1 and not above.strip() and _BODY.search(below) is not None
    return (
        *(("mark_corner",) if is_apart else ()),
        *(("mark_page",) if is_page(candidate) else ()),
        *((("mark_document",) if words == 1 else ("mark_documents",)) if words else ()),
        *(("mark_sheet",) if is_sheet else ()),
        *(("mark_term",) if has_term else ()),
    )


def _is_above_title(candidate: Candidate, match: re.Match[str]) -> bool:
    """A sheet that lies on other papers: its head stands in the middle of what the photo shows."""
    text = candidate.folded.text
    beside = text[max(0, match.start() - 6) : match.start()] + text[match.end() : match.end() + 6]
    is_photo = candidate.piece.origin is Origin.OCR
    return (
        is_photo and not LEVELS.search(beside) and bool(_TITLE.search(text, match.end(), match.end() + 200))
    )


def _corner(candidate: Candidate, match: re.Match[str]) -> Signals:
    """The upper right corner of an older document: set apart at the end of the first lines."""
    is_apart = len(match.group("level")) > 2 or len(match.group("blank")) > 2
    if not is_page(candidate) or not is_apart or not is_high(candidate, match, 4):
        return None
    return ("mark_corner",) if DOCUMENT_WORDS.search(candidate.folded.text) else None


def _titled(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level and the title of a document on one line: 机密 关于点位调整的请示."""
    words = len(set(DOCUMENT_WORDS.findall(match.group())))
    is_title = words > 1 and stands(candidate, match) and not is_list(match.group())
    return ("mark_documents",) if is_title else None


def _bracket(candidate: Candidate, match: re.Match[str]) -> Signals:
    text = candidate.folded.text
    line_start = text.rfind("\n", 0, match.start()) + 1
    line_end = text.find("\n", match.end())
    line = text[line_start : line_end if line_end != -1 else len(text)]
    is_at_edge = match.start() - line_start <= 1 or len(line) - (match.end() - line_start) <= 1
    if not is_at_edge or is_list(line):
        return None
    words = len(set(DOCUMENT_WORDS.findall(line)))
    return (("mark_undocumented", "mark_document")[words] if words < 2 else "mark_documents",)


def _filename(candidate: Candidate, match: re.Match[str]) -> Signals:
    if candidate.piece.origin is not Origin.FILENAME:
        return None
    text = candidate.folded.text
    is_glued = bool(HAN.match(text, match.end()))
    if is_glued and not (stands_alone(text, *match.span("level")) and DOCUMENT_WORDS.search(text)):
        return None
    if is_glued:
        return ("mark_document",)
    return ("mark_documents",) if DOCUMENT_WORDS.search(text) else ("mark_undocumented",)


def _point(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level before a numbered paragraph, or one that numbered headings stand around; else it is a title."""
    text = candidate.folded.text
    if not (match.group("item") or match.group("item2") or _HEADING.search(text)):
        return None
    line = text[match.end() : match.end() + 40].partition("\n")[0]
    is_question = bool(re.search(r"[?]|属于哪|级事项|的含义|是指|[abcd]\.", line))
    return None if is_question or len(line) < 8 else ()


def _label(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level between the fields of a label: 资产编号 … 机密级 责任人 …"""
    text = candidate.folded.text
    near = text[max(0, match.start() - 80) : match.end() + 60]
    words = set(_LABEL_WORDS.findall(near))
    return () if len(words) >= _LABEL_FLOOR and not is_list(near) and stands(candidate, match) else None


POINTS = (
    Form(
        grammar="mark.point",
        pattern=re.compile(
            rf"(?:^|(?<=[。;:\x22“「]))[^\S\n]*(?P<item>{_ITEM})?[\[(](?P<level>{LEVEL})(?:[^\w\n]{{0,2}}(?P<term>{PLAIN_TERM}))?[\])][^\S\n]*"
            rf"(?P<item2>{_ITEM})?(?=[^\n]{{8}})",
            re.MULTILINE,
        ),
        fits=_point,
    ),
)
PLACES = (
    Form(
        grammar="mark.label",
        pattern=re.compile(rf"(?:^|[\s|:,·_\-])(?P<level>{LEVEL})级?(?=[\s|,。·_\-]|$)", re.MULTILINE),
        fits=_label,
    ),
    Form(
        grammar="mark.filename",
        pattern=re.compile(rf"(?<![㐀-鿿])(?P<level>{LEVEL})(?:级|件)?(?![★☆]|{GAP}★)"),
        fits=_filename,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{COPY}[^\S\n]*)?(?P<level>{LEVEL})级?[^\S\n]*{_BARE_STAR}?(?:[(]?\n?[^\S\n]*(?P<term>{TERM}))?[)]?[^\S\n]*"
            rf"{URGENCY}?[^\S\n]*(?:{COPY})?[^\S\n]*$",
            re.MULTILINE,
        ),
        fits=at_head,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(
            rf"^[^\S\n]*(?P<level>{LEVEL})级?[^\S\n]+(?:关于|《)[^\n]{{4,60}}[^\S\n]*$", re.MULTILINE
        ),
        fits=_titled,
    ),
    Form(
        grammar="mark.head",
        pattern=re.compile(rf"^[^\n]{{2,40}}?(?P<blank>[^\S\n]+)(?P<level>{LEVEL})[^\S\n]*$", re.MULTILINE),
        fits=_corner,
    ),
    Form(
        grammar="mark.bracket",
        pattern=re.compile(rf"[\[(](?P<level>{LEVEL})[级件]?[\])]"),
        fits=_bracket,
    ),
)
