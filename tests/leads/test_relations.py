"""The sentences on why a lead's parts are one matter."""

from __future__ import annotations

from leakwatch.leads.relations import relations
from leakwatch.spread import Row, Timeline


def row(sender: str, joined: str = "", lead: str = "") -> Row:
    return Row(
        moment="时间未知", channel="QQ群「青石」", sender=sender, joined=joined, place=sender, lead=lead
    )


def test_each_row_tells_what_joins_it_and_which_lead_it_was_in() -> None:
    line = Timeline(
        rows=(row("王明远", lead="XS-1"), row("", "同一文号（云发〔2031〕3号）", "XS-2"), row("李青云")),
        notes=("1处没有日期，排在最后，可能早于其他各处",),
        is_first_sure=False,
    )
    assert list(relations(line, "XS-1", ("XS-2",))) == [
        "并为一事的依据（按时间）：",
        "1. 时间未知，QQ群「青石」，“王明远”（此前已列）：所见最早，先后未能确定",
        "2. 时间未知，QQ群「青石」，（未载发送人）（此前已列入线索XS-2）：同一文号（云发〔2031〕3号）",
        "3. 时间未知，QQ群「青石」，“李青云”：同一事项",
        "1处没有日期，排在最后，可能早于其他各处。",
        "线索XS-2与本线索XS-1为同一事项，并入本线索办理。",
    ]


def test_a_long_line_says_how_much_is_left_out() -> None:
    line = Timeline(rows=tuple(row(str(n)) for n in range(25)), notes=(), is_first_sure=True)
    told = list(relations(line, "XS-1", ()))
    assert (len(told), told[-1]) == (22, "另有5处，见扫描结果")


def test_a_single_place_needs_no_reason() -> None:
    assert list(relations(Timeline(rows=(row("王明远"),), notes=(), is_first_sure=True), "XS-1", ())) == []
