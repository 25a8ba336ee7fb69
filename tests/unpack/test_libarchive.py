"""The binding to libarchive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.unpack.libarchive import Data, Format, entries

Written = Callable[..., bytes]

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def placed(tmp_path: Path) -> Callable[[bytes], Path]:
    def place(data: bytes) -> Path:
        path = tmp_path / "名字"
        path.write_bytes(data)
        return path

    return place


def test_entries_come_with_name_size_and_bytes(written: Written, placed: Callable[[bytes], Path]) -> None:
    path = placed(written("7zip", {"群/名单.txt": b"a" * 300_000, "b": b"b"}))
    found = [
        (one.name, one.size_bytes, one.is_file, b"".join(one.data)) for one in entries(path, Format.SEVEN_ZIP)
    ]
    assert sorted(found) == [("b", 1, True, b"b"), ("群/名单.txt", 300_000, True, b"a" * 300_000)]


def test_an_entry_that_is_not_read_is_passed_over(written: Written, placed: Callable[[bytes], Path]) -> None:
    path = placed(written("7zip", {str(n): b"x" * 999 for n in range(5)}))
    assert [one.name for one in entries(path, Format.SEVEN_ZIP)] == list("01234")


def test_bytes_with_a_wrong_checksum_are_given_and_the_problem_is_told(
    placed: Callable[[bytes], Path],
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"secret text")
    path = placed(stream.getvalue().replace(b"secret", b"secrex"))
    found = [(b"".join(one.data), one.data.problem) for one in entries(path, Format.ZIP)]
    assert found == [(b"secrex text", "内容与登记的校验值不符")]


def test_an_entry_that_has_passed_cannot_be_read(written: Written, placed: Callable[[bytes], Path]) -> None:
    path = placed(written("7zip", {"a": b"a", "b": b"b"}))
    for entry in list(entries(path, Format.SEVEN_ZIP)):
        with pytest.raises(ValueError, match="before the next one"):
            list(entry.data)


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        (Format.SEVEN_ZIP, b"no archive at all", Reason.DAMAGED),
        (Format.RAR4, b"Rar!\x1a\x07\x00", Reason.DAMAGED),
        (Format.ZSTD, b"\x28\xb5\x2f\xfd", Reason.DAMAGED),
    ],
)
def test_what_is_no_archive_is_refused(
    kind: Format, data: bytes, reason: Reason, placed: Callable[[bytes], Path]
) -> None:
    with pytest.raises(Unreadable) as caught:
        for entry in entries(placed(data), kind):
            list(entry.data)
            assert not entry.data.problem
            raise Unreadable(Reason.INCOMPLETE, entry.name)
    assert caught.value.reason is reason


def test_another_format_than_the_one_asked_for_is_not_opened(placed: Callable[[bytes], Path]) -> None:
    listing = b"#mtree\n./a type=file contents=/etc/hostname\n"
    with pytest.raises(Unreadable):
        list(entries(placed(listing), Format.SEVEN_ZIP))


@pytest.mark.parametrize(
    ("password", "found"),
    [(b"qs2031", [b"text"]), (b"wrong", [Reason.PASSWORD]), (b"", [Reason.PASSWORD])],
)
def test_a_locked_entry_wants_its_password(
    password: bytes, found: list[bytes | Reason], written: Written, placed: Callable[[bytes], Path]
) -> None:
    path = placed(written("zip", {"a": b"text"}, None, "zip:encryption=aes256", "qs2031"))
    assert [_content(one.data) for one in entries(path, Format.ZIP, password)] == found


def _content(data: Data) -> bytes | Reason:
    try:
        return b"".join(data)
    except Unreadable as why:
        return why.reason
