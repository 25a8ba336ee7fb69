"""Pictures and OLE objects inside of old documents."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from leakwatch.compound import Place, written
from leakwatch.documents.embedded import MOST_FILES, Inlays, packaged
from leakwatch.documents.ole2 import legacy
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def native(label: bytes, content: bytes, names: tuple[str, ...] = ()) -> bytes:
    head = b"\x02\0" + label + b"\0C:\\x\0" + bytes(4) + struct.pack("<I", 4) + b"tmp\0"
    data = head + struct.pack("<I", len(content)) + content
    data += b"".join(struct.pack("<I", len(name)) + name.encode("utf-16-le") for name in names)
    return struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (native("名单.txt".encode("gbk"), b"abc"), ("名单.txt", b"abc")),
        (native(b"????.txt", b"abc", ("C:\\t", "D:\\件\\名单.txt", "x")), ("名单.txt", b"abc")),
        (b"\x04\0\0\0rest of unknown kind", ("对象", b"rest of unknown kind")),
        (b"", ("对象", b"")),
    ],
)
def test_a_packaged_file_comes_out_under_its_name(data: bytes, expected: tuple[str, bytes]) -> None:
    assert packaged(data, "对象") == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({("\x01Ole10Native",): native(b"a.txt", b"abc")}, ["a.txt"]),
        ({("Package",): b"PK"}, ["此文件"]),
        ({("CONTENTS",): b"%PDF"}, ["此文件"]),
        ({("Equation Native",): b"x"}, []),
        ({("VBA", "dir"): b"x"}, []),
        ({("\x01Ole",): b"\x01\0\0\x02\x01\0\0\0"}, []),
        ({("\x01Ole",): b"\x01\0\0\x02\0\0\0\0", ("Drawing",): b"x"}, [Reason.UNSUPPORTED]),
        ({("\x01CompObj",): b"x"}, [Reason.UNSUPPORTED]),
    ],
)
def test_an_object_gives_the_file_it_holds_or_says_why_not(
    parts: dict[Place, bytes | None], expected: list[str | Reason], keep: Keep, vault: Vault
) -> None:
    rows = legacy.read(keep("oleObject1.bin", written(parts)), vault)
    assert [row.reason if isinstance(row, Skipped) else getattr(row, "name", "") for row in rows] == expected


def test_the_same_content_is_kept_once_and_too_many_leave_a_row(keep: Keep, vault: Vault) -> None:
    inlays = Inlays(keep("a.doc", b"x"), vault)
    assert len([*inlays.numbered("png", b"x"), *inlays.numbered("png", b"x")]) == 1
    for number in range(MOST_FILES + 2):
        list(inlays.numbered("png", b"%d" % number))
    (row,) = inlays.rest()
    assert (row.reason, "还有 3 个" in row.detail) == (Reason.TOO_BIG, True)
