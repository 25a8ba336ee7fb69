"""Pictures and texts of history that are like those of a scan: the joins that no equal value shows (`spread`).

What they are known again by is sealed: hashes of three characters each give a text away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from leakwatch.images.prints import PicturePrint
from leakwatch.leads import Prints, postings
from leakwatch.model import Outcome
from leakwatch.spread import Posting, TextPrint, join
from leakwatch.spread.likeness import LEAST_GRAMS
from leakwatch.store.contents import PostingContent, pack, unpack
from leakwatch.store.found import Stored
from leakwatch.store.joining import Tied
from leakwatch.store.models import Posting as PostingRow
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What likeness joins."""

    ties: Mapping[str, str]
    """Finding → what it shares with others of the same matter."""
    leads: tuple[Tied, ...]
    """Those of history that share it."""


def alike(shown: Sequence[Stored], shelf: Shelf) -> Alike:
    """The findings that draft a form, joined with each other and with history; from now on they are history."""
    leading = {one.finding.id: one for one in shown if one.finding.outcome is Outcome.LEAD}
    pictures = {sha256: PicturePrint.parse(text) for sha256, text in shelf.scan.picture_prints.items()}
    found = postings((one.finding for one in leading.values()), Prints(pictures=pictures))
    new = {shelf.sealer.blind("posting", one.place, one.carrier): one for one in found}
    telling = {key: one for key, one in new.items() if _tells(one)}
    if not telling:  # then no likeness joins anything
        return Alike(ties={}, leads=())
    known = [one for key, one in _history(shelf.sealer) if key not in new]
    ties: dict[str, str] = {}
    leads: list[Tied] = []
    for number, matter in enumerate(join(list(new.values()), known)):
        tie = f"alike {number}"
        here = {leading[id].row.id for one in matter.postings for id in one.findings if id in leading}
        ties |= dict.fromkeys(here, tie)
        leads += [Tied(finding="", is_lead=True, ties=frozenset({tie}), lead=lead) for lead in matter.leads]
    _remember(telling, {id: one.row.id for id, one in leading.items()}, shelf.sealer)
    return Alike(ties=ties, leads=tuple(leads))


def pictures_of(lead_ids: Iterable[str], sealer: Sealer) -> dict[str, dict[str, str]]:
    """Lead → sha256 of its pictures → their prints."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = PostingRow.objects.filter(finding__lead__in=list(lead_ids))
    for key, sealed, lead in rows.values_list("key", "sealed", "finding__lead"):
        content = unpack(sealed, PostingContent, sealer, f"posting:{key}")
        if content.picture:
            found[lead][content.carrier] = content.picture
    return found


def _tells(posting: Posting) -> bool:
    """Whether its picture or its text can be told from others."""
    return posting.picture is not None or (posting.text is not None and posting.text.grams >= LEAST_GRAMS)


def _history(sealer: Sealer) -> Iterator[tuple[str, Posting]]:
    rows = PostingRow.objects.filter(finding__lead__isnull=False).order_by("id")
    for key, sealed, lead in rows.values_list("key", "sealed", "finding__lead").iterator(_BATCH):
        content = unpack(sealed, PostingContent, sealer, f"posting:{key}")
        yield (
            key,
            Posting(
                place=content.place,
                carrier=content.carrier,
                whole=content.whole,
                document=content.document,
                numbers=frozenset(content.numbers),
                copy=content.copy,
                picture=PicturePrint.parse(content.picture) if content.picture else None,
                text=TextPrint(content.text),
                is_recognised=content.is_recognised,
                lead=lead,
            ),
        )


def _remember(new: Mapping[str, Posting], rows: Mapping[str, str], sealer: Sealer) -> None:
    """rows: raw id of a finding → that of its row."""
    PostingRow.objects.bulk_create(
        [
            PostingRow(
                key=key,
                finding_id=rows[min(one.findings)],
                sealed=pack(_content(one), sealer, f"posting:{key}"),
            )
            for key, one in new.items()
        ],
        _BATCH,
        ignore_conflicts=True,
    )


def _content(posting: Posting) -> PostingContent:
    return PostingContent(
        place=posting.place,
        carrier=posting.carrier,
        whole=posting.whole,
        document=posting.document,
        numbers=tuple(sorted(posting.numbers)),
        copy=posting.copy,
        picture=str(posting.picture) if posting.picture is not None else "",
        text=posting.text.raw if posting.text is not None else b"",
        is_recognised=posting.is_recognised,
    )
