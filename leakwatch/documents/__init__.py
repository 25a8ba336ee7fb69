"""Documents → pieces of text: one module a format, asked in the order of `READERS`.

To add a format write a module with `NAME`, `is_mine` and `read` and put its name into the tuple. What no
reader takes is for the caller to report as an unknown format.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from leakwatch.documents import database, html, json, metafile, ofd, pdf, plain, sealed_page
from leakwatch.documents.office_xml import flat, opendocument
from leakwatch.documents.ole2 import legacy
from leakwatch.documents.ooxml import docx, pptx, xlsx
from leakwatch.documents.rtf import rtf
from leakwatch.model import Evidence, Skipped, TextPiece
from leakwatch.vault import Vault


class Reader(Protocol):
    """What a module of this package offers."""

    @property
    def NAME(self) -> str: ...

    def is_mine(self, head: bytes, name: str) -> bool:
        """Whether the content is this format; `head` is the first MiB, where an Office package names its parts."""

    def read(self, file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
        """Pieces in reading order; an Evidence is something embedded that is to be read in its turn.

        Unreadable gives the whole file up, on first use of the iterator or later.
        """


READERS: tuple[Reader, ...] = (
    docx,
    pptx,
    ofd,
    xlsx,
    opendocument,
    pdf,
    legacy,
    rtf,
    metafile,
    database,
    sealed_page,
    flat,
    html,
    json,
    plain,
)


def reader_for(head: bytes, name: str) -> Reader | None:
    """The first reader that takes the file for its own; None is an unknown format, to be reported."""
    return next((reader for reader in READERS if reader.is_mine(head, name)), None)
