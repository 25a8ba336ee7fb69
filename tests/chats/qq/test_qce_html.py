"""QQ Chat Exporter's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.qq import qce_html
from leakwatch.model import Chat, Conversation, Evidence, Message, Skipped

Keep = Callable[[str, bytes], Evidence]
NOON = datetime.fromisoformat("2024-05-01T12:00:00+08:00")


def _message(text: str) -> str:
    return (
        '<div class="message-block" data-date="2024-05-01"><div class="message other" id="msg-70">'
        '<span class="sender">王明远</span><span class="time">2024/05/01 17:00:05</span>'
        f'<div class="content"><span class="text-content">{text}</span></div></div></div>\n'
    )


def _modern(*messages: str, metadata: str = '{"messageCount":2,"chatName":"x","chatType":"group"}') -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<!-- QCE_METADATA: {metadata} -->\n<head><title>聊天记录 - 云岭</title>'
        "<style>.message-block{}</style><script>var a='<div class=\"message other\">';</script></head><body>"
        '<div class="hero"><h1 class="hero-title">云岭区&amp;值班群</h1><span id="info-total">--</span></div>'
        f'<div class="chat-content">{"".join(messages)}</div></body></html>'
    ).encode()


V4 = (
    "<!DOCTYPE html><html><head><title>QQ Chat Exporter Pro - 聊天记录</title></head><body>"
    '<div class="header"><h1>QQ Chat Exporter Pro</h1><div class="subtitle">云岭区&amp;值班群 - 聊天记录导出</div></div>'
    '<div class="chat-content"><div class="message other"><div class="message-bubble"><div class="message-header">'
    '<span class="sender">王明远</span><span class="time">2024/05/01 17:00:05</span></div>'
    '<div class="content"><span class="text-content">早</span></div></div></div>'
    '<div class="system-message-container"><div class="system-message">刘洋加入</div></div></div></body></html>'
).encode()
TABLE = (
    '<!DOCTYPE html><html><head><meta name="generator" content="QQ聊天记录导出工具"></head><body>'
    '<div class="chat-header"><h1 class="chat-title">云岭区&amp;值班群</h1><div class="chat-info"><div>群聊</div></div></div>'
    '<div class="statistics"><div class="stat-item"><div class="stat-number">2</div><div class="stat-label">总消息数'
    '</div></div></div><div class="messages-container" id="messagesContainer">'
    '<div class="message" data-message-id="1"><span class="message-sender">王明远</span>'
    '<div class="message-content">早</div></div></div></body></html>'
).encode()


def _read(keep: Keep, data: bytes) -> list[Message | Skipped | Conversation]:
    return list(qce_html.read(keep("group_青石群_1_20240501_170005.html", data), Alone()))


@pytest.mark.parametrize(
    ("data", "texts", "declared", "is_group"),
    [
        (_modern(_message("早"), _message("晚")), ["早", "晚"], 2, True),
        (_modern(_message("早"), metadata='{"messageCount":0}'), ["早"], None, None),
        (V4, ["早", "刘洋加入"], None, None),
        (TABLE, ["早"], 2, True),
    ],
    ids=["modern", "unfinished", "v4", "table"],
)
def test_a_page_gives_its_messages_and_its_chat(
    data: bytes, texts: list[str], declared: int | None, is_group: bool | None, keep: Keep
) -> None:
    *messages, chat = _read(keep, data)
    assert isinstance(chat, Conversation)
    assert [one.text for one in messages if isinstance(one, Message)] == texts
    assert chat.chat == Chat(name="云岭区&值班群", platform="qq", is_group=is_group)
    assert chat.declared == declared


def test_a_chat_without_a_title_is_called_by_its_file(keep: Keep) -> None:
    *_, chat = _read(keep, _modern(_message("早")).replace("云岭区&amp;值班群".encode(), b""))
    assert isinstance(chat, Conversation)
    assert chat.chat.name == "青石群"


def test_a_cut_page_gives_what_is_there(keep: Keep) -> None:
    data = _modern(_message("早"), _message("机密文件"))
    found = _read(keep, data[: data.index("文件".encode())])
    assert [one.text for one in found if isinstance(one, Message)] == ["早", "机密"]


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (_modern(_message("早")), "qce-html"),
        (_modern().replace(b"other", b"x").replace(b'class="message', b'class="note'), None),
        (V4, "qce-html"),
        (TABLE, "qce-html"),
        (_modern(metadata='{"messageCount":2,"mode":"chunked"}'), "qce-viewer"),
        (_modern(metadata='{"chatName":"a"b","mode":"chunked"}'), "qce-viewer"),
        (_modern(_message("早"), metadata='{"chatName":"a"b"}'), "qce-html"),
        (b"<html><body><div class='message other'>x</div></body></html>", None),
        (b'<html><body><div class="message-block" data-date="2024-05-01">x</div></body></html>', "qce-html"),
        (b'<html><body><div class="message-block" data-date="today">x</div></body></html>', None),
        (b'<html><body><div class="message" data-message-id="1">x</div></body></html>', None),
        (b"QQ Chat Exporter Pro - ", None),
        (b"", None),
    ],
)
def test_only_the_exporters_pages_are_claimed(data: bytes, reader: str | None) -> None:
    assert [one.NAME for one in READERS if one.is_mine(data, "a.html")] == ([reader] if reader else [])


@given(st.text(alphabet="<>/=\"' divclasmegotn-rwbkimgsrc:data机\0📷📎\n", max_size=200))
def test_no_markup_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, markup: str) -> None:
    path = Path(tmp_path_factory.getbasetemp() / "qce.html")
    path.write_bytes(_modern(_message(markup), markup))
    file = Evidence(sha256="", size=0, name="a.html", inner_path="a.html", path=path, taken_at=NOON)
    assert list(qce_html.read(file, Alone()))
