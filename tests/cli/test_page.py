"""`user` and `serve` in processes of their own: this one has Django ready long before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def leakwatch(tmp_path: Path) -> list[str]:
    (tmp_path / "config.toml").write_text("", "utf-8")
    return [sys.executable, "-m", "leakwatch"]


def said(command: list[str], folder: Path, *words: str) -> tuple[int, str]:
    """Exit code, and all that was printed."""
    done = subprocess.run([*command, *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_accounts_are_made_listed_and_given_new_passwords(tmp_path: Path, leakwatch: list[str]) -> None:
    code, first = said(leakwatch, tmp_path, "user", "add", "保密办王明远", "--role", "office")
    assert (code, "已生成主密钥" in first, "的一次性密码：" in first) == (0, True, True)
    code, again = said(leakwatch, tmp_path, "user", "add", "保密办王明远", "--role", "office")
    assert (code, "已经有人用" in again, "已生成主密钥" in again) == (2, True, False)
    assert said(leakwatch, tmp_path, "user", "passwd", "保密办王明远")[0] == 0
    assert said(leakwatch, tmp_path, "user", "passwd", "李青山")[0] == 2
    assert said(leakwatch, tmp_path, "user", "list") == (0, "保密办王明远\t保密办\t可用\n")


def test_without_its_key_the_store_is_refused(tmp_path: Path, leakwatch: list[str]) -> None:
    assert said(leakwatch, tmp_path, "user", "list")[0] == 0
    (tmp_path / "leakwatch.key").unlink()
    (tmp_path / "config.toml").write_text('[ocr]\nengine = "none"\n', "utf-8")
    (tmp_path / "data" / "rules").mkdir()  # else the daemon proves its rules first: that takes seconds
    for words in (("user", "list"), ("run", "--once")):
        code, why = said(leakwatch, tmp_path, *words)
        assert (code, "没有这个主密钥文件" in why) == (9, True)
    assert not (tmp_path / "leakwatch.key").exists()


def test_a_damaged_database_is_told_in_words(tmp_path: Path, leakwatch: list[str]) -> None:
    assert said(leakwatch, tmp_path, "user", "list")[0] == 0
    (tmp_path / "data" / "leakwatch.sqlite3").write_bytes(b"no database" * 1_000)
    code, why = said(leakwatch, tmp_path, "status")
    assert (code, "数据库损坏" in why, "Traceback" in why) == (1, True, False)


def test_status_counts_what_there_is_and_says_that_nobody_keeps_watch(
    tmp_path: Path, leakwatch: list[str]
) -> None:
    code, shown = said(leakwatch, tmp_path, "status")
    lines = shown.splitlines()
    assert code == 1
    assert lines[:9] == [
        "常驻程序：没有运行，请运行 leakwatch run",
        "审核页面：http://127.0.0.1:8451/",
        "队列：0 项等待或正在读取",
        "收到：0 项，已读 0，以前读过 0，已放弃 0，读前被拿走 0",
        "没有读到：0 处",
        "线索：待处理 0 件，须立即报告 0 件，已超期 0 件",
        "没有写出的线索报告表：0 份",
        "没有送出的通知：0 条",
        "最近一次扫描：还没有",
    ]
