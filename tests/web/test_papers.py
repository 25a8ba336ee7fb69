"""The forms of a lead as files."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from leakwatch.store.models import Group, LogEntry, Original, Role
from tests.web.people import NOON, Visit, account
from tests.web.rows import CANARY, NUMBER, Posted, lead, received


def text(docx: bytes) -> str:
    """All words of a form."""
    with ZipFile(BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


def unmasked(client: Client) -> Client:
    """The same visitor, who asked to see the words."""
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": "form"})
    return client


def test_the_form_comes_as_a_file_and_is_logged(visit: Visit) -> None:
    lead()
    answer = unmasked(visit(Role.OFFICE)).get(f"/leads/{NUMBER}/forms/lead.docx")
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{NUMBER}.docx"
    assert CANARY in text(answer.content)
    assert LogEntry.objects.filter(action="lead.form_taken", subject=NUMBER, actor="office").count() == 1


def test_the_form_carries_its_evidence_and_the_head_of_the_log(visit: Visit) -> None:
    lead()
    for sha256, parent in (("ab", "cd" * 32), ("cd", "")):
        Original.objects.create(
            sha256=sha256 * 32, sm3="12" * 32, size=4_096, parent=parent, taken_at=NOON, is_kept=True
        )
    received("cd" * 32, "收件/五月.zip")
    client = unmasked(visit(Role.OFFICE))
    words = text(client.get(f"/leads/{NUMBER}/forms/lead.docx").content)
    head = LogEntry.objects.order_by("-seq")[1]
    for expected in ("青石市应急工作群.txt", "聊天记录", "12" * 32, "五月.zip", "ZIP", head.hash):
        assert expected in words


@pytest.mark.parametrize(("kind", "title"), [("lead", "线索报告表"), ("incident", "泄密事件报告表")])
def test_both_forms_can_be_had(visit: Visit, kind: str, title: str) -> None:
    lead()
    answer = unmasked(visit(Role.OFFICE)).get(f"/leads/{NUMBER}/forms/{kind}.docx")
    assert title in text(answer.content)


@pytest.mark.parametrize("address", ["forms/other.docx", "forms/lead.exe"])
def test_there_is_no_other_form(visit: Visit, address: str) -> None:
    lead()
    assert unmasked(visit(Role.OFFICE)).get(f"/leads/{NUMBER}/{address}").status_code == 404


def test_where_no_pdf_can_be_made_the_page_says_what_to_do(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    lead()
    page = unmasked(visit(Role.OFFICE)).get(f"/leads/{NUMBER}/forms/lead.pdf", follow=True).content.decode()
    assert "没有安装 LibreOffice" in page
    assert "forms/lead.pdf" not in page


def test_no_form_is_given_before_a_purpose_is_logged(visit: Visit) -> None:
    lead()
    answer = visit(Role.OFFICE).get(f"/leads/{NUMBER}/forms/lead.docx")
    assert answer["Location"] == f"/leads/{NUMBER}"
    assert not LogEntry.objects.filter(action="lead.form_taken").exists()


def test_an_owner_is_not_given_what_other_groups_said(visit: Visit) -> None:
    lead(NUMBER, Posted(), Posted(group="云岭区值班群"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    assert unmasked(visit(Role.OWNER)).get(f"/leads/{NUMBER}/forms/lead.docx").status_code == 404
