"""The dates of the yearly filing, and how a unit stands on a day."""

from __future__ import annotations

from datetime import date

import pytest

from leakwatch.register.filing import FilingYear, Standing, due, standing


def test_a_year_has_its_reminder_and_its_last_day() -> None:
    assert due(2031) == FilingYear(remind_from=date(2031, 6, 1), due_on=date(2031, 6, 15))


@pytest.mark.parametrize(
    ("today", "filed_at", "stands"),
    [
        (date(2031, 5, 31), None, Standing.EARLY),
        (date(2031, 6, 1), None, Standing.REMIND),
        (date(2031, 6, 15), None, Standing.REMIND),
        (date(2031, 6, 16), None, Standing.OVERDUE),
        (date(2031, 12, 31), None, Standing.OVERDUE),
        (date(2031, 6, 16), date(2030, 6, 10), Standing.OVERDUE),
        (date(2031, 6, 1), date(2030, 12, 31), Standing.REMIND),
        (date(2031, 6, 16), date(2031, 6, 20), Standing.FILED),
        (date(2031, 1, 5), date(2031, 1, 4), Standing.FILED),
    ],
)
def test_a_unit_stands_by_its_filing_of_this_year(
    today: date, filed_at: date | None, stands: Standing
) -> None:
    assert standing(today, filed_at) == stands
