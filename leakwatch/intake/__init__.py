"""Received files → evidence, messages with their attachments, pieces of text: all that is read of a drop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from leakwatch import readings
from leakwatch.bundle import Bundle
from leakwatch.chats.twins import ranked
from leakwatch.config import Limits
from leakwatch.images import is_picture
from leakwatch.intake.exports import Exports
from leakwatch.intake.files import PENDING, Files, guarded
from leakwatch.model import Conversation, Evidence, Finding, Origin, Outcome, Reason, Skipped, TextPiece
from leakwatch.ocr.pool import ReadAhead
from leakwatch.sandbox import Runs
from leakwatch.unpack import receive
from leakwatch.vault import Vault

__all__ = ["Intake", "Item", "guarded"]

Item = TextPiece | Skipped | Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What reading works with."""

    vault: Vault
    sandbox: Runs
    """Where everything from outside is parsed."""
    limits: Limits
    photos: ReadAhead
    is_own: Callable[[Path], bool]
    """Whether a file or folder is leakwatch's own (copies, cache, drafts) and not to be read."""

    def receive(self, paths: Sequence[Path]) -> Iterator[Evidence | Skipped]:
        """Every file under the paths, archives opened."""
        for item in receive(paths, self.vault, self.limits, self.is_own):
            if isinstance(item, Skipped):
                yield item
            else:
                inside = partial(self.sandbox.stream, readings.inside, item, self.vault, self.limits)
                yield from guarded(item, inside)

    def read(self, received: Sequence[Evidence]) -> Iterator[tuple[Evidence, Iterator[Item]]]:
        """File by file what was read of it; chats first: their messages say whose the other files are."""
        files = Files(self.vault, self.sandbox, self.limits, self.photos)
        found = [
            (file, name) for file in received for name in guarded(file, partial(self._format, file, files))
        ]
        claims = {file: name for file, name in found if not isinstance(name, Skipped)}
        bundle = Bundle(received, list(claims))
        exports = Exports(bundle, files, self.vault, self.sandbox)
        if received:
            yield received[0], _ways(received)
        for (file, name), *poorer in ranked(list(claims.items())):
            if not bundle.is_claimed(file):  # else a part or a poorer twin of an export that has been read
                read = partial(exports.read, file, name, poorer)
                yield file, _left(file) if self.photos.is_over() else guarded(file, read)
        for file in bundle.unclaimed(file for file in received if file not in claims):
            yield file, _loose(file, files)

    def picture_prints(self, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
        """sha256 and print of each picture that a person gets to see a finding on.

        A picture that cannot be opened has been told of when it was read.
        """
        pictures = {
            hit.piece.evidence.sha256: hit.piece.evidence
            for finding in findings
            if finding.outcome is not Outcome.NOTE
            for hit in finding.hits
            if hit.piece.origin in (Origin.OCR, Origin.IMAGE)
        }
        for sha256, file in pictures.items():
            for made in guarded(file, partial(self.sandbox.stream, readings.picture_print, file)):
                if isinstance(made, str):
                    yield sha256, made

    def _format(self, file: Evidence, files: Files) -> Iterator[str]:
        """The chat format of the file, if it is one; a photo is sent ahead to be recognised meanwhile."""
        if is_picture(readings.head_of(file)):
            files.send_ahead(file)
        elif not self.photos.is_over():
            yield from self.sandbox.stream(readings.format_of, file)


def _left(export: Evidence) -> Iterator[Item]:
    """A row for an export whose turn did not come."""
    yield Skipped(evidence=export, name=export.name, reason=Reason.PENDING, detail=PENDING)


def _ways(received: Sequence[Evidence]) -> Iterator[Item]:
    """The names of the folders and archives that files lay in, but of the folder that was handed in.

    An archive is opened and gone; that it was called 青办密发〔2031〕3号.zip is a leak all the same.
    """
    named: set[str] = set()
    for file in received:
        for sign in re.finditer(r"[/!]", file.inner_path):
            way = file.inner_path[: sign.start()]
            is_given = sign.group() == "/" and not re.search(r"[/!]", way)
            if way not in named and not is_given:
                named.add(way)
                spot = "文件夹名" if sign.group() == "/" else "压缩包名"
                name = re.split(r"[/!]", way)[-1]
                yield TextPiece(text=name, origin=Origin.FILENAME, evidence=file, spot=spot)


def _loose(file: Evidence, files: Files) -> Iterator[Item]:
    """A file that no message carries."""
    yield TextPiece(text=file.name, origin=Origin.FILENAME, evidence=file)
    yield from files.read(file)
