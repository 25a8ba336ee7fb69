"""The sealed originals, as the page asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from leakwatch.errors import LeakwatchError
from leakwatch.vault.sealed import SealedVault


@dataclass(frozen=True, slots=True)
class SealedOriginals:
    """What lies in the vault, found by its hash alone."""

    vault: SealedVault

    def open(self, sha256: str) -> IO[bytes]:
        """The file's bytes; LeakwatchError if it was not kept or is damaged."""
        from leakwatch.store.models import Original  # its tables need Django ready

        kept = Original.objects.filter(pk=sha256, is_kept=True, purged_at=None).first()
        if kept is None:
            raise LeakwatchError(f"{sha256}：没有保存这份原件，请向提供聊天记录的单位索取")
        return self.vault.open(sha256, kept.key_id)
