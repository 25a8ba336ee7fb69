"""Codes as engines misread them, on photos and pasted into messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("中厅牛〔2031〕45号", "中厅字〔2031〕45号"),
        ("国保皮〔2031〕8号", "国保发〔2031〕8号"),
        ("中办成电〔2031〕4号", "中办发电〔2031〕4号"),
    ],
)
@pytest.mark.parametrize("origin", [Origin.MESSAGE, Origin.OCR])
def test_a_misread_code_is_repaired_but_doubtful(hits: Hits, origin: Origin, text: str, key: str) -> None:
    (hit,) = (hit for hit in hits(text, origin) if hit.document)
    assert (hit.document, hit.is_doubtful) == (key, True)


@pytest.mark.parametrize("text", ["新出度〔2031〕8号", "建办成〔2031〕8号", "财度〔2031〕3号"])
def test_a_public_code_is_not_bent_into_a_confidential_one(hits: Hits, text: str) -> None:
    assert {hit.rule.id for hit in hits(text) if hit.document} <= {"dn.public"}
