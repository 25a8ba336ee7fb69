"""Any text file as paragraphs, without sender and time: what no other reader claims.

Written by: everybody (.txt, .log, .md, .json, .csv that is no chat, no extension). Tell-tales: none but plausible text.
Fields: one piece a paragraph, spot = the line it starts at; \\u673a is decoded. Empty lines and, in long paragraphs, line ends
are where pieces are cut, so that a file of any size streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from leakwatch.documents.source import OVERLAP_CHARACTERS, decoded_points, undecoded
from leakwatch.model import Evidence, Origin, Skipped, TextPiece
from leakwatch.text import looks_like_text, open_text
from leakwatch.vault import Vault

NAME = "text"

_BLOCK_CHARACTERS = 2000
_LINE_CHARACTERS = 1 << 20


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the name of a text says nothing
    """Any plausible text, whatever its name promises: the last resort before an unknown format."""
    return looks_like_text(head)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:  # noqa: ARG001
    """One piece a paragraph of any text file, and a `Skipped` if some bytes were not text."""
    stream, encoding = open_text(file.path)
    replaced = 0
    with stream:
        for number, text in _blocks(stream):
            replaced += text.count("\ufffd")
            yield TextPiece(
                text=decoded_points(text), origin=Origin.DOCUMENT, evidence=file, spot=f"第{number}行"
            )
    if replaced and not encoding.is_exact:
        yield undecoded(file, replaced)


def _blocks(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Each paragraph, or part of a long one, with the number of its first line."""
    block: list[str] = []
    size = start = 0
    for number, line in _lines(stream):
        if line.isspace() or size >= _BLOCK_CHARACTERS:
            if block:
                yield start, "".join(block).rstrip("\n")
            block, size = [], 0
        if not line.isspace():
            start = start if block else number
            block.append(line)
            size += len(line)
    if block:
        yield start, "".join(block).rstrip("\n")


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Numbered lines; one without end comes in parts, each of which repeats the end of the one before."""
    number, tail = 1, ""
    while part := stream.readline(_LINE_CHARACTERS):
        yield number, tail + part
        is_whole = part.endswith("\n")
        number += is_whole
        tail = "" if is_whole else part[-OVERLAP_CHARACTERS:]
