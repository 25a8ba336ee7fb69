"""Names from outside as a column can hold them."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def column(text: str, most: int) -> str:
    """At most so many characters; what no database stores (NUL, half a surrogate pair) becomes U+FFFD."""
    clean = _UNSTORABLE.sub("�", text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"
