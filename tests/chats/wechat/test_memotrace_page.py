"""MemoTrace v1's web page, and rows in JavaScript that was never JSON."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats.beside import Alone
from leakwatch.chats.parts.json_stream import Cut, Torn
from leakwatch.chats.parts.script_literals import literals_behind
from leakwatch.chats.wechat import memotrace_page
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
SIGN = re.compile(r"rows = \[")
COMMON = "is_send:0,avatar_path:'',timestamp:1714554005,is_chatroom:1,displayname:'王明远'"


def _page(*rows: str) -> str:
    return f"<html><script>var a = [];\nconst chatMessages = [{''.join(rows)}]\nlet b = [{{c:1}}]</script>"


def _read(keep: Keep, *rows: str) -> list[object]:
    return list(memotrace_page.read(keep("云岭群.html", _page(*rows).encode()), Alone()))


def _message(keep: Keep, row: str) -> Message:
    found = _read(keep, row)[0]
    assert isinstance(found, Message)
    return found


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (f"{{ type:1, text: '收到 &lt;1&gt;',{COMMON}}},", MessageKind.TEXT, "收到 <1>"),
        (f"{{ type:1, text: 'it\\'s \\\"好\\\"\\n第二行',{COMMON}}},", MessageKind.TEXT, 'it\'s "好"\n第二行'),
        (f"{{ type:1, text: '看图<img src=\"x\" id=\"微笑\">',{COMMON}}},", MessageKind.TEXT, "看图"),
        (f"{{ type:1, text: '}},{{ type:1, x:',{COMMON}}},", MessageKind.TEXT, "},{ type:1, x:"),
        (f"{{ type:34, text:'./voice/1.mp3',voice_to_text:'明天开会',{COMMON}}},", MessageKind.VOICE, "明天开会"),
        (
            f"{{ type:49,sub_type:5, text:'',url:'https://x.invalid/?a=1',title:'一个'标题',description:'描\n述',{COMMON}}},\n",
            MessageKind.LINK,
            "一个'标题\n描\n述\nhttps://x.invalid/?a=1",
        ),
        (
            f"{{ type:49,sub_type:2000,text:'已收款',{COMMON},paysubtype:3,pay_memo:'饭钱',feedesc:'￥5',}},\n",
            MessageKind.TRANSFER,
            "已收款\n￥5\n饭钱",
        ),
        (f"{{ type:50, text:'通话时长 00:11',call_type:0,{COMMON},}},\n", MessageKind.CALL, "通话时长 00:11"),
        (f"{{ type:1, text: '收到',note: '机密文件',{COMMON}}},", MessageKind.TEXT, "收到\nnote：机密文件"),
        (f"{{ type:0, text: '李婷加入了群聊',{COMMON}}},", MessageKind.SYSTEM, "李婷加入了群聊"),
        (f"{{ type:0, text: '李婷撤回了一条消息',{COMMON}}},", MessageKind.RECALL, "李婷撤回了一条消息"),
    ],
)  # fmt: skip
def test_every_kind_of_row_keeps_its_words(keep: Keep, row: str, kind: MessageKind, text: str) -> None:
    found = _message(keep, row)

    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("row", "attachment"),
    [
        (
            f"{{ type:3, text: './image/a.jpg',{COMMON}}},",
            Attachment(kind=AttachmentKind.IMAGE, path="./image/a.jpg"),
        ),
        (
            f"{{ type:3, text: 'http://x.invalid/1',{COMMON}}},",
            Attachment(kind=AttachmentKind.STICKER, path="http://x.invalid/1", remote=True),
        ),
        (
            f"{{ type:49, text: './file/值班表.docx',{COMMON}\n     ,sub_type:6,file_name: '值班'表.docx',app_name: 'None'}},",
            Attachment(kind=AttachmentKind.FILE, name="值班'表.docx", path="./file/值班表.docx"),
        ),
    ],
)
def test_files_come_with_their_path(keep: Keep, row: str, attachment: Attachment) -> None:
    assert _message(keep, row).attachments == (attachment,)


def test_a_quote_names_whom_it_quotes(keep: Keep) -> None:
    row = f"{{ type:49, text: '收到',is_send:1,sub_type:57,refer_text: '李婷：几点开会',{COMMON}}},"

    assert _message(keep, row).quoted == Quote(sender="李婷", text="几点开会")


def test_times_between_the_messages_are_no_messages(keep: Keep) -> None:
    rows = ("{ type:0, text: '2024-05-01 17:00:05',is_send:0,avatar_path:'',timestamp:1714554005},",
            f"{{ type:1, text: '收到',{COMMON}}},")  # fmt: skip
    found = _read(keep, *rows)

    assert [message.text for message in found if isinstance(message, Message)] == ["收到"]
    assert not [item for item in found if isinstance(item, Skipped)]


def test_a_broken_row_is_read_as_text_and_the_next_one_follows(keep: Keep) -> None:
    found = _read(keep, f'{{ type:1, text: "机密 {COMMON}}},', f"{{ type:1, text: '收到',{COMMON}}},")

    assert [message.text for message in found if isinstance(message, Message)][1:] == ["收到"]
    assert "机密" in next(message.text for message in found if isinstance(message, Message))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.DAMAGED]


def test_a_cut_page_says_so(keep: Keep) -> None:
    data = _page(f"{{ type:1, text: '一',{COMMON}}},", f"{{ type:1, text: '二',{COMMON}}},").encode()
    found = list(memotrace_page.read(keep("a.html", data[:-80]), Alone()))

    assert Reason.INCOMPLETE in [item.reason for item in found if isinstance(item, Skipped)]
    assert isinstance(found[-1], Conversation)


@pytest.mark.parametrize(
    ("script", "rows"),
    [
        ("rows = []", []),
        ("rows = [{a:1},{b:'x',},]", [{"a": 1}, {"b": "x"}]),
        ("rows = [ {a:'\\u673a\\x41\\\\'} ]", [{"a": "机A\\"}]),
        ("rows = [{a:None,b:-3}]", [{"a": "None", "b": "-3"}]),
        ("rows = [{a:'x'}", [{"a": "x"}, Cut(Reason.INCOMPLETE)]),
        ("rows = [{a:`x`},{b:1}]", [Torn("{a:`x`}"), {"b": 1}]),
        ("nothing", [Cut(Reason.INCOMPLETE)]),
    ],
)
def test_rows_are_read_as_a_browser_would(script: str, rows: list[object]) -> None:
    assert list(literals_behind(SIGN, io.StringIO(script))) == rows


def test_rows_longer_than_what_is_read_at_once_stay_whole() -> None:
    long = "机" * 400_000
    script = f"rows = [{{a:'{long}'}},{{a:'二'}}]"

    assert list(literals_behind(SIGN, io.StringIO(script))) == [{"a": long}, {"a": "二"}]


def test_a_script_of_nothing_but_broken_rows_comes_to_its_end() -> None:
    found = list(literals_behind(SIGN, io.StringIO("rows = [" + "},{a:'x" * 5_000)))

    assert found[-1] == Cut(Reason.INCOMPLETE)


@pytest.mark.parametrize(
    ("data", "is_mine"),
    [
        (_page(f"{{ type:1, text: 'x',{COMMON}}},").encode(), True),
        (b'<script>const chatMessages = [{"type":"1"}]', False),
        (b"const chatMessages = []", False),
        (b"<html>chatMessages</html>", False),
    ],
)
def test_only_its_own_script_is_claimed(data: bytes, is_mine: bool) -> None:
    assert memotrace_page.is_mine(data, "a.html") is is_mine


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = _page(f"{{ type:1, text: '一',{COMMON}}},", f"{{ type:49,sub_type:5,title:'二',{COMMON},}},\n").encode()  # fmt: skip
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.html")

    assert isinstance(list(memotrace_page.read(file, Alone()))[-1], Conversation)
