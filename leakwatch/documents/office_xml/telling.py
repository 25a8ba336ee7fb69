"""XML of one of the dialects → pieces of text with their spots, and the pictures inside it as evidence."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from lxml import etree

from leakwatch.documents.embedded import Inlays
from leakwatch.documents.office_xml.writing import BODY, Line, Picture, Writing
from leakwatch.documents.ooxml.package import GROUP_CHARACTERS
from leakwatch.documents.source import from_base64
from leakwatch.model import Evidence, Origin, Skipped, TextPiece


def rows_of(chunks: Iterable[bytes], writing: Writing) -> Generator[Line | Picture, None, bool]:
    """The lines and pictures of UTF-8 or self-declared XML as it is read; returns whether it was whole.

    Broken XML is read on behind the spot: files that programs write by hand hold bare `&` and control characters.
    """
    parser = etree.XMLParser(
        target=writing,  # type: ignore[arg-type]  # the stubs promise bytes too; lxml hands over str
        no_network=True,
        load_dtd=False,
        # A picture is one string. Entities of the file's own are put in, or `&amp;` in an attribute would come
        # out as `&#38;`; libxml2 stops those that multiply.
        huge_tree=True,
        recover=True,
    )
    is_whole = True
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from writing.taken()
        parser.close()
    except etree.LxmlError:
        is_whole = False
    writing.close()
    yield from writing.taken()
    return is_whole and not len(parser.feed_error_log)


def told(
    file: Evidence, rows: Iterable[Line | Picture], inlays: Inlays
) -> Iterator[TextPiece | Evidence | Skipped]:
    """Pieces of up to about 1,500 characters of one place, pictures as they come."""
    for place, group in groupby(rows, lambda row: row.place if isinstance(row, Line) else None):
        if place is None:
            for picture in group:
                if isinstance(picture, Picture):
                    yield from _kept(picture, inlays)
        else:
            yield from _pieces(file, (line for line in group if isinstance(line, Line)))


def _kept(picture: Picture, inlays: Inlays) -> Iterator[Evidence]:
    if data := from_base64(picture.base64):
        kind = PurePosixPath(picture.name).suffix.lstrip(".")
        yield from inlays.numbered(kind or "dat", data)


def _pieces(file: Evidence, lines: Iterator[Line]) -> Iterator[TextPiece]:
    waiting: list[Line] = []
    length = 0
    for line in lines:
        if waiting and length + len(line.text) > GROUP_CHARACTERS:
            yield _piece(file, waiting)
            waiting, length = [], 0
        waiting.append(line)
        length += len(line.text)
    if waiting:
        yield _piece(file, waiting)


def _piece(file: Evidence, lines: list[Line]) -> TextPiece:
    text = "\n".join(line.text for line in lines)
    return TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=_spot(lines[0], lines[-1]))


def _spot(first: Line, last: Line) -> str:
    if first.place == BODY:
        return f"{BODY}第{first.number}段" if first is last else f"{BODY}第{first.number}-{last.number}段"
    return f"{first.place}{first.number}:{last.number}" if first.place.endswith("!") else first.place
