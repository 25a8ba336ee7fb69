"""A sealed stream gives back what was sealed, or says that it is not what was sealed."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.errors import EvidenceDamaged
from leakwatch.model import Sealed
from leakwatch.vault.streams import CHUNK_BYTES, Lock, Plain, Sealer, read_header, unseal
from leakwatch.vault.suites import INTL, SM, TAG_BYTES, Suite
from tests.conftest import NOON

HEADER_BYTES = 106
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lock(suite: Suite = INTL, key_id: str = "ab" * 16) -> Lock:
    return Lock(suite=suite, key=b"k" * suite.key_bytes, key_id=key_id)


def sealed(path: Path, data: bytes, own: Lock) -> Sealed:
    with path.open("w+b") as file:
        sealer = Sealer(file, own)
        sealer.write(data)
        return sealer.finish(NOON)


def opened(path: Path, own: Lock) -> bytes:
    with path.open("rb") as file:
        return b"".join(unseal(file, read_header(file), own))


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7]
)
def test_what_was_sealed_comes_back(tmp_path: Path, suite: Suite, size: int) -> None:
    data = bytes(range(251)) * (size // 251 + 1)
    data = data[:size]
    value = sealed(tmp_path / "a", data, lock(suite))

    assert opened(tmp_path / "a", lock(suite)) == data
    assert (value.sha256, value.size) == (hashlib.sha256(data).hexdigest(), size)
    assert (value.suite, value.key_id, value.stored_at) == (suite.name, "ab" * 16, NOON)
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert (tmp_path / "a").stat().st_size == HEADER_BYTES + suite.wrapped_bytes + size + chunks * TAG_BYTES


@QUICK
@given(pieces=st.lists(st.binary(max_size=40), max_size=12))
def test_how_it_was_written_does_not_matter(tmp_path: Path, pieces: list[bytes]) -> None:
    with (tmp_path / "a").open("w+b") as file:
        sealer = Sealer(file, lock())
        assert [sealer.write(piece) for piece in pieces] == [len(piece) for piece in pieces]
        sealer.finish(NOON)

    with (tmp_path / "a").open("rb") as file:
        header = read_header(file)
        assert io.BufferedReader(Plain(unseal(file, header, lock()), file), 7).read() == b"".join(pieces)


def test_the_same_bytes_are_never_sealed_alike(tmp_path: Path) -> None:
    sealed(tmp_path / "a", b"secret", lock())
    sealed(tmp_path / "b", b"secret", lock())

    assert (tmp_path / "a").read_bytes()[HEADER_BYTES:] != (tmp_path / "b").read_bytes()[HEADER_BYTES:]


@QUICK
@given(position=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_no_flipped_byte_goes_unseen(tmp_path: Path, position: float, flip: int) -> None:
    path = tmp_path / "a"
    sealed(path, b"x" * 3000, lock())
    data = bytearray(path.read_bytes())
    data[int(position * len(data))] ^= flip
    path.write_bytes(data)

    with pytest.raises(EvidenceDamaged):
        opened(path, lock())


@pytest.mark.parametrize("flip", [1, 3])
def test_no_flipped_byte_of_the_header_goes_unseen(tmp_path: Path, suite: Suite, flip: int) -> None:
    path = tmp_path / "a"
    sealed(path, b"x", lock(suite))
    data = path.read_bytes()
    for place in range(HEADER_BYTES + suite.wrapped_bytes):
        path.write_bytes(data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :])
        with pytest.raises(EvidenceDamaged):
            opened(path, lock(suite))


def test_no_cut_goes_unseen(tmp_path: Path, suite: Suite) -> None:
    path = tmp_path / "a"
    sealed(path, b"x" * 99, lock(suite))
    data = path.read_bytes()
    for kept in range(len(data)):
        path.write_bytes(data[:kept])
        with pytest.raises(EvidenceDamaged):
            opened(path, lock(suite))


@QUICK
@given(data=st.binary(max_size=400))
def test_whatever_else_lies_there_is_no_sealed_stream(tmp_path: Path, data: bytes) -> None:
    for content in (data, b"LWSEALED\x01\x01" + data, b"LWSEALED\x01\x02" + data):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(EvidenceDamaged):
            opened(tmp_path / "a", lock())


def chunks_of(path: Path) -> tuple[bytes, list[bytes]]:
    data = path.read_bytes()
    start, step = HEADER_BYTES + INTL.wrapped_bytes, CHUNK_BYTES + TAG_BYTES
    return data[:start], [data[at : at + step] for at in range(start, len(data), step)]


@pytest.mark.parametrize(
    "order",
    [[0, 1], [1, 0, 2], [0, 2], [0, 2, 1], [0, 0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 1], []],
    ids=str,
)
def test_no_chunk_can_be_cut_moved_repeated_or_left_out(tmp_path: Path, order: list[int]) -> None:
    path = tmp_path / "a"
    sealed(path, b"x" * (3 * CHUNK_BYTES), lock())
    head, chunks = chunks_of(path)
    path.write_bytes(head + b"".join(chunks[number] for number in order))

    with pytest.raises(EvidenceDamaged):
        opened(path, lock())


def test_a_cut_between_chunks_is_known_before_the_last_one_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a"
    sealed(path, b"x" * (3 * CHUNK_BYTES), lock())
    head, chunks = chunks_of(path)
    path.write_bytes(head + chunks[0] + chunks[1])

    with pytest.raises(EvidenceDamaged, match=f"从第 {CHUNK_BYTES} 字节起的一段"):
        opened(path, lock())


def test_check_values_that_are_not_those_of_the_bytes_are_told(tmp_path: Path, suite: Suite) -> None:
    path, own = tmp_path / "a", lock(suite)
    sealed(path, b"abc", own)
    data = path.read_bytes()
    raw, wrapped = data[:HEADER_BYTES], data[HEADER_BYTES : HEADER_BYTES + suite.wrapped_bytes]
    other = raw[:26] + hashlib.sha256(b"abd").digest() + raw[58:]
    key = suite.unwrap(own.key, wrapped, raw)
    path.write_bytes(other + suite.wrap(own.key, key, other) + data[HEADER_BYTES + suite.wrapped_bytes :])

    with pytest.raises(EvidenceDamaged, match="校验值与封存时不符"):
        opened(path, own)


def test_no_chunk_can_come_from_another_stream(tmp_path: Path) -> None:
    for name in "ab":
        sealed(tmp_path / name, b"x" * (2 * CHUNK_BYTES), lock())
    head, chunks = chunks_of(tmp_path / "a")
    _, others = chunks_of(tmp_path / "b")
    (tmp_path / "a").write_bytes(head + others[0] + chunks[1])

    with pytest.raises(EvidenceDamaged, match="从第 0 字节起的一段"):
        opened(tmp_path / "a", lock())


def test_bytes_before_the_damage_are_given_and_none_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    sealed(path, b"x" * (2 * CHUNK_BYTES), lock())
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with path.open("rb") as file:
        chunks = unseal(file, read_header(file), lock())
        assert next(chunks) == b"x" * CHUNK_BYTES
        with pytest.raises(EvidenceDamaged, match=f"从第 {CHUNK_BYTES} 字节起的一段"):
            next(chunks)


def test_another_key_opens_nothing(tmp_path: Path, suite: Suite) -> None:
    sealed(tmp_path / "a", b"x", lock(suite))

    with pytest.raises(EvidenceDamaged, match="或密钥不对"):
        opened(tmp_path / "a", replace(lock(suite), key=b"K" * suite.key_bytes))


def test_a_stream_of_a_later_version_asks_for_it(tmp_path: Path) -> None:
    sealed(tmp_path / "a", b"x", lock(SM))
    data = bytearray((tmp_path / "a").read_bytes())
    data[8] = 2
    (tmp_path / "a").write_bytes(data)

    with pytest.raises(EvidenceDamaged, match="请先升级"):
        opened(tmp_path / "a", lock(SM))
