"""Word documents, and what all Office packages share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document

from leakwatch.documents import reader_for
from leakwatch.documents.ooxml import docx
from leakwatch.documents.ooxml.package import broken_limit
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PNG = b"\x89PNG\r\n\x1a\n0000"


def package(parts: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def word(body: str, **parts: str | bytes) -> bytes:
    """A package with this body; other parts by path with __ for /."""
    document = (
        f'<w:document xmlns:w="{W}" xmlns:v="urn:v" xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>'
    )
    others = {name.replace("__", "/"): data for name, data in parts.items()}
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **others})


def part(root: str, inner: str) -> str:
    return f'<w:{root} xmlns:w="{W}" xmlns:v="urn:v">{inner}</w:{root}>'


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def pieces(file: Evidence, vault: Vault) -> list[tuple[str | None, str]]:
    return [(row.spot, row.text) for row in docx.read(file, vault) if isinstance(row, TextPiece)]


def test_runs_of_a_paragraph_are_one_string(keep: Keep, vault: Vault) -> None:
    file = keep("a.docx", word(paragraph("机", " 密", "★10", "年")))
    assert pieces(file, vault) == [("正文第1段", "机 密★10年")]


def test_a_table_row_is_a_line_with_tabs_even_when_tables_are_nested(keep: Keep, vault: Vault) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('内层')}</w:tc></w:tr></w:tbl>"
    rows = f"<w:tr><w:tc>{paragraph('姓名')}</w:tc><w:tc>{paragraph('王明远')}{inner}</w:tc></w:tr>"
    file = keep("a.docx", word(f"{paragraph('表前')}<w:tbl>{rows}</w:tbl>{paragraph('表后')}"))
    assert pieces(file, vault) == [("正文第1-3段", "表前\n姓名\t王明远 内层\n表后")]


def test_long_text_is_grouped_and_counted_by_paragraphs(keep: Keep, vault: Vault) -> None:
    file = keep("a.docx", word(paragraph("甲" * 1000) + "<w:p/>" + paragraph("乙" * 1000)))
    assert pieces(file, vault) == [("正文第1-2段", "甲" * 1000), ("正文第3段", "乙" * 1000)]


@pytest.mark.parametrize(
    ("name", "root", "spot"),
    [
        ("word__header2.xml", "hdr", "页眉"),
        ("word__footer1.xml", "ftr", "页脚"),
        ("word__footnotes.xml", "footnotes", "脚注"),
        ("word__endnotes.xml", "endnotes", "尾注"),
        ("word__comments.xml", "comments", "批注"),
    ],
)
def test_margins_and_notes_are_read(name: str, root: str, spot: str, keep: Keep, vault: Vault) -> None:
    file = keep("a.docx", word(paragraph("正文"), **{name: part(root, paragraph("秘密", "★5年"))}))
    assert pieces(file, vault) == [("正文第1段", "正文"), (spot, "秘密★5年")]


def test_layers_beside_the_text_are_read_once(keep: Keep, vault: Vault) -> None:
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{paragraph('框内')}</w:txbxContent></mc:Choice>"
    )
    box += f"<mc:Fallback><w:txbxContent>{paragraph('框内')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    gone = "<w:del><w:r><w:delText>机</w:delText></w:r><w:r><w:delText>密</w:delText></w:r></w:del>"
    mark = '<w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'
    file = keep(
        "a.docx", word(f"<w:p><w:r><w:t>前</w:t></w:r>{box}{gone}{mark}<w:r><w:t>后</w:t></w:r></w:p>")
    )
    assert pieces(file, vault) == [
        ("正文第1段", "前后"),
        ("文本框", "框内"),
        ("修订删除", "机密"),
        ("水印", "内部资料"),
    ]


def test_a_wingdings_star_and_pinyin_do_not_tear_a_mark(keep: Keep, vault: Vault) -> None:
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>jī</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>机</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    star = '<w:r><w:sym w:font="Wingdings" w:char="F0AB"/></w:r>'
    file = keep("a.docx", word(f"<w:p>{ruby}<w:r><w:t>密</w:t></w:r>{star}<w:r><w:t>1年</w:t></w:r></w:p>"))
    assert pieces(file, vault) == [("正文第1段", "机密★1年")]


def test_a_document_of_a_real_writer_is_read_with_its_properties(keep: Keep, vault: Vault) -> None:
    document = Document()
    document.core_properties.title = "青石市工作方案"
    document.core_properties.comments = ""
    document.add_paragraph("第一段")
    document.sections[0].header.paragraphs[0].text = "机密"
    stream = io.BytesIO()
    document.save(stream)
    file = keep("方案.docx", stream.getvalue())
    found = pieces(file, vault)
    assert ("正文第1段", "第一段") in found
    assert ("页眉", "机密") in found
    assert ("文档属性", "青石市工作方案") in [(spot, text.split("\n")[0]) for spot, text in found]


def test_pictures_and_embedded_files_become_evidence(keep: Keep, vault: Vault) -> None:
    parts = {"word__media__image1.png": PNG, "word__embeddings__表.xlsx": b"PK", "word__vbaProject.bin": b"x"}
    file = keep("a.docx", word(paragraph("x"), **parts))
    found = [
        (row.inner_path, row.name, row.parent) for row in docx.read(file, vault) if isinstance(row, Evidence)
    ]
    assert found == [
        ("a.docx!word/media/image1.png", "image1.png", file.sha256),
        ("a.docx!word/embeddings/表.xlsx", "表.xlsx", file.sha256),
    ]


def test_a_bomb_among_the_pictures_is_a_row_and_the_rest_is_read(keep: Keep, vault: Vault) -> None:
    parts = {"word__media__image1.bmp": bytes(2 << 20), "word__media__image2.png": PNG}
    rows = list(docx.read(keep("a.docx", word(paragraph("x"), **parts)), vault))
    assert [row.name for row in rows if isinstance(row, Evidence)] == ["image2.png"]
    (row,) = (row for row in rows if isinstance(row, Skipped))
    assert (row.reason, "100 倍" in row.detail, "image1.bmp" in row.detail) == (Reason.TOO_BIG, True, True)


@pytest.mark.parametrize(
    ("sizes", "before", "expected"),
    [
        ((1 << 20, 1), (0, 0), ""),
        ((2 << 20, 1 << 19), (499, 510 << 20), ""),
        ((2 << 20, 1 << 10), (0, 0), "100 倍"),
        ((9 << 20, 9 << 30), (0, 0), "100 倍"),
        ((1, 1), (500, 0), "500 个"),
        ((2 << 20, 1 << 19), (0, 511 << 20), "512 MiB"),
    ],
)
def test_what_is_embedded_has_limits(
    sizes: tuple[int, int], before: tuple[int, int], expected: str, keep: Keep
) -> None:
    info = zipfile.ZipInfo("image1.png")
    info.file_size, info.compress_size = sizes
    file = keep("a.docx", bytes(80_000))
    found = broken_limit(info, file, *before)
    assert expected in found if expected else not found


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [(8, 99, Reason.UNSUPPORTED), (6, 1, Reason.PASSWORD), (8, 14, Reason.DAMAGED)],
)
def test_a_part_that_cannot_be_read_says_why(
    place: int, value: int, reason: Reason, keep: Keep, vault: Vault
) -> None:
    data = bytearray(word(paragraph("x"), word__media__a=PNG * 20))
    for signature, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        data[data.rindex(signature) + shift + place] = value
    found = [row.reason for row in docx.read(keep("a.docx", bytes(data)), vault) if isinstance(row, Skipped)]
    assert found == [reason]


def test_a_body_that_breaks_off_keeps_what_came_before(keep: Keep, vault: Vault) -> None:
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph("机密")}<w:p><w:r>'
    file = keep("a.docx", package({"[Content_Types].xml": "", "word/document.xml": body}))
    assert pieces(file, vault) == [("正文第1段", "机密")]
    assert [row.reason for row in docx.read(file, vault) if isinstance(row, Skipped)] == [Reason.DAMAGED]


def test_entities_are_not_resolved(keep: Keep, vault: Vault) -> None:
    bomb = (
        '<!DOCTYPE d [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    body = f'{bomb}<w:document xmlns:w="{W}"><w:body>{paragraph("甲&b;&f;乙")}</w:body></w:document>'
    file = keep("a.docx", package({"[Content_Types].xml": "", "word/document.xml": body}))
    assert "哈" not in "".join(text for _, text in pieces(file, vault))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 nothing", Reason.DAMAGED),
        (word(paragraph("x"))[:100], Reason.DAMAGED),
        (package({"[Content_Types].xml": "<Types/>"}), Reason.DAMAGED),
    ],
)
def test_a_broken_document_is_given_up_with_a_sentence(
    data: bytes, reason: Reason, keep: Keep, vault: Vault
) -> None:
    with pytest.raises(Unreadable) as caught:
        list(docx.read(keep("a.docx", data), vault))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (word(paragraph("x")), "没有扩展名", "docx"),
        (package({"[Content_Types].xml": "", "ppt/slides/slide1.xml": ""}), "x", "pptx"),
        (package({"OFD.xml": ""}), "x", "ofd"),
        (b"PK\x03\x04 cut off", "x.docx", "docx"),
        (package({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "x.docx", "xlsx"),
        (b"%PDF-1.7", "x.docx", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0\xff\xfe\xfd", "x.png", None),
    ],
)
def test_the_content_decides_who_reads(data: bytes, name: str, expected: str | None) -> None:
    reader = reader_for(data, name)
    assert (reader.NAME if reader else None) == expected


def test_what_a_field_a_description_and_a_custom_part_say_is_kept(keep: Keep, vault: Vault) -> None:
    drawing = '<w:r><w:drawing><wp:docPr xmlns:wp="urn:wp" descr="机密的照片" title=""/></w:drawing></w:r>'
    shape = '<w:r><w:pict><v:shape alt="机密的照片"/></w:pict></w:r>'
    code = "<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:instrText>FILENAME 名单</w:instrText></w:r>"
    data = word(
        f"<w:p>{drawing}{shape}{code}</w:p>",
        **{"customXml__item2.xml": "<a><b>王明远</b><c>2031</c><b>王明远</b></a>"},
    )
    assert pieces(keep("a.docx", data), vault) == [
        ("替代文字", "机密的照片"),
        ("域代码", "FILENAME 名单"),
        ("自定义数据", "王明远"),
    ]


def test_parts_under_other_names_are_read_and_formatting_is_not(keep: Keep, vault: Vault) -> None:
    parts = {
        "word__headerFirst.xml": part("hdr", paragraph("机密")),
        "word__styles.xml": part("styles", paragraph("样式")),
        "word__commentsExtended.xml": part("x", paragraph("样式")),
    }
    assert pieces(keep("a.docx", word(paragraph("正文"), **parts)), vault) == [
        ("正文第1段", "正文"),
        ("其他部分", "机密"),
    ]


def test_moved_text_is_deleted_where_it_was_and_stands_where_it_is(keep: Keep, vault: Vault) -> None:
    moved = "<w:p><w:moveFrom><w:r><w:t>机密</w:t></w:r></w:moveFrom></w:p>"
    moved += "<w:p><w:moveTo><w:r><w:t>机密</w:t></w:r></w:moveTo></w:p>"
    assert pieces(keep("a.docx", word(moved)), vault) == [("正文第2段", "机密"), ("修订删除", "机密")]


def test_custom_properties_come_with_their_names(keep: Keep, vault: Vault) -> None:
    custom = '<Properties><property name="密级"><lpwstr>秘密</lpwstr></property></Properties>'
    file = keep("a.docx", word(paragraph("x"), **{"docProps__custom.xml": custom}))
    assert pieces(file, vault)[1:] == [("文档属性", "密级：秘密")]


def test_an_alternative_chunk_becomes_evidence(keep: Keep, vault: Vault) -> None:
    data = word('<w:altChunk r:id="x" xmlns:r="urn:r"/>', **{"word__afchunk1.mht": b"MIME"})
    assert [row.name for row in docx.read(keep("a.docx", data), vault) if isinstance(row, Evidence)] == [
        "afchunk1.mht"
    ]


def test_a_part_with_an_unknown_prefix_breaks_nothing(keep: Keep, vault: Vault) -> None:
    box = '<x:y alt="机密的照片"><x:z/></x:y><w:r><w:t>正文</w:t></w:r>'
    assert pieces(keep("a.docx", word(f"<w:p>{box}</w:p>")), vault) == [
        ("正文第1段", "正文"),
        ("替代文字", "机密的照片"),
    ]


def test_the_words_of_smart_art_lie_in_paragraphs_within_its_text(keep: Keep, vault: Vault) -> None:
    point = "<d:pt><d:t><a:p><a:r><a:t>内部</a:t></a:r><a:r><a:t>机构</a:t></a:r></a:p></d:t></d:pt>"
    data = f'<d:dataModel xmlns:d="urn:d" xmlns:a="urn:a"><d:ptLst>{point * 2}</d:ptLst></d:dataModel>'
    file = keep("a.docx", word(paragraph("正文"), **{"word__diagrams__data1.xml": data}))
    assert pieces(file, vault) == [("正文第1段", "正文"), ("图示", "内部机构\n内部机构")]


def test_what_a_form_offers_is_one_line_of_its_own(keep: Keep, vault: Vault) -> None:
    items = (
        '<w:listItem w:displayText="秘密" w:value="1"/><w:listItem w:displayText="机密★10年" w:value="2"/>'
    )
    control = f"<w:sdtPr><w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
    block = f"<w:sdt>{control}<w:sdtContent>{paragraph('块')}</w:sdtContent></w:sdt>"
    inline = f"<w:p><w:sdt>{control}<w:sdtContent><w:r><w:t>行</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    field = (
        '<w:p><w:r><w:fldChar><w:ffData><w:helpText w:val="不得外传"/><w:ddList><w:listEntry w:val="内部"/>'
        '<w:listEntry w:val="1"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>'
    )
    file = keep("a.docx", word(block + inline + field))
    assert pieces(file, vault) == [("正文第1-3段", "块\n行"), ("表单选项", "秘密、机密★10年、不得外传、内部")]
