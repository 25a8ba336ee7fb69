"""What the installer is told to install: what lies in the bundle, by its own hash."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from packaging.markers import Marker

from release.pins import Pin
from release.wheels import requirements


def test_each_wheel_that_is_there_is_asked_for_by_its_hash(tmp_path: Path) -> None:
    old, new = Marker("python_version < '3.12'"), Marker("python_version >= '3.12'")
    pins = [
        Pin(name="numpy", version="2.4.6", marker=old, hashes=("0" * 64,)),
        Pin(name="numpy", version="2.5.5", marker=new, hashes=("0" * 64,)),
        Pin(name="pip", version="26.3", marker=None, hashes=("0" * 64,)),
        Pin(name="tzdata", version="2026.6", marker=Marker("sys_platform == 'win32'"), hashes=("0" * 64,)),
    ]
    for name in (
        "leakwatch-0.1.0-py3-none-any.whl",
        "numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl",
        "numpy-2.5.5-cp312-cp312-manylinux_2_28_x86_64.whl",
        "numpy-2.5.5-cp313-cp313-manylinux_2_28_x86_64.whl",
        "pip-26.3-py3-none-any.whl",
    ):
        (tmp_path / name).write_bytes(name.encode())
    of = {path.name: f"--hash=sha256:{sha256(path.read_bytes()).hexdigest()}" for path in tmp_path.iterdir()}

    assert requirements(pins, tmp_path).replace(" \\\n    ", " ").splitlines() == [
        f'numpy==2.4.6 ; python_version < "3.12" {of["numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl"]}',
        f'numpy==2.5.5 ; python_version >= "3.12" {of["numpy-2.5.5-cp312-cp312-manylinux_2_28_x86_64.whl"]}'
        f" {of['numpy-2.5.5-cp313-cp313-manylinux_2_28_x86_64.whl']}",
        f"leakwatch==0.1.0 {of['leakwatch-0.1.0-py3-none-any.whl']}",
    ]
