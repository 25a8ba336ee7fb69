"""Data keys open under their master key, and not at all once they are dropped."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from leakwatch.errors import EvidenceDamaged, KeyRefused, LeakwatchError
from leakwatch.vault.keyring import KEY_FILE, Keyring
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.suites import INTL, Suite

OTHER = MasterKey(b"\xff" * 32)


@pytest.fixture
def ring(tmp_path: Path, master: MasterKey) -> Keyring:
    return Keyring(tmp_path, master)


def test_a_data_key_is_found_again(ring: Keyring, suite: Suite) -> None:
    lock = ring.new(suite)

    assert ring.lock(lock.key_id) == lock
    assert list(ring.ids()) == [lock.key_id]
    assert (ring.has(lock.key_id), ring.has("0" * 32)) == (True, False)
    key_file = ring.place(lock.key_id) / KEY_FILE
    assert (key_file.stat().st_mode & 0o777, key_file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert lock.key not in key_file.read_bytes()


def test_two_data_keys_differ(ring: Keyring) -> None:
    one, two = ring.new(INTL), ring.new(INTL)
    assert (one.key == two.key, one.key_id == two.key_id) == (False, False)


def test_another_master_key_is_refused_by_its_check_value(
    ring: Keyring, tmp_path: Path, suite: Suite
) -> None:
    lock = ring.new(suite)

    with pytest.raises(KeyRefused, match=f"用主密钥 {ring.master.id} 封存，现在给的是 {OTHER.id}"):
        Keyring(tmp_path, OTHER).lock(lock.key_id)


def test_no_changed_byte_of_a_key_file_goes_unseen(ring: Keyring, suite: Suite) -> None:
    lock = ring.new(suite)
    path = ring.place(lock.key_id) / KEY_FILE
    data = path.read_bytes()
    for position, flip in product(range(len(data)), (1, 3)):
        path.write_bytes(data[:position] + bytes([data[position] ^ flip]) + data[position + 1 :])
        with pytest.raises((EvidenceDamaged, KeyRefused)):
            ring.lock(lock.key_id)
    for changed in (data[:-1], data + b"\0", b"", data[:8]):
        path.write_bytes(changed)
        with pytest.raises(EvidenceDamaged):
            ring.lock(lock.key_id)


def test_a_key_file_of_another_batch_is_no_key_of_this_one(ring: Keyring) -> None:
    one, two = ring.new(INTL), ring.new(INTL)
    (ring.place(one.key_id) / KEY_FILE).write_bytes((ring.place(two.key_id) / KEY_FILE).read_bytes())

    with pytest.raises(EvidenceDamaged):
        ring.lock(one.key_id)


def test_a_dropped_key_is_gone_from_its_file_too(ring: Keyring, tmp_path: Path) -> None:
    lock = ring.new(INTL)
    path = ring.place(lock.key_id) / KEY_FILE
    (tmp_path / "other name").hardlink_to(path)
    size = path.stat().st_size
    ring.drop(lock.key_id)
    ring.drop(lock.key_id)

    assert (path.exists(), (tmp_path / "other name").read_bytes()) == (False, bytes(size))
    with pytest.raises(LeakwatchError, match="没有这批证据的数据密钥"):
        ring.lock(lock.key_id)


@pytest.mark.parametrize("key_id", ["", "..", "../../etc", "AB" * 16, "ab" * 15, "ab" * 17, "ab" * 16 + "\n"])
def test_what_is_no_key_id_leads_nowhere(ring: Keyring, key_id: str) -> None:
    with pytest.raises(LeakwatchError, match="不是批次编号"):
        ring.lock(key_id)


def test_after_a_rotation_the_new_master_key_opens_all_and_the_old_one_none(
    ring: Keyring, tmp_path: Path, suite: Suite
) -> None:
    locks = [ring.new(suite), ring.new(INTL)]
    new = Keyring(tmp_path, OTHER)

    assert (ring.rotate(OTHER), ring.rotate(OTHER)) == (2, 0)
    assert [new.lock(lock.key_id) for lock in locks] == locks
    for lock in locks:
        with pytest.raises(KeyRefused):
            ring.lock(lock.key_id)


def test_a_rotation_moves_what_it_can_and_names_what_it_cannot(ring: Keyring, tmp_path: Path) -> None:
    broken, fine, purged = ring.new(INTL), ring.new(INTL), ring.new(INTL)
    (ring.place(broken.key_id) / KEY_FILE).write_bytes(b"")
    ring.drop(purged.key_id)

    with pytest.raises(LeakwatchError, match=rf"换用新主密钥 1 批，另有 1 批.*\n.*{broken.key_id}"):
        ring.rotate(OTHER)
    assert Keyring(tmp_path, OTHER).lock(fine.key_id) == fine
