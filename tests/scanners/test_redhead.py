"""The words for what is seen on a picture, against the rules for pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "rule", "quote"),
    [
        ("图片版式：红色标题、红色分隔线", "im.redhead", "图片版式：红色标题、红色分隔线"),
        (
            "图片版式：红色标题、红色分隔线（带星）、圆形印章；文字无法辨读",
            "im.redhead",
            "图片版式：红色标题、红色分隔线（带星）、圆形印章",
        ),
        ("图片版式：圆形印章；写明主动公开", "im.seal", "图片版式：圆形印章"),
    ],
)
def test_each_layout_is_one_hit(hits: Hits, text: str, rule: str, quote: str) -> None:
    assert [(hit.rule.id, hit.quote) for hit in hits(text, Origin.IMAGE)] == [(rule, quote)]


@pytest.mark.parametrize(
    "text",
    [
        "红头文件发我看看",
        "红色标题、红色分隔线",
        "图片版式改成横版",
        "标题用红色，图片版式不变",
        "请盖圆形印章",
    ],
)
def test_talk_of_red_heads_is_none(hits: Hits, text: str) -> None:
    assert [hit for hit in hits(text) if hit.rule.id.startswith("im.")] == []
