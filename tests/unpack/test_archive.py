"""7z, RAR, CAB, ISO, zst and lz4."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Reason
from leakwatch.unpack import unar

Opened = Callable[..., list[tuple[str, bytes | Reason]]]
Written = Callable[..., bytes]
Made = Callable[[str], bytes]

NUMBERS = b"".join(b"%03d\n" % number for number in range(512))
LIST = "青石市云岭区王明远\n".encode() * 300

needs_unar = pytest.mark.skipif(not unar.is_installed(), reason="unar is an optional program")


def cabinet(name: bytes, data: bytes) -> bytes:
    """A .cab with one stored file; 0x80 = the name is UTF-8."""
    entry = struct.pack("<IIHHHH", len(data), 0, 0, 0, 0, 0x80) + name + b"\0"
    block = struct.pack("<IHH", 0, len(data), len(data)) + data
    start = 36 + 8 + len(entry)
    head = struct.pack("<4s5I2B5H", b"MSCF", 0, start + len(block), 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
    return head + struct.pack("<IHH", start, 1, 0) + entry + block


@pytest.mark.parametrize(("name", "kind"), [("a.7z", "7zip"), ("没有后缀", "7zip"), ("a.iso", "iso9660")])
def test_members_are_evidence_whatever_the_archive_is_called(
    name: str, kind: str, opened: Opened, written: Written
) -> None:
    archive = written(
        kind, {"群/名单.txt": LIST, "b.txt": b"b"}, options="iso9660:joliet" if kind == "iso9660" else ""
    )
    assert sorted(opened(name, archive)) == sorted([(f"{name}!b.txt", b"b"), (f"{name}!群/名单.txt", LIST)])


@pytest.mark.usefixtures("engine")
def test_a_cabinet_is_opened(opened: Opened) -> None:
    assert opened("a.cab", cabinet("名单.txt".encode(), b"text")) == [("a.cab!名单.txt", b"text")]


@pytest.mark.parametrize(
    ("through", "name", "inner"),
    [
        ("zstd", "a.tar.zst", "a.tar"),
        ("lz4", "a.tar.lz4", "a.tar"),
        ("compress", "a.taz", "a.tar"),
        ("lzip", "a.tar.lz", "a.tar"),
    ],
)
def test_a_compressed_tar_is_opened_twice(
    through: str, name: str, inner: str, opened: Opened, written: Written
) -> None:
    archive = written("gnutar", {"名单.txt": LIST}, through)
    assert opened(name, archive) == [(f"{name}!{inner}!名单.txt", LIST)]


def test_archives_within_archives_are_opened(opened: Opened, written: Written) -> None:
    inner = written("7zip", {"a.txt": b"a"})
    assert opened("外.7z", written("7zip", {"内.7z": inner})) == [("外.7z!内.7z!a.txt", b"a")]


@pytest.mark.parametrize("name", ["../../a.txt", "/etc/a.txt", "C:\\夹\\..\\a.txt"])
def test_hostile_names_are_only_names(name: str, opened: Opened, written: Written) -> None:
    ((path, content),) = opened("a.7z", written("7zip", {name: b"a"}))
    assert (path.rsplit("/", 1)[-1].rsplit("!", 1)[-1], ".." in path, content) == ("a.txt", False, b"a")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rar5-solid.rar", [(f"a.rar!stest{n}.txt", NUMBERS) for n in (1, 2)]),
        ("rar5-evil-symlink-traversal.rar", [("a.rar!up/pwned.txt", b"ZIPSLIP-VIA-SYMLINK-OK\n"), ("up", Reason.NOT_PERMITTED)]),
        ("rar5-dups.rar", [("a.rar!stest1.txt", NUMBERS), *[(f"stest{n}.txt", Reason.NOT_PERMITTED) for n in range(2, 10)]]),
        ("rar5-psw.rar", [(f"stest{n}.txt", Reason.PASSWORD) for n in (1, 2)]),
        ("rar5-hpsw.rar", [("a.rar", Reason.PASSWORD)]),
        ("pipe.7z", [("a.rar!p.txt", b"secret\n")]),
        ("locked.7z", [("名单.txt", Reason.PASSWORD)]),
        ("locked-names.7z", [("a.rar", Reason.PASSWORD)]),
    ],
)  # fmt: skip
def test_what_others_made_is_read_or_says_why_not(
    name: str, expected: list[tuple[str, bytes | Reason]], opened: Opened, made: Made
) -> None:
    assert opened("a.rar", made(name)) == expected


@needs_unar
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rar2-unix-owner.rar", [("a!file.txt", b"foo\n")]),
        ("rar3-solid.rar", [(f"a!stest{n}.txt", NUMBERS) for n in (1, 2)]),
        ("rar5-psw.rar", [(f"a!stest{n}.txt", NUMBERS) for n in (1, 2)]),
        ("rar5-hpsw.rar", [(f"a!stest{n}.txt", NUMBERS) for n in (1, 2)]),
        ("locked.7z", [("a!名单.txt", LIST)]),
        ("locked-names.7z", [("a!名单.txt", LIST)]),
    ],
)
def test_unar_reads_what_libarchive_cannot(
    name: str, expected: list[tuple[str, bytes | Reason]], opened: Opened, made: Made
) -> None:
    limits = Limits(archive_passwords=("wrong", "password", "qs2031"))
    assert opened("a", made(name), limits) == expected


@needs_unar
def test_a_wrong_password_is_a_row(opened: Opened, made: Made) -> None:
    assert opened("a.7z", made("locked.7z"), Limits(archive_passwords=("x", "y"))) == [
        ("名单.txt", Reason.PASSWORD)
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rar3-solid.rar", [("a.rar!stest1.txt", NUMBERS), ("a.rar", Reason.NO_ENGINE)]),
        ("rar5-hpsw.rar", [("a.rar", Reason.PASSWORD)]),
    ],
)
def test_without_unar_the_row_names_it(
    name: str,
    expected: list[tuple[str, bytes | Reason]],
    opened: Opened,
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert opened("a.rar", made(name)) == expected


def test_without_libarchive_the_row_says_what_to_install(
    opened: Opened, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libarchive.ffi", None)
    assert opened("a.rar", made("rar5-solid.rar")) == [("a.rar", Reason.NO_ENGINE)]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(archive_entries=2), [("a.7z!0", b"0"), ("a.7z!1", b"1"), ("a.7z", Reason.TOO_BIG)]),
        (Limits(archive_depth=1), [(f"a.7z!{n}", b"%d" % n) for n in range(4)]),
    ],
)
def test_a_limit_leaves_one_row(
    limits: Limits, expected: list[tuple[str, bytes | Reason]], opened: Opened, written: Written
) -> None:
    assert opened("a.7z", written("7zip", {str(n): b"%d" % n for n in range(4)}), limits) == expected


def test_a_bomb_is_stopped_and_the_rest_is_read(opened: Opened, written: Written) -> None:
    archive = written("7zip", {"bomb": bytes(20 << 20), "a.txt": b"a"})
    assert sorted(opened("a.7z", archive), key=str) == [("a.7z!a.txt", b"a"), ("bomb", Reason.TOO_BIG)]


def test_an_archive_of_nothing_is_a_row(opened: Opened, written: Written) -> None:
    assert opened("a.7z", written("7zip", {})) == [("a.7z", Reason.DAMAGED)]


@pytest.mark.parametrize("cut", [40, 200, 900])
def test_a_cut_archive_is_never_silent(cut: int, opened: Opened, written: Written) -> None:
    archive = written("7zip", {"a.bin": bytes(range(256)) * 4, "b.bin": bytes(range(255, -1, -1)) * 4})
    assert Reason.DAMAGED in [what for _, what in opened("a.7z", archive[:-cut])]
