"""An .xlsx or .docx that a unit filled in → register, and a sentence for each row not taken as it stands.

Units fill the form in with Excel, Word and WPS as they like: titles over merged cells, a unit written once beside all
its groups, the header in any row, columns in any order, several tables and sheets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from leakwatch.register import grid, paper
from leakwatch.register.columns import Column, column
from leakwatch.register.grid import Row
from leakwatch.register.matching import name_key
from leakwatch.register.values import PLATFORMS, Group, Register, Unit

_PLATFORMS = MappingProxyType(
    {word.casefold(): id for id, word in PLATFORMS.items()}
    | {id: id for id in PLATFORMS}
    | {"微信群": "wechat", "qq群": "qq", "企微": "wecom", "政务微信": "wecom", "lark": "feishu"}
)
_FOOTNOTE = re.compile(r"(?:备注|注|说明)\s*[:：]\s*本表")
_TOTAL = re.compile(r"\s*[合总小共]\s*计\s*")
_LINES = MappingProxyType(
    {
        "单位": Column.UNIT,
        "部门": Column.UNIT,
        "处室": Column.UNIT,
        "联系人": Column.CONTACT,
        "联系电话": Column.TELEPHONE,
        "电话": Column.TELEPHONE,
    }
)
_LABEL = rf"({'|'.join(_LINES)})(?:\((?:部门|单位)\))?\s*:"
_UNIT_LINE = re.compile(rf"\s*{_LABEL}\s*(.*?)\s*(?=(?:{'|'.join(_LINES)})(?:\((?:部门|单位)\))?\s*:|$)")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_OF_A_GROUP = frozenset(Column) - {
    Column.NUMBER,
    Column.UNIT,
    Column.CONTACT,
    Column.TELEPHONE,
    Column.PARENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held."""

    register: Register
    notes: tuple[str, ...]
    """Chinese sentences: each row that was left out, joined or not understood whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One row below a header."""

    place: str
    texts: Mapping[Column, str]
    """Without what is blank; what the lines above the table say of the unit included."""


def read_filing(path: Path) -> Imported:
    """What an .xlsx or .docx holds; Unreadable if it is neither, is locked or damaged."""
    units: dict[str, Unit] = {}
    groups: dict[tuple[str, str, str], tuple[Group, str]] = {}
    places: dict[tuple[str, str], str] = {}
    notes: list[str] = []
    for name, rows in paper.tables(path) if paper.is_mine(path) else grid.sheets(path):
        for entry in _entries(name, rows):
            if isinstance(entry, str):
                notes.append(entry)
                continue
            notes += _add_unit(units, entry)
            notes += _add_group(groups, places, entry)
    register = Register(units=tuple(units.values()), groups=tuple(group for group, _ in groups.values()))
    return Imported(register=register, notes=tuple(notes))


def _entries(sheet: str, rows: Sequence[Row]) -> Iterator[_Entry | str]:
    """The rows below the headers of a sheet, and sentences on what of it is no such row."""
    columns: dict[int, Column] = {}
    strange: dict[int, str] = {}
    unit: dict[Column, str] = {}
    entries = 0
    for row in rows:
        place = f"{sheet}第{row.number}行"
        if header := _header(row.texts):
            columns = header
            strange = {n: text for n, text in enumerate(row.texts) if text and n not in header}
            yield from (f"{place}：不认识“{text}”一列，这一列没有导入" for text in strange.values())
        elif _UNIT_LINE.match(line := unicodedata.normalize("NFKC", " ".join(filter(None, row.texts)))):
            unit |= _said(line)
        elif columns and _is_total(row.texts, columns):
            yield f"{place}：合计的一行不是群，没有导入"
        elif columns and not _is_footnote(row.texts):
            own = {columns[n]: text for n, text in enumerate(row.texts) if text and n in columns}
            stray = [text for n, text in enumerate(row.texts) if text and n not in {**columns, **strange}]
            if own.keys() == {Column.NUMBER} and not own[Column.NUMBER].isdigit():
                stray.append(own[Column.NUMBER])
            yield from (f"{place}：“{text}”不知属于哪一列，没有导入" for text in stray)
            if own.keys() - {Column.NUMBER}:
                entries += 1
                yield _Entry(place=place, texts=unit | own if Column.UNIT not in own else own)
    if rows and not columns:
        yield f"{sheet}没有找到带“群名称”和“群主”的表头，没有导入；请补上表头后重试"
    elif unit and not entries:  # a unit that has no group has filed all the same
        yield _Entry(place=sheet, texts=unit)


def _header(texts: Sequence[str]) -> dict[int, Column]:
    """Which column stands where, if the row is a header: names of two columns, the group's among them."""
    named = {number: known for number, text in enumerate(texts) if (known := column(text))}
    return named if Column.NAME in named.values() and len(set(named.values())) > 1 else {}


def _is_footnote(texts: Sequence[str]) -> bool:
    """The line below the official table; a remark beside a group is none."""
    written = list(filter(None, texts))
    return len(written) == 1 and _FOOTNOTE.match(written[0]) is not None


def _is_total(texts: Sequence[str], columns: Mapping[int, Column]) -> bool:
    """The line that counts the groups: 合计 stands where a number, a unit or a group would."""
    leading = (Column.NUMBER, Column.UNIT, Column.NAME)
    return any(_TOTAL.fullmatch(text) for n, text in enumerate(texts) if columns.get(n) in leading)


def _said(line: str) -> dict[Column, str]:
    """What a line above the table says of the unit: 单位(部门):水处 联系人:陈雨; a blank says nothing."""
    said = {_LINES[label]: text for label, text in _UNIT_LINE.findall(line)}
    return {known: text.strip(" _") for known, text in said.items() if text.strip(" _")}


def _add_unit(units: dict[str, Unit], entry: _Entry) -> Iterator[str]:
    """Adds the unit of a row; says where two rows disagree."""
    name = entry.texts.get(Column.UNIT, "")
    new = Unit(
        name=name,
        contact=entry.texts.get(Column.CONTACT, ""),
        telephone=entry.texts.get(Column.TELEPHONE, ""),
        parent=entry.texts.get(Column.PARENT, ""),
    )
    if not name:
        if new.contact or new.telephone:
            yield f"{entry.place}：没有写单位，联系人和电话没有导入（{new.contact} {new.telephone}）"
        return
    old = units.get(name, new)
    for label, first, second in (
        ("联系人", old.contact, new.contact),
        ("电话", old.telephone, new.telephone),
        ("上级单位", old.parent, new.parent),
    ):
        if first and second and first != second:
            yield f"{entry.place}：单位“{name}”的{label}写作“{second}”，前面写作“{first}”，采用前面的"
    units[name] = replace(
        old,
        contact=old.contact or new.contact,
        telephone=old.telephone or new.telephone,
        parent=old.parent or new.parent,
    )


def _add_group(
    groups: dict[tuple[str, str, str], tuple[Group, str]], places: dict[tuple[str, str], str], entry: _Entry
) -> Iterator[str]:
    """Adds the group of a row, unless it stands there already; says what is doubtful."""
    if Column.NAME not in entry.texts:
        if rest := "、".join(text for known, text in entry.texts.items() if known in _OF_A_GROUP):
            yield f"{entry.place}：没有群名称，没有导入（{rest}）"
        return
    group, doubts = _group(entry.texts)
    yield from (f"{entry.place}：{doubt}" for doubt in doubts)
    key = (name_key(group.name), group.platform, group.unit)
    if key in groups:
        first, where = groups[key]
        yield f"{entry.place}：“{group.name}”（群主“{group.owner}”）与{where}的“{first.name}”（群主“{first.owner}”）重复，没有导入"
        return
    if (where := places.setdefault(key[:2], entry.place)) != entry.place:
        yield f"{entry.place}：“{group.name}”与{where}同名而单位不同，两行都已导入，请核对是否同一个群"
    groups[key] = group, entry.place


def _group(texts: Mapping[Column, str]) -> tuple[Group, list[str]]:
    """The group of a row that names one, and what of the row was not understood."""
    doubts: list[str] = []
    platform = texts.get(Column.PLATFORM, "")
    if platform and platform.casefold() not in _PLATFORMS:
        doubts.append(f"不认识平台“{platform}”，按“其他”导入")
    days: dict[Column, date | None] = {}
    for known in (Column.FILED_AT, Column.DISSOLVED_AT):
        days[known] = _day(texts.get(known, ""))
        if known in texts and days[known] is None:
            doubts.append(f"{known}“{texts[known]}”不是日期，已留空，请写成 2031-05-06")
    group = Group(
        name=texts[Column.NAME],
        platform=_PLATFORMS.get(platform.casefold(), "other") if platform else "",
        owner=texts.get(Column.OWNER, ""),
        unit=texts.get(Column.UNIT, ""),
        remarks=texts.get(Column.REMARKS, ""),
        filed_at=days[Column.FILED_AT],
        dissolved_at=days[Column.DISSOLVED_AT],
        aliases=tuple(filter(None, map(str.strip, re.split(r"[;；]", texts.get(Column.ALIASES, ""))))),
    )
    return group, doubts


def _day(text: str) -> date | None:
    """The date written; None if it is none."""
    if not (found := _DATE.fullmatch(text)):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
