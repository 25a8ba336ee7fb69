"""The screen: what a clerk sees, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from leakwatch.model import Finding, Outcome, Scan
from leakwatch.reports import View, table

WHOLE = """\
线索（应填写线索报告表） 1 件

1. 机密 密级标志  mk.state  01234567
   原文 机****年
   位置 云岭区工作群 · 王明远 · 2031-05-06 12:02:00 · 第2条 · 收件/b.jpg · 第1页
   另见 云岭区工作群 · 王明远 · 2031-05-06 12:03:00 · 第3条 · 消息
   理由 密级和期限写法完整；图片第一页
   依据 《保守国家秘密法》第二十二条

待审（由保密办判断） 1 件

2. 身份证号  pd.id  fedcba98
   原文 =************末
   位置 收件/c.docx · 表1!B4
   理由 像公式

未能读取 3 处

 · 附件缺失  收件/a.txt
   名称 4.jpg（第4条）、5.jpg（第5条）
   原因 导出时没有带上图片，请连同图片重新导出

 · 有密码  收件/d.zip
   名称 d.zip
   原因 压缩包有密码，请解开后再放入

会话 1 个

 · 云岭区工作群  memotrace-txt，utf-8，消息 5 条 / 应有 9 条  不完整
   缺漏 图片缺 2 张，语音 1 条未听
   说明 此格式不保留引用的原文

扫描了 4 个文件、1 个会话、5 条消息、7 段文字，用时 1.2 秒：线索 1 件、待审 1 件、备查 0 件，未能读取 3 处。
原文已遮盖，加 --no-redact 可显示。
"""


def test_everything_stands_on_the_screen_gravest_first(scan: Scan) -> None:
    assert table.render(scan, View(width=140)) == WHOLE


def test_a_graver_outcome_comes_first_whatever_the_order_of_the_scan(scan: Scan) -> None:
    turned = replace(scan, findings=scan.findings[::-1])
    assert table.render(turned, View(width=140)) == WHOLE


def test_without_masks_the_quote_is_shown_but_never_obeyed(scan: Scan) -> None:
    text = table.render(scan, View(is_masked=False))
    assert "   原文 机密★10年\n" in text
    assert '   原文 =HYPERLINK("x")[31m[red] 末\n' in text
    assert "\x1b" not in text


def test_colour_is_used_only_when_asked_for(scan: Scan) -> None:
    assert "\x1b[1;31m机密" in table.render(scan, View(has_colour=True))


def test_the_environment_does_not_change_the_report(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TERM", "dumb"), ("COLUMNS", "20"), ("FORCE_COLOR", "1"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert table.render(scan, View(width=140)) == WHOLE


def test_no_line_is_wider_than_the_screen(scan: Scan) -> None:
    lines = table.render(scan, View(width=50)).splitlines()
    assert max(sum(1 + (ord(c) > 0x2E7F) for c in line) for line in lines) <= 50


def test_nothing_found_says_what_was_scanned(empty: Scan) -> None:
    assert table.render(empty, View(width=140)) == (
        "没有发现问题。\n"
        "扫描了 2 个文件、0 个会话、0 条消息、2 段文字，用时 0.0 秒：线索 0 件、待审 0 件、备查 0 件，未能读取 0 处。\n"
    )


def test_nothing_found_is_no_clean_bill_while_something_is_unread(scan: Scan) -> None:
    text = table.render(replace(scan, findings=()), View())
    assert "没有发现问题，但有内容没有读到，不能据此认定没有问题。\n" in text


def test_no_file_at_all_is_said(empty: Scan) -> None:
    assert table.render(replace(empty, files=0, pieces=0), View()).startswith("没有可扫描的文件。\n")


def test_what_is_hidden_is_counted(scan: Scan, marked: Finding) -> None:
    noted = replace(scan, findings=(replace(marked, outcome=Outcome.NOTE),))
    assert "另有 1 件未列出，加 --outcome note 可全部列出。" in table.render(noted, View())
    assert "备查（只作统计） 1 件" in table.render(noted, View(lowest=Outcome.NOTE))


def test_allowed_entries_without_effect_stand_at_the_foot(empty: Scan) -> None:
    unused = ("词语“绝密营救”（区保密办，长期）没有用到",)
    assert table.render(replace(empty, allowed_unused=unused), View(width=140)).endswith(
        "白名单有 1 条没有起作用，请核对是否还需要：\n · 词语“绝密营救”（区保密办，长期）没有用到\n"
    )
    assert "白名单" not in table.render(empty, View())


def test_a_thousand_missing_pictures_take_one_entry(scan: Scan) -> None:
    many = tuple(replace(scan.skipped[0], name=f"{n}.jpg", message=None) for n in range(1000))
    text = table.render(replace(scan, skipped=many), View(width=140))
    assert "   名称 0.jpg、1.jpg、2.jpg、3.jpg、4.jpg……等 1000 处，全部列在 --format csv 里\n" in text


def test_long_numbers_in_names_are_masked_everywhere(scan: Scan) -> None:
    number = "110101203105060017"
    named = replace(
        scan.conversations[0], chat=structs.replace(scan.conversations[0].chat, name=f"群{number}")
    )
    file = replace(scan.skipped[2].evidence, inner_path=f"收件/{number}.zip")
    locked = replace(scan.skipped[2], name=f"{number}.zip", evidence=file, detail=f"{number} 有密码")
    numbered = replace(scan, conversations=(named,), skipped=(locked,))
    assert number not in table.render(numbered, View())
    assert table.render(numbered, View(is_masked=False)).count(number) == 4
