"""What QQ's cards say."""

from __future__ import annotations

import base64
import json

import pytest

from leakwatch.chats.qq.qce_cards import opened


def _card(content: object, **more: object) -> dict[str, object]:
    return opened({"type": "json", "data": {"content": content, **more}})


def test_the_strings_of_the_inner_json_come_out_under_their_keys() -> None:
    inner = {"app": "x", "meta": {"news": {"title": "一", "tags": ["二", 3]}, "more": {"title": "四"}}}
    assert _card(json.dumps(inner), title="零") == {
        "title": "零",
        "content": "",
        "card": {"app": "x", "title": "一\n四", "tags": "二"},
    }


@pytest.mark.parametrize(
    ("encode", "text", "said"),
    [
        (1, base64.b64encode("机密名单".encode()).decode(), "机密名单"),
        ("1", base64.b64encode("机密名单".encode()).decode(), "机密名单"),
        (1, "不是编码", "不是编码"),
        (0, "6K6w", "6K6w"),
        (1, "/w==", "/w=="),
    ],
)
def test_the_text_of_an_announcement_is_decoded(encode: object, text: str, said: str) -> None:
    card = _card(json.dumps({"meta": {"mannounce": {"encode": encode, "text": text}}}))["card"]
    assert isinstance(card, dict)
    assert card["text"] == said


@pytest.mark.parametrize("content", ["{", "{" * 5000, "[1]", "plain", None, 5])
def test_a_broken_card_stays_as_it_is(content: object) -> None:
    assert _card(content) == {"content": content}


def test_a_bottomless_card_ends() -> None:
    inner: object = "底"
    for _ in range(40):
        inner = {"a": inner}
    assert "底" in str(_card(json.dumps(inner, ensure_ascii=False)))
