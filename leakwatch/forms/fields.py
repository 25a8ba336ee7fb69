"""A form as .docx → its texts by field, and the record of which of them the machine wrote.

The record is a custom property for each field, which Word, WPS and LibreOffice keep when they save the file
again: the texts tell whether a person has written in it, not the bytes.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from docx.document import Document as DocxDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

CHAIN_HEAD = "记录链首"
"""Field of its own: it moves on with every record, whatever the form says."""
OUTSIDE = "标题和落款"
LIST = "表格"
"""The rows of a form that is one list."""
HEADING = "页眉页脚"
TRACES = "修订、批注或图片"
"""What only people put into a form; empty in one that leakwatch wrote."""

_PREFIX = "leakwatch-"
_MOST_OF_A_NAME = 30
_MOST_BYTES = 64 << 20
_DAMAGED = "无法按 Word 文档打开，请人工查看"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_NO_PROPERTIES = f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"/>'.encode()
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CUSTOM = "docProps/custom.xml"
_BODY = "word/document.xml"
_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_TRACE_WORDS = {
    "w:ins": "修订",
    "w:del": "修订",
    "w:moveFrom": "修订",
    "w:drawing": "图片",
    "w:pict": "图片",
    "w:object": "嵌入对象",
    "w:commentReference": "批注",
    "w:strike": "删除线",
    "w:dstrike": "删除线",
    "w:highlight": "突出显示",
    "w:footnoteReference": "脚注",
    "w:endnoteReference": "尾注",
}
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError),
    *(KeyError, OSError, RuntimeError, ValueError),
)
"""What zipfile and lxml raise over a damaged, locked or foreign package."""
_OFF = ("0", "false", "off", "none")

Fields = dict[str, str]
"""Name of the field → its text, in the order of the page; blanks are folded."""


def read(path: Path) -> tuple[Fields, dict[str, str]]:
    """What the form at `path` says, and its record: name of the field → digest of what the machine wrote.

    The record is empty where the file has none. Unreadable if it is no .docx.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except OSError as why:
        raise Unreadable(Reason.NOT_PERMITTED, f"{path.name} 读不出来（{why.strerror}）") from why


def recorded(document: DocxDocument) -> bytes:
    """The document as a file, with the record of what stands in it."""
    package = document.part.package
    for id in [id for id, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.CUSTOM_PROPERTIES]:
        del package.rels[id]
    record = {name: digest(text) for name, text in of_document(document).items()}
    part = Part(PackURI(f"/{_CUSTOM}"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, _properties(record), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def of_document(document: DocxDocument) -> Fields:
    """What a document says that lies nowhere yet."""
    parts = {str(part.partname)[1:]: part for part in document.part.package.iter_parts()}
    return _said({name: _parsed(part.blob) for name, part in parts.items() if _TEXTS.fullmatch(name)})


def digest(text: str) -> str:
    """Of a field, whatever it looks like."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _properties(record: Mapping[str, str]) -> bytes:
    """docProps/custom.xml; a text of it may hold 255 characters."""
    root = etree.fromstring(_NO_PROPERTIES)
    for number, (name, value) in enumerate(record.items(), 1):
        # The format numbers its own from 2 on.
        attributes = {"fmtid": _FORMAT_ID, "pid": str(number + 1), "name": f"{_PREFIX}{number}"}
        entry = etree.SubElement(root, f"{{{_PROPERTIES}}}property", attributes)
        etree.SubElement(entry, f"{{{_VALUES}}}lpwstr").text = f"{value} {name}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _read(file: IO[bytes]) -> tuple[Fields, dict[str, str]]:
    try:
        with zipfile.ZipFile(file) as package:
            names = (name for name in package.namelist() if _TEXTS.fullmatch(name))
            return _said({name: _xml(package, name) for name in names}), _record(package)
    except _BROKEN as why:
        raise Unreadable(Reason.DAMAGED, _DAMAGED) from why


def _said(roots: Mapping[str, etree._Element]) -> Fields:
    """The fields of those parts of a document; KeyError if its body is not among them."""
    body = roots[_BODY]
    heads = [root for name, root in sorted(roots.items()) if name != _BODY]
    # Whoever shows the document counts its pages anew.
    lines = {
        re.sub(r"\d+", "", line) if "—" in line else line: None for head in heads for line in _lines(head)
    }
    fields = _fields(body)
    fields[HEADING] = "\n".join(lines)
    fields[TRACES] = "、".join(sorted({trace for root in (body, *heads) for trace in _traces(root)}))
    return fields


def _xml(package: zipfile.ZipFile, name: str) -> etree._Element:
    if package.getinfo(name).file_size > _MOST_BYTES:
        raise ValueError(name)
    return _parsed(package.read(name))


def _parsed(text: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(text, parser)


def _record(package: zipfile.ZipFile) -> dict[str, str]:
    if _CUSTOM not in package.namelist():
        return {}
    record = {}
    for entry in _xml(package, _CUSTOM):
        if (entry.get("name") or "").startswith(_PREFIX):
            value, _, name = "".join(map(str, entry.itertext())).strip().partition(" ")
            record[name] = value
    return record


def _fields(body: etree._Element) -> Fields:
    """The rows of the boxes by their labels, an annex by its title, all else as OUTSIDE."""
    texts: dict[str, list[str]] = {OUTSIDE: []}
    here, is_below = OUTSIDE, False
    for block in _blocks(body):
        if block.tag == qn("w:p"):
            line = _line(block)
            if is_below and line and _is_title(block):
                here = line[:_MOST_OF_A_NAME]
            name = CHAIN_HEAD if line.startswith(CHAIN_HEAD) else here
            texts.setdefault(name, []).extend(filter(None, [line]))
        elif block.find(f".//{qn('w:tblHeader')}") is not None:
            is_below = True
            rows = (" ".join(_lines(row)) for row in block.iter(qn("w:tr")))
            texts.setdefault(LIST if here == OUTSIDE else here, []).extend(filter(None, rows))
        else:
            is_below = True
            for name, lines in _rows(block):
                texts.setdefault(name, []).extend(lines)
    return {name: "\n".join(lines) for name, lines in texts.items()}


def _is_title(paragraph: etree._Element) -> bool:
    alignment = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    return alignment is not None and alignment.get(qn("w:val")) == "center"


def _blocks(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of the page itself, also those that content controls enclose."""
    for child in body:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        else:
            yield from _blocks(child)


def _rows(table: etree._Element) -> Iterator[tuple[str, list[str]]]:
    """Label and lines of each row; a cell that goes on from above has the label of the row above."""
    name = ""
    for row in table.iter(qn("w:tr")):
        lines = _lines(row)
        first = next(row.iter(qn("w:tc")), None)
        if first is not None and not _goes_on(first):
            label = "".join(_lines(first)[: 1 if _spans(first) else None])
            name = re.sub(r"\s", "", label.partition("：")[0])[:_MOST_OF_A_NAME] or name
        yield name, lines


def _goes_on(cell: etree._Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _spans(cell: etree._Element) -> bool:
    return cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") is not None


def _lines(root: etree._Element) -> list[str]:
    return [line for paragraph in root.iter(qn("w:p")) if (line := _line(paragraph))]


def _line(paragraph: etree._Element) -> str:
    """The text of a paragraph; Word cuts it into runs as it likes, and blanks tell nothing."""
    parts = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif not node.attrib.get(qn("w:pos")):  # w:tab is also the name of a tab stop
            parts.append(" ")
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _traces(root: etree._Element) -> Iterator[str]:
    for name, word in _TRACE_WORDS.items():
        if any(node.get(qn("w:val"), "on") not in _OFF for node in root.iter(qn(name))):
            yield word
