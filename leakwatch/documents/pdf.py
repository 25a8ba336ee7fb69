"""PDF: the text of each page; pages without text as pictures for recognition.

Tell-tales: %PDF within the first KiB. pdfium is not thread-safe: one process reads one file.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from leakwatch.documents.pdf_notes import cleaned, drawn, files, notes
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
_MOST_BOOKMARKS = 10_000
_MOST_FORM_BYTES = 64 << 20
_PROPERTIES = ("Title", "Subject", "Author", "Keywords")
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
        yield from _form_data(file, document, vault)
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
    document.init_forms()
    if not len(document):
        document.close()
        raise Unreadable(Reason.DAMAGED, f"PDF 里没有任何页面，可能已损坏；{_BROKEN}")
    return document


def _properties(file: Evidence, document: pdfium.PdfDocument) -> Iterator[TextPiece]:
    """Title and so on, and the titles of the bookmarks."""
    values = [cleaned(document.get_metadata_value(key)).strip() for key in _PROPERTIES]
    titles = [
        cleaned(bookmark.get_title()).strip() for bookmark in islice(document.get_toc(), _MOST_BOOKMARKS)
    ]
    for texts, spot in ((values, "文档属性"), (titles, "书签")):
        if text := "\n".join(filter(None, texts)):
            yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)


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
            text, beside = _text(page), notes(page)
            yield from _pinned(file, page, vault)
            if drawn(page):
                page.close()
                page = document[number - 1]
                beside = _with_new_lines(beside, _text(page), text)
            for said, where in ((text, spot), (beside, f"{spot}批注")):
                if said.strip():
                    yield TextPiece(text=said, origin=Origin.DOCUMENT, evidence=file, spot=where)
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


def _with_new_lines(beside: str, whole: str, text: str) -> str:
    """The notes, and the lines that only annotations show: the text of a stamp need not be its comment."""
    known = set((text + "\n" + beside).split("\n"))
    new = [line for line in whole.split("\n") if line.strip() and line not in known and line not in beside]
    return "\n".join(filter(None, [beside, *new]))


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
        yield _attached(file, partial(document.get_attachment, index), vault)


def _pinned(file: Evidence, page: pdfium.PdfPage, vault: Vault) -> Iterator[Evidence | Skipped]:
    for attachment in files(page):
        yield _attached(file, partial(pdfium.PdfAttachment, attachment, page.pdf), vault)


def _attached(file: Evidence, find: Callable[[], pdfium.PdfAttachment], vault: Vault) -> Evidence | Skipped:
    try:
        attachment = find()
        name = attachment.get_name().replace("\\", "/").rsplit("/", 1)[-1] or "附件"
        return vault.keep_bytes(bytes(attachment.get_data()), f"{file.inner_path}!{name}", file)
    except (pdfium.PdfiumError, MemoryError, ValueError):
        return _skipped(file, "附件", Reason.DAMAGED, f"PDF 内的附件已损坏，未读取；{_BROKEN}")


def _form_data(file: Evidence, document: pdfium.PdfDocument, vault: Vault) -> Iterator[Evidence]:
    """The XML of a form that only Adobe Reader draws: its pages say `Please wait`."""
    for index in range(max(0, pdfium_c.FPDF_GetXFAPacketCount(document))):
        size = ctypes.c_ulong()
        pdfium_c.FPDF_GetXFAPacketContent(document, index, None, 0, size)
        if 0 < size.value <= _MOST_FORM_BYTES:
            buffer = (ctypes.c_char * size.value)()
            pdfium_c.FPDF_GetXFAPacketContent(document, index, buffer, size.value, size)
            yield vault.keep_bytes(buffer.raw, f"{file.inner_path}!表单数据{index + 1}.xml", file)


def _skipped(file: Evidence, name: str, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=file, name=name, reason=reason, detail=detail)
