"""config.toml, keyword_lists/ and the manual as shipped, but never over what the office edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from . import sums

SHIPPED = ".shipped-sha256"
"""In the target: the sums of what was last laid out; what differs from them was edited."""
BESIDE = ".新版"
"""No reader of the lists takes a file with this ending."""


def lay_out(settings: Path, target: Path) -> list[str]:
    """One Chinese sentence for each file that the office must look at; all others are as shipped."""
    record = target / SHIPPED
    before = sums.read(record) if record.exists() else {}
    files = {file.relative_to(settings).as_posix(): file for file in settings.rglob("*") if file.is_file()}
    now = {name: sums.sha256(file) for name, file in sorted(files.items())}
    told: list[str] = []
    for name, value in now.items():
        told += _lay(files[name], target / name, {value, before.get(name, value)})
    for name in sorted(before.keys() - now.keys()):
        told += _clear(target / name, before[name])
    record.write_text("".join(f"{value}  {name}\n" for name, value in now.items()), "utf-8")
    return told


def _lay(file: Path, place: Path, unedited: set[str]) -> list[str]:
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(place.name + BESIDE)
    if place.exists() and sums.sha256(place) not in unedited:
        shutil.copyfile(file, beside)
        return [f"{place} 您改过，保持不动；新版放在旁边（{beside.name}），请对照合并。"]
    shutil.copyfile(file, place)
    beside.unlink(missing_ok=True)
    return []


def _clear(place: Path, shipped: str) -> list[str]:
    """What this version no longer has goes, unless it was edited."""
    if not place.exists():
        return []
    if sums.sha256(place) == shipped:
        place.unlink()
        return []
    return [f"{place} 新版不再使用，因您改过而保留；确认不需要后请删除。"]
