"""Whether the tables still say what the log says that people decided.

The log's chain shows a changed row of the log alone. Whoever can write to the database could leave the log as it
is and call a confirmed lead no leak, take a verdict away, or make content open no lead; then table and log differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from leakwatch.errors import LeakwatchError
from leakwatch.store import reasons
from leakwatch.store.models import Lead, LeadState, LogEntry, Suppression, Verdict
from leakwatch.store.sealing import Sealer

_AT_ONCE = 2_000
_VERDICT = "verdict_id"
_STATES = {
    "lead.created": LeadState.NEW,
    "lead.claimed": LeadState.IN_REVIEW,
    "lead.released": LeadState.NEW,
    "lead.confirmed": LeadState.CONFIRMED,
    "lead.dismissed": LeadState.DISMISSED,
    "lead.unclear": LeadState.UNCLEAR,
    "lead.second_look": LeadState.SECOND_LOOK,
}
_OTHERS = (
    *("lead.reopened", "lead.joined", "lead.merged", "lead.escalated", "lead.reported", "lead.purged"),
    "content.suppressed",
)
_COLUMNS = ("state", "merged_into", "at_once", "reported_at", "purged_at")
"""Of a lead; what is sealed stays on the disk."""
_ASK = "请保留现场并向保密办报告"


@dataclass(slots=True)
class _Told:
    """What the log tells of one lead."""

    states: frozenset[str] = frozenset()
    """That it may be in: what became of two that were joined the log leaves open."""
    merged_into: str = ""
    is_at_once: bool = False
    is_reported: bool = False
    is_purged: bool = False


@dataclass(slots=True)
class _Log:
    """What the log tells of all."""

    leads: dict[str, _Told] = field(default_factory=dict)
    verdicts: dict[int, LogEntry] = field(default_factory=dict)
    suppressions: set[int] = field(default_factory=set)


def faults(sealer: Sealer) -> list[str]:
    """A Chinese sentence for each verdict, lead and suppression that is not what the log tells of it."""
    found = list(_differences(sealer))
    if not found:
        return []
    again = set(_differences(sealer))  # what people did while the first was read is none
    return [one for one in found if one in again]


def _differences(sealer: Sealer) -> Iterator[str]:
    told = _read()
    return chain(_verdicts(told, sealer), _leads(told), _suppressions(told))


def _read() -> _Log:
    told = _Log()
    for entry in LogEntry.objects.filter(action__in=(*_STATES, *_OTHERS)).order_by("seq").iterator(_AT_ONCE):
        if not isinstance(entry.details, dict):
            entry.details = {}  # a row that was changed is told of with the chain
        if isinstance(verdict := entry.details.get(_VERDICT), int):
            told.verdicts[verdict] = entry
        if isinstance(suppression := entry.details.get("suppression"), int):
            told.suppressions.add(suppression)
        if entry.action != "content.suppressed":
            _follow(told.leads.setdefault(entry.subject, _Told()), entry)
    return told


def _follow(lead: _Told, entry: LogEntry) -> None:
    """The lead as that row leaves it."""
    if entry.action in _STATES:
        lead.states = frozenset({_STATES[entry.action]})
        lead.is_at_once = lead.is_at_once or entry.details.get("at_once", False)
    elif entry.action == "lead.reopened" and _VERDICT in entry.details:
        lead.states = frozenset({LeadState.IN_REVIEW})
    elif entry.action == "lead.reopened":  # by a scan, from which its clock starts anew
        lead.states, lead.is_at_once = frozenset({LeadState.NEW}), False
    elif entry.action == "lead.escalated":
        lead.is_at_once = True
    elif entry.action == "lead.joined" and "from" in entry.details:
        lead.states |= {LeadState.NEW, LeadState.CONFIRMED}
    elif entry.action == "lead.merged":
        lead.merged_into = str(entry.details.get("into", ""))
    elif entry.action == "lead.reported":
        lead.is_reported = True
    elif entry.action == "lead.purged":
        lead.is_purged = True


def _verdicts(told: _Log, sealer: Sealer) -> Iterator[str]:
    left = dict(told.verdicts)
    for row in Verdict.objects.select_related("by").order_by("pk").iterator(_AT_ONCE):
        entry = left.pop(row.pk, None)
        if entry is None:
            yield f"{row.lead_id}：结论第 {row.pk} 号在日志里没有记载，可能是绕过程序写入的；{_ASK}"
        elif not _is_as_told(row, entry, sealer):
            yield f"{row.lead_id}：结论第 {row.pk} 号与日志第 {entry.seq} 条所记不符，写入后被改过；{_ASK}"
    for pk, entry in left.items():
        yield f"{entry.subject}：日志第 {entry.seq} 条所记的结论第 {pk} 号不见了，被删除过；{_ASK}"


def _is_as_told(row: Verdict, entry: LogEntry, sealer: Sealer) -> bool:
    try:
        reason = sealer.blind("reason", row.lead_id, reasons.of_verdict(row, sealer))
    except LeakwatchError:
        return False
    verdict = entry.details.get("verdict", str(LeadState.IN_REVIEW))
    held = (row.lead_id, row.by.username, row.at, row.verdict, reason)
    return held == (entry.subject, entry.actor, entry.at, verdict, entry.details.get("reason_hash"))


def _leads(told: _Log) -> Iterator[str]:
    left = dict(told.leads)
    for row in Lead.objects.only(*_COLUMNS).order_by("pk").iterator(_AT_ONCE):
        lead = left.pop(row.pk, None)
        if lead is not None and (differs := _difference(row, lead, told)):
            yield f"{row.pk}：{differs}，与日志所记不符，被改过；{_ASK}"
    for id, lead in left.items():
        if lead.states:
            yield f"{id}：日志里有这条线索，登记不见了，被删除过；{_ASK}"


def _difference(row: Lead, lead: _Told, told: _Log) -> str:
    """What the table says otherwise than the log; empty if nothing."""
    if (row.merged_into_id or "") != _last(lead, told):
        return f"并入“{row.merged_into_id or '（无）'}”"
    if lead.merged_into:  # stays as it was when it was merged
        return ""
    if lead.states and row.state not in lead.states:
        return f"状态“{dict(LeadState.choices).get(row.state, row.state)}”"
    if lead.is_at_once and not row.at_once:
        return "不须立即报告"
    if (row.reported_at is not None) is not lead.is_reported:
        return "已上报" if row.reported_at else "未上报"
    if (row.purged_at is not None) is not lead.is_purged:
        return "已清除" if row.purged_at else "未清除"
    return ""


def _last(lead: _Told, told: _Log) -> str:
    """Where the lead is to be found at last: what took it may have been taken over too."""
    found, seen = lead.merged_into, set[str]()
    while found and found not in seen and (into := told.leads.get(found, _Told()).merged_into):
        seen.add(found)
        found = into
    return found


def _suppressions(told: _Log) -> Iterator[str]:
    for pk in Suppression.objects.order_by("pk").values_list("pk", flat=True).iterator(_AT_ONCE):
        if pk not in told.suppressions:
            yield f"“暂不生成”第 {pk} 项在日志里没有记载，可能是绕过程序写入的；{_ASK}"
