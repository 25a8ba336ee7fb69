"""The forms of a lead as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.errors import Refused
from leakwatch.forms.remaking import Outcome, Remade
from leakwatch.store import writing
from leakwatch.store.models import Lead, LeadState
from tests.store.kept import decided, house
from tests.store.scans import SEALER, Post, put

pytestmark = pytest.mark.django_db


def written(folder: Path) -> list[tuple[str, Outcome]]:
    made = writing.write_drafts(Lead.objects.get(), folder, SEALER)
    return [(one.path.name, one.outcome) for one in made]


def test_a_confirmed_lead_has_both_forms_which_are_written_once(tmp_path: Path) -> None:
    (lead,) = put(Post()).opened
    assert written(tmp_path) == [(f"{lead}.docx", Outcome.NEW)]
    assert Lead.objects.get().has_form
    decided(lead, LeadState.CONFIRMED)
    assert written(tmp_path) == [
        (f"{lead}.docx", Outcome.SAME),
        (f"{lead}-泄密事件报告表.docx", Outcome.NEW),
    ]


def test_forms_that_are_written_elsewhere_are_still_owed_to_the_folder_of_drafts(tmp_path: Path) -> None:
    put(Post())
    writing.write(Lead.objects.get(), tmp_path, SEALER)
    assert not Lead.objects.get().has_form


def test_a_purged_lead_has_none(tmp_path: Path) -> None:
    home = house(tmp_path)
    (lead,) = home.put(Post()).opened
    decided(lead, LeadState.CONFIRMED)
    home.pack(lead)
    home.purge(lead)
    with pytest.raises(Refused, match="已清除"):
        written(tmp_path / "别处")
    assert not (tmp_path / "别处").exists()


def made(path: Path, outcome: Outcome) -> Remade:
    return Remade(outcome=outcome, path=path)


def converter(folder: Path) -> Path:
    """A program that makes a form.pdf of any form."""
    path = folder / "soffice"
    path.write_text('#!/bin/sh\nfor last; do :; done\nprintf %s "新" > "${last%.docx}.pdf"\n', "utf-8")
    path.chmod(0o700)
    return path


def test_the_pdf_of_an_older_form_is_put_aside(tmp_path: Path) -> None:
    form, pdf = tmp_path / "XS-1.docx", tmp_path / "XS-1.pdf"
    form.write_text("表", "utf-8")
    pdf.write_text("旧", "utf-8")
    assert writing.as_pdf(made(form, Outcome.SAME), converter(tmp_path)).read_text("utf-8") == "旧"
    assert writing.as_pdf(made(form, Outcome.REPLACED), converter(tmp_path)).read_text("utf-8") == "新"
    assert (tmp_path / "XS-1-旧稿.pdf").read_text("utf-8") == "旧"
