"""RTF, as Word, WPS and LibreOffice write it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.documents import reader_for
from leakwatch.documents.rtf import rtf
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

FILES = Path(__file__).parents[1] / "files"
HEAD = b"{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fcharset134 SimSun;}{\\f1\\fcharset0 Arial;}{\\f2\\fcharset136 X;}}"


def hexed(text: str, codec: str = "gbk") -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in text.encode(codec))


def pieces(data: bytes, keep: Keep, vault: Vault) -> list[tuple[str | None, str]]:
    rows = rtf.read(keep("a.rtf", data), vault)
    return [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]


def body(text: bytes, keep: Keep, vault: Vault) -> str:
    (piece,) = pieces(HEAD + text + b"}", keep, vault)
    return piece[1]


def test_a_document_of_a_real_writer_is_read_whole(keep: Keep, vault: Vault) -> None:
    found = pieces((FILES / "writer.rtf").read_bytes(), keep, vault)
    assert [piece for piece in found if piece[0] != "文档属性"] == [
        (
            "正文第1-6段",
            "第一段 正文𠮷字\n前后隐藏文字\n姓名 第二行\t电话\t备注\n王明远\t13800000000\n表后\n框：",
        ),
        ("页眉", "页眉机密★10年"),
        ("页脚", "页脚文字"),
        ("首页页眉", "首页页眉秘密"),
        ("批注", "批注内容"),
        ("修订删除", "被删除的机密"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (hexed("机密") + b"\\u9733?10" + hexed("年"), "机密★10年"),
        ("机密".encode("gbk"), "机密"),
        (b"\\u26426 \\'bb\\u23494 \\'c3!", "机\u5bc6!"),
        (b"{\\uc2\\u26426\\'bb\\'fa\\u23494\\'c3\\'dc}", "机密"),
        (b"{\\uc0\\u26426 \\u23494 x}", "机密x"),
        (b"\\u-10174 ?\\u-8265 ?", "𠮷"),
        (b"{\\f2 " + hexed("機密", "big5") + b"}", "機密"),
        (b"{\\f1\\loch\\f1\\hich\\f1\\dbch\\af0 " + hexed("机密") + b"}", "机密"),
        (b"\\'81\\'40\\'b4\\'f3", "丂大"),
        (b"a\\~b\\_c\\-d\\{e\\}\\\\", "a b-cd{e}\\"),
        (b"{\\b\\cf1 " + hexed("机") + b"}{\\i " + hexed("密") + b"}", "机密"),
        (b"\\u-3925 ?", "★"),
        (b"{\\*\\unknown hidden}shown{\\v " + hexed("藏") + b"}", "shown藏"),
        (b"{\\nonshppict{\\pict 00}}x{\\upr{ansi}{\\*\\ud{" + hexed("宽") + b"}}}", "x宽"),
        (b"{\\*\\htmltag <p>}a\\htmlrtf b\\htmlrtf0 c", "ac"),
    ],
)
def test_characters_are_decoded(raw: bytes, expected: str, keep: Keep, vault: Vault) -> None:
    assert body(raw, keep, vault) == expected


def test_a_western_document_keeps_its_own_code_page(keep: Keep, vault: Vault) -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1252 f\\'fcr alle}"
    assert pieces(data, keep, vault) == [("正文第1段", "für alle")]


def test_rows_of_a_table_are_lines_with_tabs(keep: Keep, vault: Vault) -> None:
    row = b"\\trowd\\pard\\intbl a\\par b\\cell c\\cell\\row\\pard d\\par"
    assert body(row, keep, vault) == "a b\tc\nd"


def test_rows_of_a_nested_table_are_lines_too(keep: Keep, vault: Vault) -> None:
    row = b"\\intbl a\\nestcell b\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}{\\nonesttables\\par}c\\cell\\row"
    assert body(row, keep, vault) == "a\tb\nc"


@pytest.mark.parametrize(
    ("group", "spot"),
    [
        (b"{\\header %s\\par}", "页眉"),
        (b"{\\footerf %s\\par}", "首页页脚"),
        (b"{\\footnote\\chftn %s}", "脚注"),
        (b"{\\*\\annotation %s}", "批注"),
        (b"{\\shp{\\*\\shpinst\\shpleft1\\shpz0{\\sp{\\sn x}{\\sv y}}{\\shptxt %s\\par}}}", "文本框"),
        (b"{\\*\\do\\dobxpage{\\dptxbx\\dptxbxmar0{\\dptxbxtext %s\\par}}}", "文本框"),
        (b"{\\deleted %s}", "修订删除"),
        (b"\\deleted %s\\deleted0 ", "修订删除"),
        (b"{\\info{\\title %s}}", "文档属性"),
        (b"{\\field{\\*\\fldinst INCLUDETEXT %s}{\\fldrslt }}", "域代码"),
        (b"{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv %s}}}}", "水印"),
        (b"{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv %s}}}\\pngblip }}", "替代文字"),
    ],
)
def test_what_lies_beside_the_text_has_its_own_spot(
    group: bytes, spot: str, keep: Keep, vault: Vault
) -> None:
    data = HEAD + b"a" + group % hexed("机密") + b"b}"
    found = pieces(data, keep, vault)
    assert (found[0], found[1][0], found[1][1].replace("INCLUDETEXT ", "")) == (
        ("正文第1段", "ab"),
        spot,
        "机密",
    )


def test_a_deleted_mark_is_whole_though_each_script_is_a_group(keep: Keep, vault: Vault) -> None:
    groups = b"".join(b"{\\deleted\\revdttmdel1 %s}" % hexed(part) for part in ("机密", "10", "年"))
    data = HEAD + b"a" + groups + b"b" + b"{\\deleted c}\\par{\\deleted d}}"
    assert pieces(data, keep, vault)[1:] == [("修订删除", "机密10年\nc\nd")]


def test_what_an_object_shows_is_part_of_the_text(keep: Keep, vault: Vault) -> None:
    group = b"{\\object\\objlink\\rsltrtf{\\*\\objclass X}{\\result %s}}" % hexed("机密")
    assert pieces(HEAD + b"a" + group + b"b}", keep, vault) == [("正文第1段", "a机密b")]


def test_pictures_and_packages_become_evidence(keep: Keep, vault: Vault) -> None:
    png = b"\x89PNG\r\n\x1a\n0000"
    inner = (
        b"\x02\0a.txt\0C:\\a.txt\0"
        + bytes(4)
        + struct.pack("<I", 4)
        + b"tmp\0"
        + struct.pack("<I", 3)
        + b"abc"
    )
    ole = struct.pack("<III", 0x501, 2, 8) + b"Package\0" + bytes(8) + struct.pack("<I", len(inner)) + inner
    data = HEAD + b"{\\pict\\pngblip\\picw1 " + png.hex().encode() + b"}"
    data += b"{\\pict\\jpegblip\\bin4 \xff\xd8}{}{\\object{\\*\\objdata " + ole.hex().encode() + b"}}}"
    rows = [row for row in rtf.read(keep("a.rtf", data), vault) if isinstance(row, Evidence)]
    assert [(row.name, row.path.read_bytes()) for row in rows] == [
        ("图1.png", png),
        ("图2.jpg", b"\xff\xd8}{"),
        ("a.txt", b"abc"),
    ]


def test_a_cut_file_gives_what_it_has_and_says_so(keep: Keep, vault: Vault) -> None:
    rows = list(rtf.read(keep("a.rtf", HEAD + hexed("机密") + b"{\\b x"), vault))
    assert [row.text for row in rows if isinstance(row, TextPiece)] == ["机密x"]
    assert [row.reason for row in rows if isinstance(row, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize(
    ("data", "name"), [(b"{\\rtf1 \\ansi}", "a.doc"), (b"\xef\xbb\xbf\r\n{\\rtf1 \\ansi}", "a.txt")]
)
def test_rtf_is_known_by_its_opening(data: bytes, name: str) -> None:
    reader = reader_for(data, name)
    assert reader is not None
    assert reader.NAME == "rtf"
