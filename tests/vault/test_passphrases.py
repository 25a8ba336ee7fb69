"""A passphrase opens what it closed, however it was typed; a forged prologue costs nothing."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from leakwatch.errors import EvidenceDamaged, UsageError
from leakwatch.vault.passphrases import (
    Stretching,
    check_passphrase,
    new_passphrase,
    new_stretching,
    read_stretching,
)
from leakwatch.vault.suites import INTL, Suite

CHEAP = Stretching(passes=1, lanes=1, memory_kib=8, salt=b"s" * 16)


def parsed(tmp_path: Path, data: bytes) -> Stretching:
    (tmp_path / "包").write_bytes(data)
    with (tmp_path / "包").open("rb") as file:
        return read_stretching(file)


def test_what_stands_before_the_stream_is_read_back(tmp_path: Path) -> None:
    assert parsed(tmp_path, CHEAP.raw + b"more") == CHEAP
    assert new_stretching().salt != new_stretching().salt


@pytest.mark.parametrize("typed", ["Qingshi-2031-密", "Ｑｉｎｇｓｈｉ－２０３１－密", " Qingshi-2031-密\r\n"])
def test_the_input_method_does_not_matter(typed: str, suite: Suite) -> None:
    assert CHEAP.lock(typed, suite) == CHEAP.lock("Qingshi-2031-密", suite)


@pytest.mark.parametrize("typed", ["qingshi-2031-密", "Qingshi-2031-秘", "Qingshi2031密", ""])
def test_another_passphrase_is_another_lock(typed: str) -> None:
    assert CHEAP.lock(typed, INTL) != CHEAP.lock("Qingshi-2031-密", INTL)


def test_another_salt_is_another_lock() -> None:
    other = Stretching(passes=1, lanes=1, memory_kib=8, salt=b"S" * 16)
    assert CHEAP.lock("x", INTL).key != other.lock("x", INTL).key


@pytest.mark.parametrize(
    ("passes", "lanes", "memory_kib"),
    [
        (0, 1, 8),
        (17, 1, 8),
        (255, 1, 8),
        (1, 0, 8),
        (1, 17, 1000),
        (1, 1, 7),
        (1, 4, 31),
        (1, 1, (1 << 20) + 1),
    ],
)
def test_a_prologue_that_would_eat_the_machine_is_refused(
    tmp_path: Path, passes: int, lanes: int, memory_kib: int
) -> None:
    raw = struct.pack(">8sBBBI16s", b"LWPACKED", 1, passes, lanes, memory_kib, b"s" * 16)
    with pytest.raises(EvidenceDamaged, match="文件头被改动"):
        parsed(tmp_path, raw)


@pytest.mark.parametrize("raw", [b"", CHEAP.raw[:-1], b"PK\x03\x04" + bytes(40)])
def test_what_is_no_package_is_told(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(EvidenceDamaged, match="不是 leakwatch 的交接包"):
        parsed(tmp_path, raw)


def test_a_later_version_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(EvidenceDamaged, match="请先升级"):
        parsed(tmp_path, b"LWPACKED\x02" + CHEAP.raw[9:])


@pytest.mark.parametrize("passphrase", ["", "12345678901", "   密码密码密码密码密码密   "])
def test_a_short_passphrase_is_refused(passphrase: str) -> None:
    with pytest.raises(UsageError, match="至少 12 个字符"):
        check_passphrase(passphrase)


def test_a_made_passphrase_is_long_enough_and_never_the_same() -> None:
    made = {new_passphrase() for _ in range(50)}
    assert len(made) == 50
    assert {len(passphrase) for passphrase in made} == {29}
    check_passphrase(made.pop())


def test_the_buffer_of_a_package_needs_no_file_system() -> None:
    file = io.BytesIO(CHEAP.raw)
    assert read_stretching(file) == CHEAP
