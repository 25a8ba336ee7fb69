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

GAP = r"[^\w\n]{0,3}?"
_BREAK = r"[^\w]{0,4}?"
"""Around the star a line may end: recognised text breaks 机密★10年 wherever it likes."""
LEVEL = rf"(?:绝{GAP}密|机{GAP}密|秘{GAP}密)"
# What OCR engines and typists make of the star; most are common characters, so a term must follow.
_STAND_IN = r"(?:[*※·•●◆▲△☼✱✳❋+x×\-~/|°女太大友妇文六犬✨娘雪广交立妈娄克去冯坟支充攵夫火术木]|(?:一?颗)?(?:五角)?星|[二三](?=\d))"
_NEAR_LEVEL = r"(?:[绝绐][密窑蜜宓]|[机杌朹杋枊][密窑蜜宓]|[秘袐泌祕][密窑蜜宓])"
URGENCY = r"(?:特提|特急|加急|急件|平急|特\s急|加\s急)"
COPY = r"(?:(?:份号\s*:?\s*)?(?:n[o0]\.?\s*:?\s*)?[\dolz]{4,7}|第\s?\d{1,6}\s?号)"
OTHER_SECRETS = ("商业", "工作", "国家", "个人", "技术")
_LISTED = re.compile(
    rf"{LEVEL}[级★]*(?:{PLAIN_TERM})?\s*(?:[、/,或和及|\s]|以及|□|☐|★)+\s*(?:或|和|及)?\s*(?:□|☐)?\s*{LEVEL}"
)
LEVELS = re.compile(LEVEL)
DOCUMENT_WORDS = re.compile(
    r"关于|通知|请示|报告|方案|纪要|通报|预案|意见|批复|计划|简报|专报|名单|部署|文件|号|办公室|委员会|人民政府"
    r"|\.(?:docx?|wps|xlsx?|et|pptx?|dps|pdf|ofd|zip|rar|7z)$|函|清单|汇总|统计|点位|安排|要点|件|试题|试卷|电报|台账|明细|图|细则|办法|规定|规划|决定"
    r"|(?<=[㐀-鿿])[局厅委部](?=\s*(?:\n|$))"
)
BORNE = re.compile(
    r"\s?的?(?:[那这]?[份件本页册张叠][^㐀-鿿]|[那这][份件本页册张]|红?章|戳|印章|标签|字样|字[,。\s]|几[份件本页]|复印件|原件|扫描件|文件|件|材料|资料|东西|方案|通知|报告"
    r"|纪要|电报|图|封[面皮]|首页|的[,。\s])"
)
"""What bears a mark, named right behind it: 机密10年的那份, 绝密30年的戳."""
_QUOTE, _UNQUOTE = re.compile("[㐀-鿿][“\"「『‘']"), re.compile("[”\"」』’'][㐀-鿿]")
_GLUED = re.compile(rf"(?!{URGENCY})\w")
_BLANK = re.compile(r"\s?[×x○□_?n*]{1,4}\s?(?:年|个?月|期限)")
"""机密★×年: how a mark is written, none that was."""
HAN = re.compile("[㐀-鿿]")
HEAD_LINES = 6
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
    if len({level[0] for level in LEVELS.findall(text)}) == 3:
        return True
    return any(len({level[0] for level in LEVELS.findall(found)}) > 1 for found in _LISTED.findall(text))


def _star(candidate: Candidate, match: re.Match[str]) -> Signals:
    """A star is a mark; a stand-in only where the level is a word of its own."""
    text, has_term = candidate.folded.text, bool(match.group("term") or match.group("term2"))
    around = text[max(0, match.start() - 14) : match.end() + 14]
    if text.endswith(OTHER_SECRETS, 0, match.start()):
        return None
    if "\n" in match.group("level") and candidate.piece.origin is not Origin.OCR:
        return None
    if is_list(around):  # 绝密★、机密★、秘密★: the levels are listed, nothing is marked
        return ("mark_listed",) if has_term else None
    if "★" in match.group():
        is_followed = _GLUED.match(text, match.end()) and not BORNE.match(text, match.end())
        is_glued = candidate.piece.origin is not Origin.FILENAME and is_followed
        is_talk = _is_quoted(candidate, match) if has_term else is_glued or _BLANK.match(text, match.end())
        return ("mark_in_talk",) if is_talk else _titled(candidate, match)
    return ("mark_stand_in",) if stands(candidate, match) else None


def _is_quoted(candidate: Candidate, match: re.Match[str]) -> bool:
    """标有“绝密★30年”的文件 on a page: a lesson or a rule; no document is marked so."""
    text = candidate.folded.text
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    return is_page(candidate) and bool(_QUOTE.fullmatch(before) and _UNQUOTE.fullmatch(after))


def _titled(candidate: Candidate, match: re.Match[str]) -> Signals:
    """《绝密★启用前》 is a film or a game."""
    text = candidate.folded.text
    is_title = text[: match.start()].endswith("《") and text.startswith("》", match.end())
    return ("mark_titled",) if is_title else ()


def on_photo(candidate: Candidate, match: re.Match[str]) -> Signals:
    """Whatever a photo makes of the mark, on a line of its own at the head of a page."""
    is_photo = candidate.piece.origin is Origin.OCR
    return ("mark_photo",) if is_photo and is_high(candidate, match, HEAD_LINES) else None


def is_high(candidate: Candidate, match: re.Match[str], lines: int) -> bool:
    """Whether the mark stands on one of the first lines of the text."""
    return match.start() < _HEAD_CHARACTERS and candidate.folded.text.count("\n", 0, match.start()) < lines


def stands(candidate: Candidate, match: re.Match[str]) -> bool:
    raw = match.group("level")
    if len(raw) > 2:  # 秘 密: set apart on purpose, no seam of two words
        return True
    text, (start, end) = candidate.folded.text, match.span("level")
    # 机密级: the dictionary knows 密级 and would cut it off
    return stands_alone(text[:end] if text.startswith("级", end) else text, start, end)


STARRED = (
    Form(
        grammar="mark.workstar",
        pattern=re.compile(
            rf"(?P<level>工{GAP}作{GAP}秘{GAP}密|内{GAP}部)[^\w\n★]{{0,3}}?★(?!★)(?:{GAP}(?P<term>{TERM})|\s?(?=关于|《))"
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
            rf"(?P<level>{LEVEL}|(?:绝|机|秘)\n+密)级?{_BREAK}(?:★(?!★)(?:{_BREAK}(?P<term>{TERM}))?"
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
)
