"""Broken and forged archives of every kind: nothing is raised, nothing is written outside of the vault."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Skipped
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

TEXT = "青石市云岭区\n".encode() * 40
MADE = ["rar5-solid.rar", "rar5-psw.rar", "rar3-solid.rar", "locked.7z", "deflate64.zip", "ppmd.zip"]
WRITTEN = [
    ("7zip", None),
    ("zip", None),
    ("iso9660", None),
    ("gnutar", "zstd"),
    ("gnutar", "lz4"),
    ("gnutar", None),
]
PACKED = [gzip.compress(TEXT), bz2.compress(TEXT), lzma.compress(TEXT)]


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Cut, with bytes changed, or with a piece of it somewhere else."""
    out = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        place = chance.randrange(len(out))
        match chance.randrange(4):
            case 0:
                out[place] = chance.randrange(256)
            case 1:
                out[place : place + 4] = chance.choice(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"]
                )
            case 2:
                start = chance.randrange(len(out))
                out[place:place] = out[start : start + chance.randrange(1, 64)]
            case _:
                del out[place : place + chance.choice([1, 2, len(out) // 8 + 1])]
        out = out or bytearray(b"x")
    return bytes(out)


@pytest.fixture
def archives(made: Callable[[str], bytes], written: Callable[..., bytes]) -> list[bytes]:
    members = {"群/名单.txt": TEXT, "b.txt": b"b"}
    return [*map(made, MADE), *(written(kind, members, through) for kind, through in WRITTEN), *PACKED]


@pytest.mark.parametrize("seed", range(20))
def test_spoilt_archives_are_rows_or_files_in_the_vault(
    seed: int,
    archives: list[bytes],
    keep: Keep,
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")  # unar is a child of its own and slow to start
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)  # noqa: S311 - reproducible, no secret
    limits = Limits(archive_total_mib=8, archive_passwords=("a",))
    for data in archives:
        rows = list(unpack(keep("a.zip", spoilt(data, chance)), vault, limits))
        assert rows
        assert {row.path.parent for row in rows if isinstance(row, Evidence)} <= {tmp_path / "vault"}
        assert all(row.detail for row in rows if isinstance(row, Skipped))
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


@pytest.mark.parametrize(
    ("kind", "through"), [("7zip", None), ("zip", None), ("gnutar", "zstd"), ("gnutar", "lz4")]
)
def test_a_bomb_costs_no_memory(
    kind: str, through: str | None, written: Callable[..., bytes], keep: Keep, vault: Vault
) -> None:
    bomb = keep("a", written(kind, {"bomb": bytes(96 << 20)}, through))
    tracemalloc.start()
    try:
        (row,) = unpack(bomb, vault, Limits(archive_ratio=100_000, archive_total_mib=64, file_mib=64))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(row, Skipped)
    assert peak_bytes < 40 << 20  # of which 32 may be the directory of a zip
