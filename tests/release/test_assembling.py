"""The one file that the bundle is packed into."""

from __future__ import annotations

import tarfile
from hashlib import sha256
from pathlib import Path

from release.assembling import pack


def test_all_may_read_what_is_packed_and_nobody_owns_it(tmp_path: Path) -> None:
    folder = tmp_path / "leakwatch-0.1.0-linux_x86_64"
    (folder / "wheels").mkdir(parents=True, mode=0o700)
    for name in ("install.sh", "wheels/x.whl"):
        (folder / name).write_text("x")
        (folder / name).chmod(0o600)

    packed = pack(folder, tmp_path / "dist")

    with tarfile.open(packed) as archive:
        found = {member.name: (member.mode, member.uid, member.uname) for member in archive}
    assert found == {
        folder.name: (0o755, 0, "root"),
        f"{folder.name}/wheels": (0o755, 0, "root"),
        f"{folder.name}/install.sh": (0o755, 0, "root"),
        f"{folder.name}/wheels/x.whl": (0o644, 0, "root"),
        f"{folder.name}/SHA256SUMS": (0o644, 0, "root"),
        f"{folder.name}/SM3SUMS": (0o644, 0, "root"),
    }
    digest = sha256(packed.read_bytes()).hexdigest()
    assert packed.with_name(f"{packed.name}.sha256").read_text() == f"{digest}  {packed.name}\n"
