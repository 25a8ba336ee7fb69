"""Two persons or more, one a row, each with something that belongs to that person alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from leakwatch.scanners.personal.person_numbers import Number
from leakwatch.scanners.personal.persons import How, Persons

_BREAKS = (
    re.compile(r"\n"),
    re.compile(r"[\n;。|]"),
    re.compile(r"[\n;。,、](?![^()\n]{0,20}\))"),
    re.compile(r"[\n;。,、]"),
    re.compile(r"[\n;。/|]"),
    re.compile(r"[\s;。]"),
    re.compile(r"(?<![\d.])\d{1,2}(?:[.、)](?!\d)|(?=[㐀-鿿]{2,3}[\s(,:]))"),
)
_LIST_HEAD = re.compile(r"[^\n。]{2,24}:\s*[㐀-鿿]{2,4}")
"""What a list in running words begins with: 考勤扣钱的:雒文斌迟到九次."""
_LIST = re.compile(r"名单|名册|登记|补录|几个人|这几位|抄一份|汇总")
_COLUMN = re.compile(
    r"证件?号|身份证|出生|性别|年龄|户籍|籍贯|住址|地址|电话|手机|卡号|账号|开户|缴费|基数|参保|工资|月薪|收入|补[贴助偿]|诊断|病[情种史]|"
    r"残疾|关系|户主|致贫|劳动能力|健康|政治面貌|党派|婚姻|学历|民族|监护人|父亲|母亲|配偶|子女|家庭成员|成绩|得分|罪名|案由|刑期|处分|床[位号]|用药|工号|宗教|护照|境外|"
    r"兵种|入伍|退伍|选岗|残级|伤残|低保|帮扶|矫正|强戒"
)
_COLUMNS_FLOOR = 2
_NAMES = re.compile(r"姓\s*名|户\s*主|学生|家长|患者|当事人|对象")
_TELLING = re.compile(
    r"身份证|证件号|住\s*址|家庭|卡\s*号|账号|收入|补[贴助偿]|救助|低保|致贫|诊断|病[情种史因]|残\s*疾|处\s*分|罪名|案由|刑期|监护人"
)
"""One column that tells enough beside the names."""
_ITEM_NUMBER = re.compile(r"\n\s*\d{1,3}[.、)]?\s*$")
"""Before the name of the first row: 序号 姓名 年收入 / 1 向成."""
_STACKED = re.compile(r"(?s:.{0,40}?)(?:姓\s*名|户\s*主)\s+")
_AGE = r"(?:(?<!\d)\d{1,3}\s?|[二三四五六七八九]?十[一二三四五六七八九]?)岁"
_AGES = re.compile(rf"(?s){_AGE}.*{_AGE}")
"""Two persons in running words, by their ages: 卖菜的王明远36岁…，修鞋的李云45岁…."""
_DASHED = re.compile(r"[^\d\n:]{1,6}(?:-{1,2}|:|\()")
"""A nickname before a dash heads a row as well as a name: 钮科--儿子，实小."""
_DENSITY = 0.5
"""What of the stretch from the first row to the last must be rows: in a story people are far between."""
_TABLE_ROWS = 3
_CELLS_CHARACTERS = 48
_SENTENCE_CHARACTERS = 72
"""What is longer and holds no number is a sentence of a report, not a row."""
_HAN = "[㐀-鿿]"
_LONG = 300
_HEAD = 6
"""In a text as long as a report a row begins with its name."""
_HEADING_WITHIN = 40
_ROW_CHARACTERS = 150
_NAME_WITHIN = 24
_CHECKED = frozenset({"personal.id", "personal.bank", "personal.phone", "personal.oldid", "personal.paper"})
_HEADING = re.compile(r"[^\n:]{0,40}:|姓\s*名")
_PAIR = re.compile(r"(?:\d{1,3}-\d{1,2}-?\d{3,4})(?!\d)")
_UNSEEN = re.compile(rf"姓\s*名|{_PAIR.pattern}")
"""What makes a row without a name between signs or a number."""
_LIGHT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_AGE}|(?<!\d)\d{{1,3}}\s?年|(?<=[\s,(])\d{{2}}(?=[\s,)])",
        r"(?<![㐀-鿿])[男女](?![㐀-鿿])",
        r"(?<!\d)(?:19|20)\d\d[.\-/年]\s?\d{1,2}|(?<=[(\s])19\d\d(?=[,\s])",
        r"[一二三四五六七八九十\d]+(?:组|村|栋|幢|楼|号院|单元)|[㐀-鿿]{2,4}(?:村|屯|组|新村|小区|家园|宿舍|苑|里|街|路\d)|[㐀-鿿][\d一二三四五六七八九十]{1,4}号(?![楼院文线])|[租现暂居家]住(?=[㐀-鿿])",
        r"(?<![\d.])\d{3,6}(?:\.\d+)?\s?元?(?=\s*(?:$|[,;。\n]))|\d+(?:\.\d+)?万",
        r"党员|群众|团员|[汉回满苗壮藏彝](?:族|(?=[ ,)]))",
        r"(?<!\d)\d{6}(?!\d)",
        r"[父母]亲?\s|(?:父|母|爷爷|奶奶|妈妈|爸爸|老婆|丈夫|妻子?|儿子|女儿)",
        r"笔试|面试\d|分$|\d+\.\d分?",
        r"小学|中学|实小|[一二三四五六市]中|幼儿园|[初高大][一二三]|年级|\d班|[大中小]班|学院|大学|单位|无业|务工|打工",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A stretch with a name near its head: what makes a row, if there are more of them."""

    start: int
    name: tuple[int, int]
    end: int
    """Folded places, all of them."""
    has_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person with what is said of them."""

    start: int
    end: int
    """Folded span, half-open, from the name on."""
    has_number: bool
    has_hardship: bool
    says: bool
    """Whether anything but the name stands in the row."""
    light: int
    """How many of age, sex, birth, address, amount … stand in the row."""

    @property
    def is_telling(self) -> bool:
        """Whether the row says more than a name and one harmless thing."""
        is_cell = self.end - self.start <= _SENTENCE_CHARACTERS
        return self.has_number or (is_cell and (self.has_hardship or self.light > 1))


class Rosters:
    """Built once from the people and the words for what makes a list sensitive."""

    def __init__(self, persons: Persons, hardship: re.Pattern[str], programme: re.Pattern[str]) -> None:
        self._persons = persons
        self._hardship = hardship
        self._programme = programme

    def rows(self, text: str, numbers: Sequence[Number]) -> list[Row]:
        """The rows of the roster in a folded text; fewer than two are none."""
        checked = [number for number in numbers if number.grammar in _CHECKED]
        starts = [found.start() for found in self._persons.in_table(text)]
        is_listed = _UNSEEN.search(text) or "--" in text or _LIST_HEAD.match(text) or _AGES.search(text)
        if len(starts) + len(checked) < 2 and not is_listed:
            return []
        names = [start - 1 for start in starts if start]
        # Most breaks cut the same spans.
        head_of = cache(lambda span: self._head(text, span, checked))
        row_of = cache(lambda head: self._row(text, head))
        best: list[Row] = []
        cuts = [[found.start() for found in breaks.finditer(text)] for breaks in _BREAKS]
        for places in dict.fromkeys(map(tuple, (*cuts, names))):
            spans = [(start + 1, end) for start, end in pairwise([-1, *places, len(text)])]
            heads = [head for span in spans if (head := head_of(span))] if places else []
            if len(heads) <= max(1, len(best)):
                continue
            rows = [row_of(head) for head in heads]
            if not self._is_table(text, rows):
                rows = [row for row in rows if row.is_telling]
            if len(rows) > max(1, len(best)) and _is_dense(rows):
                best = rows
        return best or self._columns(text, checked)

    def is_sensitive(self, text: str, rows: Sequence[Row]) -> bool:
        """Whether a row or the heading tells of aid, illness, family trouble or punishment."""
        return any(row.has_hardship for row in rows) or self._is_headed(text, rows)

    def traits(self, text: str, rows: Sequence[Row]) -> list[str]:
        """The signals of what makes the roster one of personal data."""
        told = []
        if any(row.has_number for row in rows):
            told.append("row_numbers")
        elif self._has_columns(text, rows):
            told.append("row_columns")
        elif all(row.light > 1 for row in rows):
            told.append("row_details")
        if self.is_sensitive(text, rows):
            told.append("row_hardship")
        return [*told, "many_rows"] if len(rows) > 2 else told

    @staticmethod
    def _has_columns(text: str, rows: Sequence[Row]) -> bool:
        """Whether the line before the first row is the head of a table on persons."""
        before = text[: rows[0].start]
        head = _ITEM_NUMBER.sub("", before).rstrip().rpartition("\n")[2][-_ROW_CHARACTERS:]
        if _STACKED.fullmatch(before) and _TELLING.search(text, rows[-1].end):
            return True
        is_pair = bool(_NAMES.search(head) and _TELLING.search(head))
        return is_pair or len(set(_COLUMN.findall(head))) >= _COLUMNS_FLOOR

    def _is_table(self, text: str, rows: Sequence[Row]) -> bool:
        """Rows alike under a heading: one harmless thing a row is enough, and under 开除 or 低保 anything."""
        if not rows or any(row.end - row.start > _CELLS_CHARACTERS for row in rows):
            return False
        if self._is_headed(text, rows) or self._has_columns(text, rows):
            return all(row.says for row in rows) or self._is_bare_list(text, rows)
        is_list = _LIST.search(text[: rows[0].start]) or any(row.has_hardship for row in rows)
        return len(rows) >= _TABLE_ROWS and all(row.light for row in rows) and bool(is_list)

    def _is_bare_list(self, text: str, rows: Sequence[Row]) -> bool:
        """低保名单：王明远、李云、赵山: whoever stands there is on relief; nothing else may follow the names."""
        heading = text[max(0, rows[0].start - _HEADING_WITHIN) : rows[0].start]
        is_list = re.search(r"(?:名单|名册|花名册)[^\n]{0,6}:?\s*$", heading) is not None
        is_bare = not any(row.says for row in rows) and not re.search(_HAN, text[rows[-1].end :])
        return is_list and is_bare and bool(self._hardship.search(heading))

    def _is_headed(self, text: str, rows: Sequence[Row]) -> bool:
        """Whether the line before the first row is a heading that names a programme or a trouble."""
        heading = text[max(0, rows[0].start - _HEADING_WITHIN) : rows[0].start]
        is_heading = re.search(r"[:\n|]|表|名单|名册|明细|汇总|\s$", heading) is not None
        return is_heading and bool(self._hardship.search(heading) or self._programme.search(heading))

    def _head(self, text: str, span: tuple[int, int], numbers: Sequence[Number]) -> _Head | None:
        """The head of a stretch that begins with a name, or nearly so."""
        start, end = span
        if end - start > _ROW_CHARACTERS:
            return None
        has_number, reach = self._has_number(span, numbers), _HEAD if len(text) > _LONG else _NAME_WITHIN
        heading = _HEADING.match(text, start, end)
        starts = [heading.end(), start] if heading and end - heading.end() > 2 else [start]
        # 王明远：13812345678: what looks like a heading may be the name
        names = ((at, self._name(text[at:end], has_number, reach)) for at in starts[: 2 if has_number else 1])
        start, name = next((found for found in names if found[1]), (start, None))
        if name is None:
            return None
        return _Head(start=start, name=(start + name[0], start + name[1]), end=end, has_number=has_number)

    def _row(self, text: str, head: _Head) -> Row:
        """All that a stretch says of the name near its head."""
        rest = text[head.name[1] : head.end]
        return Row(
            start=head.name[0],
            end=head.end,
            has_number=head.has_number,
            has_hardship=len(rest) <= _CELLS_CHARACTERS and bool(self._hardship.search(rest)),
            says=len(rest.strip(" ,;:。、.()")) > 1,
            light=sum(bool(pattern.search(rest)) for pattern in _LIGHT)
            + 2 * bool(_PAIR.search(text[head.start : head.end])),
        )

    def _name(self, row: str, has_number: bool, within: int) -> tuple[int, int] | None:
        """Span of the first name; beside a number a nickname or a title will do."""
        found = next(self._persons.in_table(row), None)
        if found and (has_number or found.start() <= within):
            return found.span()
        if has_number or _PAIR.search(row) or _DASHED.match(row.lstrip()):
            people = (person for person in self._persons.find(row) if person.how is not How.HOME)
            found = self._persons.surname_alone(row)
            return next(((person.start, person.end) for person in people), found.span() if found else None)
        headed = self._persons.at_head(row)  # 雒文斌迟到九次扣四百五
        if headed is None and self._hardship.search(row):
            headed = self._persons.surname_at_head(row)
        return headed.span("name") if headed else None

    @staticmethod
    def _has_number(span: tuple[int, int], numbers: Sequence[Number]) -> bool:
        at = bisect_left(numbers, span[0], key=lambda number: number.start)
        return at < len(numbers) and numbers[at].end <= span[1]

    def _columns(self, text: str, numbers: Sequence[Number]) -> list[Row]:
        """One row a person where each cell of the table stands on a line of its own: name, then number."""
        rows: list[Row] = []
        name, start = -1, 0
        for line in text.split("\n"):
            end = start + len(line)
            if any(found.group() == line.strip() for found in self._persons.in_table(line)):
                name = start
            elif name >= 0 and self._has_number((start, end), numbers):
                rows.append(Row(start=name, end=end, has_number=True, has_hardship=False, says=True, light=0))
                name = -1
            start = end + 1
        return rows if len(rows) > 1 else self._stacked(text)

    def _stacked(self, text: str) -> list[Row]:
        """The names of a table that was read column by column: 姓名 and the names, then another heading."""
        head = _STACKED.match(text)
        if head is None or not _TELLING.search(text, head.end()):
            return []
        rows: list[Row] = []
        start = head.end()
        for cell in re.split(r"\s", text[start:]):
            end = start + len(cell)
            if not any(found.group() == cell for found in self._persons.in_table(cell)):
                break
            rows.append(Row(start=start, end=end, has_number=False, has_hardship=False, says=True, light=0))
            start = end + 1
        return rows if len(rows) > 1 else []


def _is_dense(rows: Sequence[Row]) -> bool:
    said = sum(row.end - row.start for row in rows)
    return said >= _DENSITY * (rows[-1].end - rows[0].start)
