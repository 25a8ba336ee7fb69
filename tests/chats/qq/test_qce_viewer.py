"""QQ Chat Exporter's viewer: chunks of scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.bundle import Bundle
from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.qq import qce_viewer
from leakwatch.errors import Unreadable
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="qq", id="700001", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _record(number: int, text: str, html: str | None = None, **more: object) -> dict[str, object]:
    shown = (
        '<div class="message-block" data-date="2024-05-01"><div class="message other" data-sender-uid="u_a"'
        f' id="msg-{number}"><span class="sender">王明远</span><span class="time">17:00:05</span>'
        f'<div class="content"><span class="text-content">{text}</span></div></div></div>'
    )
    return {
        "id": f"msg-{number}",
        "ts": 1714554005000,
        "date": "2024-05-01",
        "uid": "u_a",
        "name": "王明远",
        "nameLower": "王明远",
        "text": text.lower(),
        "textTruncated": False,
        "html": shown if html is None else html,
        **more,
    }


def _chunk(name: str, *records: object) -> bytes:
    rows = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f'window.__QCE_CHUNK__ && window.__QCE_CHUNK__({{id:"{name}",messages:[\n{rows}\n]}});\n'.encode()


def _manifest(*counts: int) -> dict[str, object]:
    chunks = [
        {
            "id": f"c{number:06}",
            "file": f"data/chunks/c{number:06}.js",
            "count": count,
            "textBloom": "A" * 2732,
        }
        for number, count in enumerate(counts, 1)
    ]
    return {
        "format": "qce-modern-html-chunked",
        "version": 1,
        "chat": {"name": "云岭区值班群", "type": "group", "peerUin": "700001"},
        "stats": {"totalMessages": sum(counts)},
        "chunks": chunks,
    }


INDEX = (
    b'<!DOCTYPE html>\n<html lang="zh-CN">\n<!-- QCE_METADATA: {"messageCount":3,"mode":"chunked"} -->\n'
    b'<head></head><body><script src="assets/app.js" defer></script></body></html>'
)


def _script(manifest: dict[str, object]) -> bytes:
    text = json.dumps(manifest, ensure_ascii=False)
    return f"window.__QCE_MANIFEST__ && window.__QCE_MANIFEST__({text});\n".encode()


FILES = {
    "index.html": INDEX,
    "assets/app.js": b"window.__QCE_CHUNK__ = function (c) {};",
    "data/index/msgid_b00.js": b"window.__QCE_MSGID_INDEX__(0, []);",
    "data/manifest.js": _script(_manifest(2, 1)),
    "data/manifest.json": json.dumps(_manifest(2, 1), ensure_ascii=False, indent=2).encode(),
    "data/chunks/c000001.js": _chunk("c000001", _record(1, "一"), _record(2, "二")),
    "data/chunks/c000002.js": _chunk("c000002", _record(3, "三")),
}


def _read(
    keep: Keep, vault: Vault, main: str, files: dict[str, bytes]
) -> tuple[list[Message | Skipped | Conversation], list[str]]:
    """What is read of the main file, and the files that nobody claimed."""
    kept = {name: keep(f"群/{name}", data) for name, data in files.items()}
    assert qce_viewer.is_mine(files[main], main)
    bundle = Bundle(list(kept.values()), [kept[main]])
    found = list(qce_viewer.read(kept[main], bundle.beside(kept[main], vault)))
    return found, [one.name for one in bundle.unclaimed(kept.values()) if one is not kept[main]]


@pytest.mark.parametrize("main", ["data/manifest.js", "data/manifest.json", "index.html"])
def test_all_chunks_are_read_whichever_file_comes_first(main: str, keep: Keep, vault: Vault) -> None:
    found, rest = _read(keep, vault, main, FILES)
    assert [(one.number, one.text) for one in found if isinstance(one, Message)] == [
        (1, "一"),
        (2, "二"),
        (3, "三"),
    ]
    (chat,) = [one for one in found if isinstance(one, Conversation)]
    assert (chat.chat, chat.declared, rest) == (CHAT, 3, [])


def test_a_page_of_another_name_is_not_read_again(keep: Keep, vault: Vault) -> None:
    renamed = {"群聊.html" if name == "index.html" else name: data for name, data in FILES.items()}
    assert _read(keep, vault, "data/manifest.js", renamed)[1] == []


def test_what_else_lies_in_the_viewers_folders_is_left_to_others(keep: Keep, vault: Vault) -> None:
    others = {"assets/名单.docx": b"PK", "data/index/方案.js": b"x", "正文/index.html": INDEX}
    _, rest = _read(keep, vault, "data/manifest.js", {**FILES, **others})
    assert rest == ["名单.docx", "方案.js", "index.html"]


@pytest.mark.parametrize(
    ("html", "text"),
    [("<p>Ab开头<b>与结尾</b></p>", "Ab开头与结尾"), ("", "ab开头"), ("<p>另有</p>", "ab开头\n另有")],
)
def test_a_text_that_was_cut_is_made_up_from_a_page_of_another_make(
    html: str, text: str, keep: Keep, vault: Vault
) -> None:
    chunk = _chunk("c000001", _record(1, "ab开头", html, textTruncated=True))
    files = {"data/manifest.js": _script(_manifest(1)), "data/chunks/c000001.js": chunk}
    (message, *_), _ = _read(keep, vault, "data/manifest.js", files)
    assert isinstance(message, Message)
    assert (message.sender, message.text, message.sent_at) == ("王明远", text, AT)


def test_a_record_gives_its_time_sender_and_id(keep: Keep, vault: Vault) -> None:
    (message, *_), _ = _read(keep, vault, "data/manifest.js", FILES)
    assert message == Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        sender_id="u_a",
        text="一",
        id="1",
        sent_at=AT,
        precision=Precision.SECOND,
    )


def test_the_html_is_read_where_the_text_is_cut(keep: Keep, vault: Vault) -> None:
    cut = {**_record(1, "A" * 10 + "机密★5年"), "text": "aaaa", "textTruncated": True}
    found, _ = _read(keep, vault, "data/manifest.js", {**FILES, "data/chunks/c000001.js": _chunk("c", cut)})
    assert isinstance(found[0], Message)
    assert found[0].text == "AAAAAAAAAA机密★5年"


def test_a_record_without_html_keeps_its_text(keep: Keep, vault: Vault) -> None:
    found, _ = _read(
        keep,
        vault,
        "data/manifest.js",
        {**FILES, "data/chunks/c000001.js": _chunk("c", _record(1, "一", ""))},
    )
    assert isinstance(found[0], Message)
    assert (found[0].text, found[0].sender) == ("一", "王明远")


def test_a_system_record_has_no_sender(keep: Keep, vault: Vault) -> None:
    html = '<div class="message-block"><div class="system-message-container"><div>刘洋撤回了一条消息</div></div></div>'
    found, _ = _read(
        keep,
        vault,
        "data/manifest.js",
        {**FILES, "data/chunks/c000001.js": _chunk("c", _record(1, "x", html))},
    )
    assert isinstance(found[0], Message)
    assert (found[0].text, found[0].sender, found[0].kind) == ("刘洋撤回了一条消息", "", MessageKind.RECALL)


def test_files_are_found_beside_the_page(keep: Keep, vault: Vault) -> None:
    html = '<div class="message-block"><div class="message other"><div class="content"><img src="resources/images/A.jpg" alt="A.jpg"></div></div></div>'
    files = {
        **FILES,
        "data/chunks/c000001.js": _chunk("c", _record(1, "x", html)),
        "resources/images/A.jpg": b"\xff\xd8\xff",
    }
    kept = {name: keep(f"群/{name}", data) for name, data in files.items()}
    main = kept["data/manifest.js"]
    bundle = Bundle(list(kept.values()), [main])
    message = next(iter(qce_viewer.read(main, bundle.beside(main, vault))))
    assert isinstance(message, Message)
    assert message.attachments == (
        Attachment(kind=AttachmentKind.IMAGE, name="A.jpg", path="resources/images/A.jpg"),
    )
    assert bundle.claim(message.attachments[0], main) == kept["resources/images/A.jpg"]


def test_a_missing_and_a_cut_chunk_are_said(keep: Keep, vault: Vault) -> None:
    files = {**FILES, "data/chunks/c000001.js": FILES["data/chunks/c000001.js"][:-80]}
    del files["data/chunks/c000002.js"]
    found, _ = _read(keep, vault, "data/manifest.js", files)
    assert [one.text for one in found if isinstance(one, Message)] == ["一"]
    said = [(one.name, one.reason) for one in found if isinstance(one, Skipped)]
    assert said == [
        ("c000001.js", Reason.INCOMPLETE),
        ("c000001.js", Reason.INCOMPLETE),
        ("c000002.js", Reason.INCOMPLETE),
    ]


def test_a_broken_manifest_still_gives_the_chunks_that_lie_there(keep: Keep, vault: Vault) -> None:
    found, _ = _read(
        keep, vault, "data/manifest.js", {**FILES, "data/manifest.js": FILES["data/manifest.js"][:90]}
    )
    assert len([one for one in found if isinstance(one, Message)]) == 3


def test_the_shell_alone_is_given_up_with_advice(keep: Keep) -> None:
    with pytest.raises(Unreadable) as why:
        list(qce_viewer.read(keep("index.html", INDEX), Alone()))
    assert (why.value.reason, "data 文件夹" in why.value.detail) == (Reason.INCOMPLETE, True)


def _inline(*chunks: bytes) -> bytes:
    scripts = [_script(_manifest(2, 1)), *chunks]
    inside = "".join(
        f"<script>{one.decode().replace('</', '<' + chr(92) + '/')}</script>\n" for one in scripts
    )
    boot = (
        "<script>window.__QCE_INLINE__={chunks:{},msgid:{}};window.__QCE_MANIFEST__=function(m){};"
        "window.__QCE_CHUNK__=function(c){window.__QCE_INLINE__.chunks[c.id]=c.messages};</script>\n"
    )
    return INDEX.replace(b"<body>", f"<body>{boot}{inside}".encode())


def test_a_page_that_holds_everything_is_read(keep: Keep) -> None:
    data = _inline(FILES["data/chunks/c000001.js"], FILES["data/chunks/c000002.js"])
    found = list(qce_viewer.read(keep("群.html", data), Alone()))
    assert [one.text for one in found if isinstance(one, Message)] == ["一", "二", "三"]
    assert [(one.chat, one.declared) for one in found if isinstance(one, Conversation)] == [(CHAT, 3)]


@pytest.mark.parametrize(
    "data",
    [
        b"window.__QCE_MANIFEST__ = 1",
        b"// see __QCE_MANIFEST__({})",
        b'{"format":"other"}',
        b"window.__QCE_CHUNK__ && window.__QCE_CHUNK__({id:1,messages:[]})",
        b"",
    ],
)
def test_look_alikes_are_not_claimed(data: bytes) -> None:
    assert not [one.NAME for one in READERS if one.is_mine(data, "manifest.js")]


@pytest.mark.parametrize("end", range(0, 700, 41))
def test_no_cut_breaks_the_reader(end: int, keep: Keep, vault: Vault) -> None:
    files = {**FILES, "data/chunks/c000001.js": FILES["data/chunks/c000001.js"][:end]}
    assert _read(keep, vault, "data/manifest.js", files)[0]
