"""Evidence: the private copies of a scan (`copies`), and the sealed originals that stay (`sealed`).

`suites`, `streams`, `files` and `keys` are what sealing is made of; `handover` packs a case for others.
Only `copies` is loaded here: a scan needs no cryptography.
"""

from leakwatch.vault.copies import PREFIX, Vault, make_folder, private_folder, system_clock

EVIDENCE = "evidence"
"""Where sealed originals are kept, in data_dir."""

__all__ = ["EVIDENCE", "PREFIX", "Vault", "make_folder", "private_folder", "system_clock"]
