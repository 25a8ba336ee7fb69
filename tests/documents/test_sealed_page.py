"""Sealed chat pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.documents import reader_for, sealed_page
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
PAGE = (
    '<!doctype html><html><head><link id="wceStyle" rel="stylesheet" href="assets/_wce/s-1.css"></head>'
    '<body data-wce-protected-root="1"><div>青石市值班表</div></body></html>'
)


def test_the_words_are_read_and_the_advice_is_given(keep: Keep, vault: Vault) -> None:
    found = list(sealed_page.read(keep("messages.html", PAGE.encode()), vault))
    assert "青石市值班表" in "".join(item.text for item in found if isinstance(item, TextPiece))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.UNKNOWN_FORMAT]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (PAGE, "sealed-page"),
        (PAGE.replace("wce", "css"), "html"),
        ("data-wce-protected-root 是什么？\n", "text"),
    ],
)
def test_only_pages_with_the_seal_are_taken(page: str, name: str) -> None:
    reader = reader_for(page.encode(), "a.html" if page.startswith("<") else "a.txt")
    assert reader is not None
    assert name == reader.NAME
