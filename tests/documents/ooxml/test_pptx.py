"""Presentations."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from leakwatch.documents.ooxml import pptx
from leakwatch.model import Evidence, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def slide(inner: str) -> str:
    return f'<p:sld xmlns:p="urn:p" xmlns:a="urn:a">{inner}</p:sld>'


def line(text: str) -> str:
    return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"


def relations(**targets: str) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name.rstrip("0123456789")}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f"<Relationships>{inner}</Relationships>"


def pieces(parts: dict[str, str], keep: Keep, vault: Vault) -> list[tuple[str | None, str]]:
    rows = pptx.read(keep("a.pptx", package(parts)), vault)
    return [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]


def test_slides_notes_and_tables_are_read(keep: Keep, vault: Vault) -> None:
    row = f"<a:tr><a:tc><a:txBody>{line('甲')}</a:txBody></a:tc><a:tc><a:txBody>{line('乙')}</a:txBody></a:tc></a:tr>"
    parts = {
        "ppt/slides/slide10.xml": slide(line("第十")),
        "ppt/slides/slide2.xml": slide(line("标题") + row),
        "ppt/notesSlides/notesSlide1.xml": slide(line("讲稿")),
    }
    assert pieces(parts, keep, vault) == [("第2页", "标题\n甲\t乙"), ("第10页", "第十"), ("备注", "讲稿")]


def test_pages_are_numbered_as_they_are_shown_and_notes_follow_them(keep: Keep, vault: Vault) -> None:
    listed = f'<p:sldId id="9" r:id="slide2" xmlns:r="{R}"/><p:sldId id="8" r:id="slide1" xmlns:r="{R}"/>'
    notes = relations(
        notesSlide1="../NotesSlides/notesslide1.xml", comments1="../comments/modernComment_1.xml"
    )
    parts = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="urn:p">{listed}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            slide1="slides/slide1.xml", slide2="/ppt/slides/slide2.xml"
        ),
        "ppt/slides/slide1.xml": slide(line("一")),
        "ppt/slides/slide2.xml": slide(line("二")),
        "ppt/slides/slide3.xml": slide(line("不放映")),
        "ppt/slides/_rels/slide1.xml.rels": notes,
        "ppt/notesSlides/notesSlide1.xml": slide(line("讲稿")),
        "ppt/comments/modernComment_1.xml": slide(line("批语")),
    }
    assert pieces(parts, keep, vault) == [
        ("第1页", "二"),
        ("第2页", "一"),
        ("未列入的幻灯片slide3", "不放映"),
        ("第2页备注", "讲稿"),
        ("第2页批注", "批语"),
    ]


def test_masters_layouts_and_alternative_texts_are_read(keep: Keep, vault: Vault) -> None:
    picture = '<p:pic><p:nvPicPr><p:cNvPr id="1" name="x" descr="机密的照片"/></p:nvPicPr></p:pic>'
    parts = {
        "ppt/slides/slide1.xml": slide(picture + picture),
        "ppt/slideMasters/slideMaster1.xml": slide(line("内部资料")),
        "ppt/slideLayouts/slideLayout1.xml": slide(line("版")),
        "ppt/handoutMasters/handoutMaster1.xml": slide(line("讲义")),
    }
    assert pieces(parts, keep, vault) == [
        ("母版", "内部资料"),
        ("版式", "版"),
        ("母版", "讲义"),
        ("替代文字", "机密的照片"),
    ]
