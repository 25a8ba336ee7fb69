"""Pieces of text → weighed hits: the part of the road that rules, tests and scans all share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from leakwatch.findings import Weighed, merge, weigh
from leakwatch.instalments import SEAM, SPOT, joined
from leakwatch.model import (
    AttachmentKind,
    Chat,
    Evidence,
    Finding,
    Hit,
    Message,
    Origin,
    Outcome,
    Said,
    Talk,
    TextPiece,
)
from leakwatch.scanners import Matcher

_BATCH = 5_000
"""Pieces that are matched together; 20,000 take a fifth longer to be made."""
_CHARACTERS = 1_000_000
"""Pages of documents are long: a batch of them takes ~50 bytes a character."""
_WEIGHED = 500
"""Hits whose surroundings are looked through together: each brings what six messages say."""
_AROUND = 200
"""Pieces that a batch sees of its forerunner and its successor: a message may carry several."""
_NEIGHBOURS = 6
_NUMBERS_APART = 3
"""How far apart two messages may be where the export kept no time."""
_FILE_SUFFIX_CHARACTERS = 5
_SHOWN = 5
"""Messages before and after a hit that a person sees with it."""
_SAID_CHARACTERS = 500


class Neighbourhood:
    """Who said what around the messages of some hits, within pieces of one export."""

    def __init__(self, hits: Iterable[Hit], pieces: Iterable[TextPiece], within: timedelta) -> None:
        self._within = within
        self._by_sender: dict[tuple[Chat, str], dict[int, Message]] = defaultdict(dict)
        near = {number for hit in hits if hit.piece.message for number in _around(hit.piece.message)}
        for piece in pieces:
            if (message := piece.message) is not None and message.number in near:
                self._by_sender[message.chat, message.sender][message.number] = message

    def words(self, piece: TextPiece) -> str:
        """What the same sender said and posted shortly before and after, one message a line."""
        message = piece.message
        if message is None:
            return ""
        said_itself = piece.origin not in (Origin.OCR, Origin.DOCUMENT, Origin.IMAGE)
        near = [
            other for other in self._close_by(message) if not (said_itself and other.number == message.number)
        ]
        own = [_posted(message)] if said_itself else []
        return "\n".join([*own, *(f"{other.text} {_posted(other)}" for other in near[:_NEIGHBOURS])]).strip()

    def _close_by(self, message: Message) -> list[Message]:
        others = self._by_sender[message.chat, message.sender]
        return [
            others[number]
            for number in _around(message)
            if number in others and self._is_close(message, others[number])
        ]

    def _is_close(self, message: Message, other: Message) -> bool:
        if message.sent_at and other.sent_at:
            return abs(message.sent_at - other.sent_at) <= self._within
        return abs(message.number - other.number) <= _NUMBERS_APART


def detect(pieces: Iterable[TextPiece], matcher: Matcher, within: timedelta) -> Iterator[Weighed]:
    """The hits of one export or file, weighed by what stands and was said around them.

    Works in batches that see a little of what went before and comes after, so that it does not matter where
    they are cut.
    """
    behind: list[TextPiece] = []
    batch: list[TextPiece] = []
    characters = 0
    for piece in joined(pieces, within):
        batch.append(piece)
        characters += len(piece.text)
        if len(batch) >= _BATCH + _AROUND or (characters > _CHARACTERS and len(batch) > _AROUND):
            now, ahead = batch[:-_AROUND], batch[-_AROUND:]
            yield from _weighed(behind, now, ahead, (matcher, within))
            behind, batch = [*behind, *now][-_AROUND:], ahead
            characters = sum(len(piece.text) for piece in ahead)
    yield from _weighed(behind, batch, [], (matcher, within))


def _weighed(
    behind: Sequence[TextPiece],
    batch: Sequence[TextPiece],
    ahead: Sequence[TextPiece],
    means: tuple[Matcher, timedelta],
) -> Iterator[Weighed]:
    matcher, within = means
    if not (hits := list(_of_rows(matcher.match(batch)))):
        return
    neighbourhood = Neighbourhood(hits, chain(behind, batch, ahead), within)
    for start in range(0, len(hits), _WEIGHED):
        some = hits[start : start + _WEIGHED]
        near = [(hit.piece.text, neighbourhood.words(hit.piece)) for hit in some]
        texts = list(dict.fromkeys(chain.from_iterable(near)))
        seen = dict(zip(texts, matcher.cues.look(texts), strict=True))
        weighed = [
            weigh(hit, seen[here], seen[there] if there else None)
            for hit, (here, there) in zip(some, near, strict=True)
        ]
        yield from _among_messages(weighed, (behind, batch, ahead))


def _of_rows(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of what stands in messages joined only that which none of them holds; words may meet there by chance."""
    for hit in hits:
        if hit.piece.spot != SPOT:
            yield hit
        elif SEAM in hit.quote:
            yield replace(hit, is_doubtful=True)


def _among_messages(weighed: Sequence[Weighed], pieces: Iterable[Sequence[TextPiece]]) -> Iterator[Weighed]:
    """The same hits, those that a person is to look at with what was said before and after them."""
    wanted = {
        (message.chat, number)
        for one in weighed
        if one.outcome is not Outcome.NOTE and (message := one.hit.piece.message) is not None
        for number in (*_before(message), *_after(message))
    }
    said: dict[tuple[Chat, int], Said] = {}
    for piece in chain.from_iterable(pieces) if wanted else ():
        if (message := piece.message) is not None and (place := (message.chat, message.number)) in wanted:
            said[place] = _said(message)
    for one in weighed:
        message = one.hit.piece.message
        if one.outcome is Outcome.NOTE or message is None:
            yield one
            continue
        before, after = (
            tuple(said[message.chat, number] for number in numbers if (message.chat, number) in said)
            for numbers in (_before(message), _after(message))
        )
        yield replace(one, hit=replace(one.hit, talk=Talk.of(before, after)))


def _said(message: Message) -> Said:
    """Its beginning."""
    return Said(
        sender=message.sender,
        text=message.text[:_SAID_CHARACTERS],
        sent_at=message.sent_at,
        precision=message.precision,
    )


def _before(message: Message) -> range:
    return range(message.number - _SHOWN, message.number)


def _after(message: Message) -> range:
    return range(message.number + 1, message.number + _SHOWN + 1)


def weigh_each(texts: Sequence[str], matcher: Matcher, specimen: Evidence) -> list[list[Weighed]]:
    """For each text what it holds on its own, as if it had been posted; a bare file name counts as one."""
    pieces = [
        TextPiece(
            text=text,
            origin=Origin.FILENAME if _is_file_name(text) else Origin.MESSAGE,
            evidence=specimen,
        )
        for text in texts
    ]
    found: dict[int, list[Weighed]] = {id(piece): [] for piece in pieces}
    for one in detect(pieces, matcher, timedelta()):
        found[id(one.hit.piece)].append(one)
    return list(found.values())


def judge(text: str, matcher: Matcher, specimen: Evidence) -> tuple[Finding, ...]:
    """The findings of a single text before any allow-list."""
    return merge(weigh_each([text], matcher, specimen)[0])


def _around(message: Message) -> range:
    return range(message.number - 20, message.number + 21)


def _posted(message: Message) -> str:
    """The attachments of a message in words that cue lists know."""
    words = {AttachmentKind.IMAGE: "照片", AttachmentKind.FILE: "文件"}
    return " ".join(f"{words.get(item.kind, '')} {item.name}".strip() for item in message.attachments)


def _is_file_name(text: str) -> bool:
    stem, dot, suffix = text.rpartition(".")
    return (
        bool(dot and stem)
        and "\n" not in text
        and suffix.isascii()
        and suffix.isalnum()
        and len(suffix) <= _FILE_SUFFIX_CHARACTERS
    )
