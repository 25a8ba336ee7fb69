"""What is told to machines: counts alone, on loopback alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from leakwatch.store import jobs
from tests.web.people import NOON


@pytest.mark.parametrize("page", ["/healthz", "/metrics"])
@pytest.mark.parametrize(
    ("address", "name"), [("10.0.0.7", "127.0.0.1"), ("127.0.0.1", "testserver"), ("10.0.0.7", "testserver")]
)
def test_others_do_not_find_it(page: str, address: str, name: str) -> None:
    answer = Client(REMOTE_ADDR=address).get(page, HTTP_HOST=name)
    assert answer.status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (9, 200), (10, 503), (600, 503), (-600, 503)])
def test_it_is_well_while_rounds_are_made(minutes: int, status: int) -> None:
    jobs.succeeded("watch", NOON - timedelta(minutes=minutes))
    assert Client().get("/healthz", HTTP_HOST="127.0.0.1:8451").status_code == status


def test_without_any_round_it_is_not_well() -> None:
    assert Client().get("/healthz", HTTP_HOST="localhost").status_code == 503


def test_metrics_are_counts() -> None:
    jobs.succeeded("watch", NOON, "青石市")
    said = Client().get("/metrics", HTTP_HOST="127.0.0.1").content.decode()
    assert 'leakwatch_arrivals{state="waiting"} 0\n' in said
    assert "leakwatch_leads_overdue 0\n" in said
    assert f'leakwatch_job_success_timestamp_seconds{{job="watch"}} {NOON.timestamp():.0f}\n' in said
    assert "青石" not in said
