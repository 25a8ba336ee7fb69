"""The one road, and the only place that knows all its stages.

received → evidence → messages and attachments → pieces → hits → findings
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from leakwatch import ocr, readings
from leakwatch.allowlist import sift
from leakwatch.bundle import Bundle
from leakwatch.config import Limits
from leakwatch.coverage import Account
from leakwatch.detect import detect, weigh_each
from leakwatch.errors import ReaderFault, Unreadable, whereabouts
from leakwatch.findings import Weighed, merge
from leakwatch.images import is_picture
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Conversation,
    Evidence,
    Finding,
    Message,
    Origin,
    Progress,
    Reason,
    Scan,
    Skipped,
    TextPiece,
)
from leakwatch.ocr.pool import ReadAhead
from leakwatch.rules.allowed import Allowed
from leakwatch.sandbox import Runs
from leakwatch.scanners import Matcher
from leakwatch.unpack import receive
from leakwatch.vault import Vault

Item = TextPiece | Skipped | Conversation
_TOLD_EVERY = 5_000
"""Pieces; an export of a million messages is one file."""
_SOUND = (AttachmentKind.VOICE, AttachmentKind.VIDEO)
_Yields = TypeVar("_Yields")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Everything a scan works with, built once by the composition root."""

    vault: Vault
    sandbox: Runs
    """Where everything from outside is parsed."""
    limits: Limits
    matcher: Matcher
    rules_version: str
    photos: ReadAhead
    neighbours_within: timedelta
    is_own: Callable[[Path], bool]
    """Whether a file or folder is leakwatch's own (copies, cache, drafts) and not to be scanned."""
    clock: Callable[[], datetime]
    allowed: tuple[Allowed, ...] = ()


def scan(paths: Sequence[Path], kit: Kit, tell: Callable[[Progress], None]) -> Scan:
    """Everything found under the paths, and everything that could not be read."""
    started_at = kit.clock()
    received = list(_received(paths, kit))
    files = [item for item in received if isinstance(item, Evidence)]
    rest = _Rest(files, tell)
    rest.skipped += [item for item in received if isinstance(item, Skipped)]
    weighed: list[Weighed] = []
    for file, items in _read(files, kit):
        found = partial(detect, rest.sort_out(items), kit.matcher, kit.neighbours_within)
        for one in _guarded(file, found):
            if isinstance(one, Skipped):
                rest.skipped.append(one)
            else:
                weighed.append(one)
    sifted = sift(weighed, kit.allowed, started_at.date())
    return Scan(
        findings=merge(sifted.weighed),
        skipped=tuple(rest.skipped),
        conversations=tuple(rest.conversations),
        files=len(files),
        messages=sum(conversation.parsed for conversation in rest.conversations),
        pieces=rest.pieces,
        rules_version=kit.rules_version,
        allowed_unused=sifted.unused,
        started_at=started_at,
        ended_at=kit.clock(),
    )


class _Rest:
    """What is no piece of text, put aside while the pieces go on to be matched."""

    def __init__(self, files: Sequence[Evidence], tell: Callable[[Progress], None]) -> None:
        self.skipped: list[Skipped] = []
        self.conversations: list[Conversation] = []
        self.pieces = 0
        self._files = len(files)
        self._waiting = {file.sha256 for file in files}
        self._tell = tell

    def sort_out(self, items: Iterator[Item]) -> Iterator[TextPiece]:
        """The pieces of an export with its attachments, or of a file."""
        for item in items:
            if isinstance(item, TextPiece):
                self.pieces += 1
                if item.evidence.sha256 in self._waiting or not self.pieces % _TOLD_EVERY:
                    self._waiting.discard(item.evidence.sha256)
                    done = self._files - len(self._waiting)
                    self._tell(Progress(files_done=done, files=self._files, pieces=self.pieces))
                yield item
            elif isinstance(item, Skipped):
                self.skipped.append(item)
            else:
                self.conversations.append(item)


def explain(text: str, kit: Kit) -> tuple[Finding, ...]:
    """What a message of that text would be found to hold, with all reasons."""
    specimen = kit.vault.keep_stream([text.encode("utf-8", "replace")], "文字")
    weighed = weigh_each([text], kit.matcher, specimen)[0]
    return merge(sift(weighed, kit.allowed, kit.clock().date()).weighed)


def _received(paths: Sequence[Path], kit: Kit) -> Iterator[Evidence | Skipped]:
    """Every file under the paths, archives opened."""
    for item in receive(paths, kit.vault, kit.limits, kit.is_own):
        if isinstance(item, Skipped):
            yield item
        else:
            yield from _guarded(
                item, partial(kit.sandbox.stream, readings.inside, item, kit.vault, kit.limits)
            )


def _read(files: Sequence[Evidence], kit: Kit) -> Iterator[tuple[Evidence, Iterator[Item]]]:
    """File by file what was read of it; chats first: their messages say whose the other files are."""
    claims = [(file, list(_guarded(file, partial(_claims, file, kit)))) for file in files]
    exports = [(file, claim) for file, found in claims for claim in found if not isinstance(claim, Skipped)]
    bundle = Bundle(files, [file for file, _ in exports])
    for file, name in exports:
        if bundle.is_claimed(file):  # a part of an export that has been read
            continue
        yield file, _guarded(file, partial(_read_chat, file, name, bundle, kit))
    chat_files = {file for file, _ in exports}
    loose = bundle.unclaimed(file for file in files if file not in chat_files)
    for file in loose:
        yield file, _read_loose(file, kit)


def _claims(file: Evidence, kit: Kit) -> Iterator[str]:
    """The chat format of the file, if it is one; a photo is sent ahead to be recognised meanwhile."""
    if is_picture(readings.head_of(file)):
        kit.photos.submit(file)
    else:
        yield from kit.sandbox.stream(readings.format_of, file)


def _read_loose(file: Evidence, kit: Kit) -> Iterator[Item]:
    yield TextPiece(text=file.name, origin=Origin.FILENAME, evidence=file)
    yield from _read_file(file, kit)


def _read_chat(file: Evidence, name: str, bundle: Bundle, kit: Kit) -> Iterator[Item]:
    account = Account(file)
    for item in kit.sandbox.stream(readings.chat, file, name, desk=bundle.beside(file, kit.vault)):
        if isinstance(item, Message):
            account.message(item)
            if item.text:
                yield TextPiece(text=item.text, origin=Origin.MESSAGE, evidence=file, message=item)
            if item.quoted or item.attachments or item.forwarded:
                yield from _pieces_beside(item, file)
                yield from _read_attachments(item, file, (account, bundle, kit))
        elif isinstance(item, Conversation):
            yield from account.closed(item)
        else:
            yield item


def _read_attachments(
    message: Message, export: Evidence, means: tuple[Account, Bundle, Kit]
) -> Iterator[TextPiece | Skipped]:
    account, bundle, kit = means
    for attachment in _attachments(message):
        carried = bundle.claim(attachment, export)
        yield from account.attachment(message, attachment, carried)
        if carried and not (attachment.kind in _SOUND and readings.is_sound(readings.head_of(carried))):
            for part in _read_file(carried, kit):
                if isinstance(part, TextPiece):
                    yield structs.replace(part, message=message)
                else:
                    yield replace(part, message=message)


def _pieces_beside(message: Message, export: Evidence) -> Iterator[TextPiece]:
    """What a message carries besides its own text: what it quotes and forwards, the names of its files."""

    def said(text: str, origin: Origin, spot: str | None = None) -> TextPiece:
        return TextPiece(text=text, origin=origin, evidence=export, spot=spot, message=message)

    if message.quoted and message.quoted.text:
        yield said(message.quoted.text, Origin.QUOTE)
    yield from (said(item.name, Origin.FILENAME) for item in message.attachments if item.name)
    for inner, spot in _forwards(message, "转发"):
        quoted = inner.quoted.text if inner.quoted else ""
        yield from (said(text, Origin.FORWARD, spot) for text in (inner.text, quoted) if text)
        yield from (said(item.name, Origin.FILENAME, spot) for item in inner.attachments if item.name)


def _attachments(message: Message) -> Iterator[Attachment]:
    """Those of the message itself and of all it forwards."""
    yield from message.attachments
    for inner, _ in _forwards(message, ""):
        yield from inner.attachments


def _forwards(message: Message, spot: str) -> Iterator[tuple[Message, str]]:
    for number, inner in enumerate(message.forwarded, 1):
        where = f"{spot}第{number}条"
        yield inner, where
        yield from _forwards(inner, where)


def _read_file(file: Evidence, kit: Kit, depth: int = 0) -> Iterator[TextPiece | Skipped]:
    """A photo, or a document with all that is embedded in it, or plain text."""
    embedded: list[Evidence] = []
    for item in _guarded(file, partial(_read_itself, file, kit)):
        if isinstance(item, Evidence):
            embedded.append(item)
        else:
            yield item
    for part in embedded:
        for inner in _guarded(part, partial(_read_embedded, part, kit, depth + 1)):
            yield _part_of(file, part, inner) if isinstance(inner, TextPiece) else inner


def _read_itself(file: Evidence, kit: Kit) -> Iterator[TextPiece | Skipped | Evidence]:
    if is_picture(readings.head_of(file)):
        yield from ocr.pieces(kit.photos.lines(file), file)
        yield from kit.sandbox.stream(readings.picture_gaps, file)
        return
    for item in kit.sandbox.stream(readings.document, file, kit.vault):
        if isinstance(item, Evidence) and is_picture(readings.head_of(item)):
            kit.photos.submit(item)
        yield item


def _part_of(whole: Evidence, part: Evidence, piece: TextPiece) -> TextPiece:
    """A piece of a page or picture, with its place in the document: 第3页, image1."""
    return structs.replace(
        piece, whole=whole.sha256, spot=piece.spot or part.name.rpartition(".")[0] or part.name
    )


def _read_embedded(part: Evidence, kit: Kit, depth: int) -> Iterator[TextPiece | Skipped]:
    if depth > kit.limits.archive_depth:
        detail = (
            f"文档套文档超过上限 {kit.limits.archive_depth} 层，未检查；请手工取出后放入或调高 archive_depth"
        )
        yield Skipped(evidence=part, name=part.name, reason=Reason.TOO_DEEP, detail=detail)
        return
    for leaf in kit.sandbox.stream(readings.inside, part, kit.vault, kit.limits):
        if isinstance(leaf, Skipped):
            yield leaf
        else:
            yield from _read_file(leaf, kit, depth)


def _guarded(file: Evidence, read: Callable[[], Iterator[_Yields]]) -> Iterator[_Yields | Skipped]:
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
