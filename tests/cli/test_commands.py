"""The other commands and the help pages."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from leakwatch.cli import leakwatch
from leakwatch.model import Finding, Mark

Call = Callable[..., int]
MakeRoad = Callable[..., Any]


def pages(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    """The words of every command."""
    words = [above]
    for name, command in group.commands.items():
        inner = pages(command, *above, name) if isinstance(command, click.Group) else [(*above, name)]
        words.extend(inner)
    return words


def columns(line: str) -> int:
    """How wide a terminal shows it."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("words", pages(leakwatch), ids=" ".join)
def test_every_help_page_is_chinese_and_fits_a_screen(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert call(road(), *words, "--help") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("用法：leakwatch")
    assert not {"Usage", "Options", "Commands", "Show"} & set(" ".join(lines).replace(":", " ").split())
    assert len(lines) <= 24
    assert max(map(columns, lines)) <= 100


@pytest.mark.parametrize("words", [(), ("rules",), ("config",)])
def test_a_group_without_a_command_shows_its_help(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert call(road(), *words) == 2
    assert capsys.readouterr().err.startswith("用法：")


def test_an_unknown_command_is_answered_with_the_nearest(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "scna") == 2
    assert capsys.readouterr().err == "没有命令 scna，是否想写 scan\n"


def test_rules_are_listed_one_a_line(call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(road(), "rules", "list") == 0
    assert capsys.readouterr() == (
        "mk.state\t国家秘密标志\t-\t0.90\t正式\t区保密办\t2031-05-01\t密级标志\n",
        "共 1 条规则，版本 00ff\n",
    )


def test_rules_that_keep_their_examples_pass(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "rules", "check") == 0
    assert capsys.readouterr().out == "规则没有问题：1 条规则，2 个例句全部符合。\n"


def test_rules_that_break_their_examples_are_refused(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    here = road()
    here.problems = ["marks.toml：规则 mk.state：例句没有命中", "另一处"]
    assert call(here, "rules", "check") == 9
    assert capsys.readouterr() == ("", "marks.toml：规则 mk.state：例句没有命中\n另一处\n")


def test_a_text_is_explained(
    call: Call, road: MakeRoad, lead: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(lead), "rules", "test", "机密★10年") == 0
    assert capsys.readouterr().out == (
        "线索，机密  mk.state  密级标志（国家秘密标志）\n"
        "  原文 机密★10年\n"
        "  分值 0.90（0.75 起为线索，0.45 起为待审）\n"
        "  理由 有密级有期限\n"
        "  规则 正式，区保密办 负责，2031-05-01 起用\n"
    )


def test_the_values_of_a_mark_are_explained(
    call: Call, road: MakeRoad, lead: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = Mark(term="40年", months=480, until=date(2071, 5, 6), anomalies=("超过法定期限",))
    marked = replace(lead, hits=(replace(lead.hits[0], mark=mark),))
    assert call(road(marked), "rules", "test", "机密★10年") == 0
    assert (
        "  标志 期限 40年（480 个月）\n  标志 解密日 2071-05-06\n  标志 超过法定期限\n"
        in capsys.readouterr().out
    )


def test_a_text_without_a_hit_is_said_to_have_none(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "rules", "test", "今天开会") == 0
    assert capsys.readouterr().out == "没有命中任何规则。\n"


def test_config_show_is_toml_and_names_the_source(
    call: Call, road: MakeRoad, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAKWATCH_OCR_TIMEOUT_S", "90")
    assert call(road(), "config", "show") == 0
    out = capsys.readouterr().out
    assert tomllib.loads(out)["ocr"] == {"engine": "rapidocr", "timeout_s": 90}
    assert 'engine = "rapidocr"  # 默认值\n' in out
    assert "timeout_s = 90  # 环境变量 LEAKWATCH_OCR_TIMEOUT_S\n" in out


def test_config_show_tells_how_many_passwords_there_are_and_none_of_them(
    call: Call, road: MakeRoad, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAKWATCH_LIMITS_ARCHIVE_PASSWORDS", "qs2031 云岭2031")
    assert call(road(), "config", "show") == 0
    assert tomllib.loads(capsys.readouterr().out)["limits"]["archive_passwords"] == ["***", "***"]


def test_the_config_file_may_be_named_in_the_environment(
    call: Call,
    road: MakeRoad,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "办公室.toml"
    file.write_text("[ocr]\ntimeout_s = 90\n", "utf-8")
    monkeypatch.setenv("LEAKWATCH_CONFIG", str(file))
    assert call(road(), "config", "show") == 0
    assert f"timeout_s = 90  # {file}\n" in capsys.readouterr().out


def test_config_check_says_that_all_is_well(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "config", "check") == 0
    assert capsys.readouterr().out == "配置没有问题；规则 1 条，版本 00ff。\n"


def test_doctor_names_what_is_broken_and_how_to_mend_it(
    call: Call, road: MakeRoad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = road()
    here.problems = ["例句没有命中"]
    (tmp_path / "config.toml").write_text('[ocr]\nengine = "none"\n', "utf-8")
    assert call(here, "doctor") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "[缺少] 规则：1 处不符合，请运行 leakwatch rules check 查看；第一处：例句没有命中"
    assert f"[正常] 数据文件夹：{tmp_path / 'data'} 可以写入" in lines


def test_doctor_is_content_with_a_machine_that_needs_no_engine(
    call: Call, road: MakeRoad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text('[ocr]\nengine = "none"\n', "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert call(road(), "doctor") == 0


def test_doctor_names_what_archives_need(
    call: Call,
    road: MakeRoad,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "config.toml").write_text('[ocr]\nengine = "none"\n', "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "libarchive.ffi", None)
    assert call(road(), "doctor") == 1
    out = capsys.readouterr().out
    assert "[缺少] 7z、RAR 等压缩包：没有安装 libarchive" in out
    assert "[可选] 有密码的 RAR、7z 和旧式 RAR：没有 unar；请安装 unar（apt install unar）" in out


def test_doctor_asks_for_the_engine_that_the_config_names(
    call: Call,
    road: MakeRoad,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "config.toml").write_text('[ocr]\nengine = "tesseract"\n', "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert call(road(), "doctor") == 1
    assert (
        "[缺少] tesseract 文字识别：本机没有安装 tesseract，图片未读；请安装：apt install"
        in capsys.readouterr().out
    )


def test_doctor_refuses_the_models_that_the_engine_refuses(
    call: Call,
    road: MakeRoad,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("onnxruntime")
    models = tmp_path / "rapidocr" / "models"
    models.mkdir(parents=True)
    (tmp_path / "rapidocr" / "__init__.py").touch()
    for number in range(3):
        (models / f"{number}.onnx").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert call(road(), "doctor") == 1
    assert "[缺少] rapidocr 文字识别：识别模型 PP-OCRv6_det_small.onnx 缺失" in capsys.readouterr().out


@pytest.mark.engine
def test_doctor_has_the_engine_read_a_picture(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rapidocr")
    assert call(road(), "doctor") == 0
    assert "[正常] rapidocr 文字识别：已安装，试读图片成功\n" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="pipes break differently on Windows")
def test_a_reader_who_leaves_early_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "leakwatch", "config", "show"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
