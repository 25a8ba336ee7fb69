"""Rows for a spreadsheet: all of them, and none that acts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from msgspec import structs

from leakwatch.model import Finding, Message, Scan
from leakwatch.reports import View
from leakwatch.reports.csv import HEADER, render


def rows(scan: Scan) -> list[dict[str, str]]:
    """The data rows by column name."""
    text = "".join(render(scan, View()))
    assert text.startswith("\ufeff处理,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_finding_fills_its_row(scan: Scan) -> None:
    assert rows(scan)[0] == {
        "处理": "线索",
        "密级": "机密",
        "类别": "国家秘密标志",
        "类别代号": "mk.state",
        "原文": "机密★10年",
        "理由": "密级和期限写法完整；图片第一页",
        "依据": "《保守国家秘密法》第二十二条",
        "规则": "mk.state",
        "分值": "0.99",
        "会话": "云岭区工作群",
        "平台": "wechat",
        "发送人": "王明远",
        "时间": "2031-05-06 12:02:00",
        "消息序号": "2",
        "消息编号": "id2",
        "来源": "图片文字",
        "位置": "第1页",
        "文件": "收件/b.jpg",
        "sha256": "b" * 64,
        "其他位置数": "1",
        "编号": "0123456789abcdef",
    }


def test_each_unread_part_has_a_row_of_the_same_width(scan: Scan) -> None:
    found = rows(scan)
    assert [row["处理"] for row in found] == ["线索", "待审", "未读取", "未读取", "未读取"]
    assert found[4]["理由"] == "有密码：压缩包有密码，请解开后再放入"
    assert all(set(row) == set(HEADER) and None not in row.values() for row in found)


@pytest.mark.parametrize(
    ("sender", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("王=明远", "王=明远"),
    ],
)
def test_no_cell_starts_a_formula(scan: Scan, marked: Finding, sender: str, cell: str) -> None:
    first = marked.hits[0]
    assert isinstance(first.piece.message, Message)
    piece = structs.replace(first.piece, message=structs.replace(first.piece.message, sender=sender))
    named = replace(scan, findings=(replace(marked, hits=(replace(first, piece=piece),)),))
    assert rows(named)[0]["发送人"] == cell
