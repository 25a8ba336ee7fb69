from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from leakwatch.documents.html import is_mine, read
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))
PHOTO = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()


def text_of(file: Evidence, vault: Vault) -> str:
    return "\n".join(item.text for item in read(file, vault) if isinstance(item, TextPiece))


def inline(file: Evidence, vault: Vault) -> list[tuple[str, bytes]]:
    return [(item.name, item.path.read_bytes()) for item in read(file, vault) if isinstance(item, Evidence)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>机<b>密</b>★5年</p>", "机密★5年"),
        ("&#26426;&#23494;&#9733;5&#24180;", "机密★5年"),
        ("<p>机\n  密<p>乙", "机 密\n乙"),
        ("<div>甲</div>乙<br>丙", "甲\n乙\n丙"),
        ("<table><tr><td>丁</td><td>戊</td></tr><tr><td>己</table>", "丁\t戊\n己"),
        ("<pre>甲\n乙</pre>", "甲\n乙"),
        ('<p>机<b title="提示">密</b></p>', "机密\n提示"),
        ('<img alt="照片说明">', "照片说明"),
        ('<a href="files/%E5%90%8D%E5%8D%95.docx">x</a>', "x\nfiles/名单.docx"),
        ('<i data-text="\\u673a\\u5bc6">x</i>', "x\n机密"),
        ("<p style='font-family:宋体'>x</p>", "x"),
        ("<p>x</p><!-- <p>机<b>密</b></p> -->", "x\n机密"),
        ("<style>p{font-family:宋体}</style>x", "x"),
        ("<script>var a=1;</script>x", "x"),
        (
            '<script>var m=[{"t":"\\u673a\\u5bc6\\/a"},{"t":"甲\\n乙"}]</script>x',
            'var m=[{"t":"机密/a"},\n{"t":"甲\n乙"}]\nx',
        ),
        ('<script>var m={"id":"110101199003070011"}</script>', 'var m={"id":"110101199003070011"}'),
        ("<script>var m='机<b>密</b>'", "var m='机密'"),
        ("<iframe srcdoc='<p>机<b>密</b></p>'></iframe>", "机密"),
        ("<p>a</p></body></html><p>后面</p>", "a\n后面"),
        ("<p>甲<机密 乙", "甲<机密 乙"),
        ("<p>甲<b 机密=1", "甲\n机密1"),
        ("<p>甲<b title='机密", "甲\n机密"),
        ('<p>甲<b title="机密', "甲\n机密"),
        ("<p>甲<!-- 机密", "甲\n机密"),
        ("<p>甲\0乙<", "甲 乙<"),
        ("<div>" * 5000 + "机密", "机密"),
        ("", ""),
        ("\ufeff \n", ""),
    ],
)
def test_a_page_says_what_a_reader_could_find_in_it(
    source: str, expected: str, keep: Keep, vault: Vault
) -> None:
    assert text_of(keep("a.html", source.encode()), vault) == expected


def test_a_piece_is_some_lines_with_their_place(keep: Keep, vault: Vault) -> None:
    file = keep("a.html", f"<p>{'甲' * 1000}<p>{'乙' * 1000}<p>丙".encode())
    assert list(read(file, vault)) == [
        TextPiece(text="甲" * 1000, origin=Origin.DOCUMENT, evidence=file, spot="第1段"),
        TextPiece(text="乙" * 1000 + "\n丙", origin=Origin.DOCUMENT, evidence=file, spot="第2-3段"),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<meta charset=gb2312><p>机密镕".encode("gb18030"), "机密镕"),
        ("<meta charset=gb2312><p>机密".encode(), "机密"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>機密文件'.encode("big5"),
            "機密文件",
        ),
        ("<p>机密".encode("utf-16"), "机密"),
        ("<p>机密".encode("utf-8-sig"), "机密"),
    ],
)
def test_the_encoding_is_found_whatever_the_page_declares(
    data: bytes, expected: str, keep: Keep, vault: Vault
) -> None:
    assert text_of(keep("a.html", data), vault).splitlines()[-1] == expected


@pytest.mark.parametrize(
    "source",
    [
        f'<img src="{PHOTO}">',
        f"<div style=\"background:url('{PHOTO}')\">x</div>",
        f"<style>a{{background:url({PHOTO})}}</style>",
        f'<script>x={{"src":"{PHOTO}"}}</script>'.replace("image/", "image\\/"),
        f'<img src="{PHOTO[:80]}\n {PHOTO[80:]}">',
        f'<img src="{PHOTO}"><img src="{PHOTO}">',
        f"<!-- <img src='{PHOTO}'> -->",
    ],
)
def test_a_picture_inside_the_page_is_evidence_once(source: str, keep: Keep, vault: Vault) -> None:
    assert inline(keep("a.html", source.encode()), vault) == [("图1.jpg", JPEG)]


def test_an_attached_file_is_evidence_and_a_font_is_none(keep: Keep, vault: Vault) -> None:
    encoded = base64.b64encode(b"%PDF-1.4").decode()
    source = f'<a href="data:application/pdf;base64,{encoded}">x</a><style>@font-face{{src:url(data:font/woff2;base64,{encoded})}}</style>'
    assert inline(keep("a.html", source.encode()), vault) == [("附件1.pdf", b"%PDF-1.4")]


def test_pictures_beyond_the_most_are_a_row(keep: Keep, vault: Vault) -> None:
    tags = (
        f'<img src="data:image/png;base64,{base64.b64encode(b"%03d" % number).decode()}">'
        for number in range(502)
    )
    rows = list(read(keep("a.html", "".join(tags).encode()), vault))
    last = rows[-1]
    assert isinstance(last, Skipped)
    assert (len(rows), last.reason, "还有 2 个" in last.detail) == (501, Reason.TOO_BIG, True)


def test_bytes_that_are_no_text_are_reported(keep: Keep, vault: Vault) -> None:
    *_, last = read(keep("a.html", "<p>云岭区工作会议纪要".encode() * 9 + b"\xff"), vault)
    assert isinstance(last, Skipped)
    assert last.reason is Reason.DAMAGED


def test_endless_text_and_endless_scripts_lose_nothing(keep: Keep, vault: Vault) -> None:
    digits = "".join(f"{number:07}" for number in range(40_000))
    whole = text_of(keep("a.html", f"<p>{digits}<script>'{digits}'</script>".encode()), vault)
    assert all(whole.count(digits[at : at + 40]) >= 2 for at in range(0, len(digits) - 40, 997))


def test_a_page_of_many_mebibytes_is_read_as_if_by_one_parser(keep: Keep, vault: Vault) -> None:
    filler = "x" * 20_000
    rows = "".join(f"<div><p>机<b>密</b>{number}</p>甲<p>{filler}</div>乙\n" for number in range(1_000))
    lines = text_of(keep("a.html", f"<html><body>{rows}".encode()), vault).split("\n")
    assert lines == [line for number in range(1_000) for line in (f"机密{number}", "甲", filler, "乙")]


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("群聊", b"<!DOCTYPE html>\n<html>", True),
        ("a.txt", b"\xef\xbb\xbf\r\n<HTML><head>", True),
        ("a.doc", "<html xmlns:o=x>".encode("utf-16"), True),
        ("a.xhtml", b'<?xml version="1.0"?>\n<!-- x -->\n<html>', True),
        ("a.dat", b"<div class=m>", True),
        ("a.html", "机<b>密</b>".encode(), True),
        ("a.html", b"&#26426;", True),
        ("a.html", b"ok", False),
        ("a.txt", "代码是 <div>".encode(), False),
        ("a.xml", b'<?xml version="1.0"?><msg>', False),
        ("a.html", b"<html>\0\0\0\x01\x02\x03\x04", False),
    ],
)
def test_a_page_is_known_by_its_first_tag(name: str, head: bytes, expected: bool) -> None:
    assert is_mine(head, name) is expected


@pytest.mark.parametrize(("tag", "expected"), [(b"<html>", True), (b"text", False), (b"<!-- open", False)])
def test_thousands_of_comments_before_the_first_tag_are_passed(tag: bytes, expected: bool) -> None:
    assert is_mine(b"<!-- x -->\n" * 2000 + tag, "a.txt") is expected
