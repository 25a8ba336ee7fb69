"""The composition root of what stays: settings → database, master key, sealed originals."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from leakwatch.config import Config, Inbox
from leakwatch.errors import KeyRefused, LeakwatchError
from leakwatch.model import Sealed
from leakwatch.store.backup import BACK, DATABASE
from leakwatch.vault import EVIDENCE, make_folder, system_clock
from leakwatch.vault.keyring import KEY_FILE, Keyring
from leakwatch.vault.keys import VARIABLE, load_key, make_key
from leakwatch.vault.sealed import SealedVault
from leakwatch.vault.streams import Lock
from leakwatch.vault.suites import suite_of

if TYPE_CHECKING:
    from leakwatch.leads import Units
    from leakwatch.store.deposits import Means as Deposits
    from leakwatch.store.records import Means
    from leakwatch.store.sealing import KeySealer

KEYS = "keys"
"""Where the key of the sealed columns lies, wrapped by the master key, in data_dir."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What the store, the page and the daemon work with."""

    vault: SealedVault
    sealer: KeySealer
    units: Units
    inboxes: tuple[Inbox, ...]

    def means(self) -> Means:
        """What scans are recorded with; the tables must be ready."""
        from leakwatch.store.inboxes import by_root
        from leakwatch.store.records import Means

        return Means(
            sealer=self.sealer, units=self.units, keeper=Keeper(self.vault), inboxes=by_root(self.inboxes)
        )

    def deposits(self) -> Deposits:
        """What uploads are put away with once they were read."""
        from leakwatch.store.deposits import Means as Deposits

        return Deposits(sealer=self.sealer, strongroom=Keeper(self.vault))


@dataclass(frozen=True, slots=True)
class Keeper:
    """Seals and opens originals, each under a data key of its own: what belongs to one lead can be purged alone."""

    vault: SealedVault

    def batch(self, known: str) -> str:
        """That batch if its data key is there, which a restored backup may lack, else a new one."""
        return known if known and self.vault.keys.has(known) else self.vault.new_batch()

    def keep(self, source: Path, key_id: str) -> Sealed:
        """The file in that batch."""
        return self.vault.keep(source, key_id)

    def open(self, sha256: str, key_id: str) -> IO[bytes]:
        """Its bytes, each part proved before it is given."""
        return self.vault.open(sha256, key_id)


def open_keeping(config: Config, environ: MutableMapping[str, str], tell: Callable[[str], None]) -> Keeping:
    """The database is ready, the key is there.

    The very first time a key is made and `tell` is given a sentence about it; later a missing key is a KeyRefused:
    a new one would open nothing of what is there.
    """
    from leakwatch.store.connection import base_settings, connect, database

    keeping = prepare(config, environ, tell)
    connect(base_settings(database(config.store.database, config.paths.data_dir), keeping.sealer))
    refuse_without_rows(keeping)
    return keeping


def join_keeping(config: Config, environ: MutableMapping[str, str], tell: Callable[[str], None]) -> Keeping:
    """For a process that the daemon started: database and key are ready."""
    from leakwatch.store.connection import base_settings, database, join

    keeping = prepare(config, environ, tell)
    join(base_settings(database(config.store.database, config.paths.data_dir), keeping.sealer))
    return keeping


def prepare(config: Config, environ: MutableMapping[str, str], tell: Callable[[str], None]) -> Keeping:
    """All but the connection, which the page makes with settings of its own."""
    from leakwatch.leads import Units
    from leakwatch.store.sealing import KeySealer

    data, path = config.paths.data_dir, config.store.key_file
    is_first = not (data / EVIDENCE).exists() and not (data / KEYS).exists()
    if is_first and VARIABLE not in environ and not path.exists():
        make_key(path, [data])
        tell(
            f"已生成主密钥 {path}，用来加密留存的原件和摘录。请立即另存一份备份，与数据分开存放：丢失后谁也打不开。"
        )
    vault = evidence_vault(config, environ)
    refuse_without_keys(config)
    lock = _own_lock(Keyring(data / KEYS, vault.keys.master), config.store.suite)
    sealer = KeySealer(lock.key, lock.suite.name)
    units = Units(reporting_unit=config.units.reporting_unit, incident_unit=config.units.incident_unit)
    return Keeping(vault=vault, sealer=sealer, units=units, inboxes=config.inbox)


def evidence_vault(config: Config, environ: MutableMapping[str, str]) -> SealedVault:
    """The sealed originals; KeyRefused without a safe master key.

    The key is taken out of the environment: the programs that read files from outside would inherit it.
    """
    given = {VARIABLE: environ.pop(VARIABLE)} if VARIABLE in environ else {}
    key = load_key(config.store.key_file, given, [config.paths.data_dir])
    make_folder(config.paths.data_dir)
    return SealedVault(config.paths.data_dir / EVIDENCE, suite_of(config.store.suite), key, system_clock)


def refuse_without_keys(config: Config) -> None:
    """KeyRefused if the key of the columns is gone and what it opens is there: a new one would hide the loss."""
    data = config.paths.data_dir
    if any((data / KEYS).glob(f"*/{KEY_FILE}")):
        return
    rows = data / DATABASE
    if (rows.exists() and rows.stat().st_size) or any((data / EVIDENCE).glob(f"*/{KEY_FILE}")):
        raise KeyRefused(f"{data / KEYS}：数据密钥不见了，库里的摘录打不开；{BACK}")


def refuse_without_rows(keeping: Keeping) -> None:
    """LeakwatchError if the tables are empty and sealed originals are there: every verdict would be lost unseen."""
    from leakwatch.store.models import Original

    if not Original.objects.exists() and not keeping.vault.is_empty():
        raise LeakwatchError(f"封存的原件还在，数据库却不见了或是空的；{BACK}")


def _own_lock(keys: Keyring, suite_name: str) -> Lock:
    """The key of the sealed columns: a data key as those of originals, so that a master key can be replaced."""
    make_folder(keys.folder)
    for key_id in filter(keys.has, keys.ids()):  # of one that was killed meanwhile there is an empty folder
        return keys.lock(key_id)
    return keys.new(suite_of(suite_name))
