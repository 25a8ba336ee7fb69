"""MemoTrace v3's `<chat>.html.json`, and the same rows in its web page."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import memotrace_json
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
FOLDER = "聊天记录/云岭区值班群(1@chatroom)"
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _row(code: object, **more: object) -> dict[str, object]:
    return {
        "type": code,
        "is_send": False,
        "timestamp": 1714554005,
        "server_id": "70",
        "display_name": "王明远",
        "avatar_src": "",
        "xml_dict": {"msg": None},
        **more,
    }


def _json(*rows: object) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=4).encode()


def _page(*rows: dict[str, object]) -> bytes:
    """Outer strings escaped, nested ones not, as the exporter does it."""
    escaped = [
        {key: html.escape(value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    ]
    data = json.dumps(escaped, ensure_ascii=False, indent=4)
    return (
        f"<html><head><style>a{{}}</style></head><script>\nconst chatMessages = {data}\nlet x = [1]".encode()
    )


class _Folder(Alone):
    """A folder image/ with these files."""

    def __init__(self, keep: Keep, *names: str) -> None:
        self.taken: list[str] = []
        self._files = [keep(name, b"x") for name in names]

    def take(self, path: str) -> Evidence | None:
        self.taken.append(path)
        return None

    def within(self, folder: str) -> Sequence[Evidence]:
        return self._files if folder == "image" else ()


def _read(keep: Keep, data: bytes, name: str = "云岭区值班群.html.json") -> list[object]:
    return list(memotrace_json.read(keep(f"{FOLDER}/{name}", data), Alone()))


def _message(keep: Keep, code: object, **more: object) -> Message:
    found = _read(keep, _json(_row(code, **more)))[0]
    assert isinstance(found, Message)
    return found


def test_a_text_message_keeps_every_field_and_its_chat_comes_last(keep: Keep) -> None:
    assert _read(keep, _json(_row("1", text="收到\n第二行"))) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text="收到\n第二行",
            id="70",
            sent_at=AT,
            precision=Precision.SECOND,
        ),
        Conversation(chat=CHAT, format="memotrace-json", coverage=Coverage()),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (_row("25769803825", path="./file/a.docx", file_name="值班表.docx"), MessageKind.FILE, ""),
        (_row("34", path="./voice/a.mp3", voice_to_text="明天开会"), MessageKind.VOICE, "明天开会"),
        (_row("47", path="http://x.invalid/1", desc="捂脸"), MessageKind.STICKER, "捂脸"),
        (_row(10000, text="王明远拍了拍李婷"), MessageKind.SYSTEM, "王明远拍了拍李婷"),
        (
            _row(
                "21474836529",
                title="标题",
                description="描述",
                url="https://x.invalid/a?b=1&c=2",
                app_name="公众号",
            ),
            MessageKind.LINK,
            "标题\n描述\nhttps://x.invalid/a?b=1&c=2\napp_name：公众号",
        ),
        (_row("8589934592049", text="已收款", fee_desc="￥5", pay_memo="饭钱"), MessageKind.TRANSFER, "已收款\n￥5\n饭钱"),
        (_row("48", poiname="青石市政府", label="人民路1号"), MessageKind.LOCATION, "青石市政府\n人民路1号"),
        (_row("50", display_content="通话时长 00:11"), MessageKind.CALL, "通话时长 00:11"),
        (
            _row("103079215153", text="笔记", description="会议纪要", record_item="内部情况"),
            MessageKind.OTHER,
            "笔记\n会议纪要\n内部情况",
        ),
        (
            _row("9999", xml_dict={"msg": {"appmsg": {"title": "接龙报名", "@id": "x", "des": "第二项"}}}),
            MessageKind.OTHER,
            "接龙报名\n第二项",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_row_keeps_its_words(
    keep: Keep, row: dict[str, object], kind: MessageKind, text: str
) -> None:
    found = _read(keep, _json(row))[0]

    assert isinstance(found, Message)
    assert (found.kind, found.text) == (kind, text)


def test_a_recall_is_a_system_row_without_the_sender_it_is_written_under(keep: Keep) -> None:
    found = _message(keep, "10000", text='"李婷" 撤回了一条消息')

    assert (found.kind, found.sender, found.recalled) == (MessageKind.RECALL, "", True)


def test_a_quote_names_whom_it_quotes(keep: Keep) -> None:
    found = _message(keep, "244813135921", text="收到", quote_text="李婷: 几点: 开会")

    assert (found.kind, found.quoted) == (MessageKind.QUOTE, Quote(sender="李婷", text="几点: 开会"))


def test_a_forward_keeps_the_messages_inside_to_any_depth(keep: Keep) -> None:
    inner = _row("81604378673", title="内层", messages=[_row("1", text="机密★10年", display_name="李婷")])
    found = _message(keep, "81604378673", title="群聊的聊天记录", description="摘要", messages=[inner])

    assert found.text == "群聊的聊天记录"
    assert found.forwarded[0].text == "内层"
    assert found.forwarded[0].forwarded[0].text == "机密★10年"
    assert found.forwarded[0].forwarded[0].sender == "李婷"
    assert not found.summary_only


def test_a_forward_without_its_messages_is_a_digest(keep: Keep) -> None:
    found = _message(keep, "81604378673", title="群聊的聊天记录", description="张三: 转发一", messages=[])

    assert (found.text, found.summary_only) == ("群聊的聊天记录\n张三: 转发一", True)


@pytest.mark.parametrize(
    ("there", "picture", "taken"),
    [
        ((), Attachment(kind=AttachmentKind.IMAGE, path="./image/2024-05/1_0"), []),
        (("1_0.jpg",), Attachment(kind=AttachmentKind.IMAGE, path="./image/2024-05/1_0"), []),
        (
            ("1_0.jpg", "1_0_t.png"),
            Attachment(kind=AttachmentKind.IMAGE, path="./image/2024-05/1_0"),
            ["./image/2024-05/1_0_t.png"],
        ),
        (
            ("1_0_t.png",),
            Attachment(kind=AttachmentKind.IMAGE, path="./image/2024-05/1_0_t.png", thumbnail=True),
            [],
        ),
    ],
)
def test_a_picture_is_the_one_in_full_or_else_its_preview(
    keep: Keep, there: tuple[str, ...], picture: Attachment, taken: list[str]
) -> None:
    folder = _Folder(keep, *there)
    row = _row("3", path="./image/2024-05/1_0", file_name="1_0", thumb_path="./image/2024-05/1_0_t")

    found = next(memotrace_json.read(keep("a.html.json", _json(row)), folder))

    assert isinstance(found, Message)
    assert found.attachments == (picture,)
    assert folder.taken == taken


def test_the_page_holds_the_same_messages_as_the_json_beside_it(keep: Keep) -> None:
    rows = [
        _row("1", text='机密 <b> & "引号"'),
        _row("81604378673", title="a<b", messages=[_row("1", text="&amp;原样")]),
    ]

    page = _read(keep, _page(*rows), "云岭区值班群.html")

    assert page == _read(keep, _json(*rows))


def test_a_cut_file_gives_what_is_whole_and_says_so(keep: Keep) -> None:
    data = _json(_row("1", text="一"), _row("1", text="二"), _row("1", text="三"))
    *messages, skipped, last = _read(keep, data[:-120])

    assert [found.text for found in messages if isinstance(found, Message)] == ["一", "二"]
    assert isinstance(skipped, Skipped)
    assert skipped.reason is Reason.INCOMPLETE
    assert isinstance(last, Conversation)


@pytest.mark.parametrize(
    ("name", "chat"),
    [
        ("聊天记录/云岭群(2@chatroom)/云岭群.html.json", ("云岭群", "2@chatroom", True)),
        ("聊天记录/云岭群(2@chatroom)/云岭群(1).html", ("云岭群", "2@chatroom", True)),
        ("drop.zip!李婷(wxid_a)/李婷.html.json", ("李婷", "wxid_a", False)),
        ("云岭群.html.json", ("云岭群", "", None)),
        ("资料(2024)/云岭群.html.json", ("云岭群", "", None)),
        ("导出(2@chatroom)/旧/云岭群.html.json", ("云岭群", "", None)),
    ],
)
def test_the_chat_is_named_by_file_and_folder(
    vault: Vault, name: str, chat: tuple[str, str, bool | None]
) -> None:
    found = memotrace_json.chat_of(vault.keep_stream([b"[]"], name))

    assert (found.name, found.id, found.is_group) == chat


@pytest.mark.parametrize(
    ("data", "is_mine"),
    [
        (_json(_row("1", text="收到")), True),
        (_page(_row("1", text="收到")), True),
        (b"[]", False),
        (b'[{"type":"1","timestamp":1,"content":"a"}]', False),
        (b'<script>const chatMessages = [{"author":"a"}]</script>', False),
        (b"<script>const chatMessages = [{ type:1, text: 'a'}]</script>", False),
        ("会议记录提到 chatMessages 一词".encode(), False),
    ],
)
def test_only_rows_with_all_its_keys_are_claimed(data: bytes, is_mine: bool) -> None:
    assert memotrace_json.is_mine(data, "云岭群.html.json") is is_mine


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [_json(_row("1", text="一"), _row("3", path=5, thumb_path=[])), _page(_row("1", text="一"))]
        )
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.html")
    memotrace_json.is_mine(broken, file.name)
    reader_for(file)

    assert isinstance(list(memotrace_json.read(file, Alone()))[-1], Conversation)
