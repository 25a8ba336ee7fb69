"""Packages without a directory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.documents.ole2.salvage import salvaged
from leakwatch.documents.ooxml import docx, pptx, xlsx
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

LONG = b"".join(b"%d," % number for number in range(200_000))


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def found(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "a.zip"
    path.write_bytes(data)
    into = io.BytesIO()
    count = salvaged(path, into)
    if not count:
        return {}
    with zipfile.ZipFile(into) as archive:
        assert len(archive.namelist()) == count
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_parts_are_found_without_the_directory(method: int, tmp_path: Path) -> None:
    parts = {"word/document.xml": LONG, "word/名.xml": b"x", "empty": b""}
    data = packed(parts, method)
    assert found(data[: data.rindex(b"PK\x05\x06") - 60], tmp_path) == parts


def test_the_last_part_is_kept_as_far_as_it_goes(tmp_path: Path) -> None:
    data = packed({"a": b"first", "b": LONG})
    cut = found(data[: len(data) // 2], tmp_path)
    assert (cut["a"], LONG.startswith(cut["b"]), len(cut["b"]) > 100_000) == (b"first", True, True)


def test_a_zip_inside_a_part_is_no_part_of_ours(tmp_path: Path) -> None:
    parts = {"a.xlsx": packed({"inner": b"x"}), "b": b"y"}
    data = packed(parts, zipfile.ZIP_STORED)
    assert found(data[:-60], tmp_path) == parts


def test_a_bomb_is_not_unpacked_to_its_end(tmp_path: Path) -> None:
    data = packed({"a": bytes(300 << 20)})
    assert len(found(data[:-60], tmp_path)["a"]) < 100 << 20


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip", b"PK\x03\x04" + b"\xff" * 100])
def test_where_there_is_nothing_nothing_is_found(data: bytes, tmp_path: Path) -> None:
    assert found(data, tmp_path) == {}


def test_names_that_repeat_and_locked_parts_are_left_out(tmp_path: Path) -> None:
    data = packed({"a": b"1"})
    again = bytearray(packed({"c": b"2"}))
    struct.pack_into("<H", again, 6, 1)
    assert found(data[:-30] + data[:-30] + again[:-30], tmp_path) == {"a": b"1"}


WORD = b'<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>\xe6\x9c\xba\xe5\xaf\x86</w:t></w:r></w:p></w:body></w:document>'
SLIDE = b'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>\xe6\x9c\xba\xe5\xaf\x86</a:t></a:r></a:p></p:sld>'
SHEET = b'<worksheet><sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>\xe6\x9c\xba\xe5\xaf\x86</t></is></c></row>'


@pytest.mark.parametrize(
    ("module", "name", "part", "expected"),
    [
        (docx, "word/document.xml", WORD, ("正文第1段", "机密")),
        (pptx, "ppt/slides/slide1.xml", SLIDE, ("第1页", "机密")),
        (xlsx, "xl/worksheets/sheet1.xml", SHEET, ("sheet1!B2:B2", "机密")),
    ],
)
def test_a_cut_document_gives_what_is_left_and_says_so(
    module: object, name: str, part: bytes, expected: tuple[str, str], keep: Keep, vault: Vault
) -> None:
    data = packed({"[Content_Types].xml": b"<Types/>", name: part, "last": b"x"})
    read = module.read  # type: ignore[attr-defined]
    rows = list(read(keep("a.docx", data[: data.index(b"PK\x01\x02")]), vault))
    assert [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)] == [expected]
    assert Reason.INCOMPLETE in [row.reason for row in rows if isinstance(row, Skipped)]
