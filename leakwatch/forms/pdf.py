"""A form as .docx → the same as .pdf, by LibreOffice where it is installed.

It works in a profile of its own that is gone afterwards, so that neither an open LibreOffice nor its settings
matter, and in which no macro runs and nothing is fetched: a form may come back from other hands.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from leakwatch.errors import LeakwatchError
from leakwatch.forms import saving

_NAMES = ("soffice", "libreoffice")
_WINDOWS = ("C:/Program Files/LibreOffice/program", "C:/Program Files (x86)/LibreOffice/program")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
_BY_HAND = "请用 Word 或 WPS 打开后另存为 PDF"


def find_converter() -> Path | None:
    """LibreOffice's program; None if this machine has none."""
    folders = os.pathsep.join(_WINDOWS)
    found = (shutil.which(name) or shutil.which(name, path=folders) for name in _NAMES)
    # Windows looks into the working folder too, which may hold the evidence.
    programs = (Path(name) for name in found if name)
    return next((program for program in programs if program.resolve().parent != Path.cwd()), None)


def to_pdf(docx: Path, converter: Path | None, timeout_s: float) -> Path:
    """The .pdf beside the form; one that lies there stays, the new one is then called name-2.pdf.

    LeakwatchError with what to do if there is no converter, or it fails or takes too long.
    """
    if converter is None:
        raise LeakwatchError(f"这台机器没有安装 LibreOffice，{docx.name} 没有转成 PDF；{_BY_HAND}")
    try:
        # Beside the form, so that the finished file can be moved in one step.
        # Windows may hold a file of a program that was just killed.
        with tempfile.TemporaryDirectory(
            prefix=".part-", dir=docx.parent, ignore_cleanup_errors=True
        ) as name:
            made = _converted(docx, converter, Path(name), timeout_s)
            made.chmod(0o600)
            return saving.put(made, docx.with_suffix(".pdf"))
    except OSError as why:
        raise LeakwatchError(
            f"{docx.name} 转成 PDF 时系统报错（{why.strerror}），请检查目录权限和磁盘空间后重试"
        ) from why


def _converted(docx: Path, converter: Path, folder: Path, timeout_s: float) -> Path:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    # A plain name: the form's own may begin with a dash or be too long for the converter.
    source = folder / "form.docx"
    shutil.copyfile(docx, source)
    arguments = (
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        "--infilter=MS Word 2007 XML",
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(source)),
    )
    if not _run((str(converter), *arguments), timeout_s):
        raise LeakwatchError(
            f"{docx.name} 转成 PDF 超过 {timeout_s:g} 秒，已停止；请稍后重试，或{_BY_HAND.removeprefix('请')}"
        )
    made = folder / "form.pdf"
    if not made.is_file():
        raise LeakwatchError(f"LibreOffice 没有把 {docx.name} 转成 PDF，文件可能已损坏；{_BY_HAND}")
    return made


def _run(command: Sequence[str], timeout_s: float) -> bool:
    """Whether it ended in time; it and all that it started are gone either way."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return False
    else:
        return True
    finally:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:  # Windows
                process.kill()
        process.wait()
