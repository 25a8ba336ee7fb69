"""The forms in the folder of drafts, kept up with what is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from leakwatch.daemon import forms
from leakwatch.store import naming
from leakwatch.store.models import Group, Lead, Unit
from leakwatch.store.naming import Naming
from tests.store.scans import MEANS, SEALER, Post, put

pytestmark = pytest.mark.django_db


def test_a_register_that_changes_draws_a_form_beside_a_person_s_and_names_what_differs(
    tmp_path: Path,
) -> None:
    put(Post())
    assert forms.catch_up(tmp_path, SEALER) == 1
    (theirs,) = tmp_path.glob("XS-*.docx")
    document = Document(str(theirs))
    document.tables[0].rows[0].cells[-1].text = "青石市生态环境局（人工填写）"
    document.save(str(theirs))
    edited = theirs.read_bytes()
    Group.objects.update(unit=Unit.objects.create(name="水务处"))
    naming.follow(list(Group.objects.all()), Naming(sealer=SEALER, units=MEANS.units, inboxes={}))
    assert forms.catch_up(tmp_path, SEALER) == 1
    assert theirs.read_bytes() == edited
    (told,) = tmp_path.glob("*-改动说明.txt")
    lines = told.read_text("utf-8-sig").splitlines()
    assert [line for line in lines if line.startswith("“")] == [
        "“报告单位”一栏：人工改过，系统内容没有变化，以人工修改为准。",
        "“案件（事件）发生单位”一栏：人工没有改过，系统依据新情况有改动，请抄入人工修改的表。",
    ]
    assert "    仅系统新稿有：水务处" in lines
    assert Lead.objects.get().has_form
    assert forms.catch_up(tmp_path, SEALER) == 0
