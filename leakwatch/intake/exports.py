"""An export → everything its messages say, quote, forward and carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from msgspec import structs

from leakwatch import readings
from leakwatch.bundle import Bundle
from leakwatch.chats.twins import Glance, Ledger
from leakwatch.coverage import Account
from leakwatch.intake.files import Files, guarded
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Conversation,
    Evidence,
    Message,
    Origin,
    Skipped,
    TextPiece,
)
from leakwatch.sandbox import Runs
from leakwatch.vault import Vault


class Exports:
    """Reads the exports of one drop; the bundle knows which files their messages carry."""

    def __init__(self, bundle: Bundle, files: Files, vault: Vault, sandbox: Runs) -> None:
        self._bundle = bundle
        self._files = files
        self._vault = vault
        self._sandbox = sandbox

    def read(
        self, export: Evidence, name: str, poorer: Sequence[tuple[Evidence, str]]
    ) -> Iterator[TextPiece | Skipped | Conversation]:
        """Message by message what the export in the format of that name holds.

        poorer: exports with their formats that may hold the same; those that hold nothing else are set aside.
        """
        account, ledger = Account(export), Ledger()
        yield TextPiece(text=export.name, origin=Origin.FILENAME, evidence=export)
        beside = self._bundle.beside(export, self._vault)
        for item in self._sandbox.stream(readings.chat, export, name, desk=beside):
            if isinstance(item, Message):
                account.message(item)
                if poorer:
                    ledger.add(item)
                if item.text:
                    yield TextPiece(text=item.text, origin=Origin.MESSAGE, evidence=export, message=item)
                if item.quoted or item.attachments or item.forwarded:
                    yield from _said_beside(item, export)
                    yield from self._carried(item, account, export)
            elif isinstance(item, Conversation):
                if item.chat.name not in export.name:
                    yield TextPiece(
                        text=item.chat.name, origin=Origin.FILENAME, evidence=export, spot="会话名称"
                    )
                twins = tuple(twin.inner_path for twin in self._covered(poorer, ledger))
                yield from account.closed(replace(item, twins=twins))
            else:
                yield item
        yield from self._files.around(export, name)

    def _covered(self, poorer: Sequence[tuple[Evidence, str]], ledger: Ledger) -> Iterator[Evidence]:
        """The other formats of a chat that hold nothing which has not been read; nobody reads them again."""
        for file, name in (twin for twin in poorer if not self._bundle.is_claimed(twin[0])):
            glance = Glance(self._bundle.hashes)
            items = guarded(file, partial(self._sandbox.stream, readings.chat, file, name, desk=glance))
            if ledger.covers(items) and not glance.holds_more:
                self._bundle.set_aside(file)
                yield file

    def _carried(self, message: Message, account: Account, export: Evidence) -> Iterator[TextPiece | Skipped]:
        for attachment in _attachments(message):
            file = self._bundle.claim(attachment, export)
            yield from account.attachment(message, self._judged(attachment, file), file)
            if file is None or _is_only_heard(attachment, file):
                continue
            for part in self._files.read(file):
                if isinstance(part, TextPiece):
                    yield structs.replace(part, message=message, export=export.sha256)
                else:
                    yield replace(part, message=message)

    def _judged(self, attachment: Attachment, file: Evidence | None) -> Attachment:
        """The attachment, a preview in the place of a picture called one: exporters do not always say so."""
        if file is None or attachment.kind is not AttachmentKind.IMAGE or attachment.thumbnail:
            return attachment
        answers = guarded(file, partial(self._sandbox.stream, readings.is_thumbnail, file))
        return structs.replace(attachment, thumbnail=any(answer is True for answer in answers))


def _is_only_heard(attachment: Attachment, file: Evidence) -> bool:
    """A voice message, which the conversation counts; whatever else calls itself one is read."""
    if attachment.kind not in (AttachmentKind.VOICE, AttachmentKind.VIDEO):
        return False
    head = readings.head_of(file)
    return readings.is_sound(head) or (attachment.kind is AttachmentKind.VOICE and readings.is_film(head))


def _said_beside(message: Message, export: Evidence) -> Iterator[TextPiece]:
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
