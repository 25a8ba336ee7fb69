"""Places of a lead → what the page shows of them; masked words never reach a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leakwatch.model import SHANGHAI, Origin, Precision, Said
from leakwatch.reports.view import masked
from leakwatch.reports.words import ORIGINS
from leakwatch.store import uploads
from leakwatch.store.dossier import ShownPlace
from leakwatch.web import words

_PICTURES = (Origin.OCR, Origin.IMAGE)
_FIGURE = re.compile("（[^（）]*）")
"""Of what joins two places: the number of the document, how near they are."""
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of text; what was hit is marked."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message before or after a hit."""

    sender: str
    when: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message, or one part of a file, with all that was hit in it."""

    place: int
    """Id of the first of its places: the one whose picture is shown."""
    origin: str
    group: str
    sender: str
    sent_at: datetime | None
    when: str
    is_day_only: bool
    """The export kept no time of day."""
    number: int | None
    """Which message of its export."""
    is_recalled: bool
    file: str
    spot: str
    sha256: str
    reasons: tuple[str, ...]
    joined: str
    """Why it belongs to the rest."""
    before: tuple[Line, ...]
    parts: tuple[Part, ...]
    after: tuple[Line, ...]
    has_picture: bool


def posts(places: Iterable[ShownPlace], *, is_masked: bool) -> list[Post]:
    """In the order of the places; several findings in the same words or on the same picture make one post."""
    together: dict[object, list[ShownPlace]] = {}
    for place in places:
        together.setdefault(_key(place), []).append(place)
    plain = map(_post, together.values())
    return list(map(_masked, plain) if is_masked else plain)


def is_first_sure(found: Sequence[Post]) -> bool:
    """Whether the first post was made before all others, as far as the exports tell."""
    first, *others = (post.sent_at.astimezone(SHANGHAI) if post.sent_at else None for post in found)
    if first is None or None in others:
        return False
    return not found[0].is_day_only or all(other.date() > first.date() for other in others if other)


def _key(place: ShownPlace) -> tuple[object, ...]:
    content = place.content
    # One file may hold several chats, each with a message of that number.
    message = (content.message.chat, content.message.number) if content.message else None
    where = (place.sha256, content.inner_path, message)
    if place.origin in _PICTURES:
        return (*where, content.spot if place.origin == Origin.OCR else None)
    return (*where, place.origin, content.spot, content.text)


def _post(places: Sequence[ShownPlace]) -> Post:
    """Words that were read off a picture say more than what it looks like."""
    first = min(places, key=lambda place: place.origin == Origin.IMAGE)
    content, message = first.content, first.content.message
    return Post(
        place=first.id,
        origin=ORIGINS[Origin(first.origin)],
        group=first.group,
        sender=(message.sender or message.sender_id or "") if message else "",
        sent_at=first.sent_at,
        when=_when(first),
        is_day_only=first.precision == Precision.DAY,
        number=message.number if message else None,
        is_recalled=message is not None and message.recalled,
        file=uploads.shown(content.inner_path),
        spot=content.spot or "",
        sha256=first.sha256,
        reasons=tuple(dict.fromkeys(place.content.reason for place in places)),
        joined=first.joined,
        before=tuple(map(_line, content.before)),
        parts=tuple(_excerpts([place for place in places if place.origin == first.origin])),
        after=tuple(map(_line, content.after)),
        has_picture=first.origin in _PICTURES,
    )


def _masked(post: Post) -> Post:
    """Senders by their first character, hits by first and last, the rest by its length."""
    ending = _ENDING.search(post.file)
    return replace(
        post,
        sender=words.masked(post.sender),
        file=f"***{ending.group()}" if ending else "***",
        spot="",  # the name of a sheet may say as much as a title
        reasons=(),
        joined=_FIGURE.sub("", post.joined),
        before=tuple(map(_masked_line, post.before)),
        parts=tuple(map(_masked_part, post.parts)),
        after=tuple(map(_masked_line, post.after)),
        has_picture=False,
    )


def _when(place: ShownPlace) -> str:
    message = place.content.message
    if place.sent_at is None and message is not None and message.clock:
        return f"{message.clock}（日期不详）"
    return words.sent(place.sent_at, place.precision)


def _excerpts(places: Sequence[ShownPlace]) -> Iterator[Part]:
    """Of a long text each stretch that was kept, with all hits in it."""
    texts = dict.fromkeys(place.content.text for place in places)
    for number, text in enumerate(texts):
        if number:
            yield Part(text="\n……\n")
        yield from _parts(text, _spans([place for place in places if place.content.text == text]))


def _spans(places: Sequence[ShownPlace]) -> list[tuple[int, int]]:
    """Of all hits, those that overlap joined."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted({span for place in places for span in place.content.spans}):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    done = 0
    for start, end in spans:
        if done < start:
            yield Part(text=text[done:start])
        yield Part(text=text[start:end], is_hit=True)
        done = end
    if done < len(text):
        yield Part(text=text[done:])


def _masked_part(part: Part) -> Part:
    return Part(text=masked(part.text) if part.is_hit else _covered(part.text), is_hit=part.is_hit)


def _line(said: Said) -> Line:
    return Line(sender=said.sender, when=words.sent(said.sent_at, said.precision), text=said.text)


def _masked_line(line: Line) -> Line:
    return replace(line, sender=words.masked(line.sender), text=_covered(line.text))


def _covered(text: str) -> str:
    return f"（{len(text)} 字）"
