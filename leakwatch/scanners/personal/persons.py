"""Whom a stretch of text speaks of: by name, by nickname, by title, or by what everybody around would know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from leakwatch.model import Window
from leakwatch.scanners.words.segmentation import Word, frequency, tag, tagged_around

_HAN = r"[㐀-鿿]"
_TITLES = (
    "某某|某|老先生|老太太|老爷子|老大爷|老大娘|老头子?|女士|先生|小姐|师傅|老师|大爷|大娘|大妈|大嫂|二嫂|嫂子|嫂|婆婆|阿婆|阿公|阿姨|姨|大姐|姐|大哥|哥|大叔|叔|伯|婶|"
    "奶奶|爷爷|老汉|老太|警官|法官|医生|护士|会计|教授|教练|经理|主任|书记|委员|总|工|副?[局处科厅部院校所队站镇乡县区市会]长?|"
    "家老[大二三四五]|家[大二三]?[嫂哥姐叔妹弟]|家的|家媳妇|家儿子|家女儿|家兄弟|家夫妻"
)
_TITLED = re.compile(rf"{_HAN}(?:{_TITLES})")
_CALLED = re.compile(rf"(?<!同)(?<!本)姓(?!名|氏|什么|啥)(?P<name>{_HAN})")
_NUMERAL = r"(?:\d{1,4}|[一二三四五六七八九十〇零]{1,4})"
_LIVES = rf"(?<![入借居])(?:家住|住在?|家在|躲在){_HAN}{{0,6}}?(?:村|楼|栋|幢|路|街|巷|弄|苑|院|宿舍|小区|组|里|号|点|城|园|厂|屯|寨|后头|那边)"
_HOME = re.compile(
    rf"(?<!\d)\d{{1,3}}-\d{{1,2}}?-?\d{{3,4}}(?!\d)|(?<={_HAN}{_HAN})\d{{1,3}}-\d{{3,4}}(?!\d)|{_NUMERAL}\s?(?:幢|栋|号楼|单元|号院|病房|床(?!位))"
    rf"|[初高]{_NUMERAL}(?!点|级)|{_NUMERAL}(?:年级|[(（]{_NUMERAL}[)）]|班(?!车|长|次|子|组))|{_LIVES}|{_NUMERAL}楼(?=[那的阳老姓有])"
)
_POINTED = r"(?:(?:那|这)(?:个|位|家|户|对|俩|两个|女的?|男的?|老)|[新转]来的|隔壁|对门|楼[上下]|[咱你我他她]们?[^,;。!?\n]{0,3}的?)[^,;。!?\n]{0,6}?"
_POINTERS = frozenset("那这新转隔对楼咱你我他她")
"""One of them is in whatever points at somebody: to look costs next to nothing, the expressions 25 µs."""
_UNIT = rf"{_HAN}{{1,4}}(?:科|队|室|办|所|站|组|部|处|班|车间|窗口|支队|中队|工会|食堂|门岗)"
_COLLEAGUE = re.compile(rf"{_UNIT}(?:的|有个|那边的?)(?:阿{_HAN}|{_HAN}子(?!女)|同事|同志|小年轻|大个子)")
# 章大有查出来…: jieba makes 章 and 大有 of it, the verb tells that somebody stands before it.
_PREDICATE = r"(?:检?查出|怀[上了]|得[了的]是?|患[了有上]|确诊|住[院进]|体检|又犯|化疗|被[抓打拘骗辞]|反映|举报|投诉|自述|指认|陈述|来电|来访|承认|的(?:病|诊断|化验|体检|爸|妈|爷爷|奶奶|老公|老婆|爱人|家长|父亲|母亲|丈夫|妻子|儿子|女儿|家属))"
_AILING = r"(?:保胎|流产|透析|化疗|放疗|乳腺|住院|手术|吃药|请(?:了)?(?:病|长病|产)假|查出|确诊|得了|患|[又去前今]?年?做了?手术|脑子|肝|肺|肾|心脏|胃)"
_ROW_VERB = r"(?=迟到|旷工|早退|缺勤|事假|病假|扣|欠|罚|借|贷|领|退|补|离异|离婚|丧偶|独居|未婚|残|低保|服刑|判|拘|缓刑|取保|吸毒|酒驾|醉驾|嫖|赌|打人|怀孕|住院|确诊|阳性|考了|得分|\d|[二三四五六七八九]?十[一二三四五六七八九]?岁)"
_HEADS = "总|老板|院长|局长?|书记|主任|校长|经理|科长?|处长?|所长|队长|大爷|大妈|大娘|奶奶|婶|老师|师傅"
"""Titles that a row of a list may begin with: 储总有外债."""
_KIN = "嫂子?|婶子?|姐|哥|叔|姨|大爷|大妈|大姐|大哥|阿姨|奶奶"
_NUMBERED = "[大二三四五六七八九幺](?:哥|姐|叔|婶|嫂|爷|娘|伯|妹|弟|奶|姨|姑|舅)"
_MASK = r"(?:[×*○〇●△□■]{1,3}|x{1,2}(?![0-9a-z]))"
"""What stands for the characters of a name that is half covered: 冉×莉, 王**."""
_PARTICLES = frozenset("了着过的是")
"""怀孕了 is no Mr 怀."""
_RARE = 10
"""小池, 小段: the dictionary has them as words that hardly anybody uses."""
_NICKS = frozenset("老小大阿")
_FREE_FLAGS = ("p", "c", "d", "r", "u", "f", "m", "q", "y")
_GIVEN_FLAGS = ("ns", "nz", "n", "a", "z", "j")
_NAMING = frozenset({"是", "叫", "就是", "姓名", "名叫"})


class How(StrEnum):
    """How a person is pointed at, surest first."""

    NAMED = "named"
    HOME = "home"
    POINTED = "pointed"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A place where somebody is spoken of."""

    how: How
    start: int
    end: int
    """Folded span, half-open."""


class Persons:
    """Built once from the list of surnames, of words that look like names, and of words for people."""

    def __init__(self, surnames: Window, not_names: Window, somebody: Window) -> None:
        self._surnames = frozenset(surnames.terms)
        self._heads = frozenset(name[0] for name in surnames.terms)
        self._openings = self._heads | _NICKS
        self._not_names = frozenset(not_names.terms)
        words = "|".join(map(re.escape, sorted(somebody.terms, key=len, reverse=True)))
        self._described = re.compile(words)
        self._pointed = re.compile(f"{_POINTED}(?:{words})|(?:{words})(?:那|这)(?:个|位|家)")
        # Lists and tables: a name between signs, where jieba has no sentence to go by.
        singles = "".join(name for name in surnames.terms if len(name) == 1)
        doubles = "|".join(name for name in surnames.terms if len(name) > 1)
        masked = rf"[{singles}](?:{_MASK}{_HAN}?(?!\d)|某(?:某|{_HAN}(?!{_HAN})))"
        self._masked = re.compile(masked)
        self._numbered = re.compile(
            rf"(?<![老小])[{singles}]{_NUMBERED}(?!们)|(?<=[的是叫位个])[{singles}](?:{_KIN})(?![们的家])"
            rf"|(?<!{_HAN})[{singles}]家的?(?:独苗|小子|丫头|闺女|儿子|女儿|媳妇|那口子|那位|老[大二三四])"
        )
        self._subject = re.compile(
            rf"(?:(?<!{_HAN})|(?<=[的是叫位个科队室办所站组部处班厂村社院校人者]))(?P<name>[{singles}]{_HAN}{{1,2}})(?={_PREDICATE})"
        )
        self._alone = re.compile(
            rf"(?<!{_HAN})(?:(?:{doubles}){_HAN}{{1,2}}|[{singles}]{_HAN}{{1,2}}|{masked})(?!{_HAN})"
        )
        self._apposed = re.compile(
            rf"(?:(?:{words})叫?|(?<![㐀-鿿])叫|(?<=[的个位人者童生娃])叫|[名真]字?[是叫]|(?<=[人者面孔友警])(?<!工作人)(?<!个人))"
            rf"(?P<name>(?:{doubles}|[{singles}]){_HAN}{{1,2}})(?=[已称就要在住将曾被也又昨今]|(?!{_HAN}))"
        )
        self._head = re.compile(
            rf"\s*(?:{_HAN}{{1,8}}的)?(?P<name>(?:{doubles}|[{singles}])(?:{_HAN}{{1,2}}{_ROW_VERB}|(?:{_HEADS})(?![们的说讲批定要])))"
        )
        nick = rf"(?:[老小][{singles}]|阿(?![姨婆公里拉富胶司联根门弥訇爸妈]){_HAN})"
        self._nicknamed = re.compile(
            rf"(?<!{_HAN}){nick}(?={_HAN})|(?<=[局科处院所站室部队班组厂校社镇村办楼的是人者工员户属叫里计纳机安洁医兵护教保卫边口铺摊]){nick}(?!们)"
        )
        # 小段保胎, 封姐乳腺…: the ailment behind tells that somebody stands there, be it a word as well (小段).
        self._patient = re.compile(
            rf"(?:(?<!{_HAN})|(?<=[里的]))(?:[老小][{singles}]|[{singles}](?:姐|哥|姨|叔|婶|嫂|老|工))(?={_AILING})"
        )
        self._surname_alone = re.compile(rf"(?<!{_HAN})[{singles}](?!{_HAN})")
        self._surname_at_head = re.compile(rf"\s*(?P<name>[{singles}])[\s:(]")

    def alone(self, text: str) -> Iterator[re.Match[str]]:
        """Names that stand between signs."""
        return (found for found in self._alone.finditer(text) if not self._is_word(found.group()))

    def in_table(self, text: str) -> Iterator[re.Match[str]]:
        """The same in a list, where 常乐 and 苗壮 are names too."""
        return (found for found in self._alone.finditer(text) if found.group() not in self._not_names)

    def surname_alone(self, text: str) -> re.Match[str] | None:
        """The first surname that stands between signs: 3幢 徐 13812345678."""
        return self._surname_alone.search(text)

    def surname_at_head(self, row: str) -> re.Match[str] | None:
        """The lone surname that a row of a list begins with: 孙 肺结节9mm."""
        return self._surname_at_head.match(row)

    def at_head(self, row: str) -> re.Match[str] | None:
        """The name that a row of a list begins with, where a word that no name goes on with follows it."""
        return self._head.match(row)

    def find(self, text: str) -> list[Person]:
        """Everybody spoken of in a short folded text, in order."""
        described = list(self._described.finditer(text))
        is_pointed = described and not _POINTERS.isdisjoint(text)
        ways = (
            (How.HOME, _HOME.finditer(text)),
            (How.POINTED, self._pointed.finditer(text) if is_pointed else ()),
            (How.POINTED, _COLLEAGUE.finditer(text)),
            (How.DESCRIBED, described),
        )
        said = [
            Person(how=how, start=found.start(), end=found.end()) for how, founds in ways for found in founds
        ]
        named = [Person(how=How.NAMED, start=start, end=end) for start, end in self._named(text)]
        return sorted([*named, *said], key=lambda person: person.start)

    def is_named(self, text: str) -> bool:
        """Whether a short folded text names anybody."""
        return next(self._named(text), None) is not None

    def _named(self, text: str) -> Iterator[tuple[int, int]]:
        for found in _CALLED.finditer(text):
            # 姓脱, is a surname that no list has; 姓名 and 姓什么 are none.
            if found.group("name") in self._surnames or not re.match(_HAN, text[found.end() :]):
                yield found.span()
        for found in self._alone.finditer(text):
            # 孕妇 甘露 35周: between blanks a word of the dictionary is a name as well.
            is_cell = text[found.start() - 1 : found.start()].isspace() and text[found.end() :][:1].isspace()
            if not (found.group() in self._not_names if is_cell else self._is_word(found.group())):
                yield found.span()
        yield from (found.span() for found in self._masked.finditer(text))
        yield from (found.span() for found in self._patient.finditer(text))
        yield from (found.span() for found in self._numbered.finditer(text))
        yield from (
            found.span()
            for found in self._nicknamed.finditer(text)
            if frequency(found.group()) < _RARE or not self._is_word(found.group())
        )
        yield from (
            found.span("name")
            for found in (*self._apposed.finditer(text), *self._subject.finditer(text))
            if not self._is_word(found.group("name"))
        )
        yield from self._tokens(text)

    def _tokens(self, text: str) -> Iterator[tuple[int, int]]:
        """Names that jieba sees, or a surname standing as a word of its own before a given name or title."""
        if self._heads.isdisjoint(text):
            return
        words = [("", "x"), *tagged_around(text, self._heads), ("", "x")]
        position = 0
        for before, word, after in zip(words, words[1:], words[2:], strict=False):
            if word[0][:1] in self._openings:
                length = self._name_length((before, word, after), text[position:])
                if length and not self._is_word(text[position : position + length]):
                    yield position, position + length
            position += len(word[0])

    def _name_length(self, words: tuple[Word, Word, Word], rest: str) -> int:
        """How many characters of the rest are a name; 0 for none."""
        (before, flag_before), (text, flag), (after, flag_after) = words
        if flag.startswith("nr") and 2 <= len(text) <= 4 and self._has_surname(text):
            return len(text)
        if text in _NICKS and len(after) == 1 and after in self._surnames:
            return 2
        if text not in self._surnames or flag.startswith(_FREE_FLAGS):
            return 0
        if _TITLED.match(rest[len(text) - 1 :]):
            return len(text) + 1
        is_headed = flag_before == "x" or before in _NAMING or flag.startswith("nr")
        is_given = re.fullmatch(rf"{_HAN}{{1,2}}", after) is not None and (
            flag_after.startswith("nr") or (is_headed and flag_after.startswith(_GIVEN_FLAGS))
        )
        return len(text + after) if is_given else 0

    def _is_word(self, text: str) -> bool:
        """Whether the dictionary knows it as something else than a name."""
        return text in self._not_names or text[-1] in _PARTICLES or not tag(text, "nr").startswith("nr")

    def _has_surname(self, text: str) -> bool:
        if text[0] in _NICKS and len(text) == 2:
            return text[1] in self._surnames
        return text[0] in self._surnames or text[:2] in self._surnames
