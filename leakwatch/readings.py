"""What is done with the inside of a file from outside: the only work that runs in the sandbox.

Each is a generator at the top of a module, so that a child process can find it by its name.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain

import numpy as np
from PIL import Image

from leakwatch import chats, documents, films, images
from leakwatch.chats.beside import Beside
from leakwatch.config import Limits
from leakwatch.documents import html, pdf, plain
from leakwatch.documents.office_xml import flat, opendocument
from leakwatch.documents.ole2 import legacy
from leakwatch.documents.ooxml import docx, xlsx
from leakwatch.documents.rtf import rtf
from leakwatch.documents.speakers import announced
from leakwatch.errors import Unreadable
from leakwatch.images.insets import insets
from leakwatch.images.page import Pixels, find_pages, rectify
from leakwatch.images.prints import print_of
from leakwatch.images.urgency import Urgency, urgency_of
from leakwatch.model import Conversation, Evidence, Message, Reason, Skipped, TextPiece
from leakwatch.redhead import Layout, layout_of
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

_HEAD_BYTES = 1 << 20
_OF_CELLS = re.compile(r"[^\n]*![A-Z]{0,3}\d+:[A-Z]{0,3}\d+")
"""The spot of a piece that is rows of a sheet: 值班!A1:D20, 值班!1:20."""
_OF_TALK = (plain, docx, html, opendocument, flat, legacy, pdf, rtf)
"""Readers of what people paste chats into; tables and data have a say of their own."""
_OF_SHEETS = (legacy, flat, opendocument)
_NEAR_PX, _NEAR_AREA = 2400, 0.05
"""Long side of a photo whose sheets are looked at one by one, and the share of it that the smallest takes."""
_LONG = 3
"""Times its width: from which height a screenshot is looked at in pieces."""
_SOUND_MAGIC = (
    b"#!SILK", b"\x02#!SILK", b"#!AMR", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"fLaC",
)  # fmt: skip


def inside(file: Evidence, vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    """The files in an archive or a mail; anything else is yielded as it is."""
    yield from unpack(file, vault, limits)


def format_of(file: Evidence) -> Iterator[str]:
    """The name of the chat format the file is in; nothing if it is no chat."""
    if (reader := chats.reader_for(file)) is not None:
        yield reader.NAME


def chat(file: Evidence, name: str, beside: Beside) -> Iterator[Message | TextPiece | Skipped | Conversation]:
    """The messages of an export in the format of that name, and what it says beside them."""
    yield from chats.reader_named(name).read(file, beside)


def around(file: Evidence, name: str, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """What an export in the format of that name says outside its messages: comments, page headers, properties.

    Only of formats that are documents too: tables, and Word files with a chat in them.
    """
    head = head_of(file)
    if name != chats.TABLE and name not in chats.IN_WORD:
        return
    if docx.is_mine(head, file.name):
        yield from docx.around(file)
    elif xlsx.is_mine(head, file.name):
        yield from xlsx.around(file)
    elif (reader := next((each for each in _OF_SHEETS if each.is_mine(head, file.name)), None)) is not None:
        yield from (
            row
            for row in reader.read(file, vault)
            if not (isinstance(row, TextPiece) and _OF_CELLS.fullmatch(row.spot or ""))
        )
    elif html.is_mine(head, file.name):
        yield from (row for row in html.read(file, vault) if not isinstance(row, TextPiece))


def document(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """What a document says and what is embedded in it; a row if nobody can read it."""
    head = head_of(file)
    reader = documents.reader_for(head, file.name)
    if reader is None:
        yield _unknown(file, head)
    elif reader in _OF_TALK:
        yield from announced(reader.read(file, vault), file, head if reader is html else b"")
    else:
        yield from reader.read(file, vault)


def film(file: Evidence, vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    """Some of a film's pictures, and what of it was not seen."""
    yield from films.pictures(file, vault, limits, time.monotonic)


def picture_gaps(file: Evidence) -> Iterator[Skipped]:
    """What of a picture no engine will see."""
    yield from images.gaps(file)


def layouts(file: Evidence) -> Iterator[Layout]:
    """What of a red-head document is seen on each page of a picture; nothing for one that cannot be opened.

    That is said by the engine, which opens it too.
    """
    try:
        for frame in images.frames(file.path):
            yield _most_telling(_seen(part, frame.spot) for part in _parts(frame.image))
    except Unreadable:
        return


def urgency(file: Evidence) -> Iterator[Urgency]:
    """How soon a picture is to be recognised."""
    yield urgency_of(file.path)


def _parts(page: Image.Image) -> Iterator[Image.Image]:
    """The page; of a long screenshot pieces, in one of which a head that is as wide as the picture is whole."""
    width, height = page.size
    if height <= max(_NEAR_PX, _LONG * width):
        yield page
        return
    step = max(width, _NEAR_PX // 2)
    for top in range(0, height - step, step):
        yield page.crop((0, top, width, min(top + 2 * step, height)))


def _most_telling(seen: Iterable[Layout]) -> Layout:
    """The first with a red head, or else with a seal."""
    return max(seen, key=lambda layout: (layout.has_head, layout.has_seal))


def _seen(part: Image.Image, spot: str) -> Layout:
    layout = layout_of(part, spot)
    return layout if layout.has_head or not layout.has_red else _nearer(part, layout)


def _nearer(part: Image.Image, layout: Layout) -> Layout:
    """That of a sheet, or a photo in a screenshot, with a red head, looked at one by one.

    Of 61 heads on drawn pages from far away and of two pages at once this sees 56 instead of 32, of 14 on
    photos in a chat's screenshot 10 instead of 4, and none on 120 look-alikes; 0.1 s for one with red in it.
    """
    picture = part.copy()
    picture.thumbnail((_NEAR_PX, _NEAR_PX))
    pixels = np.asarray(picture)
    with suppress(Unreadable):  # without OpenCV
        for sheet in chain(insets(pixels), _sheets(pixels)):
            nearer = layout_of(Image.fromarray(sheet), layout.spot)
            if nearer.has_head:
                return nearer
    return layout


def _sheets(photo: Pixels) -> Iterator[Pixels]:
    return (rectify(photo, quad) for quad in find_pages(photo, _NEAR_AREA))


def picture_print(file: Evidence) -> Iterator[str]:
    """By what a picture, or its first page, is known again; nothing for one that shows next to nothing."""
    try:
        made = print_of(images.open_upright(file.path))
    except Unreadable:
        return
    if made is not None:
        yield str(made)


def is_thumbnail(file: Evidence) -> Iterator[bool]:
    """Whether a picture is no more than a preview."""
    yield images.is_picture(head_of(file)) and images.is_thumbnail(file.path)


def is_film(head: bytes) -> bool:
    """A film by its first bytes, or a container that may hold nothing but sound."""
    return bool(films.demuxer(head))


def is_sound(head: bytes) -> bool:
    """Voice or music by its first bytes; MP4 carries `ftyp`, WAVE is RIFF."""
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WAVE"):
        return not (images.is_picture(head) or is_film(head))
    return head.startswith(_SOUND_MAGIC)


def head_of(file: Evidence) -> bytes:
    """Its first MiB."""
    with file.path.open("rb") as opened:
        return opened.read(_HEAD_BYTES)


def _unknown(file: Evidence, head: bytes) -> Skipped:
    if is_sound(head):
        detail = "声音文件，leakwatch 不识别，未检查；请人工听"
        return Skipped(evidence=file, name=file.name, reason=Reason.UNSUPPORTED, detail=detail)
    detail = "不认识的文件格式，未检查；请换成常见格式（docx、pdf、xlsx、txt、jpg 等）后再放入，或人工查看"
    return Skipped(evidence=file, name=file.name, reason=Reason.UNKNOWN_FORMAT, detail=detail)
