"""A matter → who posted it where, in order, and how sure the order is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leakwatch.model import SHANGHAI, Precision
from leakwatch.spread.postings import Join, Matter, Posting

_LENGTHS = {
    Precision.MILLISECOND: timedelta(milliseconds=1),
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One message or loose file of a matter."""

    moment: str
    """In words as precise as the export; 时间未知."""
    channel: str
    sender: str
    joined: str
    """What joins it to the rest (Chinese); empty for the first."""
    place: str
    lead: str = ""
    """Id of the lead it was in before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Who posted a document where; unknown times last."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    """What is not sure about the order (Chinese)."""
    is_first_sure: bool
    """The first row was posted before all others, as far as the exports tell."""

    @property
    def first(self) -> Row:
        """The earliest that is known."""
        return self.rows[0]


def timeline(matter: Matter) -> Timeline:
    """One row for each message or loose file of the matter."""
    pairs = zip(matter.postings, matter.joins, strict=True)
    places: dict[str, list[tuple[Posting, Join | None]]] = {}
    for posting, join in pairs:
        places.setdefault(posting.place, []).append((posting, join))
    spans = [_span(found[0][0]) for found in places.values()]
    rows = tuple(_row(found) for found in places.values())
    rivals = _rivals(spans)
    return Timeline(rows=rows, notes=tuple(_notes(rows, spans, rivals)), is_first_sure=not rivals)


def _row(found: Sequence[tuple[Posting, Join | None]]) -> Row:
    posting = found[0][0]
    joins = [join for _, join in found if join is not None and join.place != posting.place]
    lead = next((one.lead for one, _ in found if one.lead), "")
    return Row(
        moment=posting.moment,
        channel=posting.channel,
        sender=posting.sender,
        joined="；".join(dict.fromkeys(join.words for join in joins)),
        place=posting.place,
        lead=lead,
    )


Span = tuple[datetime, datetime] | None


def _span(posting: Posting) -> Span:
    """Within which time it was posted; None if the day is unknown."""
    length = _LENGTHS.get(posting.precision)
    if posting.sent_at is None or length is None:
        return None
    start = posting.sent_at.astimezone(SHANGHAI)
    if posting.precision is Precision.DAY:
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + length


def _rivals(spans: Sequence[Span]) -> list[int]:
    """The rows that may have been posted before the first one."""
    first = spans[0]
    if first is None:
        return list(range(1, len(spans)))
    return [place for place, span in enumerate(spans[1:], 1) if span is None or span[0] < first[1]]


def _notes(rows: Sequence[Row], spans: Sequence[Span], rivals: Sequence[int]) -> list[str]:
    notes = []
    unknown = sum(span is None for span in spans)
    if unknown:
        notes.append(f"{unknown}处没有日期，排在最后，可能早于其他各处")
    days = sum(span is not None and span[1] - span[0] == _LENGTHS[Precision.DAY] for span in spans)
    if days:
        notes.append(f"{days}处只有日期没有时刻，同一天内的先后不明")
    if rivals and any(rows[place].sender != rows[0].sender for place in rivals):
        names = "、".join(dict.fromkeys(rows[place].sender or "未载发送人" for place in (0, *rivals[:5])))
        notes.append(f"最先发送者不能确定，可能是：{names}{'等' if len(rivals) > 5 else ''}")
    return notes
