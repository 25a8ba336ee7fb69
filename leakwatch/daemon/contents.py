"""What an arrival holds, told by names and bytes: the same drop twice is known without reading it twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from leakwatch.watch.inbox import File

_COPY = re.compile(r"(?:\s*[(（]\d{1,3}[)）]|\s*-\s*副本)+(?=\.|$)")
"""What systems put behind the name of a file that is there already."""
_RANDOM = re.compile(r"[0-9a-f]{2,}")
"""The folder that an upload lies in."""


def content_of(root: Path, files: Sequence[File], name: str) -> str:
    """sha256 over the names and what the files hold; empty if one cannot be read.

    name: that of the arrival when it came, whatever it is called since it was moved. 群.zip and 群 (2).zip are the same; under another name the same bytes are not, for names are read as well.
    Links count for nothing that could be known, so an arrival with one is never the same as another.
    """
    total = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        path = root / file.path
        if not path.is_file() or path.is_symlink():
            return ""
        try:
            with path.open("rb") as stream:
                inner = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return ""
        below = file.path.partition("/")[2]
        told = "" if below and _RANDOM.fullmatch(name) else _COPY.sub("", name)
        total.update(f"{told}/{below}\0{inner}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
