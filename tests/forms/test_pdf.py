"""A form as .docx → .pdf by a converter; a small program stands in for LibreOffice."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from leakwatch.errors import LeakwatchError
from leakwatch.forms.pdf import find_converter, to_pdf

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line")

WORKS = """
from pathlib import Path
folder = Path(arguments[arguments.index("--outdir") + 1])
(folder / "form.pdf").write_bytes(Path(arguments[-1]).read_bytes()[::-1])
"""


def converter(folder: Path, body: str) -> Path:
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\nimport sys\narguments = sys.argv[1:]\n{body}", "utf-8")
    program.chmod(0o700)
    return program


@pytest.fixture
def form(tmp_path: Path) -> Path:
    (tmp_path / "drafts").mkdir()
    path = tmp_path / "drafts" / "XS-1.docx"
    path.write_bytes(b"form")
    return path


def test_the_pdf_lies_beside_the_form_and_nothing_else_does(tmp_path: Path, form: Path) -> None:
    made = to_pdf(form, converter(tmp_path, WORKS), 20)
    assert (made, made.read_bytes()) == (form.with_suffix(".pdf"), b"mrof")
    assert made.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in form.parent.iterdir()) == ["XS-1.docx", "XS-1.pdf"]


def test_a_pdf_that_lies_there_stays(tmp_path: Path, form: Path) -> None:
    form.with_suffix(".pdf").write_bytes(b"signed")
    assert to_pdf(form, converter(tmp_path, WORKS), 20).name == "XS-1-2.pdf"
    assert form.with_suffix(".pdf").read_bytes() == b"signed"


def test_no_macro_runs_and_the_profile_is_its_own(tmp_path: Path, form: Path) -> None:
    spy = f"""
from pathlib import Path
from urllib.parse import unquote, urlsplit
profile = unquote(urlsplit(arguments[0].partition("=")[2]).path)
text = Path(profile, "user", "registrymodifications.xcu").read_text("utf-8")
Path({str(tmp_path / "seen")!r}).write_text(text, "utf-8")
{WORKS}"""
    to_pdf(form, converter(tmp_path, spy), 20)
    settings = (tmp_path / "seen").read_text("utf-8")
    assert '"MacroSecurityLevel" oor:op="fuse"><value>3<' in settings
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in settings


def test_a_converter_that_hangs_is_stopped_with_all_it_started(tmp_path: Path, form: Path) -> None:
    pids = tmp_path / "pids"
    hanging = tmp_path / "soffice"
    hanging.write_text(f"#!/bin/sh\nsleep 60 & echo $! >{pids}; wait", "utf-8")
    hanging.chmod(0o700)
    with pytest.raises(LeakwatchError, match=r"^XS-1\.docx 转成 PDF 超过 2 秒，已停止；"):
        to_pdf(form, hanging, 2)
    assert [path.name for path in form.parent.iterdir()] == ["XS-1.docx"]
    stat = Path("/proc", pids.read_text(), "stat")
    assert not stat.exists() or stat.read_text().split()[2] == "Z"


@pytest.mark.parametrize("body", ["sys.exit(1)", "pass"])
def test_a_converter_that_makes_nothing_is_told(tmp_path: Path, form: Path, body: str) -> None:
    with pytest.raises(LeakwatchError, match=r"没有把 XS-1\.docx 转成 PDF"):
        to_pdf(form, converter(tmp_path, body), 20)


def test_without_a_converter_it_says_how_to_do_it_by_hand(form: Path) -> None:
    with pytest.raises(LeakwatchError, match=r"没有安装 LibreOffice.*请用 Word 或 WPS 打开后另存为 PDF$"):
        to_pdf(form, None, 20)


def test_a_form_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LeakwatchError, match="转成 PDF 时系统报错"):
        to_pdf(tmp_path / "XS-9.docx", converter(tmp_path, WORKS), 20)


@pytest.mark.skipif(find_converter() is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_a_page(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("线索报告表")
    document.save(str(tmp_path / "表.docx"))
    made = to_pdf(tmp_path / "表.docx", find_converter(), 120)
    with pypdfium2.PdfDocument(made) as pages:
        text = pages[0].get_textpage()
        assert text.get_text_bounded().strip() == "线索报告表"
        text.close()
