"""What an arrival holds, told by its bytes alone: the same drop twice is known without reading it twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from leakwatch.watch.inbox import File


def content_of(root: Path, files: Sequence[File]) -> str:
    """sha256 over names below the arrival and what the files hold; empty if one cannot be read.

    The name of the arrival itself does not count: 群.zip and 群 (2).zip are the same. Links count for nothing
    that could be known, so an arrival with one is never the same as another.
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
        total.update(f"{below}\0{inner}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
