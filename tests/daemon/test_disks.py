"""The real daemon on disks that are full, or whose power fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest

from tests.daemon.house import PATIENCE_S, House, drop, wait_for

_WATCHES_SYNCS = """
import os, stat, sys
_synced, _fsync = set(), os.fsync
def _note(handle):
    _fsync(handle)
    status = os.fstat(handle if isinstance(handle, int) else handle.fileno())
    _synced.add((status.st_dev, status.st_ino, status.st_size))
os.fsync = _note
def _look(event, args):
    if event not in ('os.rename', 'os.link') or 'leakwatch-scan-' in str(args[0]):  # gone with its process
        return
    try:
        status = os.lstat(args[0])
    except OSError:
        return
    if stat.S_ISREG(status.st_mode) and (status.st_dev, status.st_ino, status.st_size) not in _synced:
        open({early!r}, 'a').write(f'{{args[0]}} -> {{args[1]}}\\n')
sys.addaudithook(_look)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows syncs by itself")
def test_nothing_is_given_its_name_before_it_is_on_the_disk(house: House) -> None:
    """Else a power cut leaves a whole name on an empty file: originals, forms, keys, reports, backups."""
    early = house.home / "early"
    path = house.hook(_WATCHES_SYNCS.format(early=str(early)))
    drop(house.inbox, 1)
    (house.inbox / "坏.zip").write_bytes(b"PK\x03\x04")
    assert house.start("run", "--once", PYTHONPATH=path).wait(PATIENCE_S) == 0, house.said()
    assert house.start("backup", PYTHONPATH=path).wait(PATIENCE_S) == 0, house.said()
    (form,) = (house.home / "drafts").glob("*.docx")
    assert house.count("SELECT count(*) FROM store_original WHERE is_kept") >= 1
    assert (form.exists(), early.read_text("utf-8") if early.exists() else "") == (True, "")


@contextmanager
def _small_disk(place: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of that size is mounted there; the callable makes it larger."""
    place.mkdir(mode=0o700, exist_ok=True)
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(place)]
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("only root mounts a small disk, and not everywhere")

    def grow(size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)  # noqa: S607

    try:
        yield grow
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_while_costs_nothing(house: House) -> None:
    """Database, vault and private copies lie on a disk of 48 MiB, which then grows."""
    shutil.move(house.data, house.home / "before")
    with _small_disk(house.data, "48m") as grow:
        shutil.copytree(house.home / "before", house.data, dirs_exist_ok=True)
        found = {drop(house.inbox, number) for number in range(5)}
        house.start()
        wait_for(lambda: "磁盘" in str(house.details()))
        free = shutil.disk_usage(house.data).free
        with suppress(OSError):  # the daemon takes some of it meanwhile: full it is all the same
            (house.data / "填充").write_bytes(bytes(free))
        sleep(5)
        (house.data / "填充").unlink()
        grow("512m")
        wait_for(lambda: found <= set(house.places()))
        assert house.count("SELECT max(tries) FROM store_arrival") == 1
        assert house.states() == {"done": 5}
        house.close()


@pytest.mark.slow
def test_a_full_disk_of_drafts_costs_no_form(house: House) -> None:
    """A form takes 40 KiB; the disk has 16."""
    drafts = house.home / "drafts"
    with _small_disk(drafts, "16k") as grow:
        found = drop(house.inbox, 1)
        house.run_once()
        assert found in house.places()
        assert "磁盘" in house.job("forms") or "No space" in house.job("forms")
        assert list(drafts.iterdir()) == []
        grow("8m")
        house.run_once()
        assert len(list(drafts.glob("XS-*.docx"))) == 1
        assert house.count("SELECT min(has_form) FROM store_lead") == 1
