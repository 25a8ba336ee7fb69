"""The shapes of a classification mark: level + separator + term, heads, brackets, labels, file names.

A level standing in a sentence is no mark: 机密 occurs in real chat almost only in 手机密码 and film titles.
LAW 14, 20, 22; GB/T 9704: second line of the upper left corner, in older documents the upper right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from leakwatch.model import Origin
from leakwatch.scanners.marks.mark_terms import BLURRED_TERM, PLAIN_TERM, TERM
from leakwatch.scanners.sieving.sieve import Candidate
from leakwatch.scanners.words.borders import stands_alone

_GAP = r"[^\w\n]{0,3}?"
_BREAK = r"[^\w]{0,4}?"
"""Around the star a line may end: recognised text breaks 机密★10年 wherever it likes."""
LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
# What OCR engines and typists make of the star; most are common characters, so a term must follow.
_STAND_IN = r"(?:[*※·•●◆▲△☼✱✳❋+x×\-~/|°女太大友妇文六犬娘雪广交立妈娄克去冯坟支充攵夫火术木]|(?:一?颗)?(?:五角)?星|[二三](?=\d))"
_BARE_STAR = r"(?:[*※·•●◆✱✳❋+x×]{1,2}[^\S\n]*)"
"""A star without a term behind it, as engines read it."""
_NEAR_LEVEL = r"(?:[绝绐][密窑蜜宓]|[机杌朹杋枊][密窑蜜宓]|[秘袐泌祕][密窑蜜宓])"
URGENCY = r"(?:特提|特急|加急|急件|平急|特\s急|加\s急)"
COPY = r"(?:(?:份号\s*:?\s*)?(?:n[o0]\.?\s*:?\s*)?[\dolz]{4,7}|第\s?\d{1,6}\s?号)"
_ITEM = r"(?:[(]?[\d一二三四五六七八九十]{1,3}[).、][^\S\n]*|[(][一二三四五六七八九十]{1,3}[)][^\S\n]*)"
_HEADING = re.compile(rf"^[^\S\n]*{_ITEM}[㐀-鿿]", re.MULTILINE)
_OTHER_SECRETS = ("商业", "工作", "国家", "个人", "技术")
_LISTED = re.compile(
    rf"{LEVEL}[级★]*(?:{PLAIN_TERM})?\s*(?:[、/,或和及|\s]|以及|□|☐|★)+\s*(?:或|和|及)?\s*(?:□|☐)?\s*{LEVEL}"
)
_TITLE = re.compile(
    r"^[^\n]{2,30}(?:委员会|政府|办公室|局|厅|院|部|组|会)文件[^\S\n]*$|\[20\d\d\][^\S\n]*\d{1,4}[^\S\n]*号",
    re.MULTILINE,
)
_LEVELS = re.compile(LEVEL)
DOCUMENT_WORDS = re.compile(
    r"关于|通知|请示|报告|方案|纪要|通报|预案|意见|批复|计划|简报|专报|名单|部署|文件|号|办公室|委员会|人民政府"
    r"|\.(?:docx?|wps|xlsx?|et|pptx?|dps|pdf|ofd|zip|rar|7z)$|函|清单|汇总|统计|点位|安排|要点|件|试题|试卷|电报|台账|明细|图"
)
_MARKING = re.compile(
    r"(?:(?:里头|里面|上面|属于)是?|(?:标|定|写|印|打|注|盖|敲|密级|级别|顶上|角上|上头)[的着了是成为个:\"“'「『【\[(\s]{0,3})$"
)
"""Said of what stands on the carrier: 封面标的机密10年."""
_TALK = re.compile(r"[前后来了间里多内以之]|没|都|的时候|过去")
"""After a level and a term: 这个秘密三年了, 机密10年后解开."""
_LABEL_WORDS = re.compile(
    r"资产|编号|标签|责任人|使用人|保管人|保管|存放|设备|型号|序列号|部门|台账|启用日期|科室|经手"
    r"|涉密(?:笔记本|计算机|电脑|u盘|移动硬盘|硬盘|打印机|载体|介质|光盘|复印机)|笔记本|移动硬盘|光盘|u盘|份数|去向"
)
_LABEL_FLOOR = 2
_CLOSING = re.compile(r"[)\]”\"'’」』]")
_GLUED = re.compile(rf"(?!{URGENCY})\w")
_BLANK = re.compile(r"\s?[×x○□_?n*]{1,4}\s?(?:年|个?月|期限)")
"""机密★×年: how a mark is written, none that was."""
_HAN = re.compile("[㐀-鿿]")
_HEAD_LINES = 6
_HEAD_CHARACTERS = 1500

Signals = tuple[str, ...] | None
"""Names of what was seen at the mark, or None where the shape is no mark after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One shape of a mark and the grammar rule that it belongs to."""

    grammar: str
    pattern: re.Pattern[str]
    is_formal: bool = False
    is_doubtful: bool = False
    fits: Callable[[Candidate, re.Match[str]], Signals]


def is_page(candidate: Candidate) -> bool:
    """Whether the text was read from a photo or a file."""
    return candidate.piece.origin in (Origin.OCR, Origin.DOCUMENT)


def is_list(text: str) -> bool:
    """绝密、机密 or all three levels together: choices are listed. The same level twice is no list."""
    if len({level[0] for level in _LEVELS.findall(text)}) == 3:
        return True
    return any(len({level[0] for level in _LEVELS.findall(found)}) > 1 for found in _LISTED.findall(text))


def _star(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A star is a mark; a stand-in only where the level is a word of its own."""
    text, has_term = candidate.folded.text, bool(match.group("term") or match.group("term2"))
    around = text[max(0, match.start() - 14) : match.end() + 14]
    if text.endswith(_OTHER_SECRETS, 0, match.start()):
        return None
    if "\n" in match.group("level") and candidate.piece.origin is not Origin.OCR:
        return None
    if is_list(around):  # 绝密★、机密★、秘密★: the levels are listed, nothing is marked
        return ("mark_listed",) if has_term else None
    if "★" in match.group():
        is_glued = candidate.piece.origin is not Origin.FILENAME and _GLUED.match(text, match.end())
        is_talk = not has_term and (is_glued or _BLANK.match(text, match.end()))
        return ("mark_in_talk",) if is_talk else _titled(candidate, match)
    return ("mark_stand_in",) if _stands(candidate, match) else None


def _titled(candidate: Candidate, match: re.Match[str]) -> Signals:
    """《绝密★启用前》 is a film or a game."""
    text = candidate.folded.text
    is_title = text[: match.start()].endswith("《") and text.startswith("》", match.end())
    return ("mark_titled",) if is_title else ()


def on_photo(candidate: Candidate, match: re.Match[str]) -> Signals:
    """Whatever a photo makes of the mark, on a line of its own at the head of a page."""
    is_photo = candidate.piece.origin is Origin.OCR
    return ("mark_photo",) if is_photo and _is_high(candidate, match, _HEAD_LINES) else None


def _plain(candidate: Candidate, match: re.Match[str]) -> Signals:
    """机密10年 without a star: in a sentence a mark only after a word of marking, else a level and a time."""
    text = candidate.folded.text
    before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 4]
    around = text[max(0, match.start() - 14) : match.end() + 14]
    if match.group("term5") and len({level[0] for level in _LEVELS.findall(around)}) > 1:
        return None  # 机密级保密期限20年，绝密级30年: what the law says
    is_closed = bool(match.group("term") or match.group("term3") or match.group("term5"))
    is_closed = is_closed or bool(_CLOSING.match(after))
    if not _stands(candidate, match) or is_list(around) or (_TALK.match(after) and not is_closed):
        return None
    if before.endswith(_OTHER_SECRETS):
        return None
    if match.group("term4"):  # 定的秘密，五年; 秘密级，五年; but not 守了这个秘密，10年没说
        is_graded = text.startswith("级", match.end("level"))
        return () if is_graded or _MARKING.search(before) else None
    if is_closed or _MARKING.search(before) or not _HAN.match(before[-1:]):
        return () if not _HAN.match(after) or is_closed else ("mark_in_sentence",)
    return None if match.group("level")[0] == "秘" else ("mark_in_sentence",)


def at_head(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A level on a line of its own above a text that looks like a document."""
    text, has_term = candidate.folded.text, bool(match.group("term"))
    below, above = text[match.end() : match.end() + 300], text[max(0, match.start() - 200) : match.start()]
    is_high = _is_high(candidate, match, _HEAD_LINES + 3) or _is_above_title(candidate, match)
    if not _stands(candidate, match) or not (has_term or is_high):
        return None
    if not below.strip() and not above.strip() and not has_term:
        is_margin = is_page(candidate) and candidate.piece.spot in ("页眉", "页脚")
        return ("mark_page",) if is_margin else None
    words = len(set(DOCUMENT_WORDS.findall(below + above)))
    is_apart = is_page(candidate) and len(match.group("level")) > 2
    return (
        *(("mark_corner",) if is_apart else ()),
        *(("mark_page",) if is_page(candidate) else ()),
        *((("mark_document",) if words == 1 else ("mark_documents",)) if words else ()),
        *(("mark_term",) if has_term else ()),
    )


def _corner(candidate: Candidate, match: re.Match[str]) -> Signals:
    """The upper right corner of an older document: set apart at the end of the first lines."""
    is_apart = len(match.group("level")) > 2 or len(match.group("blank")) > 2
    if not is_page(candidate) or not is_apart or not _is_high(candidate, match, 4):
        return None
    return ("mark_corner",) if DOCUMENT_WORDS.search(candidate.folded.text) else None


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
    is_glued = bool(_HAN.match(text, match.end()))
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
    return () if len(words) >= _LABEL_FLOOR and not is_list(near) and _stands(candidate, match) else None


def _is_high(candidate: Candidate, match: re.Match[str], lines: int) -> bool:
    """Whether the mark stands on one of the first lines of the text."""
    return match.start() < _HEAD_CHARACTERS and candidate.folded.text.count("\n", 0, match.start()) < lines


def _is_above_title(candidate: Candidate, match: re.Match[str]) -> bool:
    """A sheet that lies on other papers: its head stands in the middle of what the photo shows."""
    text = candidate.folded.text
    beside = text[max(0, match.start() - 6) : match.start()] + text[match.end() : match.end() + 6]
    is_photo = candidate.piece.origin is Origin.OCR
    return (
        is_photo and not _LEVELS.search(beside) and bool(_TITLE.search(text, match.end(), match.end() + 200))
    )


def _stands(candidate: Candidate, match: re.Match[str]) -> bool:
    raw = match.group("level")
    if len(raw) > 2:  # 秘 密: set apart on purpose, no seam of two words
        return True
    return stands_alone(candidate.folded.text, match.start("level"), match.end("level"))


SHAPES = (
    Form(
        grammar="mark.workstar",
        pattern=re.compile(
            rf"(?P<level>工{_GAP}作{_GAP}秘{_GAP}密|内{_GAP}部)[^\w\n★]{{0,3}}?★(?!★)(?:{_GAP}(?P<term>{TERM})|\s?(?=关于|《))"
        ),
        is_formal=True,
        fits=lambda _, __: (),
    ),
    Form(
        grammar="mark.exam",
        pattern=re.compile(
            rf"(?P<level>{LEVEL}){_BREAK}(?:★|{_STAND_IN}|){_BREAK}(?P<term>(?:启\s*用|开\s*考|考\s*试)\s*前)"
        ),
        is_formal=True,
        fits=_titled,
    ),
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"(?P<level>{LEVEL}|(?:绝|机|秘)\n+密){_BREAK}(?:★(?!★)(?:{_BREAK}(?P<term>{TERM}))?"
            rf"|{_STAND_IN}[^\w\n]{{0,2}}?(?P<term2>{TERM}))"
        ),
        is_formal=True,
        fits=_star,
    ),
    Form(
        grammar="mark.term",
        pattern=re.compile(
            rf"^[^\S\n]*(?:{COPY}[^\S\n]*)?(?P<level>{LEVEL}|{_NEAR_LEVEL})[^\n]{{0,3}}?(?P<term>{BLURRED_TERM})"
            rf"[^\S\n]*{URGENCY}?[^\S\n]*$",
            re.MULTILINE,
        ),
        is_formal=True,
        fits=on_photo,
    ),
    Form(
        grammar="mark.label",
        pattern=re.compile(rf"(?:^|[\s|:·_\-])(?P<level>{LEVEL})级?(?=[\s|,。·_\-]|$)", re.MULTILINE),
        fits=_label,
    ),
    Form(
        grammar="mark.plain",
        pattern=re.compile(
            rf"(?P<level>{LEVEL})[级件]?(?:[(]\s*(?P<term>{PLAIN_TERM})\s*[)]|\s?[,、:]\s?(?P<term3>{PLAIN_TERM})(?=[)\]”\"』」])"
            rf"|[^\w\n]{{0,3}}?(?:保密期限?|期限|密期)[:为是]?\s?(?P<term5>{PLAIN_TERM})"
            rf"|[^\w\n★,、;。!?()]{{0,4}}?(?P<term2>{PLAIN_TERM})|\s?[,、]\s?(?P<term4>{PLAIN_TERM}))"
        ),
        fits=_plain,
    ),
    Form(
        grammar="mark.filename",
        pattern=re.compile(rf"(?<![㐀-鿿])(?P<level>{LEVEL})(?:级|件)?(?![★☆]|{_GAP}★)"),
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
        pattern=re.compile(rf"^[^\n]{{2,40}}?(?P<blank>[^\S\n]+)(?P<level>{LEVEL})[^\S\n]*$", re.MULTILINE),
        fits=_corner,
    ),
    Form(
        grammar="mark.point",
        pattern=re.compile(
            rf"(?:^|(?<=[。;:\x22“「]))[^\S\n]*(?P<item>{_ITEM})?[\[(](?P<level>{LEVEL})[\])][^\S\n]*(?P<item2>{_ITEM})?(?=[^\n]{{8}})",
            re.MULTILINE,
        ),
        fits=_point,
    ),
    Form(
        grammar="mark.bracket",
        pattern=re.compile(rf"[\[(](?P<level>{LEVEL})[级件]?[\])]"),
        fits=_bracket,
    ),
)
