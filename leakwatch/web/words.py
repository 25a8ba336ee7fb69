"""Template filters: times, names and levels as a clerk reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template

from leakwatch.model import SHANGHAI

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """2031-05-06 12:00, Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


@register.filter
def remaining(left: timedelta) -> str:
    """还剩 3 小时 20 分, 已超期 2 小时."""
    minutes = int(abs(left).total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    words = f"{hours} 小时" + (f" {minutes} 分" if minutes else "") if hours else f"{minutes} 分"
    return f"已超期 {words}" if left < timedelta() else f"还剩 {words}"


@register.filter
def masked(name: str) -> str:
    """王**: the first character alone."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""
