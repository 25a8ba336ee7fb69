"""`doctor`: what this machine lacks, and how to mend it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road, make_folder
from leakwatch.config import Config, load
from leakwatch.errors import LeakwatchError

_MODELS = 3
"""Detection, recognition and direction; the wheel of rapidocr brings them."""
_PROBE_S = 10
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "C:/Windows/Fonts", "/System/Library/Fonts")
_FONT_NAMES = ("cjk", "simsun", "simfang", "simhei", "wqy", "uming", "ukai", "songti", "pingfang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    is_ok: bool
    detail: str
    """What was found, or how to mend it (Chinese)."""
    is_needed: bool = True


@click.command(cls=Command, help="检查这台机器缺什么，怎么补")
@settings.option
@click.pass_obj
def doctor(road: Road, /, config_file: Path | None) -> int:
    """0 if nothing that is needed is missing, else 1."""
    config = load(config_file, os.environ)
    checks = [*_machine(config), *_folders(config), _rules(road, config)]
    output.write("".join(map(_line, checks)), None)
    return int(any(check.is_needed and not check.is_ok for check in checks))


def _line(check: Check) -> str:
    sign = "正常" if check.is_ok else "缺少" if check.is_needed else "可选"
    return f"[{sign}] {check.name}：{check.detail}\n"


def _machine(config: Config) -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info >= (3, 11)
    yield Check(name="Python", is_ok=is_new, detail=python if is_new else f"{python}，请安装 3.11 或更新版本")
    yield _rapidocr(is_needed=config.ocr.engine == "rapidocr")
    yield _tesseract(is_needed=config.ocr.engine == "tesseract")
    yield _fonts()


def _rapidocr(is_needed: bool) -> Check:
    """Looks without importing: loading the engine takes a second and 400 MB."""
    found = find_spec("rapidocr"), find_spec("onnxruntime")
    models = len(list(Path(found[0].origin).parent.rglob("*.onnx"))) if found[0] and found[0].origin else 0
    is_ok = all(found) and models >= _MODELS
    if is_ok:
        detail = f"已安装，模型 {models} 个"
    elif all(found):
        detail = "模型文件不全，请重新运行 make setup"
    else:
        detail = "未安装，照片读不准或读不了；请运行 make setup，或 pip install 'leakwatch[photos]'"
    return Check(name="rapidocr 文字识别", is_ok=is_ok, detail=detail, is_needed=is_needed)


def _tesseract(is_needed: bool) -> Check:
    name = "tesseract 文字识别"
    program = shutil.which("tesseract")
    if program is None:
        advice = "未安装，请运行 apt install tesseract-ocr tesseract-ocr-chi-sim"
        return Check(name=name, is_ok=False, detail=advice, is_needed=is_needed)
    try:
        listed = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=_PROBE_S, check=False
        ).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        listed = []
    if b"chi_sim" not in listed:
        advice = "缺中文语言包，请运行 apt install tesseract-ocr-chi-sim"
        return Check(name=name, is_ok=False, detail=advice, is_needed=is_needed)
    return Check(name=name, is_ok=True, detail=f"{program}，有中文语言包", is_needed=is_needed)


def _fonts() -> Check:
    """Forms are drafted without fonts; only who opens or prints them here needs one."""
    files = (file for folder in _FONT_FOLDERS for file in Path(folder).rglob("*") if file.is_file())
    font = next((file for file in files if any(name in file.name.lower() for name in _FONT_NAMES)), None)
    advice = "没有找到，在本机打开报告表会缺字；请运行 apt install fonts-noto-cjk"
    return Check(name="中文字体", is_ok=font is not None, detail=str(font or advice), is_needed=False)


def _folders(config: Config) -> Iterator[Check]:
    for name, folder in (("数据文件夹", config.paths.data_dir), ("草稿文件夹", config.paths.drafts_dir)):
        try:
            make_folder(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except LeakwatchError as why:
            yield Check(name=name, is_ok=False, detail=str(why))
        except OSError as why:
            yield Check(name=name, is_ok=False, detail=f"{folder} 写不进去（{why.strerror}），请检查权限")
        else:
            yield Check(name=name, is_ok=True, detail=f"{folder} 可以写入")


def _rules(road: Road, config: Config) -> Check:
    try:
        book = road.load_rules(config.paths.keyword_lists)
        problems = road.check_rules(book)
    except LeakwatchError as why:
        return Check(name="规则", is_ok=False, detail=str(why))
    if problems:
        detail = f"{len(problems)} 处不符合，请运行 leakwatch rules check 查看；第一处：{problems[0]}"
        return Check(name="规则", is_ok=False, detail=detail)
    return Check(name="规则", is_ok=True, detail=f"{len(book.rules)} 条，版本 {book.version}")
