"""A drawn form → a file of its own."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from docx import Document

from leakwatch.errors import LeakwatchError
from leakwatch.forms.drawing import Drawn
from leakwatch.forms.saving import replace, save, sweep
from leakwatch.model import SHANGHAI


def drawn(text: str = "新") -> Drawn:
    document = Document()
    document.add_paragraph(text)
    return Drawn(form="报告表", document=document, notes=("一句话",))


def text(path: Path) -> str:
    return Document(str(path)).paragraphs[0].text


def test_the_notes_of_the_form_come_back(tmp_path: Path) -> None:
    assert save(drawn(), tmp_path / "新建" / "表.docx") == ("一句话",)
    assert text(tmp_path / "新建" / "表.docx") == "新"


def test_a_file_that_lies_there_stays(tmp_path: Path) -> None:
    save(drawn("旧"), tmp_path / "表.docx")
    assert save(drawn(), tmp_path / "表.docx")[1:] == ("表.docx 已经存在，没有覆盖，本次写入 表-2.docx。",)
    assert [text(tmp_path / name) for name in ("表.docx", "表-2.docx")] == ["旧", "新"]


def test_what_is_replaced_is_kept_under_another_name(tmp_path: Path) -> None:
    for new in ("一", "二", "三"):
        save(drawn(new), tmp_path / "表.docx") if new == "一" else replace(drawn(new), tmp_path / "表.docx")
    kept = {path.name: text(path) for path in tmp_path.iterdir()}
    assert kept == {"表.docx": "三", "表-旧稿.docx": "一", "表-旧稿-2.docx": "二"}


def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LeakwatchError, match=r"^报告表写不进 .*请检查目录权限和磁盘空间后重试$"):
        save(drawn(), tmp_path / "file" / "表.docx")
    with pytest.raises(LeakwatchError):
        replace(drawn(), tmp_path / "表.docx")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_a_kill_left_half_written_goes_after_a_while(tmp_path: Path) -> None:
    names = (".part-old.docx", ".part-new.docx", "XS-20310506-3f2a9c.docx", ".partner.docx")
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0) if name != ".part-new.docx" else None)
    an_hour_ago = datetime.now(SHANGHAI) - timedelta(hours=1)
    assert sweep(tmp_path, an_hour_ago) == 1
    assert {path.name for path in tmp_path.iterdir()} == set(names) - {".part-old.docx"}
    assert sweep(tmp_path / "没有", an_hour_ago) == 0
