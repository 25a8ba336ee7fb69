"""QQ Chat Exporter's JSON and its chunks of JSONL."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.bundle import Bundle
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import chatlab
from leakwatch.chats.qq import qce_json
from leakwatch.chats.wechat import weflow
from leakwatch.model import (
    SHANGHAI,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    Precision,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="qq", id="700001", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
INFO = {"name": "云岭区值班群", "type": "group", "selfUid": "u_s", "peerUin": "700001"}
V5 = {
    "name": "QQChatExporter",
    "copyright": "https://github.com/shuakami/qq-chat-exporter",
    "version": "5.5.30",
}
V4 = {"name": "QQChatExporter V4 / https://github.com/shuakami/qq-chat-exporter", "version": "4.0.0"}


def _row(text: str) -> dict[str, object]:
    elements = [{"type": "text", "data": {"text": text}}]
    return {
        "id": "70",
        "timestamp": 1714554005000,
        "time": "2024-05-01 17:00:05",
        "sender": {"uid": "u_a", "uin": "10001", "name": "王明远"},
        "type": "type_1",
        "content": {"text": text, "elements": elements, "resources": [], "mentions": []},
        "recalled": False,
        "system": False,
    }


def _plain(text: str) -> Message:
    return Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        sender_id="10001",
        text=text,
        id="70",
        sent_at=AT,
        precision=Precision.SECOND,
    )


def _file(*rows: object, metadata: object = V5, **more: object) -> bytes:
    data = {
        "metadata": metadata,
        "chatInfo": INFO,
        "statistics": {"totalMessages": len(rows)},
        "messages": rows,
        **more,
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def test_a_file_gives_its_messages_and_its_chat(keep: Keep) -> None:
    found = list(qce_json.read(keep("group_x_1_20240501_170005.json", _file(_row("早"))), Alone()))
    assert found == [
        _plain("早"),
        Conversation(
            chat=CHAT,
            format="qce-json",
            declared=1,
            coverage=Coverage(),
            lossy=("较早的 QQ Chat Exporter 不导出合并转发里的图片和文件",),
        ),
    ]


def test_a_chat_without_a_name_is_called_by_its_file(keep: Keep) -> None:
    data = _file(_row("早"), chatInfo={"name": "", "type": "group"})
    *_, chat = qce_json.read(keep("group_青石_夜班群_1_20240501_170005.json", data), Alone())
    assert isinstance(chat, Conversation)
    assert chat.chat == Chat(name="青石_夜班群", platform="qq", is_group=True)


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (_file(_row("早")), True),
        (_file(_row("早"), metadata=V4), True),
        (_file(_row("早"), metadata={"name": "QQChatExporter (分块 1)"}), True),
        (_file(_row("早"), metadata=None), True),
        (b"\xef\xbb\xbf" + _file(_row("早")), True),
        (_file(_row("早")).decode().encode("utf-16"), True),
        (_file({"a": 1}, metadata={"name": "Other"}), False),
        (b'{"metadata":{"name":"QQChatExporter"},"x":1}', False),
        (b'{"metadata":5,"chatInfo":{},"messages":[5]}', False),
        (b'{"weflow":{},"session":{},"messages":[]}', False),
        (b"QQChatExporter chatInfo", False),
        (b"", False),
    ],
)
def test_only_the_exporters_own_files_are_claimed(data: bytes, claimed: bool) -> None:
    assert qce_json.is_mine(data, "a.json") is claimed
    assert not chatlab.is_mine(data, "a.json")
    assert claimed is False or not weflow.is_mine(data, "a.json")


def test_a_cut_file_gives_what_is_whole_and_says_so(keep: Keep) -> None:
    data = _file(_row("早"), _row("中"), _row("晚"))
    found = list(qce_json.read(keep("a.json", data[: data.rindex("晚".encode())]), Alone()))
    texts = [one.text for one in found if isinstance(one, Message)]
    reasons = [one.reason for one in found if isinstance(one, Skipped)]
    chats = [one.declared for one in found if isinstance(one, Conversation)]
    assert (texts, reasons, chats) == (["早", "中"], [Reason.INCOMPLETE], [3])


def _chunked(
    keep: Keep, vault: Vault, manifest: dict[str, object], files: dict[str, bytes]
) -> list[Message | Skipped | Conversation]:
    main = keep("群/manifest.json", json.dumps(manifest, ensure_ascii=False).encode())
    others = [keep(f"群/{name}", data) for name, data in files.items()]
    assert qce_json.is_mine(main.path.read_bytes()[: 1 << 20], "manifest.json")
    bundle = Bundle([main, *others], [main])
    found = list(qce_json.read(main, bundle.beside(main, vault)))
    assert bundle.unclaimed(others) == []
    return found


def _lines(*texts: str) -> bytes:
    return "".join(json.dumps(_row(text), ensure_ascii=False) + "\n" for text in texts).encode()


CHUNKS = {"chunks/c000001.jsonl": _lines("一", "二"), "chunks/c000002.jsonl": _lines("三")}
V55 = [
    {"index": 1, "fileName": "c000001.jsonl", "relativePath": "chunks/c000001.jsonl", "count": 2},
    {"index": 2, "fileName": "c000002.jsonl", "relativePath": "chunks/c000002.jsonl", "count": 1},
]
V50 = [{"file": "chunks/c000001.jsonl", "messages": 2}, {"file": "c000002.jsonl", "messages": 1}]


def _manifest(chunks: object, **more: object) -> dict[str, object]:
    return {
        "metadata": V5,
        "chatInfo": INFO,
        "statistics": {"totalMessages": 3},
        "chunked": {"format": "jsonl", "chunksDir": "chunks", "chunks": chunks},
        **more,
    }


@pytest.mark.parametrize(
    "manifest",
    [
        _manifest(V55),
        _manifest(V50),
        _manifest([]),
        {"metadata": {**V5, "format": "chunked-jsonl"}, "chatInfo": INFO, "statistics": {"totalMessages": 3}},
        _manifest(V55, statistics={"senders": [{"uid": "x" * 900}] * 2000, "totalMessages": 3}),
    ],
    ids=["5.5", "5.0", "unlisted", "by its format", "beyond a megabyte"],
)
def test_chunks_are_read_in_the_manifests_order(
    manifest: dict[str, object], keep: Keep, vault: Vault
) -> None:
    found = _chunked(
        keep, vault, manifest, {**CHUNKS, "avatars.json": b'{"10001":"data:image/png;base64,AA"}'}
    )
    messages = [(one.number, one.text) for one in found if isinstance(one, Message)]
    assert messages == [(1, "一"), (2, "二"), (3, "三")]
    assert [one.declared for one in found if isinstance(one, Conversation)] == [3]
    assert not [one for one in found if isinstance(one, Skipped)]


def test_a_missing_chunk_is_said_with_its_count(keep: Keep, vault: Vault) -> None:
    found = _chunked(keep, vault, _manifest(V55), {"chunks/c000002.jsonl": _lines("三")})
    missing = [one for one in found if isinstance(one, Skipped)]
    assert [(one.name, one.reason, "2 条消息" in one.detail) for one in missing] == [
        ("c000001.jsonl", Reason.INCOMPLETE, True)
    ]


def test_a_chunk_that_holds_less_than_it_should_is_said(keep: Keep, vault: Vault) -> None:
    cut = {**CHUNKS, "chunks/c000001.jsonl": _lines("一", "二")[:-60]}
    found = _chunked(keep, vault, _manifest(V55), cut)
    said = [(one.name, one.reason) for one in found if isinstance(one, Skipped)]
    assert said == [("c000001.jsonl", Reason.INCOMPLETE)] * 2
    assert [one.text for one in found if isinstance(one, Message)] == ["一", "三"]
