"""A raw value of the file or a variable → the value of a setting, or a sentence."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias, get_args

import msgspec
from msgspec import inspect, structs

from leakwatch.config.sections import Section

Value: TypeAlias = int | str | Path | tuple[str, ...] | tuple[Section, ...]

MASKED = "limits.archive_passwords"
"""The setting whose value is never shown."""

_PACKAGE = Path(__file__).parents[1]
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Given:
    """A raw value on its way to becoming a setting."""

    value: object
    source: str
    base: Path
    """What a relative path starts from."""
    is_text: bool = False
    """From the environment, where a number is text."""

    @property
    def shown(self) -> str:
        """The value as it may stand in a sentence."""
        if isinstance(self.value, dict):
            return "一组设置"
        text = str(self.value)
        return f"“{text[:_SHOWN_CHARACTERS]}{'…' if len(text) > _SHOWN_CHARACTERS else ''}”"


class Wrong(Exception):
    """One mistake, as a sentence; collected into a ConfigError."""


def nearest(name: str, known: list[str]) -> str:
    """Which known name was meant, or which there are."""
    by_key = {full.partition(".")[2]: full for full in known}
    near = difflib.get_close_matches(name, known, 1, 0.7)
    if not near:
        near = [by_key[key] for key in difflib.get_close_matches(name.rpartition(".")[2], by_key, 1, 0.7)]
    return f"，是否想写 {near[0]}？" if near else f"，请删去；可用的设置：{'、'.join(known)}"


def converted(name: str, given: Given, kind: Any) -> Value:
    """A checked value; from the environment a number may be text, and a list is parted by blanks."""
    where = f"{given.source}：{name}"
    if kind is Path:
        return _placed(where, name, given)
    if (item := _of_tables(kind)) is not None:
        return _tables(name, given, item)
    raw = str(given.value).split() if name == MASKED and given.is_text else given.value
    try:
        value: int | str | tuple[str, ...] = msgspec.convert(raw, kind, strict=not given.is_text)
    except msgspec.ValidationError as why:
        now = "别的写法（内容不显示）" if name == MASKED else given.shown
        raise Wrong(f"{where}：应为{_expected(kind)}，现在是{now}") from why
    return value


def _of_tables(kind: Any) -> type[Section] | None:
    """The section that may be there several times, if the setting is a list of those."""
    first, *_ = get_args(kind) or (None,)
    return first if isinstance(first, type) and issubclass(first, Section) else None


def _tables(name: str, given: Given, kind: type[Section]) -> tuple[Section, ...]:
    if isinstance(given.value, tuple):  # the default
        return tuple(_table(name, replace(given, value=structs.asdict(item)), kind) for item in given.value)
    if not isinstance(given.value, list) or not all(isinstance(item, dict) for item in given.value):
        raise Wrong(f"{given.source}：{name} 应为一节，写作单独一行 [[{name}]]，设置写在它下面")
    named = ((f"{name} 第{n}个", replace(given, value=item)) for n, item in enumerate(given.value, 1))
    return tuple(_table(where, item, kind) for where, item in named)


def _table(where: str, given: Given, kind: type[Section]) -> Section:
    fields = {field.name: field for field in structs.fields(kind)}
    values: dict[str, Value] = {}
    content: dict[str, object] = given.value  # type: ignore[assignment]
    for key, value in content.items():
        if key not in fields:
            raise Wrong(f"{given.source}：{where}：{key}：没有这个设置{nearest(key, list(fields))}")
        values[key] = converted(f"{where}.{key}", replace(given, value=value), fields[key].type)
    if missing := [name for name, field in fields.items() if field.required and name not in values]:
        raise Wrong(f"{given.source}：{where}：缺少 {'、'.join(missing)}")
    return kind(**values)


def _expected(kind: Any) -> str:
    match inspect.type_info(kind):
        case inspect.Metadata(type=inspect.IntType(ge=least, le=most), extra={"unit": unit}):
            return f"整数（单位：{unit}，{least}–{most}），不加引号和单位"
        case inspect.LiteralType(values=choices):
            return f" {'、'.join(map(str, choices))} 之一，两边加英文引号"
        case inspect.VarTupleType():
            return '列表，每项两边加英文引号，例如 ["甲", "乙"]'
        case _:
            return "文字，两边加英文引号"


def _placed(where: str, name: str, given: Given) -> Path:
    if not isinstance(given.value, str | Path):
        raise Wrong(f"{where}：应为路径，两边加英文引号，现在是{given.shown}")
    if name == "paths.keyword_lists" and given.value in ("", Path()):
        return _shipped_lists(given.base)
    if not str(given.value).isprintable():  # "D:\\new" is D:, a line break and ew
        raise Wrong(f"{where}：路径里有换行等控制字符；Windows 路径请把 \\ 换成 /，或改用英文单引号")
    try:
        place = given.base / Path(given.value).expanduser()
        is_folder, is_taken = place.is_dir(), place.exists()
    except (OSError, RuntimeError) as why:  # RuntimeError: ~ of a user who does not exist
        raise Wrong(f"{where}：{given.shown}用不了（{why}），请换一个位置") from why
    if name == "paths.keyword_lists" and not is_folder:
        raise Wrong(f"{where}：没有这个文件夹：{place}，请改正，或留空使用自带的规则")
    if is_taken and is_folder == name.endswith("_file"):
        if is_folder:
            raise Wrong(f"{where}：{place} 是文件夹，不是文件，请换一个位置")
        raise Wrong(f"{where}：{place} 是文件，不是文件夹，请换一个位置")
    return place


def _shipped_lists(base: Path) -> Path:
    """The lists that clerks edit beside config.toml, else those of a wheel, else those of a checkout."""
    places = (base / "keyword_lists", _PACKAGE / "keyword_lists", _PACKAGE.parent / "keyword_lists")
    return next((place for place in places if place.is_dir()), places[-1])
