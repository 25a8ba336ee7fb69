"""What lies on a PDF page and is no part of its text: comments, stamps, form fields, attached files."""

from __future__ import annotations

import ctypes
import html
import re
from collections.abc import Callable, Iterator
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_MOST_BYTES = 1 << 20
_MOST_OPTIONS = 1000
_TAG = re.compile(r"<[^>]*>")
_FIELD = (pdfium_c.FPDFAnnot_GetFormFieldValue, pdfium_c.FPDFAnnot_GetFormFieldAlternateName)


def cleaned(text: str) -> str:
    """pdfium's line ends and its mark for a hyphen at the end of a line (U+FFFE or U+0002) made plain."""
    joined = re.sub(r"[\ufffe\x02](\r\n?|\n)?|\0", "", text)
    return re.sub(r"\r\n?", "\n", joined)


def notes(page: pdfium.PdfPage) -> str:
    """What stamps, comments and form fields say or offer, each text once."""
    texts: dict[str, None] = {}
    for note in _annotations(page):
        for text in _texts(page, note):
            if text.strip():
                texts[text.strip()] = None
    return "\n".join(texts)


def files(page: pdfium.PdfPage) -> Iterator[object]:
    """pdfium's handles of the files that are pinned to the page."""
    for note in _annotations(page):
        if pdfium_c.FPDFAnnot_GetSubtype(note) == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
            handle = pdfium_c.FPDFAnnot_GetFileAttachment(note)
            if handle:
                yield handle


def drawn(page: pdfium.PdfPage) -> bool:
    """Makes what annotations show a part of the page, which must be loaded anew; False if there are none."""
    if not pdfium_c.FPDFPage_GetAnnotCount(page):
        return False
    return bool(pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS)


def _annotations(page: pdfium.PdfPage) -> Iterator[object]:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        if note:
            try:
                yield note
            finally:
                pdfium_c.FPDFPage_CloseAnnot(note)


def _texts(page: pdfium.PdfPage, note: object) -> Iterator[str]:
    said = [_said(partial(pdfium_c.FPDFAnnot_GetStringValue, note, key)) for key in (b"Contents", b"V")]
    yield from said
    if not any(said):  # rich text repeats what is written plainly, if it is
        yield html.unescape(_TAG.sub("", _said(partial(pdfium_c.FPDFAnnot_GetStringValue, note, b"RC"))))
    if page.formenv:  # a field that is shown in several places keeps its value above them
        for ask in _FIELD:
            yield _said(partial(ask, page.formenv, note))
        yield "、".join(filter(str.strip, _options(page.formenv, note)))


def _options(form: object, note: object) -> Iterator[str]:
    """What a field lets one choose from; one line, because a word alone on its own would be a marking."""
    for index in range(min(_MOST_OPTIONS, pdfium_c.FPDFAnnot_GetOptionCount(form, note))):
        yield _said(partial(pdfium_c.FPDFAnnot_GetOptionLabel, form, note, index))


def _said(ask: Callable[[object, int], int]) -> str:
    """The UTF-16 that pdfium writes into a buffer of the size that it asks for."""
    size_bytes = ask(None, 0)
    if not 2 < size_bytes <= _MOST_BYTES:
        return ""
    buffer = (pdfium_c.FPDF_WCHAR * (size_bytes // 2))()
    ask(buffer, size_bytes)
    return cleaned(ctypes.string_at(buffer, size_bytes).decode("utf-16-le", "replace"))
