"""By when a unit files its groups: every year by 15 June (微信工作群报备表, 备注), reminded from 1 June on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """How a unit stands on a day of a year."""

    FILED = "filed"
    EARLY = "early"
    REMIND = "remind"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingYear:
    """The dates of one year; the last day is still in time."""

    remind_from: date
    due_on: date


def due(year: int) -> FilingYear:
    """The dates of that year."""
    return FilingYear(remind_from=date(year, 6, 1), due_on=date(year, 6, 15))


def standing(today: date, filed_at: date | None) -> Standing:
    """How a unit stands today that filed last on `filed_at`; last year's filing counts for nothing."""
    year = due(today.year)
    if filed_at is not None and filed_at.year == today.year:
        return Standing.FILED
    if today > year.due_on:
        return Standing.OVERDUE
    return Standing.REMIND if today >= year.remind_from else Standing.EARLY
