"""A form made anew, and what a person has written in the old one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocxDocument

from leakwatch.errors import LeakwatchError
from leakwatch.forms.annexes import Annexes, ChainHead, SpreadRow
from leakwatch.forms.lead_form import draw_lead_form
from leakwatch.forms.remaking import Difference, Outcome, Remade, note_path, remake
from leakwatch.model import SHANGHAI, LeadDraft

DRAFT = LeadDraft(
    id="XS-20310506-3f2a9c",
    reporting_unit="青石市生态环境局",
    incident_unit="云岭区分局",
    conduct="拍照后发群",
    documents_and_levels="机密1件",
    facts="1. 王明远发送\n2. 陈雨转发",
    remedy="已计算校验值",
    remark="规则版本",
    found_at=datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI),
    due_at=datetime(2031, 5, 7, 12, 0, tzinfo=SHANGHAI),
    at_once=False,
    finding_ids=(),
)
NEWS = replace(DRAFT, facts=f"{DRAFT.facts}\n3. 周文转发")
HEAD = Annexes(chain_head=ChainHead(sequence=8, hash="9c"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "XS-1.docx"


def made(path: Path, draft: LeadDraft = DRAFT, annexes: Annexes = HEAD) -> Remade:
    return remake(draw_lead_form(draft, annexes), path)


def edit(path: Path, change: Callable[[DocxDocument], object]) -> bytes:
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return path.read_bytes()


def write_cause(document: DocxDocument) -> None:
    document.tables[0].cell(4, 0).add_paragraph("原因：工作人员图方便")


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def test_the_first_form_is_new(path: Path) -> None:
    assert made(path) == Remade(outcome=Outcome.NEW, path=path)


def test_nothing_is_written_where_nothing_is_new(path: Path) -> None:
    made(path)
    before = path.read_bytes()
    later = Annexes(chain_head=ChainHead(sequence=99, hash="00"))

    assert made(path, annexes=later) == Remade(
        outcome=Outcome.SAME, path=path, notes=("XS-1.docx 之后没有新情况，没有重新写入。",)
    )
    assert (path.read_bytes(), names(path)) == (before, ["XS-1.docx"])


def test_an_untouched_form_is_replaced_and_kept(path: Path) -> None:
    made(path)
    before = path.read_bytes()

    kept = path.with_name("XS-1-旧稿.docx")
    assert made(path, NEWS) == Remade(
        outcome=Outcome.REPLACED,
        path=path,
        kept=kept,
        notes=("XS-1.docx 已按新情况重新起草；原稿没有人工改动，另存为 XS-1-旧稿.docx。",),
    )
    assert kept.read_bytes() == before
    assert "3. 周文转发" in Document(str(path)).tables[0].cell(4, 0).text


def test_a_form_that_was_only_saved_again_is_untouched(path: Path) -> None:
    made(path)
    before = path.read_bytes()
    assert edit(path, lambda document: document.settings.odd_and_even_pages_header_footer) != before
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in reversed(package.namelist())}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)

    assert made(path, NEWS).outcome is Outcome.REPLACED


def test_an_edited_form_stays_and_each_difference_is_named(path: Path) -> None:
    made(path)
    edited = edit(path, write_cause)

    remade = made(path, replace(NEWS, documents_and_levels="机密2件"))

    beside = path.with_name("XS-1-2.docx")
    note = "XS-1.docx 有人工改动，没有覆盖；新稿写入 XS-1-2.docx，逐栏差别见 XS-1-2-改动说明.txt。"
    assert remade == Remade(
        outcome=Outcome.BESIDE,
        path=beside,
        kept=path,
        differences=(
            Difference(
                name="涉及文件资料及密级",
                theirs="涉及文件资料及密级\n机密1件",
                ours="涉及文件资料及密级\n机密2件",
                is_edited=False,
                is_news=True,
            ),
            Difference(
                name="事实经过",
                theirs=f"事实经过：（时间、原因、经过等）\n{DRAFT.facts}\n原因：工作人员图方便",
                ours=f"事实经过：（时间、原因、经过等）\n{NEWS.facts}",
                is_edited=True,
                is_news=True,
            ),
        ),
        notes=(
            note,
            "“涉及文件资料及密级”一栏：人工没有改过，系统依据新情况有改动，请抄入人工修改的表。",
            "“事实经过”一栏：人工改过，系统依据新情况也有改动，请对照后合并。",
        ),
    )
    assert path.read_bytes() == edited
    assert names(path) == ["XS-1-2-改动说明.txt", "XS-1-2.docx", "XS-1.docx"]


def test_the_differences_lie_beside_for_notepad(path: Path) -> None:
    made(path)
    edit(path, write_cause)
    remade = made(path, NEWS)

    data = note_path(remade.path).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "本说明由 leakwatch 自动写成，下次重新起草时会被替换，请不要在这里写字。",
        "",
        "XS-1.docx 有人工改动，没有覆盖；新稿写入 XS-1-2.docx，逐栏差别见 XS-1-2-改动说明.txt。",
        "",
        "“事实经过”一栏：人工改过，系统依据新情况也有改动，请对照后合并。",
        "    仅人工修改的表有：原因：工作人员图方便",
        "    仅系统新稿有：3. 周文转发",
        "",
    ]


def test_an_edited_box_without_news_is_the_persons(path: Path) -> None:
    made(path)
    edit(path, lambda document: document.tables[0].cell(5, 0).add_paragraph("已约谈"))
    sentences = [item.sentence for item in made(path, NEWS).differences]
    assert sentences == [
        "“事实经过”一栏：人工没有改过，系统依据新情况有改动，请抄入人工修改的表。",
        "“补救及整改措施情况”一栏：人工改过，系统内容没有变化，以人工修改为准。",
    ]


def test_an_edited_form_without_news_is_left_alone(path: Path) -> None:
    made(path)
    edited = edit(path, write_cause)
    assert made(path).outcome is Outcome.SAME
    assert (path.read_bytes(), names(path)) == (edited, ["XS-1.docx"])


def test_the_machines_own_form_beside_is_replaced_and_a_persons_is_not(path: Path) -> None:
    made(path)
    first = edit(path, write_cause)
    made(path, NEWS)
    third = made(path, replace(NEWS, remark="又一条"))
    assert (third.outcome, third.path.name, third.kept) == (Outcome.BESIDE, "XS-1-2.docx", path)

    second = edit(third.path, write_cause)
    fourth = made(path, replace(NEWS, remark="再一条"))
    assert (fourth.outcome, fourth.path.name, fourth.kept) == (Outcome.BESIDE, "XS-1-3.docx", third.path)
    assert (path.read_bytes(), third.path.read_bytes()) == (first, second)


def test_a_copy_that_a_person_made_is_not_taken_for_the_form(path: Path) -> None:
    made(path)
    path.with_name("XS-1-2.docx").write_bytes(path.read_bytes())
    assert (made(path, NEWS).path, made(path, NEWS).outcome) == (path, Outcome.SAME)


@pytest.mark.parametrize(
    "change",
    [
        write_cause,
        lambda document: document.tables[0].cell(0, 1).paragraphs[0].runs[0].clear(),
        lambda document: document.paragraphs[-1].add_run("2031年5月7日"),
        lambda document: document.add_paragraph("附：情况说明"),
        lambda document: setattr(document.tables[0].cell(0, 1).paragraphs[0].runs[0].font, "strike", True),
        lambda document: document.sections[0].header.add_paragraph("已报"),
    ],
)
def test_no_edit_is_ever_overwritten(path: Path, change: Callable[[DocxDocument], object]) -> None:
    made(path)
    edited = edit(path, change)
    made(path, NEWS)
    assert path.read_bytes() == edited


@pytest.mark.parametrize("lock", ["~$-1.docx", "~$XS-1.docx", ".~lock.XS-1.docx#", ".~XS-1.docx"])
def test_a_form_on_someones_screen_stays(path: Path, lock: str) -> None:
    made(path)
    before = path.read_bytes()
    path.with_name(lock).write_bytes(b"")

    remade = made(path, NEWS)

    assert (path.read_bytes(), remade.outcome) == (before, Outcome.BESIDE)
    assert remade.notes[0].startswith("XS-1.docx 正在被打开，没有覆盖；")


@pytest.mark.parametrize("data", [b"", b"signed", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_file_that_cannot_be_read_stays(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    remade = made(path)
    assert (path.read_bytes(), remade.path.name) == (data, "XS-1-2.docx")
    assert remade.notes[0].startswith("XS-1.docx 打不开，无法判断有没有人工改动，没有覆盖；")


def test_a_form_whose_properties_were_removed_stays(path: Path) -> None:
    made(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != "docProps/custom.xml"}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    before = path.read_bytes()

    made(path, NEWS)

    assert path.read_bytes() == before


def test_news_of_an_annex_is_told_by_its_name(path: Path) -> None:
    made(path)
    edit(path, write_cause)
    row = SpreadRow(time="9时", group="群", sender="周文", joined_by="校验值相同")
    names = [item.name for item in made(path, annexes=replace(HEAD, spread=(row,))).differences]
    assert names == ["事实经过", "传播时间线"]


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LeakwatchError, match="写不进"):
        made(tmp_path / "file" / "XS-1.docx")
