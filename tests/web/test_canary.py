"""The words of a message stand on the page of who asked to see them, and nowhere else."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leakwatch.store.models import LogEntry, Role, Unread, Verdict
from tests.web.people import Visit
from tests.web.rows import CANARY, NUMBER, SEALER, lead, received, unread

STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("unmask", {"purpose": CANARY}),
    ("unmask", {"purpose": "review"}),
    ("claim", {}),
    ("decide", {"verdict": CANARY, "reason": CANARY}),
    ("decide", {"verdict": "unclear", "reason": CANARY}),
    ("decide", {"verdict": "confirmed", "reason": CANARY, "pause": CANARY}),
    ("reopen", {"reason": CANARY}),
    ("decide", {"verdict": "dismissed", "reason": CANARY}),
    ("same", {"verdict": "unclear", "reason": CANARY}),
)


def walk(client: Client) -> list[str]:
    """Takes every step, looks at every page; the addresses that the site sent the visitor to."""
    addresses = []
    for step, sent in STEPS:
        answer = client.post(f"/leads/{NUMBER}/{step}", sent)
        addresses.append(answer.get("Location", ""))
        for page in ("/", "/leads?state=all", f"/leads/{NUMBER}", f"/leads/{NUMBER}/same", "/leads/XS-9"):
            client.get(page)
    client.get(f"/leads/{NUMBER}/forms/lead.docx")
    return addresses


def test_words_reach_no_log_no_session_and_no_address(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    lead()
    client = visit(Role.REVIEWER)
    with caplog.at_level(logging.DEBUG):
        addresses = walk(client)
    sessions = [session.get_decoded() for session in Session.objects.all()]
    everywhere = [
        *LogEntry.objects.values_list(),
        *sessions,
        *addresses,
        caplog.text,
        client.cookies.output(),
    ]
    assert "lead.dismissed" in str(everywhere) or "lead.second_look" in str(everywhere)
    assert CANARY not in str(everywhere)


def test_words_lie_in_no_column_in_clear(visit: Visit) -> None:
    lead()
    received("ab" * 32, f"收件/{CANARY}.txt")
    unread(f"{CANARY}.zip", CANARY)
    client = visit(Role.REVIEWER)
    walk(client)
    client.post("/unread/settle", {"part": Unread.objects.get().pk, "because": CANARY})
    client.post("/upload", {"files": SimpleUploadedFile(f"{CANARY}.txt", b"1234")})
    tables = apps.get_app_config("store").get_models()
    values = [value for table in tables for row in table.objects.values_list() for value in row]
    held = [bytes(value) for value in values if isinstance(value, bytes | memoryview)]
    assert (len(held) > 8, Verdict.objects.count() > 3) == (True, True)
    assert CANARY not in str([value for value in values if not isinstance(value, bytes | memoryview)])
    assert [one for one in held if CANARY.encode() in one] == []


def test_words_reach_no_page_of_who_may_not_see_them(visit: Visit) -> None:
    lead()
    for role in (Role.OWNER, Role.AUDITOR, Role.ADMIN):
        client = visit(role)
        client.post(f"/leads/{NUMBER}/unmask", {"purpose": "review"})
        for page in ("/", "/leads", f"/leads/{NUMBER}", f"/leads/{NUMBER}/forms/lead.docx"):
            assert CANARY not in client.get(page).content.decode()


def test_a_place_that_cannot_be_read_fails_without_its_words(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    made = lead()
    place = made.findings.get().places.get()
    place.sealed = SEALER.seal(CANARY.encode(), f"place:{place.finding_id}:{place.key}")
    place.save()
    answer = visit(Role.REVIEWER).get(f"/leads/{NUMBER}")
    assert answer.status_code == 500
    assert CANARY not in answer.content.decode() + caplog.text
    assert "出错了" in answer.content.decode()
