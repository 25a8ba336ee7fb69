"""Evidence: each file is hashed while it is copied, and only the copy is ever read.

Copies are named by their sha256 in a folder that belongs to the user alone (0700), so that a path inside
an archive is never used as a path, and a file that changes under the reader cannot differ from its hash.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason

_CHUNK_BYTES = 1 << 20


class Vault:
    """A folder of write-once copies; the same bytes are kept once."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._clock = clock

    def keep(self, source: Path, inner_path: str) -> Evidence:
        """A received file as evidence; Unreadable if the system does not let us read it."""
        try:
            with source.open("rb") as file:
                return self.keep_stream(iter(lambda: file.read(_CHUNK_BYTES), b""), inner_path)
        except PermissionError as why:
            raise Unreadable(Reason.NOT_PERMITTED, "没有读取此文件的权限，请检查文件权限后重试") from why
        except OSError as why:
            raise Unreadable(
                Reason.DAMAGED, f"读取文件时系统报错（{why.strerror}），请检查磁盘或网络盘"
            ) from why

    def keep_bytes(self, data: bytes, inner_path: str, parent: Evidence) -> Evidence:
        """A small part of a document (an embedded picture, a rendered page) as evidence of its own."""
        return self.keep_stream([data], inner_path, parent)

    def keep_stream(
        self, chunks: Iterable[bytes], inner_path: str, parent: Evidence | None = None
    ) -> Evidence:
        """Evidence of a stream; whatever the stream raises passes through and leaves nothing behind."""
        sha256, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(prefix="part-", dir=self._folder)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy:
                for chunk in chunks:
                    sha256.update(chunk)
                    size += len(chunk)
                    copy.write(chunk)
            kept = self._folder / sha256.hexdigest()
            if kept.exists():
                part.unlink()
            else:
                part.replace(kept)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Evidence(
            sha256=sha256.hexdigest(),
            size=size,
            name=inner_path.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1],
            inner_path=inner_path,
            path=kept,
            taken_at=self._clock(),
            parent=parent.sha256 if parent else None,
        )
