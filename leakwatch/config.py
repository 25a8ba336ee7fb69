"""config.toml and LEAKWATCH_* variables → frozen settings.

Variable > file > default. Every mistake is listed at once, one Chinese sentence a line, each with the
file or variable, the key and the remedy.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, inspect, structs

from leakwatch.errors import ConfigError

FILE_NAME = "config.toml"
VARIABLE_PREFIX = "LEAKWATCH_"
MASKED = "limits.archive_passwords"
"""The setting whose value is never shown."""

_PACKAGE = Path(__file__).parent
_SHOWN_CHARACTERS = 40


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One [section] of config.toml."""


class Paths(_Section, frozen=True, kw_only=True):
    """Where things lie; relative paths are taken from the folder of config.toml."""

    data_dir: Path = Path("data")
    drafts_dir: Path = Path("drafts")
    keyword_lists: Path = Path()
    """Empty: the folder keyword_lists/ beside config.toml, else the lists shipped with leakwatch."""


class Jobs(_Section, frozen=True, kw_only=True):
    """How a scan works."""

    jobs: Annotated[int, Meta(ge=0, le=256, extra={"unit": "个进程"})] = 0
    """0: one for each core."""


class Limits(_Section, frozen=True, kw_only=True):
    """How far an archive or a file is followed; over a limit = `Skipped`, the rest goes on."""

    archive_depth: Annotated[int, Meta(ge=1, le=32, extra={"unit": "层"})] = 4
    archive_entries: Annotated[int, Meta(ge=1, le=10_000_000, extra={"unit": "个文件"})] = 10_000
    archive_total_mib: Annotated[int, Meta(ge=1, le=1 << 20, extra={"unit": "MiB"})] = 2048
    archive_ratio: Annotated[int, Meta(ge=2, le=100_000, extra={"unit": "倍"})] = 100
    """Unpacked bytes per packed byte, counted above 1 MiB only."""
    archive_seconds: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 600
    """Spent on unpacking alone, not on reading what came out."""
    archive_passwords: tuple[Annotated[str, Meta(pattern=r"^[^\x00]+$")], ...] = ()
    file_mib: Annotated[int, Meta(ge=1, le=1 << 20, extra={"unit": "MiB"})] = 2048
    reader_timeout_s: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 120
    """Without any result from a file."""
    reader_memory_mib: Annotated[int, Meta(ge=128, le=1 << 20, extra={"unit": "MiB"})] = 1024
    film_frames: Annotated[int, Meta(ge=0, le=1000, extra={"unit": "个画面"})] = 10
    """Looked at in a film; 0: films are not looked into."""
    film_seconds: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 60
    """Spent on taking pictures out of a film, not on reading them."""


class Ocr(_Section, frozen=True, kw_only=True):
    """How photos are read."""

    engine: Literal["rapidocr", "tesseract", "none"] = "rapidocr"
    timeout_s: Annotated[int, Meta(ge=1, le=3600, extra={"unit": "秒"})] = 60


class Units(_Section, frozen=True, kw_only=True):
    """Names for the boxes 报告单位 and 案件（事件）发生单位 of the lead form; empty stays blank."""

    reporting_unit: str = ""
    incident_unit: str = ""


class Findings(_Section, frozen=True, kw_only=True):
    """How hits are weighed."""

    neighbour_minutes: Annotated[int, Meta(ge=0, le=1440, extra={"unit": "分钟"})] = 5


class Config(_Section, frozen=True, kw_only=True):
    """All settings, paths absolute."""

    paths: Paths = Paths()
    scan: Jobs = Jobs()
    limits: Limits = Limits()
    ocr: Ocr = Ocr()
    units: Units = Units()
    findings: Findings = Findings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective value and where it comes from."""

    name: str
    """section.key"""
    value: int | str | Path | tuple[str, ...]
    source: str
    """默认值, the config file, or the name of the variable."""


@dataclass(frozen=True, slots=True)
class _Given:
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


class _Wrong(Exception):
    """One mistake, as a sentence; collected into a ConfigError."""


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The effective configuration; ConfigError lists every mistake.

    `path` is what --config names; without it ./config.toml is read where it exists.
    """
    sections: dict[str, dict[str, object]] = {}
    for setting in settings(path, environ):
        section, _, key = setting.name.partition(".")
        sections.setdefault(section, {})[key] = setting.value
    return Config(**{field.name: field.type(**sections[field.name]) for field in structs.fields(Config)})


def settings(path: Path | None, environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """Every known key with its effective value and source, in the order of config.toml."""
    file = _file(path)
    base = file.parent.resolve() if file else Path.cwd()
    known = dict(_known())
    problems: list[str] = []
    given = {name: _Given(field.default, "默认值", base) for name, field in known.items()}
    for name, value in chain(_of_file(file), _of_environment(environ)):
        _put(given, name, value, problems)
    found: list[Setting] = []
    for name, field in known.items():
        try:
            effective = _converted(name, given[name], field.type)
        except _Wrong as why:
            problems.append(str(why))
        else:
            found.append(Setting(name=name, value=effective, source=given[name].source))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(found)


def variable(name: str) -> str:
    """ocr.timeout_s → LEAKWATCH_OCR_TIMEOUT_S."""
    return VARIABLE_PREFIX + name.replace(".", "_").upper()


def _file(path: Path | None) -> Path | None:
    if path is None:
        beside = Path(FILE_NAME)
        return beside if beside.exists() else None
    if not path.is_file():
        raise ConfigError(f"{path}：没有这个配置文件，请检查 --config 后面的路径")
    return path


def _known() -> Iterator[tuple[str, structs.FieldInfo]]:
    for section in structs.fields(Config):
        for field in structs.fields(section.type):
            yield f"{section.name}.{field.name}", field


def _put(given: dict[str, _Given], name: str, value: _Given, problems: list[str]) -> None:
    if name in given:
        given[name] = value
    elif name in {known.partition(".")[0] for known in given}:
        problems.append(f"{value.source}：{name} 应为一节，写作单独一行 [{name}]，设置写在它下面")
    else:
        problems.append(f"{value.source}：{name}：没有这个设置{_nearest(name, list(given))}")


def _nearest(name: str, known: list[str]) -> str:
    by_key = {full.partition(".")[2]: full for full in known}
    near = difflib.get_close_matches(name, known, 1, 0.7)
    if not near:
        near = [by_key[key] for key in difflib.get_close_matches(name.rpartition(".")[2], by_key, 1, 0.7)]
    return f"，是否想写 {near[0]}？" if near else f"，请删去；可用的设置：{'、'.join(known)}"


def _of_file(file: Path | None) -> Iterator[tuple[str, _Given]]:
    if file is None:
        return
    source, base = str(file), file.parent.resolve()
    for section, content in _table(file).items():
        if not isinstance(content, dict):
            yield section, _Given(content, source, base)
            continue
        for key, value in content.items():
            yield f"{section}.{key}", _Given(value, source, base)


def _of_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, _Given]]:
    names = {variable(name): name for name, _ in _known()}
    for key in sorted(environ):
        if key.startswith(VARIABLE_PREFIX):
            spelt = key.removeprefix(VARIABLE_PREFIX).lower().replace("_", ".", 1)
            yield names.get(key, spelt), _Given(environ[key], f"环境变量 {key}", Path.cwd(), is_text=True)


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as why:
        raise ConfigError(
            f"{file}：不是 UTF-8 编码（可能存成了 GBK 或 Unicode），请用记事本“另存为”，编码选 UTF-8"
        ) from why
    except tomllib.TOMLDecodeError as why:
        raise ConfigError(f"{file}：{_spot(str(why))}写法有误，{_advice(str(why))}") from why
    except OSError as why:
        raise ConfigError(f"{file}：读不出来（{why.strerror}），请检查它是不是文件、有没有读取权限") from why


def _spot(message: str) -> str:
    """tomllib tells the place only inside its English sentence."""
    place = re.search(r"line (\d+), column (\d+)", message)
    return f"第{place[1]}行第{place[2]}列" if place else "末尾"


def _advice(message: str) -> str:
    if "escape" in message or "hex" in message:
        return "Windows 路径请把 \\ 换成 /，或改用英文单引号"
    if "overwrite" in message or "twice" in message:
        return "同一个设置或同一节只能写一次"
    return "每行应为“名称 = 值”，文字两边用英文引号，数字不加引号和单位"


def _converted(name: str, given: _Given, kind: Any) -> int | str | Path | tuple[str, ...]:
    """A checked value; from the environment a number may be text, and a list is parted by blanks."""
    where = f"{given.source}：{name}"
    if kind is Path:
        return _placed(where, name, given)
    raw = str(given.value).split() if name == MASKED and given.is_text else given.value
    try:
        value: int | str | tuple[str, ...] = msgspec.convert(raw, kind, strict=not given.is_text)
    except msgspec.ValidationError as why:
        now = "别的写法（内容不显示）" if name == MASKED else given.shown
        raise _Wrong(f"{where}：应为{_expected(kind)}，现在是{now}") from why
    return value


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


def _placed(where: str, name: str, given: _Given) -> Path:
    if not isinstance(given.value, str | Path):
        raise _Wrong(f"{where}：应为路径，两边加英文引号，现在是{given.shown}")
    if name == "paths.keyword_lists" and given.value in ("", Path()):
        return _shipped_lists(given.base)
    if not str(given.value).isprintable():  # "D:\\new" is D:, a line break and ew
        raise _Wrong(f"{where}：路径里有换行等控制字符；Windows 路径请把 \\ 换成 /，或改用英文单引号")
    try:
        place = given.base / Path(given.value).expanduser()
        is_folder, is_taken = place.is_dir(), place.exists()
    except (OSError, RuntimeError) as why:  # RuntimeError: ~ of a user who does not exist
        raise _Wrong(f"{where}：{given.shown}用不了（{why}），请换一个位置") from why
    if name == "paths.keyword_lists" and not is_folder:
        raise _Wrong(f"{where}：没有这个文件夹：{place}，请改正，或留空使用自带的规则")
    if is_taken and not is_folder:
        raise _Wrong(f"{where}：{place} 是文件，不是文件夹，请换一个位置")
    return place


def _shipped_lists(base: Path) -> Path:
    """The lists that clerks edit beside config.toml, else those of a wheel, else those of a checkout."""
    places = (base / "keyword_lists", _PACKAGE / "keyword_lists", _PACKAGE.parent / "keyword_lists")
    return next((place for place in places if place.is_dir()), places[-1])
