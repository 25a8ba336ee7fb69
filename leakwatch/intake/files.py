"""A file that is no chat → its text with all that is embedded in it; an error becomes a row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec import structs

from leakwatch import ocr, readings
from leakwatch.config import Limits
from leakwatch.errors import ReaderFault, Unreadable, whereabouts
from leakwatch.images import is_picture
from leakwatch.images.urgency import Urgency
from leakwatch.intake import pictures
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.ocr.pool import ReadAhead
from leakwatch.sandbox import Runs
from leakwatch.vault import Vault

PENDING = "扫描停下时还没有轮到读它，不能算检查过；请再次扫描，或人工查看"
_REMEMBERED_FILES = 64
_REMEMBERED_CHARACTERS = 50_000
_Yields = TypeVar("_Yields")

log = logging.getLogger(__name__)


class Files:
    """Reads photos and documents; remembers what the last small ones said, since many messages may carry one."""

    def __init__(self, vault: Vault, sandbox: Runs, limits: Limits, photos: ReadAhead) -> None:
        self._vault = vault
        self._sandbox = sandbox
        self._limits = limits
        self._photos = photos
        self._remembered: dict[Evidence, Sequence[TextPiece | Skipped]] = {}

    def read(self, file: Evidence) -> Iterator[TextPiece | Skipped]:
        """A photo, the pictures of a film, a document with all that is embedded in it, or plain text.

        Once the run is over: a row that says that it waits, but for photos that were recognised by then.
        """
        if (known := self._remembered.get(file)) is not None:
            yield from known
            return
        parts: list[TextPiece | Skipped] = []
        size = 0
        for part in self._read(file, 0):
            size += len(part.text if isinstance(part, TextPiece) else part.detail)
            if size <= _REMEMBERED_CHARACTERS:
                parts.append(part)
            yield part
        if size <= _REMEMBERED_CHARACTERS:
            self._remembered[file] = parts
        if len(self._remembered) > _REMEMBERED_FILES:
            del self._remembered[next(iter(self._remembered))]

    def around(self, export: Evidence, name: str) -> Iterator[TextPiece | Skipped]:
        """What an export in the format of that name says and holds outside its messages."""
        work = partial(self._sandbox.stream, readings.around, export, name, self._vault)
        yield from self._with_embedded(export, work, 0)

    def _read(self, file: Evidence, depth: int) -> Iterator[TextPiece | Skipped]:
        yield from self._with_embedded(file, partial(self._itself, file), depth)

    def _with_embedded(
        self, file: Evidence, work: Callable[[], Iterator[TextPiece | Skipped | Evidence]], depth: int
    ) -> Iterator[TextPiece | Skipped]:
        embedded: list[Evidence] = []
        for item in guarded(file, work):
            if isinstance(item, Evidence):
                embedded.append(item)
            else:
                yield item
        for part in embedded:
            for inner in guarded(part, partial(self._embedded, part, depth + 1)):
                yield _part_of(file, part, inner) if isinstance(inner, TextPiece) else inner

    def _itself(self, file: Evidence) -> Iterator[TextPiece | Skipped | Evidence]:
        head = readings.head_of(file)
        if is_picture(head):
            yield from self._picture(file)
            return
        if self._photos.is_over():
            raise Unreadable(Reason.PENDING, PENDING)
        items: Iterator[TextPiece | Skipped | Evidence]
        if readings.is_film(head):
            items = self._sandbox.stream(readings.film, file, self._vault, self._limits)
        else:
            items = self._sandbox.stream(readings.document, file, self._vault)
        for item in items:
            if isinstance(item, Evidence) and is_picture(readings.head_of(item)):
                self.send_ahead(item)
            yield item

    def _picture(self, file: Evidence) -> Iterator[TextPiece | Skipped]:
        """Its text, and what is seen without reading, also where no engine could read it."""
        unread: tuple[Reason, str] | None = None
        read: list[TextPiece] | None = None
        try:
            lines = self._photos.lines(file)
            read = list(ocr.pieces(lines, file))
            yield from read
            yield from ocr.illegible(lines, file)
        except Unreadable as why:
            if why.reason is Reason.PENDING:
                raise
            # Not the exception: it holds this frame, and both would keep the picture's bytes until a collection.
            unread = why.reason, why.detail
        for layout in guarded(file, partial(self._sandbox.stream, readings.layouts, file)):
            if isinstance(layout, Skipped):
                yield layout
            elif layout.words:
                yield pictures.piece(layout, read, file)
        yield from self._sandbox.stream(readings.picture_gaps, file)
        if unread is not None:
            raise Unreadable(*unread)

    def send_ahead(self, photo: Evidence) -> None:
        """Has the photo recognised meanwhile, the sooner the more it looks like a document."""
        if self._photos.is_over():
            return
        for urgency in guarded(photo, partial(self._sandbox.stream, readings.urgency, photo)):
            if isinstance(urgency, Urgency):  # else it is told of when it is read
                self._photos.submit(photo, urgency)

    def _embedded(self, part: Evidence, depth: int) -> Iterator[TextPiece | Skipped]:
        if depth > (most := self._limits.archive_depth):
            detail = f"文档套文档超过上限 {most} 层，未检查；请手工取出后放入或调高 archive_depth"
            yield Skipped(evidence=part, name=part.name, reason=Reason.TOO_DEEP, detail=detail)
            return
        for leaf in self._sandbox.stream(readings.inside, part, self._vault, self._limits):
            if isinstance(leaf, Skipped):
                yield leaf
            else:
                yield from self._read(leaf, depth)


def guarded(file: Evidence, read: Callable[[], Iterator[_Yields]]) -> Iterator[_Yields | Skipped]:
    """The only place where an error becomes a value: one bad file costs one row."""
    try:
        yield from read()
    except Unreadable as why:
        yield Skipped(evidence=file, name=file.name, reason=why.reason, detail=why.detail)
    except Exception as fault:  # noqa: BLE001 - the one place where a broken library costs one file
        # Not the fault's own words: they may quote a message (int('张三的身份证')).
        where = str(fault) if isinstance(fault, ReaderFault) else whereabouts(fault)
        log.error("%s while reading %s", where, file.sha256)  # noqa: TRY400
        detail = "读取此文件时程序出错，只跳过了这一个文件（或其余部分）；请人工查看，并把日志交给维护人员"
        yield Skipped(evidence=file, name=file.name, reason=Reason.CRASHED, detail=detail)


def _part_of(whole: Evidence, part: Evidence, piece: TextPiece) -> TextPiece:
    """A piece of a page or picture, with its place in the document: 第3页, image1, 第12秒二维码."""
    name = part.name.rpartition(".")[0] or part.name
    is_recognised = piece.origin is Origin.OCR
    spot = f"{name}{piece.spot or ''}" if is_recognised else piece.spot or name
    return structs.replace(piece, whole=whole.sha256, spot=spot)
