"""Web archives."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.unpack.mht import is_mht
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

MARK = b"----=_NextPart_20BAFF23_2DE8"
QQ_HEAD = (
    b"From: <Save by Tencent MsgMgr>\r\nSubject: Tencent IM Message\r\nMIME-Version: 1.0\r\n"
    b'Content-Type:multipart/related;\r\n\tcharset="utf-8"\r\n\ttype="text/html";\r\n\tboundary="'
    + MARK
    + b'"\r\n\r\n'
)
PAGE = "<html><body><table><tr><td>王明远(10001)</td><td>机密★5年</td></tr></table></body></html>".encode()
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 30
HTML_PART = b"Content-Type: text/html\r\nContent-Transfer-Encoding:7bit\r\n\r\n" + PAGE
PICTURE_PART = (
    b"Content-Type:image/jpeg\r\nContent-Transfer-Encoding:base64\r\nContent-Location:{A1B2}.dat\r\n\r\n"
    + base64.encodebytes(JPEG).replace(b"\n", b"\r\n")
)


def archive(head: bytes, *parts: bytes) -> bytes:
    return (
        head + b"".join(b"--" + MARK + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + MARK + b"--\r\n"
    )


def rows(file: Evidence, vault: Vault) -> dict[str, bytes | Reason]:
    return {
        row.name: row.reason if isinstance(row, Skipped) else row.path.read_bytes().strip()
        for row in unpack(file, vault, Limits())
    }


def test_a_qq_archive_gives_its_page_and_its_pictures(keep: Keep, vault: Vault) -> None:
    file = keep("群.mht", archive(QQ_HEAD, HTML_PART, PICTURE_PART))
    assert rows(file, vault) == {"消息记录.html": PAGE, "{A1B2}.jpg": JPEG}


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: text/html\r\n charset=utf-8\r\nContent-Transfer-Encoding:7bit\r\n" + PAGE,
        b"Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html\r\n\r\n"
        + b"".join(b"=%02X" % byte for byte in PAGE),
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(PAGE),
    ],
)
def test_the_page_is_read_whatever_its_headers_claim(part: bytes, keep: Keep, vault: Vault) -> None:
    assert rows(keep("群.mht", archive(QQ_HEAD, part)), vault)["消息记录.html"] == PAGE


@pytest.mark.parametrize("page", [HTML_PART, b"Content-Type: text/html\r\n" + PAGE])
def test_a_boundary_glued_to_the_page_still_ends_it(page: bytes, keep: Keep, vault: Vault) -> None:
    data = QQ_HEAD + b"--" + MARK + b"\r\n" + page + b"--" + MARK + b"\r\n" + PICTURE_PART
    found = rows(keep("群.mht", data), vault)
    assert (found["消息记录.html"], found["{A1B2}.jpg"]) == (PAGE, JPEG)


def test_a_boundary_that_is_not_declared_is_guessed(keep: Keep, vault: Vault) -> None:
    data = archive(QQ_HEAD.replace(b"boundary", b"bound"), HTML_PART, PICTURE_PART)
    assert rows(keep("群.mht", data), vault)["{A1B2}.jpg"] == JPEG


def test_a_cut_archive_gives_what_is_there(keep: Keep, vault: Vault) -> None:
    data = archive(QQ_HEAD, HTML_PART, PICTURE_PART)[:-3000]
    picture = rows(keep("群.mht", data), vault)["{A1B2}.jpg"]
    assert isinstance(picture, bytes)
    assert (JPEG.startswith(picture), len(picture) > 4000) == (True, True)


def test_a_saved_page_needs_no_advice(keep: Keep, vault: Vault) -> None:
    head = QQ_HEAD.replace(b"<Save by Tencent MsgMgr>", b"<Saved by Blink>")
    picture = PICTURE_PART.replace(b"{A1B2}.dat", b"https://example.com/a/%E7%85%A7.webp?x=1")
    file = keep("页.mhtml", archive(head, HTML_PART, HTML_PART, picture))
    assert rows(file, vault) == {"网页.html": PAGE, "网页2.html": PAGE, "照.jpg": JPEG}


def test_text_around_the_parts_is_kept(keep: Keep, vault: Vault) -> None:
    data = archive(QQ_HEAD + "序言\r\n".encode(), HTML_PART) + "尾声".encode()
    found = rows(keep("群.mht", data), vault)
    assert (found["其余文字1.txt"], found["其余文字2.txt"]) == ("序言".encode(), "尾声".encode())


def test_nested_parts_are_read(keep: Keep, vault: Vault) -> None:
    inner = (
        b"Content-Type: multipart/alternative; boundary=IN\r\n\r\n--IN\r\n" + HTML_PART + b"\r\n--IN--\r\n"
    )
    found = rows(keep("群.mht", archive(QQ_HEAD, inner, PICTURE_PART)), vault)
    assert (found["消息记录.html"], found["{A1B2}.jpg"]) == (PAGE, JPEG)


def test_too_many_parts_are_a_row(keep: Keep, vault: Vault) -> None:
    file = keep("群.mht", archive(QQ_HEAD, HTML_PART, PICTURE_PART))
    found = list(unpack(file, vault, Limits(archive_entries=1)))
    assert [row.reason if isinstance(row, Skipped) else row.name for row in found] == [
        "消息记录.html",
        Reason.TOO_BIG,
    ]


def test_a_file_without_parts_is_read_as_it_is(keep: Keep, vault: Vault) -> None:
    file = keep("群.mht", QQ_HEAD)
    assert [row for row in unpack(file, vault, Limits()) if isinstance(row, Evidence)] == [file]


def test_big_pictures_are_streamed(keep: Keep, vault: Vault) -> None:
    picture = PICTURE_PART + (b"A" * 76 + b"\r\n") * 200_000
    file = keep("群.mht", archive(QQ_HEAD, HTML_PART, picture))
    tracemalloc.start()
    try:
        list(unpack(file, vault, Limits()))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (QQ_HEAD, True),
        (b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\nTo: in the text', True),
        (b'To: li@example.com\nContent-Type: multipart/related; boundary="x"\n\n', False),
        (b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n', False),
    ],
)
def test_a_web_archive_is_sent_to_nobody(head: bytes, expected: bool) -> None:
    assert is_mht(head) is expected
