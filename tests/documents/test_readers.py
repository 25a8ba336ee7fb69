"""All readers: whatever the bytes, nothing but Unreadable leaves them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.compound import Place, written
from leakwatch.config import Limits
from leakwatch.documents import reader_for
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

FILES = Path(__file__).parent / "files"


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def mail() -> bytes:
    parts: dict[Place, bytes | None] = {
        ("__properties_version1.0",): bytes(48),
        ("__substg1.0_1000001F",): "机密".encode("utf-16-le"),
        ("__attach_version1.0_#0", "__substg1.0_37010102"): b"abc",
    }
    return written(parts)


SPECIMENS = {
    "word97.doc": (FILES / "word97.doc").read_bytes(),
    "writer.rtf": (FILES / "writer.rtf").read_bytes(),
    "a.docx": saved(Document()),
    "a.xlsx": saved(openpyxl.Workbook()),
    "a.msg": mail(),
}


def read(file: Evidence, vault: Vault) -> None:
    for part in unpack(file, vault, Limits()):
        if not isinstance(part, Evidence):
            continue
        with part.path.open("rb") as opened:
            reader = reader_for(opened.read(1 << 20), part.name)
        try:
            list(reader.read(part, vault) if reader else ())
        except Unreadable as why:
            assert why.detail


@pytest.mark.parametrize("name", SPECIMENS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_but_unreadable_leaves_a_reader(
    name: str, data: st.DataObject, keep: Keep, vault: Vault
) -> None:
    content = bytearray(SPECIMENS[name])
    content = content[: data.draw(st.integers(len(content) // 4, len(content)))]
    for place in data.draw(st.lists(st.integers(0, len(content) - 4), max_size=8)):
        content[place : place + 4] = data.draw(
            st.sampled_from([b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f", b"{\\u-"])
        )
    read(keep(name, bytes(content)), vault)
