"""Names from outside as a column can hold them."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def column(text: str, most: int) -> str:
    """At most so many characters; what no database stores (NUL, half a surrogate pair) becomes U+FFFD."""
    clean = _UNSTORABLE.sub("�", text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def file_name(name: str) -> str:
    """A file's name so that it can be told again: what no database stores is written //dcff, which no path holds."""
    return _UNSTORABLE.sub(lambda found: f"//{ord(found[0]):04x}", name)


def named_file(stored: str) -> str:
    """The name that `file_name` was given."""
    return re.sub("//([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), stored)
