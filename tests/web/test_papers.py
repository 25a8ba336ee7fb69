"""The forms of a lead as files."""

from __future__ import annotations

from io import BytesIO

from django.test import Client
from docx import Document

from leakwatch.store.models import Group, LogEntry, Role
from tests.web.people import Visit, account
from tests.web.rows import CANARY, NUMBER, Posted, lead


def unmasked(client: Client) -> Client:
    """The same visitor, who asked to see the words."""
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": "form"})
    return client


def test_the_form_comes_as_a_file_and_is_logged(visit: Visit) -> None:
    lead()
    answer = unmasked(visit(Role.OFFICE)).get(f"/leads/{NUMBER}/form")
    words = [cell.text for table in Document(BytesIO(answer.content)).tables for cell in table._cells]
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{NUMBER}.docx"
    assert any(CANARY in text for text in words)
    assert LogEntry.objects.filter(action="lead.form_taken", subject=NUMBER, actor="office").count() == 1


def test_no_form_is_given_before_a_purpose_is_logged(visit: Visit) -> None:
    lead()
    answer = visit(Role.OFFICE).get(f"/leads/{NUMBER}/form")
    assert answer["Location"] == f"/leads/{NUMBER}"
    assert not LogEntry.objects.filter(action="lead.form_taken").exists()


def test_an_owner_is_not_given_what_other_groups_said(visit: Visit) -> None:
    lead(NUMBER, Posted(), Posted(group="云岭区值班群"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    assert unmasked(visit(Role.OWNER)).get(f"/leads/{NUMBER}/form").status_code == 404
