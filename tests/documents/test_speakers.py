"""Texts that look like a chat nobody knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch import readings
from leakwatch.documents.speakers import ADVICE
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def rows(keep: Keep, vault: Vault, text: str) -> list[tuple[Reason, str]]:
    found = readings.document(keep("a.txt", text.encode()), vault)
    return [(row.reason, row.detail) for row in found if isinstance(row, Skipped)]


@pytest.mark.parametrize(
    "text",
    [
        "王明远 08:01\n发我\n李青 08:02\n收到\n王明远 08:03\n好\n",
        "王明远 5/6 08:01:02\n发我\n\n李青 5/6 08:02:02\n收到\n\n王明远 5/6 08:03:02\n好\n",
        "2031-05-06 08:01 王明远：发我\n2031-05-06 08:02 李青：收到\n2031-05-06 08:03 王明远：好\n",
        "[08:01:02] 王明远: 发我\n[08:02:02] 李青: 收到\n[08:03:02] 李青: 在吗\n",
        "08:01 <王明远> 发我\n08:02 <李青> 收到\n08:03 <王明远> 好\n",
        "2031-05-06 08:01 | 王明远 | 发我\n2031-05-06 08:02 | 李青 | 收到\n2031-05-06 08:03 | 李青 | 好\n",
        "王明远（08:01）：发我\n李青（08:02）：收到\n王明远（08:03）：好\n",
        "王明远: 05-06 08:01:02\n发我\n李青: 05-06 08:02:02\n收到\n王明远: 05-06 08:03:02\n好\n",
    ],
)
def test_a_chat_without_a_known_form_is_said(keep: Keep, vault: Vault, text: str) -> None:
    assert rows(keep, vault, text) == [(Reason.UNKNOWN_FORMAT, ADVICE)]


@pytest.mark.parametrize(
    "text",
    [
        "会议议程\n09:00 开幕\n09:10 领导讲话\n10:00 讨论\n11:00 总结\n",
        "定于 5 月 6 日 9:00 在三楼开会\n联系人：王明远\n电话：13800000000\n",
        "2031-05-06 08:01:02 INFO: start\n2031-05-06 08:01:03 INFO: stop\n2031-05-06 08:01:04 WARN: x\n",
        "比例尺 1:20\n比例尺 1:50\n比例尺 1:20\n",
        "",
    ],
)
def test_other_texts_with_clocks_are_not(keep: Keep, vault: Vault, text: str) -> None:
    assert rows(keep, vault, text) == []


PAGE = "<html><head><title>群</title></head><body>{rows}</body></html>"
ROW = "<div class='message default'><div class=\"from_name\">甲</div><div class='date details'>{clock}</div><p>好</p></div>"


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        (ROW, True),
        (ROW.replace("from_name", "text"), False),
        (ROW.replace("message", "article"), False),
        (ROW.replace("date", "text"), False),
    ],
)
def test_a_page_that_is_built_like_a_chat_is_said(keep: Keep, vault: Vault, row: str, is_told: bool) -> None:
    data = PAGE.format(rows="".join(row.format(clock=f"08:0{number}") for number in range(3)))
    found = readings.document(keep("messages.html", data.encode()), vault)
    assert [one.detail for one in found if isinstance(one, Skipped)] == [ADVICE] * is_told
