"""Data keys: one for each batch of evidence, wrapped by the master key, in a small file beside the originals.

To drop a data key is to purge its batch: what stays of the originals, on the disk or in a copy of it, cannot be
opened any more. A backup that holds the wrapped key too ends with the master key it was wrapped by: rotate it
and destroy the old one.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag

from leakwatch.errors import EvidenceDamaged, KeyRefused, LeakwatchError
from leakwatch.vault.files import make_private, name_file, remove, unnamed
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.streams import Lock
from leakwatch.vault.suites import SUITES, Suite

KEY_FILE = "key"
PARTS = "parts"
"""Where what is being written lies: a part that a killed process leaves beside a key would stand there for ever."""

_MAGIC = b"LWBATCH1"
_RECORD = struct.Struct(">8sB16s8s")
"""Magic, suite, key id, id of the master key; the wrapped key follows."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Record:
    """A key file as it lies on the disk; nothing of it is proved yet."""

    about: bytes
    suite: Suite
    wrapped: bytes

    @property
    def master_id(self) -> str:
        return self.about[-8:].hex()


@dataclass(frozen=True, slots=True)
class Keyring:
    """The data keys of a vault's folder: `<key id>/key`."""

    folder: Path
    master: MasterKey

    def new(self, suite: Suite) -> Lock:
        """A new data key, on the disk before it seals anything."""
        lock = Lock(suite=suite, key=suite.new_key(), key_id=os.urandom(16).hex())
        make_private(self.place(lock.key_id))
        self._write(lock, self.master)
        return lock

    def has(self, key_id: str) -> bool:
        """Whether the data key with this id is there."""
        return (self.place(key_id) / KEY_FILE).exists()

    def lock(self, key_id: str) -> Lock:
        """The data key with this id; LeakwatchError if it was purged, KeyRefused under another master key."""
        record = self._record(key_id)
        if record.master_id != self.master.id:
            raise KeyRefused(
                f"主密钥不对：这批证据用主密钥 {record.master_id} 封存，现在给的是 {self.master.id}；"
                "请换用原来的主密钥"
            )
        try:
            key = record.suite.unwrap(_wrapper(record.suite, self.master), record.wrapped, record.about)
        except InvalidTag as why:
            raise EvidenceDamaged(_changed(self.place(key_id))) from why
        return Lock(suite=record.suite, key=key, key_id=key_id)

    def drop(self, key_id: str) -> None:
        """The data key is overwritten and gone; what it sealed cannot be opened any more."""
        path = self.place(key_id) / KEY_FILE
        try:
            with suppress(FileNotFoundError), path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            remove(path)
        except OSError as why:
            raise LeakwatchError(
                f"{path}：数据密钥没有销毁，这批证据没有清除（{why.strerror}），请检查权限和磁盘"
            ) from why

    def rotate(self, new: MasterKey) -> int:
        """How many data keys moved under the new master key; may be run again after a break.

        LeakwatchError names those that could not move, after all others did.
        """
        moved, stayed = 0, list[str]()
        for key_id in self.ids():
            try:
                if (self.place(key_id) / KEY_FILE).exists() and self._record(key_id).master_id != new.id:
                    self._write(self.lock(key_id), new)
                    moved += 1
            except LeakwatchError as why:
                stayed.append(str(why))
        if stayed:
            raise LeakwatchError(
                f"已换用新主密钥 {moved} 批，另有 {len(stayed)} 批没有换，旧主密钥仍须保留：\n"
                + "\n".join(stayed)
            )
        return moved

    def ids(self) -> Iterator[str]:
        """Of every batch that has a folder, sorted."""
        yield from sorted(path.name for path in self.folder.iterdir() if _ID.fullmatch(path.name))

    def place(self, key_id: str) -> Path:
        """The folder of a batch; LeakwatchError if that is no key id, which might lead elsewhere."""
        if not _ID.fullmatch(key_id):
            raise LeakwatchError(f"{key_id!r}：不是批次编号（应为 32 位十六进制）")
        return self.folder / key_id

    def _write(self, lock: Lock, master: MasterKey) -> None:
        suite = lock.suite
        about = _RECORD.pack(_MAGIC, suite.number, bytes.fromhex(lock.key_id), bytes.fromhex(master.id))
        make_private(self.folder / PARTS)
        with unnamed(self.folder / PARTS) as file:
            file.write(about + suite.wrap(_wrapper(suite, master), lock.key, about))
            name_file(file, self.place(lock.key_id) / KEY_FILE, 0o600)

    def _record(self, key_id: str) -> _Record:
        path = self.place(key_id) / KEY_FILE
        try:
            data = path.read_bytes()
        except FileNotFoundError as why:
            raise LeakwatchError(f"{path}：没有这批证据的数据密钥，这批证据已清除或密钥文件丢失") from why
        except OSError as why:
            raise LeakwatchError(f"{path}：数据密钥读不出来（{why.strerror}），请检查权限和磁盘") from why
        about, wrapped = data[: _RECORD.size], data[_RECORD.size :]
        suite = next((suite for suite in SUITES if about[8:9] == bytes([suite.number])), None)
        head = _MAGIC + about[8:9] + bytes.fromhex(key_id)
        if suite is None or not about.startswith(head) or len(wrapped) != suite.wrapped_bytes:
            raise EvidenceDamaged(_changed(path.parent))
        return _Record(about, suite, wrapped)


def _wrapper(suite: Suite, master: MasterKey) -> bytes:
    return suite.derive(master.secret, "leakwatch data keys")


def _changed(place: Path) -> str:
    return f"{place / KEY_FILE}：数据密钥文件被改动，请从备份恢复，并向保密办报告"
