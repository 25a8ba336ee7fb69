"""WeFlow's and EchoTrace's web pages, whole and in chunks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import weflow_page
from leakwatch.chats.wechat.weflow_body import Body, body_of, picture_name
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区<值班>群", platform="wechat", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
TEXT = '<div class="message-text">{}</div>'


def _script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _row(content: str, sender: str = "王明远", **more: object) -> str:
    body = (
        '<div class="message-time">2024-05-01 09:00:05</div>'
        f'<div class="sender-name">{sender}</div><div class="message-content">{content}</div>'
    )
    return _script({"i": 1, "t": 1714554005, "s": 0, "a": "<span>王</span>", "b": body, **more})


def _page(*rows: str, chunks: int = 0, count: int | None = None) -> bytes:
    urls = [{"i": number, "u": f"./%E4%BA%91%E5%B2%AD_data/chunk-{number:06}.js"} for number in range(chunks)]
    manifest = {"v": 2, "total": len(rows), "external": bool(chunks), "chunks": urls}
    data = "null;" if chunks else "[\n" + ",\n".join(rows) + "\n]"
    return f"""<!DOCTYPE html><html><head><title>x</title><style>.a{{}}</style></head><body>
<h1 class="title">云岭区&lt;值班&gt;群</h1><span>{len(rows) if count is None else count} 条消息</span>
<span>群聊</span>
    <script>
      window.WEFLOW_MANIFEST = {_script(manifest)};
      window.WEFLOW_DATA = {data};
    </script><script>const later = [{{"i":1}}]</script></body></html>""".encode()


ECHOTRACE = (
    "<h1>云岭区&lt;值班&gt;群</h1><span>群聊</span><span>共 2 条消息</span><script>\n    const messagesData = "
    + json.dumps(
        [
            {
                "date": "2024-05-01",
                "time": "09:00:05",
                "isSend": False,
                "content": "收到",
                "senderName": "王明远",
                "timestamp": 1714554005,
                "avatarKey": "wxid_a",
            },
            {"isSend": True, "content": "[聊天记录]", "senderName": "", "timestamp": 1714554005},
        ],
        ensure_ascii=False,
    )
    + ";\n    const avatarIndex = {};</script>"
).encode()


class _Folder(Alone):
    """The files beside the page."""

    def __init__(self, files: dict[str, Evidence]) -> None:
        self._files = files

    def take(self, path: str) -> Evidence | None:
        return self._files.get(path)


def _read(keep: Keep, data: bytes, *chunks: bytes) -> list[object]:
    files = {
        f"./云岭_data/chunk-{number:06}.js": keep(f"{number}.js", chunk)
        for number, chunk in enumerate(chunks)
    }
    return list(weflow_page.read(keep("云岭区值班群.html", data), _Folder(files)))


def _message(keep: Keep, content: str) -> Message:
    found = _read(keep, _page(_row(content)))[0]
    assert isinstance(found, Message)
    return found


def test_a_page_gives_its_messages_and_what_it_declares(keep: Keep) -> None:
    assert _read(keep, _page(_row(TEXT.format("收到<br />第二行 &lt;1&gt;"), p="70"), count=2)) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text="收到\n第二行 <1>",
            id="70",
            sent_at=AT,
            precision=Precision.SECOND,
        ),
        Conversation(
            chat=CHAT,
            format="weflow-page",
            declared=2,
            coverage=Coverage(),
            lossy=("WeFlow 导出不含被撤回消息的原文",),
        ),
    ]


@pytest.mark.parametrize(
    ("content", "kind", "text", "attachment"),
    [
        (
            '<img class="message-media image previewable" src="../media/images/2_%E5%9B%BE.jpg" alt="图片消息" />',
            MessageKind.IMAGE,
            "",
            Attachment(kind=AttachmentKind.IMAGE, path="../media/images/2_图.jpg"),
        ),
        (
            '<img class="message-media emoji previewable" src="media/emojis/1.gif" alt="x" />',
            MessageKind.STICKER,
            "",
            Attachment(kind=AttachmentKind.STICKER, path="media/emojis/1.gif"),
        ),
        (
            '<a class="message-media file" href="media/file/docx/a.docx">值班表.docx</a>' + TEXT.format("[文件] 值班表.docx"),
            MessageKind.FILE,
            "",
            Attachment(kind=AttachmentKind.FILE, name="值班表.docx", path="media/file/docx/a.docx"),
        ),
        (
            '<audio class="message-media audio" src="media/voices/a.wav"></audio>' + TEXT.format("明天开会"),
            MessageKind.VOICE,
            "明天开会",
            Attachment(kind=AttachmentKind.VOICE, path="media/voices/a.wav"),
        ),
        (TEXT.format("[图片]"), MessageKind.IMAGE, "", Attachment(kind=AttachmentKind.IMAGE)),
    ],
)  # fmt: skip
def test_files_come_with_their_path(
    keep: Keep, content: str, kind: MessageKind, text: str, attachment: Attachment
) -> None:
    found = _message(keep, content)

    assert (found.kind, found.text, found.attachments) == (kind, text, (attachment,))


def test_a_quote_stands_beside_the_reply(keep: Keep) -> None:
    quote = '<div class="quoted-message"><div class="quoted-sender">李婷</div><div class="quoted-text">几点<br />开会</div></div>'
    found = _message(keep, quote + TEXT.format("收到"))

    assert (found.kind, found.text, found.quoted) == (
        MessageKind.QUOTE,
        "收到",
        Quote(sender="李婷", text="几点\n开会"),
    )


def test_a_forward_is_nested_by_its_indents(keep: Keep) -> None:
    lines = "[转发的聊天记录]群聊<br />王明远: 一<br />李婷: [转发的聊天记录]内<br />  王明远: 机密"
    found = _message(keep, TEXT.format(lines))

    assert [inner.text for inner in found.forwarded] == ["一", "[转发的聊天记录]内"]
    assert [inner.text for inner in found.forwarded[1].forwarded] == ["机密"]


def test_a_recall_has_no_sender(keep: Keep) -> None:
    found = _message(keep, TEXT.format('"李婷" 撤回了一条消息'))

    assert (found.kind, found.sender, found.recalled) == (MessageKind.RECALL, "", True)


def test_chunks_are_read_in_their_order_and_a_missing_one_is_said(keep: Keep) -> None:
    chunks = [
        f"window.__WEFLOW_CHUNK_LOADED__({number},[{_row(TEXT.format(str(number)))}]);\n".encode()
        for number in range(2)
    ]
    found = _read(keep, _page(chunks=3, count=3), *chunks)

    assert [item.text for item in found if isinstance(item, Message)] == ["0", "1"]
    assert [(item.name, item.reason) for item in found if isinstance(item, Skipped)] == [
        ("./云岭_data/chunk-000002.js", Reason.INCOMPLETE)
    ]
    assert isinstance(found[-1], Conversation)
    assert found[-1].declared == 3


def test_a_chunk_without_its_page_is_named_by_its_folder(keep: Keep) -> None:
    data = f"window.__WEFLOW_CHUNK_LOADED__(0,[{_row(TEXT.format('收到'))}]);\n".encode()
    file = keep("导出/云岭群_data/chunk-000000.js", data)

    assert weflow_page.is_mine(data, file.name)
    assert [item.chat.name for item in weflow_page.read(file, Alone()) if isinstance(item, Message)] == [
        "云岭群"
    ]


def test_echotrace_keeps_the_sender_and_drops_forwards(keep: Keep) -> None:
    first, second, last = _read(keep, ECHOTRACE)

    assert first == Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        sender_id="wxid_a",
        text="收到",
        sent_at=AT,
        precision=Precision.SECOND,
    )
    assert isinstance(second, Message)
    assert isinstance(last, Conversation)
    assert (second.sender, second.kind, second.summary_only) == ("我", MessageKind.FORWARD, True)
    assert last.coverage == Coverage(forwards_summary=1)
    assert "EchoTrace" in last.lossy[0]


def test_a_cut_page_says_so(keep: Keep) -> None:
    data = _page(_row(TEXT.format("一")), _row(TEXT.format("二")))
    found = _read(keep, data[:-300])

    assert [item.text for item in found if isinstance(item, Message)] == ["一"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("", Body(text="")),
        ("没有标签", Body(text="没有标签")),
        ("<b>机<i>密</i></b>", Body(text="机密")),
        (
            '<div class="message-text">看 <a href="https://x.invalid/a">标题</a></div>',
            Body(text="看 标题\nhttps://x.invalid/a"),
        ),
        (
            '<div class="message-text"><img class="inline-emoji" alt="[微笑]" src="x">好</div>',
            Body(text="[微笑]好"),
        ),
    ],
)
def test_html_gives_its_words(source: str, body: Body) -> None:
    assert body_of(source) == body


def test_words_and_paths_of_later_versions_are_kept(keep: Keep) -> None:
    later = _message(keep, TEXT.format("收到") + '<div class="voice-transcript">机密文件</div>')
    rows = [
        {
            "isSend": False,
            "senderName": "王明远",
            "content": "[图片]",
            "timestamp": 1714554005,
            "mediaPath": "media/images/1.jpg",
            "caption": "机密文件",
        }
    ]
    page = f"<h1>群</h1><script>const messagesData = {json.dumps(rows)};</script>".encode()
    echotrace = _read(keep, page)[0]

    assert later.text == "收到\n机密文件"
    assert isinstance(echotrace, Message)
    assert echotrace.attachments == (
        Attachment(kind=AttachmentKind.IMAGE, name="1.jpg", path="media/images/1.jpg"),
    )
    assert echotrace.text == "caption：机密文件"


def test_html_of_any_depth_is_read(keep: Keep) -> None:
    assert "机密" in body_of("<div>" * 20_000 + "机密").text


@pytest.mark.parametrize(
    ("source", "name"),
    [("<span>王</span>", ""), ('<img src="avatars/a.jpg" alt="王明远" />', "王明远"), ("", "")],
)
def test_a_private_chat_names_the_speaker_by_the_picture(source: str, name: str) -> None:
    assert picture_name(source) == name


@pytest.mark.parametrize(
    ("data", "is_mine"),
    [
        (_page(_row("x")), True),
        (_page(chunks=1), True),
        (ECHOTRACE, True),
        (b"<script>const messagesData = [{id:1,text:'a'}]</script>", False),
        (b'<script>const messagesData = [{"id":1,"text":"a"}]</script>', False),
        (b"<p>WEFLOW_DATA</p>", False),
    ],
)
def test_only_these_scripts_are_claimed(data: bytes, is_mine: bool) -> None:
    assert weflow_page.is_mine(data, "a.html") is is_mine


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([_page(_row(TEXT.format("一"))), _page(chunks=2), ECHOTRACE]))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.html")

    assert isinstance(list(weflow_page.read(file, Alone()))[-1], Conversation)
