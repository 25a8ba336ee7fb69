"""Tar and single compressed files."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
Opened = Callable[..., list[tuple[str, bytes | Reason]]]


def tarred(members: dict[str, bytes], encoding: str = "utf-8") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def rows(file: Evidence, vault: Vault, limits: Limits | None = None) -> list[tuple[str, bytes | Reason]]:
    return [
        (row.name, row.reason) if isinstance(row, Skipped) else (row.inner_path, row.path.read_bytes())
        for row in unpack(file, vault, limits or Limits())
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_members_are_evidence_with_decoded_and_cleaned_names(encoding: str, keep: Keep, vault: Vault) -> None:
    file = keep("a.tar", tarred({"../群/记录.txt": b"a", "._x": b"junk"}, encoding))
    assert rows(file, vault) == [("a.tar!群/记录.txt", b"a")]


@pytest.mark.parametrize(
    ("name", "pack", "inner"),
    [
        ("a.tar.gz", gzip.compress, "a.tar"),
        ("a.tgz", gzip.compress, "a.tar"),
        ("a.tar.bz2", bz2.compress, "a.tar"),
        ("a.tar.xz", lzma.compress, "a.tar"),
        ("a.txz", lzma.compress, "a.tar"),
    ],
)
def test_a_compressed_tar_is_opened_twice(
    name: str, pack: Callable[[bytes], bytes], inner: str, keep: Keep, vault: Vault
) -> None:
    assert rows(keep(name, pack(tarred({"x": b"1"}))), vault) == [(f"{name}!{inner}!x", b"1")]


def test_a_single_compressed_file_is_its_content(keep: Keep, vault: Vault) -> None:
    assert rows(keep("群.txt.gz", gzip.compress(b"1")), vault) == [("群.txt.gz!群.txt", b"1")]


def test_a_cut_stream_keeps_what_came_before(keep: Keep, vault: Vault) -> None:
    noise = bytes(range(256)) * 40
    data = gzip.compress(noise, 0)
    found = rows(keep("a.gz", data[:-3000]), vault)
    assert found[0] == ("a", Reason.DAMAGED)
    assert isinstance(found[1][1], bytes)
    assert noise.startswith(found[1][1])


def test_links_are_not_followed(keep: Keep, vault: Vault) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(info)
    assert rows(keep("a.tar", stream.getvalue()), vault) == [("link", Reason.NOT_PERMITTED)]


def test_a_broken_header_is_no_silent_end(keep: Keep, vault: Vault) -> None:
    data = bytearray(tarred({"a": b"1", "b": b"2"}))
    data[1024 + 150] ^= 0xFF
    assert rows(keep("a.tar", bytes(data)), vault) == [("a.tar!a", b"1"), ("a.tar", Reason.DAMAGED)]


def test_bombs_are_stopped(keep: Keep, vault: Vault) -> None:
    assert rows(keep("a.gz", gzip.compress(bytes(30 << 20))), vault) == [("a", Reason.TOO_BIG)]
    found = rows(keep("a.tar", tarred({str(n): b"" for n in range(9)})), vault, Limits(archive_entries=3))
    assert [reason for _, reason in found] == [Reason.DAMAGED] * 3 + [Reason.TOO_BIG]


def test_xz_streams_behind_each_other_are_one_file(opened: Opened) -> None:
    data = lzma.compress(b"1" * 300_000) + bytes(8) + lzma.compress(b"2")
    assert opened("群.txt.xz", data) == [("群.txt.xz!群.txt", b"1" * 300_000 + b"2")]


@pytest.mark.parametrize("kept", [40, -1])
def test_a_cut_xz_is_a_row(kept: int, opened: Opened) -> None:
    noise = b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "big") for n in range(5000))
    assert ("a", Reason.DAMAGED) in opened("a.xz", lzma.compress(noise)[:kept])


def test_an_xz_that_wants_too_much_memory_is_a_row(keep: Keep, vault: Vault) -> None:
    data = bytearray(lzma.compress(b"1"))
    head = data[12:24]
    head[4] = 38  # a dictionary of 2 GiB
    data[12:24] = head[:8] + zlib.crc32(head[:8]).to_bytes(4, "little")
    (row,) = unpack(keep("a.xz", bytes(data)), vault, Limits())
    assert isinstance(row, Skipped)
    assert (row.reason, "内存过大" in row.detail) == (Reason.DAMAGED, True)
