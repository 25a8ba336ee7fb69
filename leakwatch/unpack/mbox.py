"""Folders of mails in one file (mbox), as Thunderbird, Foxmail and mail servers write them → one file a mail.

A mail begins with `From sender Thu Mar  5 09:01:01 2031` behind an empty line, and headers follow. Such a line
within a text was written as `>From`; where it was not, the mail is cut there and both parts are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from leakwatch.model import Evidence, Skipped
from leakwatch.unpack.drop import Drop, Member

_SEPARATOR = re.compile(rb"From [^\r\n]{0,200}\d{4}[^\r\n]{0,20}\r?\n")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_LONGEST_LINE = 1 << 16
_CHUNK_BYTES = 1 << 18


def is_mbox(head: bytes, path: Path) -> bool:
    """Whether two mails at least stand in the file; a mail alone may begin like the first."""
    first = _SEPARATOR.match(head)
    is_mail = first is not None and _HEADER.match(head, first.end()) is not None
    return is_mail and any(islice(_starts(path), 1, None))


def mbox_mails(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The mails in their order, named by their number."""
    places = pairwise([*_starts(file.path), file.size])
    for number, (start, end) in enumerate(places, 1):
        if (limit := drop.exhausted()) is not None:
            detail = f"{limit.detail}；这个邮箱文件里第 {number} 封起的邮件未读"
            yield Skipped(evidence=file, name=file.name, reason=limit.reason, detail=detail)
            return
        mail = _Stretch(file.path, start, end)
        yield from drop.take(Member(name=f"{number:05}.eml", content=mail, size_bytes=end - start), file)


def _starts(path: Path) -> Iterator[int]:
    """Where the line that parts a mail from the one before begins."""
    place, is_behind_blank, last = 0, True, -1
    with path.open("rb") as opened:
        while line := opened.readline(_LONGEST_LINE):
            if last >= 0 and _HEADER.match(line):
                yield last
            last = place if is_behind_blank and _SEPARATOR.fullmatch(line) else -1
            is_behind_blank = not line.strip()
            place += len(line)


@dataclass(slots=True)
class _Stretch:
    """A mail from the line behind the one that parts it from the last."""

    path: Path
    start: int
    end: int
    problem: str = field(default="", init=False)

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as opened:
            opened.seek(self.start)
            opened.readline(_LONGEST_LINE)
            while chunk := opened.read(min(_CHUNK_BYTES, self.end - opened.tell())):
                yield chunk
