"""`doctor`: what this machine lacks, and how to mend it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.checks import Check, keeping_checks
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import Config, Ocr, load
from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.vault import make_folder

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "C:/Windows/Fonts", "/System/Library/Fonts")
_FONT_NAMES = ("cjk", "simsun", "simfang", "simhei", "wqy", "uming", "ukai", "songti", "pingfang")


@click.command(cls=Command, help="检查这台机器缺什么，怎么补")
@settings.option
@click.pass_obj
def doctor(road: Road, /, config_file: Path | None) -> int:
    """0 if nothing that is needed is missing, else 1."""
    config = load(config_file, os.environ)
    checks = [
        *_machine(config),
        *_folders(config),
        *keeping_checks(config, config_file),
        _rules(road, config),
    ]
    output.write("".join(map(_line, checks)), None)
    return int(any(check.is_needed and not check.is_ok for check in checks))


def _line(check: Check) -> str:
    sign = "正常" if check.is_ok else "缺少" if check.is_needed else "可选"
    return f"[{sign}] {check.name}：{check.detail}\n"


def _machine(config: Config) -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info >= (3, 11)
    yield Check(name="Python", is_ok=is_new, detail=python if is_new else f"{python}，请安装 3.11 或更新版本")
    yield from _recognition(config)
    yield from _pictures()
    yield from _unpacking()
    yield _fonts()
    yield _printing()


def _recognition(config: Config) -> Iterator[Check]:
    """The engine of the config reads a picture in its child, as a scan would; the other is only looked for."""
    for name, look in (("rapidocr", _look_for_rapidocr), ("tesseract", _look_for_tesseract)):
        is_needed = config.ocr.engine == name
        try:
            look()
            if is_needed:
                _try_out(config.ocr)
        except Unreadable as why:
            yield Check(name=f"{name} 文字识别", is_ok=False, detail=why.detail, is_needed=is_needed)
        else:
            detail = "已安装，试读图片成功" if is_needed else "已安装"
            yield Check(name=f"{name} 文字识别", is_ok=True, detail=detail, is_needed=is_needed)


def _pictures() -> Iterator[Check]:
    """What else opens photos and films; photos and films are refused where they are missing, codes are not seen."""
    from leakwatch.films import ffmpeg, pyav

    for name, library in (("手机照片 HEIC", "pi_heif"), ("二维码和条形码", "zxingcpp")):
        is_there = util.find_spec(library) is not None
        detail = "已安装" if is_there else "没有安装，这些不识别；请运行 pip install 'leakwatch[photos]'"
        yield Check(name=name, is_ok=is_there, detail=detail, is_needed=False)
    is_there = ffmpeg.is_installed() or pyav.is_installed()
    detail = "已安装" if is_there else f"没有 ffmpeg；{ffmpeg.ADVICE}"
    yield Check(name="视频画面", is_ok=is_there, detail=detail, is_needed=False)


def _look_for_rapidocr() -> None:
    """Without loading it: that takes a second and 400 MB."""
    from leakwatch.ocr.rapid import Rapid, checked_models

    Rapid().version()
    checked_models()


def _look_for_tesseract() -> None:
    from leakwatch.ocr.tesseract import Tesseract

    Tesseract().warm_up()


def _try_out(settings: Ocr) -> None:
    """Unreadable says what a scan would say of every picture."""
    from PIL import Image, ImageDraw

    from leakwatch.ocr.worker import Reader

    page = Image.new("RGB", (320, 120), "white")
    ImageDraw.Draw(page).text((40, 40), "LEAKWATCH 2031", "black", font_size=28)
    with tempfile.TemporaryDirectory(prefix="leakwatch-doctor-") as folder:
        page.save(Path(folder) / "page.png")
        with Reader(settings.engine, settings.timeout_s, Path(folder)) as reader:
            reader.read(Path(folder) / "page.png")


def _unpacking() -> Iterator[Check]:
    """Zip, tar, gz, bz2 and xz need neither; only some methods of zip do."""
    from leakwatch.unpack import libarchive, unar

    name = "7z、RAR 等压缩包"
    try:
        libarchive.load()
    except Unreadable as why:
        yield Check(name=name, is_ok=False, detail=why.detail)
    else:
        yield Check(name=name, is_ok=True, detail="libarchive 已安装")
    is_there = unar.is_installed()
    detail = "unar 已安装" if is_there else f"没有 unar；{unar.ADVICE}"
    yield Check(name="有密码的 RAR、7z 和旧式 RAR", is_ok=is_there, detail=detail, is_needed=False)


def _printing() -> Check:
    """Forms are .docx first; only their copies as PDF need it."""
    from leakwatch.forms import pdf

    converter = pdf.find_converter()
    detail = (
        f"LibreOffice 已安装（{converter}）" if converter else "没有 LibreOffice，请用 Word 或 WPS 另存为 PDF"
    )
    return Check(name="表格转成 PDF", is_ok=converter is not None, detail=detail, is_needed=False)


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
