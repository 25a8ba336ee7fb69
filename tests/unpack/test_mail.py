"""Mails."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.unpack.mail import is_mail
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

HEADERS = b"From: wang@example.com\r\nTo: li@example.com\r\nMIME-Version: 1.0\r\n"


def rows(file: Evidence, vault: Vault) -> dict[str, bytes | Reason]:
    return {
        row.name: row.reason if isinstance(row, Skipped) else row.path.read_bytes()
        for row in unpack(file, vault, Limits())
    }


def multipart(*parts: bytes) -> bytes:
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return HEADERS + b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n' + body + b"--B--\r\n"


def body_of(headers: bytes, body: bytes, keep: Keep, vault: Vault) -> str:
    found = rows(keep("a.eml", HEADERS + headers + b"\r\n\r\n" + body), vault)["邮件正文.txt"]
    assert isinstance(found, bytes)
    return found.decode().strip()


def test_a_mail_gives_its_headers_its_body_and_its_attachments(keep: Keep, vault: Vault) -> None:
    data = HEADERS + b"Subject: =?GB2312?B?" + base64.b64encode("工作群记录".encode("gbk")) + b"?=\r\n"
    data += b'Date: Tue, 6 May 2031 12:00:00 +0800\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n'
    data += b"--B\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + "秘密★1年镕".encode("gbk")
    data += b'\r\n--B\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nx\r\n--B--\r\n'
    file = keep("群.eml", data)
    assert [
        row.inner_path if isinstance(row, Evidence) else row for row in unpack(file, vault, Limits())
    ] == [
        "群.eml!邮件头.txt",
        "群.eml!邮件正文.txt",
        "群.eml!a.txt",
    ]
    assert rows(file, vault) == {
        "邮件头.txt": (
            "主题：工作群记录\n发件人：wang@example.com\n收件人：li@example.com\n"
            "日期：Tue, 6 May 2031 12:00:00 +0800"
        ).encode(),
        "邮件正文.txt": "秘密★1年镕".encode(),
        "a.txt": b"x",
    }


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.txt",
        b"attachment; filename*0*=gb18030''%C3%FB; filename*1*=%B5%A5.txt",
        b'attachment; filename="=?UTF-8?B?' + base64.b64encode("名单.txt".encode()) + b'?="',
        b'attachment; filename="' + "名单.txt".encode("gbk") + b'"',
        b'attachment; filename="' + "名单.txt".encode() + b'"',
        b'attachment; filename="../../' + "名单.txt".encode() + b'"',
    ],
)
def test_names_of_attachments_are_decoded(disposition: bytes, keep: Keep, vault: Vault) -> None:
    part = b"Content-Type: application/octet-stream\r\nContent-Disposition: " + disposition + b"\r\n\r\nx"
    assert rows(keep("a.eml", multipart(part)), vault)["名单.txt"] == b"x"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Type: text/plain; charset=utf-8", "机密文件".encode()),
        (b"Content-Type: text/plain", "机密文件".encode("gbk")),
        (b"Content-Type: text/plain; charset=no-such-charset", "机密文件".encode("gbk")),
        (
            b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
            base64.b64encode("机密文件".encode()),
        ),
        (
            b"Content-Type: text/html; charset=utf-8",
            "<html><body><p>机<b>密</b>文件</p></body></html>".encode(),
        ),
        (b"Content-Type: multipart/mixed; boundary=X", b"--X\r\n\r\n" + "机密文件".encode()),
    ],
)
def test_a_body_is_read_whatever_it_claims_to_be(
    headers: bytes, body: bytes, keep: Keep, vault: Vault
) -> None:
    assert body_of(headers, body, keep, vault) == "机密文件"


def test_blocks_of_html_are_lines_and_cells_are_tabs(keep: Keep, vault: Vault) -> None:
    source = "<style>p{}</style><div>甲</div>乙<br>丙<table><tr><td>丁</td><td>戊</td></tr></table><script>x</script>"
    assert (
        body_of(b"Content-Type: text/html; charset=utf-8", source.encode(), keep, vault)
        == "甲\n乙\n丙\n丁\t戊"
    )


def test_html_is_kept_beside_plain_text_only_if_it_says_more(keep: Keep, vault: Vault) -> None:
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "会议 通知".encode()
    same = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + "<p>会议</p><p>通知</p>".encode()
    more = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + "<p>机密</p>".encode()
    assert set(rows(keep("a.eml", multipart(plain, same)), vault)) == {"邮件头.txt", "邮件正文.txt"}
    assert rows(keep("b.eml", multipart(plain, more)), vault)["邮件正文（网页）.txt"] == "机密".encode()


@pytest.mark.parametrize(
    ("page", "is_kept"),
    [
        ('<p>甲</p><img src="data:image/png;base64,iVBORw0KGgo=">', True),
        ("<p>甲</p><!-- 机密 -->", True),
        ('<p>甲</p><img src="cid:1" alt="机密&#26469;文">', True),
        ('<p>甲</p><a href="%E5%90%8D%E5%8D%95.docx">x</a>', True),
        ("<p>甲</p><script>var m='机密'</script>", True),
        ("<!-- nothing but a comment -->", True),
        ("<p style='font-family:宋体'>甲</p><!--[if mso]><xml></xml><![endif]-->", False),
        ("<style>p{font-family:宋体}</style><p>甲<img alt=''></p>", False),
    ],
)
def test_a_page_that_hides_anything_is_handed_on_as_it_is(
    page: str, is_kept: bool, keep: Keep, vault: Vault
) -> None:
    html = b"Content-Type: text/html; charset=gbk\r\n\r\n" + page.encode("gbk")
    for parts in ((html,), (b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "甲".encode(), html)):
        found = rows(keep("a.eml", multipart(*parts)), vault)
        assert "邮件正文.txt" in found
        assert found.get("邮件正文.html") == (page.encode() if is_kept else None)


@pytest.mark.parametrize("depth", [1000, 5000])
def test_text_below_thousands_of_tags_is_not_lost(depth: int, keep: Keep, vault: Vault) -> None:
    page = b"<div>" * depth + "机密".encode()
    assert "机密" in body_of(b"Content-Type: text/html; charset=utf-8", page, keep, vault)


def test_a_mail_within_a_mail_and_an_unnamed_picture_are_read(keep: Keep, vault: Vault) -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nFrom: x@example.com\r\n\r\nhidden"
    picture = b"Content-Type: image/png\r\nContent-ID: <1>\r\n\r\n\x89PNG"
    found = rows(keep("a.eml", multipart(inner, picture)), vault)
    assert (found["邮件正文.txt"], found["附件1.png"]) == (b"hidden", b"\x89PNG")


def test_nesting_without_end_does_not_lose_the_text(keep: Keep, vault: Vault) -> None:
    data = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
    )
    found = list(unpack(keep("a.eml", HEADERS + data + "机密".encode()), vault, Limits()))
    assert any(isinstance(row, Evidence) and "机密".encode() in row.path.read_bytes() for row in found)


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: =?utf-8?B?!!!?=",
        b"Subject: =?no-such?Q?a?=",
        b'Content-Type: ;;;="',
        b"Content-Type: text/plain; charset*=x''%ff",
        b"Content-Disposition: attachment; filename*5*=utf-7''%2BAAA; filename*x=1",
        b'Content-Type: text/plain; charset="\xff\x00"',
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
        b"Content-Type: multipart/mixed",
        b"Date: \xc4\xea",
    ],
)
def test_malformed_headers_do_not_lose_the_body(header: bytes, keep: Keep, vault: Vault) -> None:
    found = rows(keep("a.eml", HEADERS + header + b"\r\n\r\nthe body 1234"), vault)
    assert any(isinstance(value, bytes) and b"the body 1234" in value for value in found.values())


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEADERS + b"\r\n", True),
        (b"From wang Tue May 6\n" + HEADERS, True),
        (b"Subject: one header only\r\n\r\nTo", False),
        ("消息记录\nFrom: a\nTo: b\n".encode(), False),
        (b"\x89PNG\r\n", False),
    ],
)
def test_a_mail_is_known_by_its_headers(head: bytes, expected: bool) -> None:
    assert is_mail(head) == expected
