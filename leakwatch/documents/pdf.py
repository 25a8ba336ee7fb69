"""PDF: the text of each page; pages without text as pictures for recognition.

Tell-tales: %PDF within the first KiB. pdfium is not thread-safe: one process reads one file.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "pdf"

_HEAD_BYTES = 1024
# A page of a phone scanner bears its line of advertising (23 characters) and no other text.
_HARDLY_ANY_CHARACTERS = 50
_DPI = 200
_MOST_PIXELS = 12_000_000
_MOST_PICTURES = 200
_LEAST_SIDE_PX = 300
_MOST_NOTE_BYTES = 1 << 20
_PROPERTIES = ("Title", "Subject", "Keywords")
_BROKEN = "请用阅读器打开核对，另存后再放入"


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """The magic may stand behind a few bytes of rubbish."""
    return b"%PDF-" in head[:_HEAD_BYTES]


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """A piece for each page with text, a picture for each without, the properties, attached files."""
    document = _opened(file)
    try:
        yield from _properties(file, document)
        is_blank = True
        for row in _pages(file, document, vault):
            is_blank = False
            yield row
        if is_blank:  # a damaged file also opens as a number of blank pages
            detail = f"PDF 的 {len(document)} 页都没有读出文字或图片，可能是空白页或已损坏；{_BROKEN}"
            yield _skipped(file, file.name, Reason.INCOMPLETE, detail)
        yield from _attachments(file, document, vault)
    finally:
        document.close()


def _opened(file: Evidence) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(file.path)
    except pdfium.PdfiumError as why:
        if why.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            detail = "PDF 有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入"
            raise Unreadable(Reason.PASSWORD, detail) from why
        if why.err_code == pdfium_c.FPDF_ERR_SECURITY:
            detail = "PDF 使用不支持的加密方式，无法检查；请解除加密后再放入"
            raise Unreadable(Reason.PASSWORD, detail) from why
        raise Unreadable(Reason.DAMAGED, f"PDF 已损坏或不完整，未能打开；{_BROKEN}") from why
    if not len(document):
        document.close()
        raise Unreadable(Reason.DAMAGED, f"PDF 里没有任何页面，可能已损坏；{_BROKEN}")
    return document


def _properties(file: Evidence, document: pdfium.PdfDocument) -> Iterator[TextPiece]:
    values = [cleaned(document.get_metadata_value(key)).strip() for key in _PROPERTIES]
    if any(values):
        text = "\n".join(filter(None, values))
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot="文档属性")


def _pages(
    file: Evidence, document: pdfium.PdfDocument, vault: Vault
) -> Iterator[TextPiece | Skipped | Evidence]:
    """The text of every page; of its pictures the first 200, each once: a background repeats."""
    taken = unread = 0
    seen: set[str] = set()
    for number in range(1, len(document) + 1):
        spot = f"第{number}页"
        try:
            page = document[number - 1]
            text = _text(page)
            if text.strip():
                yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
            if notes := _notes(page):
                yield TextPiece(text=notes, origin=Origin.DOCUMENT, evidence=file, spot=f"{spot}批注")
            for name, source in _pictures(page, text, spot):
                if taken == _MOST_PICTURES:
                    unread += 1
                    continue
                taken += 1
                picture = vault.keep_bytes(_png(source), f"{file.inner_path}!{name}.png", file)
                if picture.sha256 not in seen:
                    seen.add(picture.sha256)
                    yield picture
        except (pdfium.PdfiumError, MemoryError, ValueError):
            yield _skipped(file, spot, Reason.DAMAGED, f"PDF {spot}已损坏，未读取；{_BROKEN}")
    if unread:
        detail = f"PDF 扫描页和图片超过 {_MOST_PICTURES} 张，还有 {unread} 张未识别；请拆分后再放入"
        yield _skipped(file, file.name, Reason.TOO_BIG, detail)


def _text(page: pdfium.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        return cleaned(textpage.get_text_range())
    finally:
        textpage.close()


def _notes(page: pdfium.PdfPage) -> str:
    """What stamps, comments and form fields of the page say; it is no part of the page's own text."""
    texts: list[str] = []
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        for key in (b"Contents", b"V"):
            size_bytes = pdfium_c.FPDFAnnot_GetStringValue(note, key, None, 0)
            if 2 < size_bytes <= _MOST_NOTE_BYTES:
                buffer = (pdfium_c.FPDF_WCHAR * (size_bytes // 2))()
                pdfium_c.FPDFAnnot_GetStringValue(note, key, buffer, size_bytes)
                texts.append(cleaned(bytes(buffer).decode("utf-16-le", "replace")))
        pdfium_c.FPDFPage_CloseAnnot(note)
    return "\n".join(texts).strip()


def cleaned(text: str) -> str:
    """pdfium's line ends and its mark for a hyphen at the end of a line (U+FFFE or U+0002) made plain."""
    joined = re.sub(r"[\ufffe\x02](\r\n?|\n)?|\0", "", text)
    return re.sub(r"\r\n?", "\n", joined)


def _needs_recognition(page: pdfium.PdfPage, text: str) -> bool:
    """Hardly any text, or characters without meaning (no ToUnicode map), on a page that shows something."""
    letters = [character for character in text if not character.isspace()]
    odd = sum(1 for c in letters if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " ")
    if len(letters) >= _HARDLY_ANY_CHARACTERS and odd * 3 < len(letters):
        return False
    drawn = [pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING]
    if not letters:
        drawn.append(pdfium_c.FPDF_PAGEOBJ_PATH)  # text drawn as outlines
    if odd:
        drawn.append(pdfium_c.FPDF_PAGEOBJ_TEXT)
    return next(iter(page.get_objects(filter=drawn)), None) is not None


def _pictures(
    page: pdfium.PdfPage, text: str, spot: str
) -> list[tuple[str, pdfium.PdfPage | pdfium.PdfImage]]:
    """(name, source): the page itself, or the larger pictures on a page that has text of its own."""
    if _needs_recognition(page, text):
        return [(spot, page)]
    images = [
        image
        for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
        if min(image.get_px_size()) >= _LEAST_SIDE_PX
    ]
    if any(math.prod(image.get_px_size()) > 4 * _MOST_PIXELS for image in images):
        return [(spot, page)]
    return [(f"{spot}图{number}", image) for number, image in enumerate(images, 1)]


def _png(source: pdfium.PdfPage | pdfium.PdfImage) -> bytes:
    """A page at 200 dpi, less for large sheets (200 inches at 200 dpi is a MemoryError); a picture as it is."""
    if isinstance(source, pdfium.PdfPage):
        area = max(1.0, math.prod(source.get_size()))
        bitmap = source.render(scale=min(_DPI / 72, math.sqrt(_MOST_PIXELS / area)))
    else:
        bitmap = source.get_bitmap()
    try:
        stream = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(stream, "PNG", compress_level=1)
        return stream.getvalue()
    finally:
        bitmap.close()


def _attachments(file: Evidence, document: pdfium.PdfDocument, vault: Vault) -> Iterator[Evidence | Skipped]:
    for index in range(document.count_attachments()):
        try:
            attachment = document.get_attachment(index)
            name = attachment.get_name().replace("\\", "/").rsplit("/", 1)[-1] or f"附件{index + 1}"
            yield vault.keep_bytes(bytes(attachment.get_data()), f"{file.inner_path}!{name}", file)
        except (pdfium.PdfiumError, MemoryError, ValueError):
            detail = f"PDF 内的附件已损坏，未读取；{_BROKEN}"
            yield _skipped(file, f"附件{index + 1}", Reason.DAMAGED, detail)


def _skipped(file: Evidence, name: str, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=file, name=name, reason=reason, detail=detail)
