"""PowerPoint 97 to 2007 files, built record by record as PowerPoint lays them out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest

from leakwatch.compound import Place, written
from leakwatch.documents.ole2 import legacy
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def record(kind: int, content: bytes, instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | version, kind, len(content)) + content


def box(kind: int, *inside: bytes, instance: int = 0) -> bytes:
    return record(kind, b"".join(inside), instance, 0xF)


def chars(text: str) -> bytes:
    return record(4000, text.encode("utf-16-le"))


def persist(number: int, slide_id: int) -> bytes:
    return record(1011, struct.pack("<IIIII", number, 0, 0, slide_id, 0))


def slide(*inside: bytes) -> bytes:
    return box(1006, box(0xF002, box(0xF00D, *inside)))


def deck(
    document: bytes, parts: list[bytes], before: bytes = b"", *, token: int = 0xE391C05F
) -> dict[Place, bytes | None]:
    """A file whose document is persist object 1 and whose parts follow; `before` is left by an older save."""
    stream, offsets = bytearray(before), []
    for part in (document, *parts):
        offsets.append(len(stream))
        stream += part
    directory = len(stream)
    stream += record(
        6002, struct.pack("<I", len(offsets) << 20 | 1) + struct.pack(f"<{len(offsets)}I", *offsets)
    )
    edit = len(stream)
    stream += record(4085, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 9, 0))
    user = record(4086, struct.pack("<III", 0x14, token, edit) + bytes(8))
    return {("PowerPoint Document",): bytes(stream), ("Current User",): user}


def pieces(parts: dict[Place, bytes | None], keep: Keep, vault: Vault) -> list[tuple[str | None, str]]:
    rows = legacy.read(keep("a.ppt", written(parts)), vault)
    return [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]


def test_slides_come_in_their_order_with_outline_notes_and_masters(keep: Keep, vault: Vault) -> None:
    slides = box(4080, persist(3, 256), chars("甲\r机密"), persist(2, 257))
    masters = box(4080, persist(4, 1), instance=1)
    notes = box(1008, record(1009, struct.pack("<II", 256, 0)), box(0xF00D, chars("讲稿")))
    parts = [slide(chars("乙页")), slide(record(4008, b"plain")), box(1016, chars("母版字")), notes]
    document = box(1000, masters, slides, box(4057, record(4026, "页脚".encode("utf-16-le"), 2)))
    assert pieces(deck(document, parts), keep, vault) == [
        ("第1页", "甲\n机密"),
        ("第1页", "plain"),
        ("第2页", "乙页"),
        ("页眉页脚", "页脚"),
        ("母版", "母版字"),
        ("第1页备注", "讲稿"),
    ]


def test_comments_are_told_from_the_slide(keep: Keep, vault: Vault) -> None:
    words = [
        record(4026, text.encode("utf-16-le"), place) for place, text in enumerate(("王明远", "秘密件", "王"))
    ]
    tag = record(4026, "___PPT10".encode("utf-16-le"))
    tags = box(5000, box(5002, tag, record(5003, box(12000, *words))))
    document = box(1000, box(4080, persist(2, 256)))
    found = pieces(deck(document, [slide(chars("页上"), tags)]), keep, vault)
    assert sorted(found) == sorted([("第1页批注", "秘密件"), ("第1页", "页上")])


def test_what_an_older_save_left_is_read_where_it_says_something_else(keep: Keep, vault: Vault) -> None:
    before = slide(chars("删去的机密")) + slide(chars("留下"))
    document = box(1000, box(4080, persist(2, 256)))
    assert pieces(deck(document, [slide(chars("留下"))], before), keep, vault) == [
        ("第1页", "留下"),
        ("已删除的幻灯片", "删去的机密"),
    ]


def test_without_its_directory_every_slide_is_read(keep: Keep, vault: Vault) -> None:
    parts = deck(
        box(1000, box(4080, persist(2, 256), chars("大纲字"))), [slide(chars("甲")), slide(chars("乙"))]
    )
    del parts["Current User",]
    assert sorted(pieces(parts, keep, vault)) == [("第1页", "大纲字"), ("第1页", "甲"), ("第2页", "乙")]


def test_objects_and_pictures_become_evidence(keep: Keep, vault: Vault) -> None:
    inner = written({("\x01Ole10Native",): b"x"})
    packed = struct.pack("<I", len(inner)) + zlib.compress(inner)
    parts = deck(box(1000), [record(4113, packed, 1)])
    png = b"\x89PNG\r\n\x1a\n"
    parts["Pictures",] = record(0xF01E, bytes(17) + png, 0x6E0)
    rows = [row for row in legacy.read(keep("a.ppt", written(parts)), vault) if isinstance(row, Evidence)]
    assert [(row.name, row.path.read_bytes()) for row in rows] == [("图1.png", png), ("嵌入对象1", inner)]


def test_a_locked_presentation_is_a_password_case(keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        pieces(deck(box(1000), [], token=0xF3D1C4DF), keep, vault)
    assert caught.value.reason == Reason.PASSWORD
