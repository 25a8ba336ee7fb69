"""Where the entries of a zip archive are found."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.unpack.zip_directory import names, overlapping, read

Placed = Callable[[bytes], Path]


@pytest.fixture
def placed(tmp_path: Path) -> Placed:
    def place(data: bytes) -> Path:
        path = tmp_path / "a"
        path.write_bytes(data)
        return path

    return place


def zipped(*members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in members:
            archive.writestr(name, name)
    return stream.getvalue()


def found(path: Path, most: int = 99) -> tuple[list[str], list[str], bool]:
    """Names in the directory, names that it leaves out, whether there is one."""
    directory = read(path, most)
    return (
        [entry.name.data.decode() for entry in directory.entries],
        [entry.name.data.decode() for entry in directory.unlisted],
        directory.is_whole,
    )


def test_the_directory_counts_where_there_is_one(placed: Placed) -> None:
    path = placed(zipped("a", "b"))
    assert (found(path), names(path)) == ((["a", "b"], [], True), ["a", "b"])


def test_without_a_directory_local_headers_count(placed: Placed) -> None:
    data = zipped("a", "b", "c")
    path = placed(data[: data.index(b"PK\x01\x02")])
    assert (found(path), found(path, 2), names(path)) == (
        (["a", "b", "c"], [], False),
        (["a", "b"], [], False),
        [],
    )


def test_gaps_are_searched(placed: Placed) -> None:
    first = zipped("a", "b")
    hidden = first[: first.index(b"PK\x01\x02")]
    assert found(placed(hidden + zipped("c"))) == (["c"], ["a", "b"], True)


def test_the_stub_of_a_program_is_no_gap(placed: Placed) -> None:
    stub = b"MZ" + bytes(100) + b"PK\x03\x04" + bytes(100)
    assert found(placed(stub + zipped("a"))) == (["a"], [], True)


def test_a_directory_that_counts_by_parts_is_not_used(placed: Placed) -> None:
    data = zipped("a", "b")
    end = data.rindex(b"PK\x05\x06")
    path = placed(b"PK\x07\x08" + data[: end + 4] + struct.pack("<HH", 2, 2) + data[end + 8 :])
    assert found(path) == (["a", "b"], [], True)


def test_entries_that_share_data_are_named(placed: Placed) -> None:
    entries = read(placed(zipped("a", "b")), 99).entries
    assert overlapping([entries[0], entries[1], entries[0]]) == {2}
