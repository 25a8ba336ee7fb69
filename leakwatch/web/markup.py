"""What pages repeat so often that the template language would take most of their time, as HTML.

Fifty rows of leads took it two thirds of a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template import Library
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leakwatch.store.queries import OPEN, SOON, Row
from leakwatch.web.words import category, gravity, moment, since, state, until

register = Library()

_NOTHING = mark_safe("")
_MOST_GROUPS = 3
_ROW = (
    "<tr{} data-row><td>{}</td>"
    '<td><a href="{}">{}</a><br><span class="hint">{} 发现</span></td>'
    '<td>{}{}<br><span class="hint">{} · {} 处{}</span></td>'
    '<td>{}</td><td><span class="badge state-{}">{}</span>{}</td><td>{}</td></tr>'
)


@register.simple_tag
def options(given: str, values: Iterable[tuple[str, str]], anything: str = "") -> SafeString:
    """What one may choose from, and what is chosen: `given`; `anything`: the words for nothing."""
    nothing = [("", anything)] if anything else []
    return _options(given, tuple(map(tuple, (*nothing, *values))))


@lru_cache(200)
def _options(given: str, values: tuple[tuple[str, str], ...]) -> SafeString:
    every = (
        (value, mark_safe(" selected") if value == given else _NOTHING, words) for value, words in values
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', every)


@register.simple_tag(takes_context=True)
def clock(context: Mapping[str, Any], lead: Any) -> SafeString:
    """How long the unit of a lead has left, or the office once it is confirmed."""
    return _clock(lead, context["now"], context["soon"])


@register.simple_tag(takes_context=True)
def lead_rows(context: Mapping[str, Any], rows: Iterable[Row]) -> SafeString:
    """The rows of the queue."""
    minute = context["now"].replace(second=0, microsecond=0)
    free = context["free"] if context["can_claim"] else ()
    return format_html_join("\n", "{}", ((_row(row, minute, row.state in free),) for row in rows))


@lru_cache(2_000)
def _row(row: Row, now: datetime, can_claim: bool) -> SafeString:
    """Many people look at the same rows within a minute, which is as fine as their clocks are."""
    return format_html(_ROW, *_cells(row, now, can_claim))


def _cells(row: Row, now: datetime, can_claim: bool) -> tuple[object, ...]:
    claim = reverse("lead-claim", args=[row.id])
    badge = '<span class="badge {}">标注：{}</span> '
    return (
        mark_safe(' class="urgent"') if row.at_once and row.state in OPEN else _NOTHING,
        _clock(row, now, now + SOON),
        reverse("lead", args=[row.id]),
        row.id,
        moment(row.found_at),
        format_html(badge, gravity(row.level), row.level) if row.level else _NOTHING,
        row.rule_name,
        category(row.category),
        row.places,
        "" if row.is_draft else " · 待人工判断",
        _groups(row.groups),
        row.state,
        state(row.state),
        format_html('<br><span class="hint">{}</span>', row.claimed_by) if row.claimed_by else _NOTHING,
        format_html('<button form="claim" formaction="{}">认领</button>', claim) if can_claim else _NOTHING,
    )


def _groups(names: tuple[str, ...]) -> SafeString:
    if not names:
        return mark_safe('<span class="hint">未对应到群</span>')
    shown = format_html_join(mark_safe("<br>"), "{}", ((name,) for name in names[:_MOST_GROUPS]))
    return format_html("{}<br>等 {} 个群", shown, len(names)) if len(names) > _MOST_GROUPS else shown


def _clock(lead: Any, now: datetime, soon: datetime) -> SafeString:
    if lead.reported_at:
        return _clocked("", f"已上报 {moment(lead.reported_at)}")
    if lead.state == "dismissed":
        return _clocked("", "—")
    if lead.state == "confirmed" and lead.at_once:
        return _clocked(" late", "立即上报")
    if lead.state == "confirmed":
        return _clocked(" late" if lead.office_due_at < now else "", f"上报{until(lead.office_due_at, now)}")
    if lead.at_once:
        hint = '{}<br><span class="hint">发现已 {}</span>'
        return format_html(hint, _clocked(" late", "立即报告"), since(now, lead.found_at))
    urgency = " late" if lead.due_at < now else " soon" if lead.due_at < soon else ""
    return _clocked(urgency, until(lead.due_at, now))


def _clocked(urgency: str, words: str) -> SafeString:
    return format_html('<span class="clock{}">{}</span>', urgency, words)
