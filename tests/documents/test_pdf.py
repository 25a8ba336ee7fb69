"""PDF, with files written by hand."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from PIL import Image

from leakwatch.documents import pdf
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

LONG = b"This line is long enough to count as the text of a whole page here"


def written(
    contents: list[bytes],
    size: tuple[int, int] = (300, 400),
    more: bytes = b"",
    catalog: bytes = b"",
    extra: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF with one page for each content stream, a font F1 and an image I1; `extra` objects from 8 on (one page)."""
    pixels = zlib.compress(bytes(range(256)) * 4)
    kids = b" ".join(b"%d 0 R" % (5 + 2 * place) for place in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(contents),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/XObject/Subtype/Image/Width 32/Height 32/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n" % len(pixels) + pixels + b"\nendstream",
    ]
    for place, content in enumerate(contents):
        objects.append(
            b"<<"
            + more
            + b"/Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R" % (*size, 6 + 2 * place)
            + b"/Resources<</Font<</F1 3 0 R>>/XObject<</I1 4 0 R>>>>>>"
        )
        objects.append(b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream")
    objects.append(b"<</Title(Plan)>>")
    info = len(objects)
    objects += extra
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + item + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Root 1 0 R/Size %d/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        info,
        start,
    )
    return bytes(out)


def shown(text: bytes) -> bytes:
    return b"BT /F1 8 Tf 10 200 Td (" + text + b") Tj ET"


PICTURE = b"q 200 0 0 200 10 10 cm /I1 Do Q "


def rows(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = []
    for row in pdf.read(file, vault):
        if isinstance(row, TextPiece):
            found.append((row.spot, row.text))
        else:
            found.append((None, row.inner_path if isinstance(row, Evidence) else row.reason))
    return found


def test_text_is_read_by_page_and_the_title_too(keep: Keep, vault: Vault) -> None:
    file = keep("a.pdf", written([shown(LONG), shown(b"Second")]))
    assert rows(file, vault) == [("文档属性", "Plan"), ("第1页", LONG.decode()), ("第2页", "Second")]


def test_a_scanned_page_is_rendered_for_recognition(keep: Keep, vault: Vault) -> None:
    file = keep("扫描件.pdf", written([shown(LONG), PICTURE, PICTURE + shown(b"Scanned")]))
    assert rows(file, vault)[2:] == [
        (None, "扫描件.pdf!第2页.png"),
        ("第3页", "Scanned"),
        (None, "扫描件.pdf!第3页.png"),
    ]
    (page,) = [row for row in pdf.read(file, vault) if isinstance(row, Evidence) and "第2页" in row.name]
    with Image.open(page.path) as picture:
        assert (page.parent, picture.size) == (file.sha256, (834, 1112))


def test_stamps_and_form_fields_are_read(keep: Keep, vault: Vault) -> None:
    contents = "机密★10年".encode("utf-16-be").hex().encode()
    notes = b"/Annots[<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents<FEFF" + contents + b">>>]"
    data = written([shown(LONG)], more=notes)
    assert rows(keep("a.pdf", data), vault)[1:] == [("第1页", LONG.decode()), ("第1页批注", "机密★10年")]


def test_rich_text_counts_where_nothing_is_written_plainly(keep: Keep, vault: Vault) -> None:
    note = b"<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]%s/RC(<body><p>Top &amp; Secret</p></body>)>>"
    data = written([shown(LONG)], more=b"/Annots[" + note % b"" + note % b"/Contents(Plain)" + b"]")
    assert rows(keep("a.pdf", data), vault)[2:] == [("第1页批注", "Top & Secret\nPlain")]


def test_what_a_field_offers_is_one_line(keep: Keep, vault: Vault) -> None:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(f)/Opt[(Public)(Secret)]/V(Public)/Rect[0 0 9 9]>>"
    )
    data = written(
        [shown(LONG)], more=b"/Annots[8 0 R]", catalog=b"/AcroForm<</Fields[8 0 R]>>", extra=(field,)
    )
    assert ("第1页批注", "Public\nPublic、Secret") in rows(keep("a.pdf", data), vault)


def test_an_empty_page_is_not_rendered_but_a_file_of_them_is_not_silent(keep: Keep, vault: Vault) -> None:
    assert rows(keep("a.pdf", written([b"", shown(LONG)])), vault)[1:] == [("第2页", LONG.decode())]
    assert rows(keep("b.pdf", written([b""])), vault)[1:] == [(None, Reason.INCOMPLETE)]


def test_a_sheet_of_200_inches_is_rendered_within_the_limit(keep: Keep, vault: Vault) -> None:
    file = keep("a.pdf", written([PICTURE], size=(14400, 14400)))
    (page,) = [row for row in pdf.read(file, vault) if isinstance(row, Evidence)]
    with Image.open(page.path) as picture:
        assert picture.width * picture.height <= 12_100_000


def test_more_than_200_scanned_pages_leave_one_row(keep: Keep, vault: Vault) -> None:
    file = keep("a.pdf", written([PICTURE] * 203, size=(20, 20)))
    (skipped,) = [row for row in pdf.read(file, vault) if isinstance(row, Skipped)]
    assert (skipped.reason, "还有 3 张" in skipped.detail) == (Reason.TOO_BIG, True)


def test_a_broken_page_does_not_stop_the_others(keep: Keep, vault: Vault) -> None:
    data = written([shown(b"One"), shown(b"Two")]).replace(b"5 0 obj<</Type/Page/", b"5 0 obj<</Type/Xage/")
    data = data.replace(b"5 0 R 7 0 R", b"99 0 R 7 0 R")
    found = rows(keep("a.pdf", data), vault)
    assert ("第2页", "Two") in found
    assert (None, Reason.DAMAGED) in found


@pytest.mark.parametrize("data", [b"%PDF-1.4\nrubbish", b"%PDF-1.7"])
def test_a_damaged_file_is_given_up_with_a_sentence(data: bytes, keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        list(pdf.read(keep("a.pdf", data), vault))
    assert caught.value.reason == Reason.DAMAGED


def test_a_locked_file_is_a_password_case(keep: Keep, vault: Vault) -> None:
    lock = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>/ID[<00><00>]"
    )
    data = written([shown(LONG)]).replace(b"trailer<<", b"trailer<<" + lock)
    with pytest.raises(Unreadable) as caught:
        list(pdf.read(keep("a.pdf", data), vault))
    assert caught.value.reason == Reason.PASSWORD


def test_attached_files_become_evidence(keep: Keep, vault: Vault) -> None:
    document = pdfium.PdfDocument(written([shown(LONG)]))
    document.new_attachment("附表.txt").set_data("机密".encode())
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    found = [
        row.inner_path
        for row in pdf.read(keep("a.pdf", stream.getvalue()), vault)
        if isinstance(row, Evidence)
    ]
    assert found == ["a.pdf!附表.txt"]


def test_a_stamp_says_what_it_shows_and_what_its_comment_says(keep: Keep, vault: Vault) -> None:
    look = shown(b"Top Secret Stamp").replace(b"200 Td", b"10 Td")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 90 20]/Resources<</Font<</F1 3 0 R>>>>/Length %d>>stream\n"
    stamp = b"<</Type/Annot/Subtype/Stamp/Rect[10 10 100 30]/F 4/Contents(Comment)/AP<</N 8 0 R>>>>"
    extra = (form % len(look) + look + b"\nendstream", stamp)
    file = keep("a.pdf", written([shown(LONG)], more=b"/Annots[9 0 R]", extra=extra))
    assert rows(file, vault)[1:] == [("第1页", LONG.decode()), ("第1页批注", "Comment\nTop Secret Stamp")]


def test_bookmarks_are_read(keep: Keep, vault: Vault) -> None:
    title = "机密附件".encode("utf-16-be").hex().encode()
    extra = (b"<</First 9 0 R/Last 9 0 R>>", b"<</Parent 8 0 R/Title<FEFF" + title + b">>>")
    data = written([shown(LONG)], catalog=b"/Outlines 8 0 R", extra=extra)
    assert ("书签", "机密附件") in rows(keep("a.pdf", data), vault)


def test_a_file_pinned_to_a_page_becomes_evidence(keep: Keep, vault: Vault) -> None:
    note = b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 8 0 R>>]"
    extra = (b"<</Type/Filespec/F(a.txt)/UF(a.txt)/EF<</F 9 0 R>>>>", b"<</Length 3>>stream\nabc\nendstream")
    file = keep("a.pdf", written([shown(LONG)], more=note, extra=extra))
    assert (None, "a.pdf!a.txt") in rows(file, vault)


def test_the_data_of_a_form_that_only_adobe_draws_becomes_evidence(keep: Keep, vault: Vault) -> None:
    extra = (b"<</Fields[]/XFA[(datasets)9 0 R]>>", b"<</Length 15>>stream\n<d>Secret 1</d>\nendstream")
    file = keep("a.pdf", written([shown(LONG)], catalog=b"/AcroForm 8 0 R", extra=extra))
    assert (None, "a.pdf!表单数据1.xml") in rows(file, vault)
