"""OFD documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from leakwatch.documents import ofd
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

HEAD = '<ofd:OFD xmlns:ofd="urn:o"><ofd:Title>青石市文件</ofd:Title></ofd:OFD>'


def package(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def page(*objects: tuple[str, str]) -> str:
    inner = "".join(
        f'<ofd:TextObject Boundary="{box}"><ofd:TextCode X="0" Y="3">{text}</ofd:TextCode></ofd:TextObject>'
        for box, text in objects
    )
    return f'<ofd:Page xmlns:ofd="urn:o"><ofd:Content><ofd:Layer>{inner}</ofd:Layer></ofd:Content></ofd:Page>'


def test_text_is_read_in_the_order_of_the_page(keep: Keep, vault: Vault) -> None:
    parts = {
        "OFD.xml": HEAD,
        "Doc_0/Pages/Page_0/Content.xml": page(
            ("20 50.0 80 5", "正文"), ("60 10.2 9 5", "★10年"), ("50 10.0 9 5", "机密")
        ),
        "Doc_0/Tpls/Tpl_0/Content.xml": page(("0 0 9 9", "内部")),
        "Doc_0/Annots/Page_0/Annotation.xml": page(("0 0 9 9", "水印")).replace(
            "<ofd:Content>", "<ofd:Remark>请勿外传</ofd:Remark><ofd:Content>"
        ),
    }
    file = keep("a.ofd", package(parts))
    found = [(row.spot, row.text) for row in ofd.read(file, vault) if isinstance(row, TextPiece)]
    assert found == [
        ("第1页", "机密★10年\n正文"),
        ("模板", "内部"),
        ("第1页注释", "请勿外传\n水印"),
        ("文档属性", "青石市文件"),
    ]


@pytest.mark.parametrize(
    "name", ["Doc_0/Tags/Tag_1.xml", "Doc_0/CustomTags.xml", "Doc_0/Res/CustomTag_0.xml"]
)
def test_the_words_of_tags_are_read_and_their_numbers_are_not(name: str, keep: Keep, vault: Vault) -> None:
    tag = '<公文 xmlns:ofd="urn:o"><密级>机密★10年</密级><ofd:ObjectRef PageRef="1">23</ofd:ObjectRef></公文>'
    parts = {"OFD.xml": HEAD, "Doc_0/Pages/Page_0/Content.xml": page(("0 0 9 9", "正文")), name: tag}
    found = list(ofd.read(keep("a.ofd", package(parts)), vault))
    assert [(row.spot, row.text) for row in found if isinstance(row, TextPiece)] == [
        ("第1页", "正文"),
        ("文档属性", "青石市文件"),
        ("自定义标引", "密级：机密★10年"),
    ]


def test_pictures_become_evidence(keep: Keep, vault: Vault) -> None:
    file = keep("a.ofd", package({"OFD.xml": HEAD, "Doc_0/Res/image_1.jpg": "jpeg"}))
    found = [row.inner_path for row in ofd.read(file, vault) if isinstance(row, Evidence)]
    assert found == ["a.ofd!Doc_0/Res/image_1.jpg"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"Doc_0/Document.xml": "<a/>"}, Reason.DAMAGED),
        ({"OFD.xml": HEAD, "Encryptions.xml": "<a/>"}, Reason.PASSWORD),
    ],
)
def test_what_cannot_be_read_is_given_up_with_a_sentence(
    parts: dict[str, str], reason: Reason, keep: Keep, vault: Vault
) -> None:
    with pytest.raises(Unreadable) as caught:
        list(ofd.read(keep("a.ofd", package(parts)), vault))
    assert caught.value.reason == reason


def test_pages_come_as_the_document_lists_them_with_its_bookmarks(keep: Keep, vault: Vault) -> None:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in (1, 0))
    document = f'<ofd:Document xmlns:ofd="urn:o"><ofd:Pages>{listed}</ofd:Pages>'
    document += '<ofd:Outlines><ofd:OutlineElem Title="机密附件"/></ofd:Outlines></ofd:Document>'
    parts = {
        "OFD.xml": HEAD,
        "Doc_0/Document.xml": document,
        "Doc_0/Pages/Page_0/Content.xml": page(("0 0 9 9", "后")),
        "Doc_0/Pages/Page_1/Content.xml": page(("0 0 9 9", "前")),
    }
    rows = ofd.read(keep("a.ofd", package(parts)), vault)
    found = [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]
    assert found[:3] == [("第1页", "前"), ("第2页", "后"), ("书签", "机密附件")]


def test_seals_are_named_and_shown_once(keep: Keep, vault: Vault) -> None:
    name = "青石市测试局印".encode()
    seal = b"\x30\x10\x0c" + bytes([len(name)]) + name + b"\x16\x03png\x04\x82\x00\x05PNG!!"
    stream = io.BytesIO(package({"OFD.xml": HEAD, "Doc_0/Attachs/a.xml": "<a>机密</a>"}))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("Doc_0/Signs/Sign_0/Seal.esl", seal)
        archive.writestr("Doc_0/Signs/Sign_0/SignedValue.dat", b"\x30" + seal)
    rows = list(ofd.read(keep("a.ofd", stream.getvalue()), vault))
    assert [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)][1:] == [
        ("印章", "青石市测试局印")
    ]
    assert [(row.name, row.path.read_bytes()) for row in rows if isinstance(row, Evidence)] == [
        ("印章.png", b"PNG!!"),
        ("a.xml", "<a>机密</a>".encode()),
    ]
