"""OLE2 compound files."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.compound import MAGIC, Compound, Place, written
from leakwatch.errors import Unreadable
from leakwatch.model import Reason


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "a.doc"


@pytest.mark.parametrize("size", [0, 1, 64, 4095, 4096, 70_000, 8_000_000])
def test_what_is_written_is_read_again(size: int, kept: Path) -> None:
    parts: dict[Place, bytes | None] = {("大",): b"\x01" * size, ("小", "内", "深"): b"x", ("空",): None}
    kept.write_bytes(written(parts))
    with Compound(kept) as compound:
        assert compound.stream("大") == b"\x01" * size
        assert compound.stream("小", "内", "深") == b"x"
        assert (compound.streams(), sorted(compound.storages())) == (["大"], ["小", "空"])


def test_many_streams_are_all_found_whatever_their_case(kept: Path) -> None:
    kept.write_bytes(written({(f"Stream{number}",): str(number).encode() for number in range(300)}))
    with Compound(kept) as compound:
        assert [compound.stream(f"stream{number}") for number in range(300)] == [
            str(number).encode() for number in range(300)
        ]
        assert compound.has("STREAM7")
        assert not compound.has("Stream300")


def test_a_storage_is_cut_out_as_a_file_of_its_own(kept: Path) -> None:
    kept.write_bytes(written({("A", "WordDocument"): b"x" * 5000, ("A", "B", "c"): b"y", ("d",): b"z"}))
    with Compound(kept) as compound:
        inner = compound.carved(("A",))
    kept.write_bytes(inner)
    with Compound(kept) as compound:
        assert compound.stream("WordDocument") == b"x" * 5000
        assert compound.stream("B", "c") == b"y"
        assert not compound.has("d")


def test_a_whole_file_is_not_taken_for_a_cut_one(kept: Path) -> None:
    kept.write_bytes(written({("a",): b"x" * 100_000, ("b",): b"y"}))
    with Compound(kept) as compound:
        assert not compound.is_cut


def test_a_missing_stream_is_unreadable(kept: Path) -> None:
    kept.write_bytes(written({("a",): b"x"}))
    with Compound(kept) as compound, pytest.raises(Unreadable):
        compound.stream("b")


@pytest.mark.parametrize("data", [b"", MAGIC, MAGIC + b"\0" * 600, MAGIC + b"\xff" * 5000, b"text" * 1000])
def test_a_broken_structure_is_unreadable(data: bytes, kept: Path) -> None:
    kept.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        Compound(kept)
    assert caught.value.reason == Reason.DAMAGED
