"""Programs with an archive behind them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason
from leakwatch.unpack import unpack
from leakwatch.unpack.self_extracting import opener
from leakwatch.vault import Vault

NUMBERS = b"".join(b"%03d\n" % number for number in range(512))
STUB = bytes(3000) + b"Rar!\x1a\x07\x00 7z\xbc\xaf\x27\x1c Rar!\x1a\x07\x01\x00" + bytes(3000)


@pytest.mark.parametrize("program", [b"MZ", b"\x7fELF"])
@pytest.mark.parametrize("name", ["rar5-solid.rar", "rar3-solid.rar"])
def test_the_archive_behind_a_program_is_opened(
    program: bytes,
    name: str,
    opened: Callable[..., list[tuple[str, bytes | Reason]]],
    made: Callable[[str], bytes],
) -> None:
    found = opened("照片.exe", program + STUB + made(name))
    assert found[0] == ("照片.exe!自解压内容!stest1.txt", NUMBERS)


def test_a_7z_behind_a_program_is_opened(
    opened: Callable[..., list[tuple[str, bytes | Reason]]], written: Callable[..., bytes]
) -> None:
    found = opened("照片.exe", b"MZ" + STUB + written("7zip", {"a.txt": b"a"}))
    assert found == [("照片.exe!自解压内容!a.txt", b"a")]


@pytest.mark.parametrize(
    "tail", [b"", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00\x00\x00\x73", b"Rar!\x1a\x07\x01\x00\x00"]
)
def test_a_program_alone_is_left_as_it_is(
    tail: bytes, keep: Callable[[str, bytes], Evidence], vault: Vault
) -> None:
    file = keep("a.exe", b"MZ" + STUB + tail)
    assert opener(file.path) is None
    assert list(unpack(file, vault, Limits())) == [file]


@pytest.mark.parametrize("format_", ["zip", "7zip"])
def test_an_archive_behind_a_picture_is_opened_and_the_picture_kept(
    format_: str,
    keep: Callable[[str, bytes], Evidence],
    written: Callable[..., bytes],
    vault: Vault,
) -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(4 << 20) + STUB
    file = keep("照片.jpg", picture + written(format_, {"名单.txt": b"a"}))
    found = [row for row in unpack(file, vault, Limits()) if isinstance(row, Evidence)]
    assert found[0] == file
    assert [row.path.read_bytes() for row in found[1:]] == [b"a"]
