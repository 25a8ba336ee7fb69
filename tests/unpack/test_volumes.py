"""Parts of split archives."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import receive, unpack
from leakwatch.vault import Vault

Row = tuple[str, int | Reason]

NOISE = b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "big") for n in range(20_000))


def unpacked(folder: Path, vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    """What lies in a folder, its archives opened."""
    for item in receive([folder], vault, limits, lambda _: False):
        if isinstance(item, Skipped):
            yield item
        else:
            yield from unpack(item, vault, limits)


def rows(folder: Path, vault: Vault, limits: Limits | None = None) -> list[Row]:
    """(inner path, size) of what was read, (name, reason) of what was not."""
    return [
        (row.name, row.reason) if isinstance(row, Skipped) else (row.inner_path, row.size)
        for row in unpacked(folder, vault, limits or Limits())
    ]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "收"
    folder.mkdir()
    return folder


@pytest.fixture
def put(inbox: Path) -> Callable[[bytes, list[str]], None]:
    """Cuts an archive into as many parts as there are names."""

    def cut(data: bytes, names: list[str]) -> None:
        size = -(-len(data) // len(names))
        for number, name in enumerate(names):
            (inbox / name).write_bytes(data[number * size : (number + 1) * size])

    return cut


@pytest.fixture
def rar_volumes(made: Callable[[str], bytes], inbox: Path) -> None:
    """Every volume of two archives; 205,000 and 2,050 bytes in each."""
    with tarfile.open(fileobj=io.BytesIO(made("rar-volumes.tar.xz"))) as archive:
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None
            (inbox / member.name).write_bytes(content.read())


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def split_zip() -> bytes:
    """As Info-ZIP and WinRAR write it: a marker first, a directory that counts by the three parts."""
    data = b"PK\x07\x08" + zipped({"a.bin": NOISE, "b.txt": b"b"})
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 4] + struct.pack("<HH", 2, 2) + data[end + 8 :]


@pytest.mark.usefixtures("rar_volumes")
def test_rar_volumes_are_one_archive(inbox: Path, vault: Vault) -> None:
    assert rows(inbox, vault) == [
        ("收/rar3-old.rar!vols/bigfile.txt", 205_000),
        ("收/rar3-old.rar!vols/smallfile.txt", 2050),
        ("收/rar5-vols.part1.rar!vols/bigfile.txt", 205_000),
        ("收/rar5-vols.part1.rar!vols/smallfile.txt", 2050),
    ]


@pytest.mark.usefixtures("rar_volumes")
@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (["rar5-vols.part1.rar"], [("rar5-vols.part2.rar", Reason.INCOMPLETE), ("收/rar5-vols.part2.rar!vols/smallfile.txt", 2050)]),
        (["rar5-vols.part1.rar", "rar5-vols.part2.rar"], [("rar5-vols.part3.rar", Reason.INCOMPLETE), ("收/rar5-vols.part3.rar!vols/smallfile.txt", 2050)]),
    ],
)  # fmt: skip
def test_a_missing_rar_volume_is_told_and_the_rest_is_read(
    lost: list[str], expected: list[Row], inbox: Path, vault: Vault
) -> None:
    for path in [*inbox.glob("rar3*"), *(inbox / name for name in lost)]:
        path.unlink()
    assert rows(inbox, vault) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["a.zip.001", "a.zip.002", "a.zip.003"],
        ["A.Zip.001", "a.zip.002"],
        [f"a.zip.{n:03}" for n in range(1, 120)],
    ],
)
def test_a_file_that_was_cut_is_put_together(
    names: list[str], inbox: Path, vault: Vault, put: Callable[[bytes, list[str]], None]
) -> None:
    put(zipped({"a.bin": NOISE, "b.txt": b"b"}), names)
    assert rows(inbox, vault) == [(f"收/{names[0]}!a.bin", len(NOISE)), (f"收/{names[0]}!b.txt", 1)]


@pytest.mark.parametrize("names", [["a.z01", "a.z02", "a.zip"], ["a.Z01", "a.z02", "a.ZIP"]])
def test_a_split_zip_is_put_together(
    names: list[str], inbox: Path, vault: Vault, put: Callable[[bytes, list[str]], None]
) -> None:
    put(split_zip(), names)
    assert rows(inbox, vault) == [(f"收/{names[0]}!a.bin", len(NOISE)), (f"收/{names[0]}!b.txt", 1)]


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("a.z01", "缺少第 1 卷，内容未检查"),
        ("a.z02", "缺少第 2 卷，只读了"),
        ("a.zip", "缺少最后一卷（.zip），只读了"),
    ],
)
def test_a_missing_part_of_a_zip_is_named(
    lost: str, told: str, inbox: Path, vault: Vault, put: Callable[[bytes, list[str]], None]
) -> None:
    put(split_zip(), ["a.z01", "a.z02", "a.z03", "a.zip"])
    (inbox / lost).unlink()
    details = [row.detail for row in unpacked(inbox, vault, Limits()) if isinstance(row, Skipped)]
    assert told in details[0]


def test_parts_inside_an_archive_are_put_together(inbox: Path, vault: Vault) -> None:
    data = zipped({"a.txt": b"a"})
    (inbox / "外.zip").write_bytes(zipped({"夹/内.zip.001": data[:50], "夹/内.zip.002": data[50:]}))
    assert rows(inbox, vault) == [("收/外.zip!夹/内.zip.001!a.txt", 1)]


def test_a_second_download_of_a_part_still_belongs(inbox: Path, vault: Vault, rar_volumes: None) -> None:
    (inbox / "rar5-vols.part2.rar").rename(inbox / "rar5-vols.part2(1).rar")
    assert ("收/rar5-vols.part1.rar!vols/bigfile.txt", 205_000) in rows(inbox, vault)


@pytest.mark.parametrize("name", ["日志.2031.001", "a.001", "a.r00x", "a.part1.txt"])
def test_what_only_looks_like_a_part_is_left_as_it_is(name: str, inbox: Path, vault: Vault) -> None:
    (inbox / name).write_text("文字")
    assert rows(inbox, vault) == [(f"收/{name}", 6)]


def test_archives_of_one_name_in_two_folders_are_kept_apart(inbox: Path, vault: Vault) -> None:
    for folder in ("甲", "乙"):
        (inbox / folder).mkdir()
        (inbox / folder / "a.zip.001").write_bytes(zipped({"a.txt": folder.encode()}))
    assert sorted(rows(inbox, vault)) == [("收/乙/a.zip.001!a.txt", 3), ("收/甲/a.zip.001!a.txt", 3)]


def test_parts_that_are_too_big_together_are_not_put_together(
    inbox: Path, vault: Vault, put: Callable[[bytes, list[str]], None]
) -> None:
    put(zipped({"a.bin": bytes(1_500_000)}), ["a.zip.001", "a.zip.002"])
    assert rows(inbox, vault, Limits(file_mib=1)) == [("a.zip.001", Reason.TOO_BIG)]
