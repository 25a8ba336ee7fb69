"""Document numbers: agency code + year + serial, classed by the series of the code (keyword_lists/series.toml).

Of 1,908 numbers in public texts 10 % stand in brackets other than 〔〕, and running text is glued to the
code (根据国发〔…): the code is cut at the longest suffix that a series knows, else at a word that cannot
belong to a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.model import Hit, Kind, Origin, Rule
from leakwatch.rules import RuleBook, Series
from leakwatch.scanners.numerals import SERIAL, YEAR, integer
from leakwatch.scanners.sieve import Candidate

_HAN = "㐀-鿿"
_APART = rf"[^\w\n，。、；：,;:!?()\[\]<>《》“”\"'](?=[{_HAN}])"
"""One blank or symbol between two characters of a code: 中*办*发."""
# The bracket may be lost or misread on one side (〔→ t I c; 〕→ 】 ] J), never on both for unknown codes; a 1
# is no bracket here, or 〔2021〕12号 would lose its tens.
_NUMBER = re.compile(
    rf"(?P<left>[{_HAN}](?:[{_HAN}]|{_APART}){{0,20}})\s{{0,2}}"
    rf"(?P<open>[\[(<〈{{《tlic|]?)\s*(?P<year>{YEAR})\s*年?\s*(?P<close>[\])>〉}}》jl|]{{0,2}})\s*"
    rf"(?P<word>第?)\s*(?P<serial>{SERIAL})\s*(?:之[一二三\d])?\s*(?P<mark>[号呈亏弓]|号令)"
)
_DASHED = re.compile(
    rf"(?P<left>[{_HAN}]{{2,10}})\s?[\[(]?(?P<year>{YEAR})[\])]?\s?-{{1,2}}\s?(?P<serial>\d{{1,4}})(?![\d号月日.\-])"
)
_SHORT = re.compile(
    rf"(?P<left>中办|中央办公厅|中共中央|国务院|省委|市委|区委|县委|[{_HAN}]委)(?P<sec>密办|保密办|密委)?(?P<kind>发|厅|办|办发)?\s*第?(?P<serial>{SERIAL})\s*号\s*(?P<doc>文件|文|件)?"
)
_MINUTES = re.compile(
    rf"(?P<left>[{_HAN}]{{0,10}}?)(?P<kind>党组(?:会议?)?纪要|(?:党组|专题|办公|常务|常委|常委会|局务|局长办公|协调)?会?议?纪要|信息专报|专报|要情|内参|参阅|情况反映|舆情专报|舆情快报|情况专报|内部通报|内部简报|简报)"
    rf"\s*[\[(]?\s*(?P<year>{YEAR})?\s*年?\s*[\])]?\s*第?\s*-?\s*(?P<serial>{SERIAL})\s*(?P<mark>期|号|次)"
)
_STOP_WORDS = (
    "根据", "符合", "按照", "依据", "依照", "遵照", "执行", "落实", "贯彻", "印发", "转发", "下发", "收到", "请看", "参照", "详见", "参见", "文号", "编号", "字号", "关于", "就是", "那份", "这份", "一份", "文件", "通知", "规定", "办法", "意见", "决定", "见", "和", "与", "及", "的", "了", "按", "据", "是", "在", "把", "看", "有", "个", "号", "日", "年", "为", "由", "给", "叫", "份", "阅", "照", "业经", "以", "从", "到", "将", "找", "要", "清退", "学习", "传达", "附", "即", "如", "下", "收", "请", "对", "于", "向", "并", "被", "再", "先", "就", "都", "还", "也", "吧", "呢", "吗", "这", "那", "些", "精神", "要求", "结合", "参考", "查", "遵循", "违反", "适用", "废止", "替代", "已", "仍", "作出", "出", "存", "传", "转", "翻", "用", "件", "文",
)  # fmt: skip
# The name of an office glued before a code that begins with the letter of a province: 市财政局|沪府发.
_OFFICE = re.compile(
    r"^.*[市局省区县厅会院司处办](?=[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新浦国中].)"
)
_CODE_LENGTH = 10
_NO_CODE = re.compile(
    r"(?:合同|订单|发票|单号|运单|快递|批次|案|[民行刑]初|[民行刑]终|[民行刑]再|[民行刑]申|执|执异|仲|标准|证|学号|车牌|房|楼|路|弄|许可|备|采购|招标|产权)$"
)
_CENTRAL = ("中办", "中央办公厅", "中共中央")
# What OCR engines read for the last characters of a code; only believed where a confidential series appears.
_MISREAD = str.maketrans(
    {"友": "发", "龙": "发", "宇": "字", "学": "字", "力": "办", "小": "办", "巾": "中", "亍": "厅"}
)


class Numbers:
    """Finds document numbers and says which series they belong to."""

    triggers: tuple[str, ...] = tuple(
        "中办 厅字 国保发 密办 会议纪要 党组纪要 办公会纪要 专报 快报 简报 内参 要情 情况反映 参阅 内部通报".split()
    )

    def __init__(self, book: RuleBook) -> None:
        self._series = book.series
        self._rules = {rule.id: rule for rule in book.of_kind(Kind.DOCNUMBER)}
        self._known = sorted((code for family in book.series for code in family.codes), key=len, reverse=True)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Numbers in the order of the text; a span is reported once."""
        taken: list[tuple[int, int]] = []
        for found in self._found(candidate):
            if not any(start < found.end and found.start < end for start, end in taken):
                taken.append((found.start, found.end))
                yield found

    def _found(self, candidate: Candidate) -> Iterator[Hit]:
        text = candidate.folded.text
        for match in _NUMBER.finditer(text):
            yield from self._number(candidate, match)
        for match in _DASHED.finditer(text):
            yield from self._dashed(candidate, match)
        for match in _SHORT.finditer(text):
            yield from self._colloquial(candidate, match)
        for match in _MINUTES.finditer(text):
            serial = integer(match.group("serial"))
            if serial is None:
                continue
            year = f"〔{integer(match.group('year'))}〕" if match.group("year") else "〔年份未写〕"
            key = f"{match.group('kind')}{year}{serial}{match.group('mark')}"
            rule = self._rules["dn.minutes"]
            yield _hit(candidate, match.span("kind")[0], match.end(), (rule, key, "属于会议纪要、简报、专报"))

    def _number(self, candidate: Candidate, match: re.Match[str]) -> Iterator[Hit]:
        left = re.sub(rf"[^{_HAN}]", "", match.group("left"))
        is_read = candidate.piece.origin is Origin.OCR
        code, family = self._code(left, is_read)
        year, serial = integer(match.group("year")), integer(match.group("serial"))
        has_brackets = bool(match.group("open").strip("tlic|") or match.group("close").strip("jl|"))
        is_plain = (match.group("year") + match.group("serial")).isdigit()
        if not code or year is None or serial is None:
            return
        if _NO_CODE.search(code) or (match.group("mark") in "呈亏弓" and not is_read):
            return
        if not (has_brackets and is_plain) and (family is None or family.rule == "dn.public"):
            return
        rule = self._rules[family.rule if family else "dn.public"]
        why = family.why if family else "不在内部系列中"
        yield _hit(candidate, _start_of(match, code), match.end(), (rule, f"{code}〔{year}〕{serial}号", why))

    def _dashed(self, candidate: Candidate, match: re.Match[str]) -> Iterator[Hit]:
        """中办发2014-45: only for the codes of the confidential series."""
        code, family = self._code(match.group("left"), False)
        year = integer(match.group("year"))
        if family and code in family.codes and family.rule == "dn.jiyao" and year:
            key = f"{code}〔{year}〕{int(match.group('serial'))}号"
            verdict = (self._rules[family.rule], key, f"{family.why}（口头写法）")
            yield _hit(candidate, _start_of(match, code), match.end(), verdict)

    def _colloquial(self, candidate: Candidate, match: re.Match[str]) -> Iterator[Hit]:
        """中办45号文, 省委密办9号: only for the series that are confidential whatever they say."""
        serial = integer(match.group("serial"))
        if serial is None:
            return
        if match.group("sec"):
            rule, why = self._rules["dn.sec"], "口头所称的保密部门文号"
        elif match.group("doc") in ("文", "文件") and match.group("left") in _CENTRAL:
            rule, why = self._rules["dn.jiyao"], "口头所称的机要文件文号"
        else:
            return
        key = f"{match.group('left')}{match.group('sec') or ''}〔年份未写〕{serial}号"
        yield _hit(candidate, match.start(), match.end(), (rule, key, why))

    def _code(self, left: str, is_read: bool) -> tuple[str, Series | None]:
        """The agency code at the end of the glued text, and its series."""
        for known in self._known:
            if left.endswith(known) and not self._longer(left, known):
                return known, self._family(known)
        code = _cut(left)
        family = self._family(code)
        if is_read and (family is None or family.rule == "dn.public") and code != code.translate(_MISREAD):
            repaired, better = self._code(left.translate(_MISREAD), False)
            if better and better.rule != "dn.public":
                return repaired, better
        return code, family

    def _longer(self, left: str, known: str) -> bool:
        """浦委中办发? no; but 沪委发 must not be read as the tail of a longer private code."""
        code = _cut(left)
        family = self._family(code)
        return len(code) > len(known) and family is not None and family.rule != "dn.public"

    def _family(self, code: str) -> Series | None:
        return next((family for family in self._series if family.has(code)), None)


def _cut(left: str) -> str:
    """What is left of glued text after the last word that cannot belong to a code; at most ten characters."""
    tail = left[-_CODE_LENGTH:]
    cut = max((tail.rfind(word) + len(word) for word in _STOP_WORDS if word in tail[:-1]), default=0)
    code = _OFFICE.sub("", tail[cut:])
    return code if 2 <= len(code) <= _CODE_LENGTH else ""


def _start_of(match: re.Match[str], code: str) -> int:
    """Where the code starts in the folded text, blanks and symbols inside it counted."""
    position, wanted = match.end("left"), len(code)
    text = match.string
    while wanted and position > match.start("left"):
        position -= 1
        wanted -= re.match(rf"[{_HAN}]", text[position]) is not None
    return position


def _hit(candidate: Candidate, start: int, end: int, verdict: tuple[Rule, str, str]) -> Hit:
    rule, key, why = verdict
    raw_start, raw_end = candidate.folded.span(start, end)
    return Hit(
        rule=rule,
        piece=candidate.piece,
        start=raw_start,
        end=raw_end,
        score=rule.score,
        reason=f"{rule.name}“{key}”：{why}",
        document=key,
    )
