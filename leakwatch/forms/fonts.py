"""The typefaces of official forms, named in the .docx with what to show where they are not installed.

方正小标宋 and 仿宋_GB2312 are proprietary: they are named, never shipped.
"""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_Fonts
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE = "方正小标宋简体"
LABEL = "黑体"
BODY = "仿宋_GB2312"
_LATIN = "Times New Roman"
"""For digits and letters; 仿宋_GB2312 sets them so wide that a sha256 takes three lines."""

_FONT_TABLE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:fonts>"""
_FONT = (
    '<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
    '<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
)
_FALLBACKS = (
    (TITLE, "FZXiaoBiaoSong-B05S,SimSun,宋体,Noto Serif CJK SC", "roman", "variable"),
    (LABEL, "SimHei,Noto Sans CJK SC", "swiss", "fixed"),
    (BODY, "仿宋,FangSong,SimSun,Noto Serif CJK SC", "modern", "fixed"),
)


def name_fonts(document: Document) -> None:
    """Puts the typefaces with their fallbacks into the font table and makes BODY the default."""
    fonts = "".join(
        _FONT.format(name=name, others=others, family=family, pitch=pitch)
        for name, others, family, pitch in _FALLBACKS
    )
    part = document.part
    old = next(id for id, rel in part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    part.drop_rel(old)
    table = Part(
        PackURI("/word/fontTable.xml"),
        CONTENT_TYPE.WML_FONT_TABLE,
        _FONT_TABLE.format(fonts).encode(),
        part.package,
    )
    part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(0)
    properties = normal.element.get_or_add_rPr()
    _set_font(properties.get_or_add_rFonts(), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def write(paragraph: Paragraph, text: str, font: str, size_pt: float) -> None:
    """Adds text to a paragraph in one of the typefaces."""
    _dress(paragraph.add_run(text), font, size_pt)
    # A fixed pitch, as official documents have it: fallback fonts differ by a third in height.
    paragraph.paragraph_format.line_spacing = Pt(size_pt * 1.45)


def write_page_number(paragraph: Paragraph, font: str, size_pt: float) -> None:
    """Adds — 1 —, counted by whoever shows the document."""
    write(paragraph, "— ", font, size_pt)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    number = paragraph.add_run("1")
    _dress(number, font, size_pt)
    field.append(number._r)
    write(paragraph, " —", font, size_pt)


def _dress(run: Run, font: str, size_pt: float) -> None:
    run.font.size = Pt(size_pt)
    _set_font(run._r.get_or_add_rPr().get_or_add_rFonts(), font)


def _set_font(fonts: CT_Fonts, name: str) -> None:
    for attribute in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(attribute), _LATIN)
    fonts.set(qn("w:eastAsia"), name)
    # Without the hint “” … · and ★ count as Latin and come out narrow, in another typeface.
    fonts.set(qn("w:hint"), "eastAsia")
