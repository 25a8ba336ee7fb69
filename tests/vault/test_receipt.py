"""A package that was changed, cut, forged or closed with another passphrase leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.errors import EvidenceDamaged, LeakwatchError, UsageError
from leakwatch.vault.passphrases import Stretching
from leakwatch.vault.receipt import open_package
from leakwatch.vault.streams import Sealer
from leakwatch.vault.suites import INTL, Digests, Suite
from tests.conftest import NOON

PASSPHRASE = "云岭区-交接-2031-0506"  # noqa: S105 - invented
CHEAP = Stretching(passes=1, lanes=1, memory_kib=8, salt=b"s" * 16)
Files = list[tuple[tarfile.TarInfo, bytes]]


def entry(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, "/etc/passwd" if kind != tarfile.REGTYPE else ""
    return info, data


def listed(files: Files) -> Files:
    lines: dict[str, str] = {"SHA256.txt": "", "SM3.txt": ""}
    for info, data in files:
        digests = Digests()
        digests.update(data)
        for name, value in zip(lines, digests.values(), strict=True):
            lines[name] += f"{value.hex()}  {info.name}\n"
    return [*files, *(entry(name, text.encode()) for name, text in lines.items())]


def tar(files: Files) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in files:
            archive.addfile(info, io.BytesIO(data))
    return whole.getvalue()


def written(tmp_path: Path, content: bytes, suite: Suite = INTL) -> Path:
    path = tmp_path / "交接.lwjj"
    with path.open("w+b") as file:
        file.write(CHEAP.raw)
        sealer = Sealer(file, CHEAP.lock(PASSPHRASE, suite))
        sealer.write(content)
        sealer.finish(NOON)
    return path


def opened(path: Path) -> tuple[str, ...]:
    return open_package(path, PASSPHRASE, path.parent / "收到")


FINE = listed([entry("原件/001_甲.txt", b"abc")])


def test_a_package_is_opened_into_a_folder_for_its_owner_alone(tmp_path: Path, suite: Suite) -> None:
    assert opened(written(tmp_path, tar(FINE), suite)) == ("原件/001_甲.txt", "SHA256.txt", "SM3.txt")

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "收到").rglob("*")}
    assert modes == {"原件": 0o700, "001_甲.txt": 0o600, "SHA256.txt": 0o600, "SM3.txt": 0o600}
    assert (tmp_path / "收到").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["交接.lwjj", "收到"]


def test_another_passphrase_is_told_from_damage(tmp_path: Path) -> None:
    path = written(tmp_path, tar(FINE))
    with pytest.raises(UsageError, match="口令不对"):
        open_package(path, PASSPHRASE + "x", tmp_path / "收到")
    assert list(tmp_path.iterdir()) == [path]


COSTS = range(9, 15)
"""Where the prologue says what a passphrase costs: flipped, it may ask for a GiB, which takes its time."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 4000).filter(lambda place: place not in COSTS), flip=st.integers(1, 255))
def test_no_flipped_byte_goes_unseen(tmp_path: Path, place: int, flip: int) -> None:
    path = written(tmp_path, tar(FINE))
    data = bytearray(path.read_bytes())
    data[place] ^= flip
    path.write_bytes(data)

    with pytest.raises((EvidenceDamaged, UsageError)):
        opened(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kept", [0, 8, 30, 31, 60, 136, 137, 196, 197, 900, -17, -16, -1])
def test_no_cut_goes_unseen(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path, tar(FINE))
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(EvidenceDamaged):
        opened(path)
    assert list(tmp_path.iterdir()) == [path]


def test_damage_behind_the_last_file_is_seen_too(tmp_path: Path) -> None:
    path = written(tmp_path, tar(FINE) + bytes(3 << 20))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    with pytest.raises(EvidenceDamaged):
        opened(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "files",
    [
        listed([entry("../外面.txt", b"abc")]),
        listed([entry("/etc/外面.txt", b"abc")]),
        listed([entry("a/../../外面.txt", b"abc")]),
        listed([entry("..\\外面.txt", b"abc")]),
        listed([entry("C:外面.txt", b"abc")]),
        listed([entry("a\u202etxt.exe", b"abc")]),
        listed([entry(".", b"abc")]),
        listed([entry("甲", kind=tarfile.SYMTYPE)]),
        listed([entry("甲", kind=tarfile.LNKTYPE)]),
        listed([entry("甲", kind=tarfile.DIRTYPE)]),
        listed([entry("甲", kind=tarfile.FIFOTYPE)]),
        listed([entry("甲", kind=tarfile.CHRTYPE)]),
        listed([entry("甲", kind=tarfile.GNUTYPE_SPARSE)]),
        listed([entry("甲", b"1"), entry("甲", b"2")]),
        [*FINE, entry("多出.txt", b"abc")],
        FINE[1:],
        FINE[:1],
        FINE[:2],
        [entry("原件/001_甲.txt", b"abd"), *FINE[1:]],
        [*FINE[:2], entry("SM3.txt", b"\xff\xfe")],
        [],
    ],
    ids=lambda files: files[0][0].name.encode("unicode_escape").decode() if files else "empty",
)
def test_a_package_with_what_does_not_belong_there_is_not_opened(tmp_path: Path, files: Files) -> None:
    (tmp_path / "in").mkdir()
    path = written(tmp_path / "in", tar(files))
    with pytest.raises(EvidenceDamaged):
        opened(path)
    assert [found.name for found in tmp_path.rglob("*")] == ["in", "交接.lwjj"]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=1200), place=st.integers(0, 3000), is_whole=st.booleans())
def test_whatever_the_sender_put_inside_is_a_sentence_of_ours(
    tmp_path: Path, content: bytes, place: int, is_whole: bool
) -> None:
    whole = tar(FINE)
    path = written(tmp_path, whole[:place] + content + whole[place + len(content) if is_whole else -1 :])
    with contextlib.suppress(LeakwatchError):
        opened(path)
        shutil.rmtree(tmp_path / "收到")
    assert list(tmp_path.iterdir()) == [path]


def there_already(tmp_path: Path) -> None:
    (tmp_path / "收到").mkdir()


def not_there(tmp_path: Path) -> None:
    (tmp_path / "交接.lwjj").unlink()


@pytest.mark.parametrize(("change", "words"), [(there_already, "没有覆盖"), (not_there, "交接.lwjj：打不开")])
def test_a_place_that_does_not_fit_is_a_sentence(
    tmp_path: Path, change: Callable[[Path], None], words: str
) -> None:
    path = written(tmp_path, tar(FINE))
    change(tmp_path)
    with pytest.raises(LeakwatchError, match=words):
        opened(path)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, tar(FINE))
    with pytest.raises(LeakwatchError, match="收到：写不进去"):
        open_package(path, PASSPHRASE, tmp_path / "没有" / "收到")
