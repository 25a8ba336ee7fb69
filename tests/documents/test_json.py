from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from leakwatch.documents.json import is_mine, read
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def text_of(file: Evidence, vault: Vault) -> str:
    return "\n".join(item.text for item in read(file, vault) if isinstance(item, TextPiece))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'{"t":"\u673a\u5bc6\u26055\u5e74"}', '{"t":"机密★5年"}'),
        (r'{"t":"甲\n乙\/\"丙\""}', '{"t":"甲\n乙/"丙""}'),
        (r'{"t":"\ud83d\ude00\ud800"}', '{"t":"😀\ufffd"}'),
        (r'{"body":"{\"text\":\"\\u673a\\u5bc6\"}"}', '{"body":"{"text":"机密"}"}'),
        (r'{"path":"C:\\new\\x64"}', r'{"path":"C:\new\x64"}'),
        (r'var m={t:"\x41\u{673a}密"}', 'var m={t:"A机密"}'),
        ('{"t":"&#26426;&#23494; 机<b>密</b> a&b"}', '{"t":"机密 机密 a&b"}'),
        ('{"id":110101199003070011}', '{"id":110101199003070011}'),
        (r'[{"t":"\u673a\u5bc6"},{"t":"\u673a', '[{"t":"机密"},\n{"t":"机'),
        (r'{"t":"\u67', r'{"t":"u67'),
        ("[]", "[]"),
    ],
)
def test_strings_are_read_without_their_escapes(source: str, expected: str, keep: Keep, vault: Vault) -> None:
    assert text_of(keep("a.json", source.encode()), vault) == expected


def test_a_piece_is_some_lines_with_their_place(keep: Keep, vault: Vault) -> None:
    file = keep("a.json", ('{"a":{"t":"' + "甲" * 1500 + '"},\n"b":"乙"}').encode())
    assert list(read(file, vault)) == [
        TextPiece(
            text='{"a":{"t":"' + "甲" * 1500 + '"},', origin=Origin.DOCUMENT, evidence=file, spot="第1段"
        ),
        TextPiece(text='"b":"乙"}', origin=Origin.DOCUMENT, evidence=file, spot="第2段"),
    ]


def test_a_file_without_line_ends_is_read_whole(keep: Keep, vault: Vault) -> None:
    rows = [{"n": number, "t": "机密" * 20} for number in range(40_000)]
    pieces = [
        item
        for item in read(keep("a.json", json.dumps({"m": rows}, separators=(",", ":")).encode()), vault)
        if isinstance(item, TextPiece)
    ]
    assert sum(piece.text.count("机密") for piece in pieces) == 800_000
    assert max(len(piece.text) for piece in pieces) < 2000


def test_a_picture_inside_a_string_is_evidence(keep: Keep, vault: Vault) -> None:
    data = b"\x89PNG" + bytes(range(256)) * 9000
    source = (
        '{"a":"x","p":"data:image/png;base64,' + base64.b64encode(data).decode().replace("/", "\\/") + '"}'
    )
    found = [item for item in read(keep("a.json", source.encode()), vault) if isinstance(item, Evidence)]
    assert [(item.name, item.path.read_bytes() == data) for item in found] == [("图1.png", True)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('[{"a":1},{"a":2}]', True),
        ('{"m":[{"a":1},{"a":{"x":1}}]}', True),
        ('{"d":{"items":[{"a":1},{"a":2}]}}', True),
        ('{"a":1}\n{"a":2}\n', True),
        ('{"x":"' + "长" * 1_500_000 + '","m":[{"a":1},{"a":2', True),
        ('[{"a":1}]', False),
        ('{"a":"[{},{}]","b":{"c":1},"d":{"e":[1,2]}}', False),
        ('{"a":{"b":{"c":[{},{}]}}}', False),
        ("[[1,2],[3,4]]", False),
        ('{"a":[', False),
    ],
)
def test_a_list_of_records_may_be_a_chat_and_is_a_row(
    source: str, expected: bool, keep: Keep, vault: Vault
) -> None:
    file = keep("a.json", source.encode())
    detail = (
        "没有认出是哪种聊天记录，已按纯文字检查，没有发送人和时间；请换一种方式导出，或把此格式告诉维护人员"
    )
    row = Skipped(evidence=file, name="a.json", reason=Reason.UNKNOWN_FORMAT, detail=detail)
    assert [item for item in read(file, vault) if isinstance(item, Skipped)] == ([row] if expected else [])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"a":1', True),
        (b'\xef\xbb\xbf\r\n[ {"a":1', True),
        ('["甲"]'.encode("utf-16"), True),
        (b"{}", True),
        (b"window.data = [{", True),
        (b"var messages=[{id:1", True),
        (b"__QCE_CHUNK__({messages:[", True),
        ("[2031-05-06 12:00] 王明远: 好".encode(), False),
        ("[王明远] 好".encode(), False),
        (b"[section]\na=1", False),
        (b"{\\rtf1", False),
        ("通知".encode(), False),
        (b'{"a":\0\0\1\2\3\4', False),
    ],
)
def test_json_is_known_by_what_stands_behind_its_bracket(head: bytes, expected: bool) -> None:
    assert is_mine(head, "a") is expected
