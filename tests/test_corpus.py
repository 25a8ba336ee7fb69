"""Labelled messages are read with their place; a mistake is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.corpus import Label, Sort, Wanted, read
from leakwatch.errors import UsageError

LINE = '{"text":"中午吃面","sort":"everyday","category":null,"expect":"none"}\n'


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "二").mkdir()
    (tmp_path / "一.jsonl").write_text("\n" + LINE, "utf-8")
    (tmp_path / "二" / "a.jsonl").write_text(LINE, "utf-8")
    (tmp_path / "说明.txt").write_text("不是语料", "utf-8")
    label = Label(text="中午吃面", sort=Sort.EVERYDAY, expect=Wanted.NONE, place="一.jsonl:2")

    labels = read(tmp_path)
    assert labels[0] == label
    assert [label.place for label in labels] == ["一.jsonl:2", "a.jsonl:1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "没有标注过的消息"),
        (LINE + "{", "a.jsonl:2：不合标注的格式"),
        (LINE.replace("everyday", "daily"), "a.jsonl:1：不合标注的格式"),
        (LINE.replace('"none"', '"none","txet":1'), "a.jsonl:1：不合标注的格式"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "a.jsonl").write_text(content, "utf-8")

    with pytest.raises(UsageError, match=sentence):
        read(tmp_path)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINE.encode("gbk"))

    with pytest.raises(UsageError, match="应为 UTF-8 编码"):
        read(tmp_path / "a.jsonl")
