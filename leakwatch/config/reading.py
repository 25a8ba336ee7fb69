"""config.toml and LEAKWATCH_* variables → frozen settings.

Variable > file > default. Every mistake is listed at once, one Chinese sentence a line, each with the
file or variable, the key and the remedy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import structs

from leakwatch.config.sections import Config, Section
from leakwatch.config.values import Given, Value, Wrong, converted, nearest
from leakwatch.errors import ConfigError

FILE_NAME = "config.toml"
VARIABLE_PREFIX = "LEAKWATCH_"

_NO_SETTINGS = frozenset(
    {"LEAKWATCH_KEY", "LEAKWATCH_DINGTALK_SECRET", "LEAKWATCH_FEISHU_SECRET", "LEAKWATCH_CONFIG"}
)
"""Secrets, for `vault.keys` and `notices` alone: a setting would be shown. What --config would name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective value and where it comes from."""

    name: str
    """section.key; the name alone of what may be there several times, [[inbox]]"""
    value: Value
    source: str
    """默认值, the config file, or the name of the variable."""


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The effective configuration; ConfigError lists every mistake.

    `path` is what --config names; without it ./config.toml is read where it exists.
    """
    sections: dict[str, dict[str, Any]] = {}
    lists: dict[str, Any] = {}
    for setting in settings(path, environ):
        section, dot, key = setting.name.partition(".")
        if dot:
            sections.setdefault(section, {})[key] = setting.value
        else:
            lists[section] = setting.value
    types = {field.name: field.type for field in structs.fields(Config)}
    return Config(**lists, **{name: types[name](**values) for name, values in sections.items()})


def settings(path: Path | None, environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """Every known key with its effective value and source, in the order of config.toml."""
    file = _file(path)
    base = file.parent.resolve() if file else Path.cwd()
    known = dict(_known())
    problems: list[str] = []
    given = {name: Given(field.default, "默认值", base) for name, field in known.items()}
    for name, value in chain(_of_file(file), _of_environment(environ)):
        _put(given, name, value, problems)
    found: list[Setting] = []
    for name, field in known.items():
        try:
            effective = converted(name, given[name], field.type)
        except Wrong as why:
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
        if isinstance(section.type, type) and issubclass(section.type, Section):
            for field in structs.fields(section.type):
                yield f"{section.name}.{field.name}", field
        else:
            yield section.name, section


def _put(given: dict[str, Given], name: str, value: Given, problems: list[str]) -> None:
    section = name.partition(".")[0]
    if name in given:
        given[name] = value
    elif section in given:
        problems.append(f"{value.source}：{section} 应为一节，写作单独一行 [[{section}]]，设置写在它下面")
    elif name in {known.partition(".")[0] for known in given if "." in known}:
        problems.append(f"{value.source}：{name} 应为一节，写作单独一行 [{name}]，设置写在它下面")
    else:
        problems.append(f"{value.source}：{name}：没有这个设置{nearest(name, list(given))}")


def _of_file(file: Path | None) -> Iterator[tuple[str, Given]]:
    if file is None:
        return
    source, base = str(file), file.parent.resolve()
    for section, content in _table(file).items():
        if not isinstance(content, dict):
            yield section, Given(content, source, base)
            continue
        for key, value in content.items():
            yield f"{section}.{key}", Given(value, source, base)


def _of_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, Given]]:
    names = {variable(name): name for name, _ in _known() if "." in name}
    for key in sorted(environ):
        if key.startswith(VARIABLE_PREFIX) and key not in _NO_SETTINGS:
            spelt = key.removeprefix(VARIABLE_PREFIX).lower().replace("_", ".", 1)
            yield names.get(key, spelt), Given(environ[key], f"环境变量 {key}", Path.cwd(), is_text=True)


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
