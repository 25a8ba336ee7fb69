"""Chat pages that WeChatDataAnalysis seals: their text, and the advice to export another way.

Written by: WeChatDataAnalysis with format html. Tell-tales: `data-wce-protected-root`, `id="wceStyle"` and the
scripts below `assets/_wce/`. A native component shows the page only if its signature holds, and its layout
changes with every version: who said what when cannot be relied upon, but the words stand in the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from leakwatch.documents import html
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "sealed-page"

_SIGNS = (b"data-wce-protected-root", b"data-wce-sri", b'id="wceStyle"')
_ADVICE = (
    "这是 WeChatDataAnalysis 导出的加封网页，只按网页文字检查，没有发送人和时间，图片对不上消息；"
    "请改用 JSON 格式重新导出"
)


def is_mine(head: bytes, name: str) -> bool:
    """A web page with the marks of the seal."""
    return any(sign in head for sign in _SIGNS) and html.is_mine(head, name)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """What the page says, and a row with the advice."""
    yield from html.read(file, vault)
    yield Skipped(evidence=file, name=file.name, reason=Reason.UNKNOWN_FORMAT, detail=_ADVICE)
