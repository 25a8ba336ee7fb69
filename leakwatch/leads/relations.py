"""A lead's time line → sentences for 备注: why its parts are one 事, who was first, what was merged."""

from __future__ import annotations

from collections.abc import Iterator

from leakwatch.forms import places
from leakwatch.spread import Row, Timeline

_MOST_ROWS = 20


def relations(line: Timeline, id: str, merged: tuple[str, ...]) -> Iterator[str]:
    """Nothing for a lead that stands in one message alone."""
    if len(line.rows) > 1:
        yield "并为一事的依据（按时间）："
        for number, row in enumerate(line.rows[:_MOST_ROWS], 1):
            first = "最先出现" if line.is_first_sure else "所见最早，先后未能确定"
            yield f"{number}. {_where(row, id)}：{row.joined or (first if number == 1 else '同一事项')}"
        if len(line.rows) > _MOST_ROWS:
            yield f"另有{len(line.rows) - _MOST_ROWS}处，见扫描结果"
        yield from (f"{note}。" for note in line.notes)
    if merged:
        yield f"线索{'、'.join(merged)}与本线索{id}为同一事项，并入本线索办理。"


def _where(row: Row, id: str) -> str:
    sender = f"“{places.one_line(row.sender)}”" if row.sender else "（未载发送人）"
    before = (
        f"（此前已列入线索{row.lead}）" if row.lead and row.lead != id else "（此前已列）" if row.lead else ""
    )
    return f"{row.moment}，{row.channel}，{sender}{before}"
