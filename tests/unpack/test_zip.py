"""Zip archives, honest, broken and hostile."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
Opened = Callable[..., list[tuple[str, bytes | Reason]]]


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def raw_zip(name: bytes, data: bytes, *, flags: int = 0, extra: bytes = b"") -> bytes:
    """A stored entry with a name of any bytes."""
    fields = (flags, 0, 0, 0, zlib.crc32(data), len(data), len(data), len(name), len(extra))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, *fields) + name + extra + data
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *fields, 0, 0, 0, 0, 0) + name + extra
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def locked(data: bytes) -> bytes:
    """The same archive with the encryption bit of every entry set."""
    out = bytearray(data)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(signature)
        while at >= 0:
            out[at + place] |= 1
            at = out.find(signature, at + 4)
    return bytes(out)


def rows(file: Evidence, vault: Vault, limits: Limits | None = None) -> list[tuple[str, bytes | Reason]]:
    """(inner path, content) of what was read, (name, reason) of what was not."""
    return [
        (row.name, row.reason) if isinstance(row, Skipped) else (row.inner_path, row.path.read_bytes())
        for row in unpack(file, vault, limits or Limits())
    ]


def test_members_are_evidence_with_the_way_inside_and_a_parent(keep: Keep, vault: Vault) -> None:
    file = keep("外层.zip", zipped({"子目录/群!1.txt": b"a"}))
    (member,) = unpack(file, vault, Limits())
    assert isinstance(member, Evidence)
    found = (member.inner_path, member.name, member.parent, member.size)
    assert found == ("外层.zip!子目录/群!1.txt", "群!1.txt", file.sha256, 1)


def test_archives_within_archives_are_opened_by_content_not_by_name(keep: Keep, vault: Vault) -> None:
    inner = zipped({"a.txt": b"a"})
    file = keep("外层", zipped({"内层.dat": inner, "b.txt": b"b"}))
    assert rows(file, vault) == [("外层!内层.dat!a.txt", b"a"), ("外层!b.txt", b"b")]


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": b"x", "word/document.xml": b"x"},
        {"xl/workbook.xml": b"x", "[Content_Types].xml": b"x"},
        {"OFD.xml": b"x", "Doc_0/Document.xml": b"x"},
    ],
)
def test_a_document_is_left_to_its_reader(members: dict[str, bytes], keep: Keep, vault: Vault) -> None:
    file = keep("方案.zip", zipped(members))
    assert list(unpack(file, vault, Limits())) == [file]


def test_a_file_that_is_no_container_is_yielded_itself(keep: Keep, vault: Vault) -> None:
    file = keep("群.txt", "你好".encode())
    assert list(unpack(file, vault, Limits())) == [file]


def test_folders_and_bookkeeping_pass_silently(keep: Keep, vault: Vault) -> None:
    junk = ["夹/", "__MACOSX/._a.txt", "夹/.DS_Store", "Thumbs.db", "desktop.ini", "._b"]
    file = keep("a.zip", zipped({**dict.fromkeys(junk, b""), "夹/a.txt": b"a"}))
    assert rows(file, vault) == [("a.zip!夹/a.txt", b"a")]


UNICODE_PATH = b"\x01" + struct.pack("<I", zlib.crc32(b"x.txt")) + "名单.txt".encode()


@pytest.mark.parametrize(
    ("archive", "shown"),
    [
        (raw_zip("群聊.txt".encode("gb18030"), b"text"), "群聊.txt"),
        (raw_zip("群聊.txt".encode(), b"text"), "群聊.txt"),
        (raw_zip("群聊.txt".encode(), b"text", flags=0x800), "群聊.txt"),
        (raw_zip("群聊.txt".encode("gb18030"), b"text", flags=0x800), "群聊.txt"),
        (
            raw_zip(b"x.txt", b"text", extra=struct.pack("<HH", 0x7075, len(UNICODE_PATH)) + UNICODE_PATH),
            "名单.txt",
        ),
        (
            raw_zip(b"y.txt", b"text", extra=struct.pack("<HH", 0x7075, len(UNICODE_PATH)) + UNICODE_PATH),
            "y.txt",
        ),
        (raw_zip(b"../../etc/a.txt", b"text"), "etc/a.txt"),
        (raw_zip(b"/etc/a.txt", b"text"), "etc/a.txt"),
        (raw_zip(b"C:\\a\\b.txt", b"text"), "a/b.txt"),
        (raw_zip(b"..\\..", b"text"), "未命名"),
    ],
)
def test_names_are_decoded_and_cleaned(archive: bytes, shown: str, keep: Keep, vault: Vault) -> None:
    evidence = [row for row in rows(keep("a.zip", archive), vault) if isinstance(row[1], bytes)]
    assert evidence == [(f"a.zip!{shown}", b"text")]


def test_a_link_is_not_followed(keep: Keep, vault: Vault) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/hostname")
    assert rows(keep("a.zip", stream.getvalue()), vault) == [("link", Reason.NOT_PERMITTED)]


def test_a_locked_archive_is_one_row(opened: Opened, written: Callable[..., bytes]) -> None:
    archive = written("zip", {"a": b"1", "b": b"2"}, None, "zip:encryption=aes256", "x")
    assert opened("a.zip", archive) == [("a.zip", Reason.PASSWORD)]


def test_rows_of_one_archive_are_capped(opened: Opened, written: Callable[..., bytes]) -> None:
    members = {f"{n}.txt": b"x" for n in range(60)}
    stream = io.BytesIO(written("zip", members, None, "zip:encryption=zipcrypt", "x"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("open.txt", b"open")
    assert opened("a.zip", stream.getvalue()) == [
        ("a.zip!open.txt", b"open"),
        *[(f"{n}.txt", Reason.PASSWORD) for n in range(50)],
        ("a.zip", Reason.INCOMPLETE),
    ]


def test_rows_are_capped_over_nested_archives(keep: Keep, vault: Vault) -> None:
    inner = zipped({str(n): b"" for n in range(30)})
    found = rows(keep("a.zip", zipped({f"{n}.zip": inner + b" " * n for n in range(3)})), vault)
    assert found == [(str(n % 30), Reason.DAMAGED) for n in range(50)] + [("a.zip", Reason.INCOMPLETE)]


def test_a_wrong_checksum_keeps_the_content_and_says_so(keep: Keep, vault: Vault) -> None:
    data = zipped({"a.txt": b"secret text", "b.txt": b"b"}, zipfile.ZIP_STORED).replace(
        b"secret text", b"secrex text"
    )
    assert rows(keep("a.zip", data), vault) == [
        ("a.txt", Reason.DAMAGED),
        ("a.zip!a.txt", b"secrex text"),
        ("a.zip!b.txt", b"b"),
    ]


def test_an_entry_that_lies_about_its_size_is_read_whole(keep: Keep, vault: Vault) -> None:
    data = zipped({"a.txt": bytes(range(256)) * 3})
    data = data.replace(struct.pack("<I", 768), struct.pack("<I", 100))
    assert rows(keep("a.zip", data), vault) == [
        ("a.txt", Reason.DAMAGED),
        ("a.zip!a.txt", bytes(range(256)) * 3),
    ]


def test_a_cut_archive_gives_what_is_left(keep: Keep, vault: Vault) -> None:
    noise = b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "little") for n in range(5000))
    whole = zipped({"甲.txt": "机密".encode(), "乙.bin": noise})
    file = keep("a.zip", whole[: len(whole) // 2])
    found = rows(file, vault)
    assert found[:3] == [
        ("a.zip", Reason.DAMAGED),
        ("a.zip!甲.txt", "机密".encode()),
        ("乙.bin", Reason.DAMAGED),
    ]
    name, part = found[3]
    assert isinstance(part, bytes)
    assert (name, noise.startswith(part), len(part) > 5000) == ("a.zip!乙.bin", True, True)


def test_streamed_entries_of_a_cut_archive_are_found(keep: Keep, vault: Vault) -> None:
    class Unseekable(io.BytesIO):
        def tell(self) -> int:
            raise io.UnsupportedOperation

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"one")
        archive.writestr("b.txt", b"two")
    data = stream.getvalue()
    found = rows(keep("a.zip", data[: data.index(b"PK\x01\x02")]), vault)
    assert found == [("a.zip", Reason.DAMAGED), ("a.zip!a.txt", b"one"), ("a.zip!b.txt", b"two")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "big") for n in range(500)), Reason.DAMAGED),
        ("a.zip", zipped({}), Reason.DAMAGED),
        ("a.txt", b"Rar!\x1a\x07\x01\x00", Reason.DAMAGED),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00", Reason.DAMAGED),
        ("a.txt", b"", Reason.DAMAGED),
    ],
)
def test_what_cannot_be_opened_is_one_row(
    name: str, data: bytes, reason: Reason, keep: Keep, vault: Vault
) -> None:
    assert [reason for _, reason in rows(keep(name, data), vault)] == [reason]


def test_text_that_is_called_zip_is_read_as_text(keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", "机密".encode() * 50)
    assert list(unpack(file, vault, Limits())) == [file]


def test_more_entries_than_allowed_leave_one_row(keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", zipped({f"{n}": b"x" for n in range(20)}))
    *read, last = unpack(file, vault, Limits(archive_entries=7))
    assert len(read) == 7
    assert isinstance(last, Skipped)
    assert (last.reason, "上限 7 个" in last.detail, "还有 13 个" in last.detail) == (
        Reason.TOO_BIG,
        True,
        True,
    )


def test_entries_are_counted_over_nested_archives(keep: Keep, vault: Vault) -> None:
    inner = zipped({f"{n}": b"x" for n in range(5)})
    file = keep("a.zip", zipped({"1.zip": inner, "2.zip": inner + b" "}))
    found = rows(file, vault, Limits(archive_entries=8))
    assert [row for row in found if isinstance(row[1], bytes)] == [
        *[(f"a.zip!1.zip!{n}", b"x") for n in range(5)],
        *[(f"a.zip!2.zip!{n}", b"x") for n in range(1)],
    ]


def test_too_deep_an_archive_is_not_opened(keep: Keep, vault: Vault) -> None:
    data = b"text"
    for depth in range(4):
        data = zipped({f"{depth}": data})
    file = keep("a.zip", data)
    assert rows(file, vault, Limits(archive_depth=4)) == [("a.zip!3!2!1!0", b"text")]
    assert rows(file, vault, Limits(archive_depth=3)) == [("1", Reason.TOO_DEEP)]


def test_a_bomb_is_stopped_by_its_ratio_and_the_rest_is_read(keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", zipped({"bomb": bytes(20 << 20), "small": bytes(900_000), "a.txt": b"a"}))
    found = [(name, found) for name, found in rows(file, vault) if name != "a.zip!small"]
    assert found == [("bomb", Reason.TOO_BIG), ("a.zip!a.txt", b"a")]


def test_the_total_is_counted_over_members(keep: Keep, vault: Vault) -> None:
    members = {str(n): bytes([n]) * 400_000 for n in range(1, 5)}
    found = rows(keep("a.zip", zipped(members)), vault, Limits(archive_total_mib=1))
    assert [(name, value) for name, value in found if isinstance(value, Reason)] == [
        ("3", Reason.TOO_BIG),
        ("4", Reason.TOO_BIG),
    ]


def test_entries_that_share_their_data_are_refused(keep: Keep, vault: Vault) -> None:
    data = raw_zip(b"a.txt", b"text")
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1000, 1000, len(entry) * 1000, start, 0)
    file = keep("a.zip", data[:start] + entry * 1000 + end)
    assert rows(file, vault) == [("a.zip", Reason.DAMAGED), ("a.zip!a.txt", b"text")]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_odd_methods_of_the_standard_library_are_read(method: int, keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", zipped({"a.txt": b"x" * 999, "b.txt": b"b"}, method))
    assert rows(file, vault) == [("a.zip!a.txt", b"x" * 999), ("a.zip!b.txt", b"b")]


@pytest.mark.parametrize("name", ["deflate64.zip", "ppmd.zip", "xz.zip"])
def test_what_7zip_packs_is_read(name: str, opened: Opened, made: Callable[[str], bytes]) -> None:
    assert opened("a.zip", made(name)) == [("a.zip!名单.txt", "青石市云岭区王明远\n".encode() * 300)]


def test_an_odd_method_is_a_row_where_libarchive_is_missing(
    opened: Opened, made: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libarchive.ffi", None)
    assert opened("a.zip", made("ppmd.zip")) == [("名单.txt", Reason.NO_ENGINE)]


@pytest.mark.parametrize("encryption", ["aes128", "aes256", "zipcrypt"])
@pytest.mark.parametrize(
    ("passwords", "expected"),
    [
        (("错", "云岭2031", "x"), [("a.zip!a.txt", b"text"), ("a.zip!b.txt", b"b")]),
        (("错", "云岭"), [("a.txt", Reason.PASSWORD), ("b.txt", Reason.PASSWORD)]),
        ((), [("a.zip", Reason.PASSWORD)]),
    ],
)
def test_a_locked_archive_opens_with_a_password_of_the_config(
    encryption: str,
    passwords: tuple[str, ...],
    expected: list[tuple[str, bytes | Reason]],
    opened: Opened,
    written: Callable[..., bytes],
) -> None:
    archive = written(
        "zip", {"a.txt": b"text", "b.txt": b"b"}, None, f"zip:encryption={encryption}", "云岭2031"
    )
    assert opened("a.zip", archive, Limits(archive_passwords=passwords)) == expected


def test_a_password_that_was_typed_on_a_chinese_windows_fits(
    opened: Opened, written: Callable[..., bytes]
) -> None:
    typed = "云岭2031".encode("gbk")
    archive = written("zip", {"a.txt": b"text"}, None, "zip:encryption=zipcrypt", typed)
    assert opened("a.zip", archive, Limits(archive_passwords=("云岭2031",))) == [("a.zip!a.txt", b"text")]


def test_the_row_of_a_locked_archive_holds_no_password(
    keep: Keep, vault: Vault, written: Callable[..., bytes]
) -> None:
    archive = written("zip", {"a.txt": b"text"}, None, "zip:encryption=aes256", "云岭2031")
    (row,) = unpack(keep("a.zip", archive), vault, Limits(archive_passwords=("青石2031",)))
    assert isinstance(row, Skipped)
    assert ("1 个密码" in row.detail, "青石2031" in row.detail) == (True, False)


def test_what_the_directory_does_not_list_is_read_too(keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", zipped({"藏.txt": b"hidden"}) + zipped({"a.txt": b"a"}))
    assert rows(file, vault) == [("a.zip!a.txt", b"a"), ("a.zip!藏.txt", b"hidden")]


def test_an_entry_whose_two_headers_disagree_is_given_as_libarchive_reads_it_as_well(
    keep: Keep, vault: Vault
) -> None:
    data = bytearray(zipped({"a.txt": b"text" * 50}))
    data[data.index(b"PK\x01\x02") + 10] = 0  # the directory says stored, the local header deflated
    damaged, taken_as_stored, *rest = rows(keep("a.zip", bytes(data)), vault)
    assert damaged == ("a.txt", Reason.DAMAGED)
    assert taken_as_stored[0] == "a.zip!a.txt"
    assert rest == [("a.zip!a.txt", b"text" * 50)]


def test_a_lock_that_is_only_a_flag_keeps_nothing_out_and_is_told(keep: Keep, vault: Vault) -> None:
    file = keep("a.zip", locked(zipped({"a.txt": b"text" * 50, "b.txt": b"b"})))
    assert rows(file, vault) == [
        ("a.zip", Reason.PASSWORD),
        ("a.zip!a.txt", b"text" * 50),
        ("a.zip!b.txt", b"b"),
    ]


def test_the_same_name_twice_gives_both_contents(keep: Keep, vault: Vault) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", b"1")
        archive.writestr("a.txt", b"2")
    assert rows(keep("a.zip", stream.getvalue()), vault) == [("a.zip!a.txt", b"1"), ("a.zip!a.txt", b"2")]


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_a_row_or_loses_nothing(seed: int, keep: Keep, vault: Vault) -> None:
    contents = [b"f", b"more", b"text" * 50]
    data = bytearray(zipped({"a.txt": contents[2], "b/c.txt": contents[1], "d.zip": zipped({"e": b"f"})}))
    for step in range(12):
        place = zlib.crc32(b"%d %d" % (seed, step))
        data[place % len(data)] = place >> 24
    found = [value for _, value in rows(keep("a.zip", bytes(data)), vault)]
    is_told = any(isinstance(value, Reason) for value in found)
    assert is_told or sorted(value for value in found if isinstance(value, bytes)) == contents
