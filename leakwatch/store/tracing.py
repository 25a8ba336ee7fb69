"""Who posted a lead's matter where, and why each place belongs to the rest: same file, picture, text, number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leakwatch.forms.annexes import SpreadRow
from leakwatch.images.prints import PicturePrint
from leakwatch.leads import Prints, postings
from leakwatch.model import Finding
from leakwatch.spread import Matter, Row, join, timeline

_ALIKE = "同一事项"
"""What people's looks alone put together, or an older scan by what is not kept."""


def matters(findings: Sequence[Finding], pictures: Mapping[str, str]) -> tuple[Matter, ...]:
    """One, where everything hangs together. pictures: sha256 → print."""
    prints = {sha256: PicturePrint.parse(text) for sha256, text in pictures.items()}
    return join(postings(findings, Prints(pictures=prints)))


def rows(findings: Sequence[Finding], pictures: Mapping[str, str]) -> list[Row]:
    """Place after place as they hang together, each in time order; `joined` is empty where a matter begins."""
    return [row for matter in matters(findings, pictures) for row in timeline(matter).rows]


def annex(findings: Sequence[Finding], pictures: Mapping[str, str]) -> tuple[SpreadRow, ...]:
    """The lines of the form's annex; none for what stands in one place alone."""
    found = matters(findings, pictures)
    if sum(len(timeline(one).rows) for one in found) < 2:
        return ()
    made = []
    for number, one in enumerate(found):
        line = timeline(one)
        first = "最先出现" if line.is_first_sure else "所见最早，先后未能确定"
        for place, row in enumerate(line.rows):
            begins = first if number == 0 and place == 0 else _ALIKE
            made.append(
                SpreadRow(
                    time=row.moment, group=row.channel, sender=row.sender, joined_by=row.joined or begins
                )
            )
    return tuple(made)
