"""One message has one key, whichever way QQ's chat was exported."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import openpyxl
import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.model import Evidence, Message

Keep = Callable[[str, bytes], Evidence]
TEXT = "第一行\n第二行 <b> & 机密★5年"
SHOWN = "第一行<br>第二行 &lt;b&gt; &amp; 机密★5年"


def _json() -> bytes:
    message = {
        "id": "70",
        "timestamp": 1714554005000,
        "sender": {"uid": "u_a", "uin": "10001", "name": "王明远"},
        "content": {"text": TEXT, "elements": [], "resources": []},
    }
    head = {"metadata": {"name": "QQChatExporter"}, "chatInfo": {"name": "云岭群", "type": "group"}}
    return json.dumps({**head, "messages": [message]}).encode()


def _txt() -> bytes:
    return (
        "[QQChatExporter V5 / https://github.com/shuakami/qq-chat-exporter]\n\n聊天名称: 云岭群\n\n\n"
        f"[群主] 王明远:\n时间: 2024-05-01 17:00:05\n内容: {TEXT}\n"
    ).encode()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["序号", "时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回", "资源数量"])
    sheet.append([1, "2024-05-01T09:00:05.000Z", "王明远", "10001", "type_1", TEXT, "否", 0])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _page() -> bytes:
    shown = SHOWN.replace("<br>", "\n")
    return (
        '<!DOCTYPE html><html><!-- QCE_METADATA: {"messageCount":1} --><div class="hero"><h1>云岭群</h1></div>'
        '<div class="message-block" data-date="2024-05-01"><div class="message other" id="msg-70"><span class="sender">'
        f'王明远</span><span class="time">17:00:05</span><div class="content"><span class="text-content">{shown}</span>'
        "</div></div></div></html>"
    ).encode()


def _mht() -> bytes:
    return (
        "<html><title>QQ Message</title><table><tr><td>消息对象:云岭群</td></tr>"
        "<tr><td style=color:#8EC3EB>日期: 2024/5/1</td></tr>"
        f"<tr><td><div style=color:#006EFE><div>王明远(10001)</div>17:00:05</div><div>{SHOWN}</div></td></tr></table></html>"
    ).encode()


def _qq() -> bytes:
    rule = "=" * 64
    head = f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{rule}\n消息分组:群\n{rule}\n消息对象:云岭群\n{rule}\n\n"
    return f"{head}2024-05-01 17:00:05 【群主】王明远(10001)\n{TEXT}\n".encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("group_云岭群_1_20240501_170005.xlsx", _xlsx()),
        ("a.txt", _txt()),
        ("a.html", _page()),
        ("消息记录.html", _mht()),
        ("b.txt", _qq()),
    ],
    ids=["xlsx", "txt", "page", "mht", "qq"],
)
def test_a_message_has_the_key_that_it_has_in_json(name: str, data: bytes, keep: Keep) -> None:
    keys = []
    for file in (keep("a.json", _json()), keep(name, data)):
        reader = reader_for(file)
        assert reader is not None
        found = next(one for one in reader.read(file, Alone()) if isinstance(one, Message))
        assert found.text == TEXT
        keys.append(found.key)
    assert len(set(keys)) == 1
