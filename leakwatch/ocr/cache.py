"""Each picture is recognised once: by its content, and once more when the engine changes."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

import msgspec

from leakwatch.model import Evidence
from leakwatch.ocr import Line, Reads

log = logging.getLogger(__name__)


class Cached:
    """Lines of pictures, from a folder if there is one, or else from the engine.

    The folder holds text out of the pictures, so it belongs to the user alone (0700). A failure is never
    kept: the next run tries again. A damaged entry counts as none and is written anew; a folder that
    cannot be written costs no line.
    """

    def __init__(self, source: Reads, version: str, folder: Path | None) -> None:
        self._source = source
        self._version = hashlib.sha256(version.encode()).hexdigest()[:16]
        self._folder = folder / self._version if folder else None

    def read(self, file: Evidence) -> list[Line]:
        """Its lines; raises what the source raises."""
        if self._folder is None:
            return self._source.read(file.path)
        entry = self._folder / f"{file.sha256}.json"
        try:
            return msgspec.json.decode(entry.read_bytes(), type=list[Line])
        except (OSError, msgspec.DecodeError):
            lines = self._source.read(file.path)
        try:
            _write(entry, msgspec.json.encode(lines))
        except OSError as why:
            log.warning("the lines of %s are not kept: errno %s", file.sha256, why.errno)
        return lines


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: another process may read at any moment."""
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="part-", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
