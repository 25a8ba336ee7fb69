"""A form as .docx → its texts by field and the record of what the machine wrote."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from leakwatch.errors import Unreadable
from leakwatch.forms import fields
from leakwatch.forms.fields import digest, of_document, read, recorded

Change = Callable[[DocxDocument], object]


def form() -> DocxDocument:
    document = Document()
    document.add_paragraph("线索报告表").alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "备注", "青石市\n云岭区"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "事实经过：（时间）\n王明远发送"
    document.add_paragraph("年　　月　　日")
    return document


FORM = recorded(form())


def written(folder: Path, data: bytes) -> Path:
    (folder / "表.docx").write_bytes(data)
    return folder / "表.docx"


def edited(data: bytes, change: Callable[[str], str], name: str = "word/document.xml") -> bytes:
    """The package saved anew, with one part changed, as an office program does."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for part in reversed(old.namelist()):
            content = old.read(part)
            package.writestr(part, change(content.decode()).encode() if part == name else content)
    return file.getvalue()


def test_texts_come_by_label_and_the_record_tells_them_apart(tmp_path: Path) -> None:
    said, record = read(written(tmp_path, recorded(form())))

    assert said == {
        "标题和落款": "线索报告表\n年 月 日",
        "备注": "备注\n青石市 云岭区",
        "事实经过": "事实经过：（时间）\n王明远发送".replace("\n", " "),
        "页眉页脚": "",
        "修订、批注或图片": "",
    }
    assert record == {name: digest(text) for name, text in said.items()}


def test_a_document_of_no_form_has_no_record(tmp_path: Path) -> None:
    document = Document()
    document.save(str(tmp_path / "表.docx"))
    assert read(tmp_path / "表.docx")[1] == {}


def test_a_document_recorded_twice_has_one_record(tmp_path: Path) -> None:
    document = form()
    recorded(document)
    document.add_paragraph("又一行")
    said, record = read(written(tmp_path, recorded(document)))
    assert record == {name: digest(text) for name, text in said.items()}


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("王明远", "王</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>明远"),
        lambda xml: xml.replace("<w:p>", '<w:p w:rsidR="00A1">'),
        lambda xml: xml.replace(
            "<w:sectPr", '<w:p><w:bookmarkStart w:id="1" w:name="_GoBack"/></w:p><w:sectPr'
        ),
        lambda xml: xml.replace(
            "<w:r>", '<w:r><w:rPr><w:strike w:val="0"/><w:highlight w:val="none"/></w:rPr>'
        ),
        lambda xml: xml.replace("发送", "发送　 "),
    ],
)
def test_saving_again_changes_no_text(tmp_path: Path, change: Callable[[str], str]) -> None:
    assert read(written(tmp_path, edited(FORM, change))) == read(written(tmp_path, FORM))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda xml: xml.replace("王明远", "周文"), "事实经过"),
        (lambda xml: xml.replace("云岭区", ""), "备注"),
        (lambda xml: xml.replace("年　　月", "2031年5月"), "标题和落款"),
        (lambda xml: xml.replace("<w:r>", "<w:r><w:rPr><w:strike/></w:rPr>", 1), "修订、批注或图片"),
        (lambda xml: xml.replace("<w:r>", "<w:r><w:drawing/>", 1), "修订、批注或图片"),
        (lambda xml: xml.replace("<w:r>", '<w:ins w:id="1"/><w:r>', 1), "修订、批注或图片"),
        (
            lambda xml: re.sub("<w:r>", '<w:r><w:commentReference w:id="1"/></w:r><w:r>', xml, count=1),
            "修订、批注或图片",
        ),
        (
            lambda xml: xml.replace("<w:r>", '<w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr>', 1),
            "修订、批注或图片",
        ),
    ],
)
def test_whatever_a_person_changes_shows(tmp_path: Path, change: Callable[[str], str], name: str) -> None:
    said, record = read(written(tmp_path, edited(FORM, change)))
    assert [one for one, text in said.items() if record[one] != digest(text)] == [name]


def test_what_a_person_adds_below_shows(tmp_path: Path) -> None:
    said, record = read(
        written(
            tmp_path,
            edited(
                recorded(form()),
                lambda xml: xml.replace(
                    "<w:sectPr",
                    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>附</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:sectPr",
                ),
            ),
        )
    )
    assert said.keys() - record.keys() == {"附"}


def test_a_page_number_is_no_text(tmp_path: Path) -> None:
    document = form()
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    data = edited(recorded(document), lambda xml: xml.replace("— 1 —", "— 12 —"), "word/footer1.xml")
    said, record = read(written(tmp_path, data))
    assert record["页眉页脚"] == digest(said["页眉页脚"])


def test_an_annex_goes_by_its_title_and_the_chain_head_stands_alone() -> None:
    document = form()
    document.add_paragraph("证据清单").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("记录链首：第8条，3f")
    document.add_paragraph("共2项")
    said = of_document(document)
    assert (said["证据清单"], said[fields.CHAIN_HEAD]) == ("证据清单\n共2项", "记录链首：第8条，3f")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600), "文字".encode()])
def test_what_is_no_docx_is_unreadable(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable, match="无法按 Word 文档打开"):
        read(written(tmp_path, data))


def test_a_missing_form_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="读不出来"):
        read(tmp_path / "表.docx")


@pytest.mark.parametrize("seed", range(60))
def test_broken_bytes_raise_nothing_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same bytes each time
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(FORM)) as old, zipfile.ZipFile(file, "w") as package:
        names = [part for part in old.namelist() if part.endswith(("document.xml", "custom.xml"))]
        for part in old.namelist():
            content = bytearray(old.read(part))
            for _ in range(chance.choice((1, 3, 20)) if part in names else 0):
                place = chance.randrange(len(content))
                content[place : place + chance.choice((0, 1, 9))] = chance.randbytes(chance.choice((0, 1, 4)))
            package.writestr(part, bytes(content))
    data = bytearray(file.getvalue())
    if seed % 2:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    try:
        read(written(tmp_path, bytes(data)))
    except Unreadable as why:
        assert why.detail
