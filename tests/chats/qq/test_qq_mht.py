"""QQ desktop's web archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.bundle import Bundle
from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.qq import qq_mht
from leakwatch.config import Limits
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
    Reason,
    Skipped,
)
from leakwatch.unpack import unpack
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="qq", is_group=True)
AT = datetime(2024, 5, 6, 9, 5, tzinfo=SHANGHAI)
HEAD = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; '
    'charset=UTF-8" /><title>QQ Message</title><style type="text/css">body{font-size:12px;}</style></head><body>'
    "<table width=100% cellspacing=0><tr><td><div style=padding-left:10px;><br><b>消息记录</b></div></td></tr>"
)
DAY_STYLE = "border-bottom-width:1px;border-bottom-color:#8EC3EB;font-weight:bold;padding-left:10px;"
FONT = "<font style=\"font-size:10pt;font-family:'微软雅黑','MS Sans Serif',sans-serif;\" color='000000'>"


def _label(text: str) -> str:
    return f"<tr><td><div style=padding-left:10px;>{text}</div></td></tr>"


def _day(text: str) -> str:
    return f"<tr><td style={DAY_STYLE}>日期: {text}</td></tr>"


def _row(content: str, who: str = "王明远(10001)", clock: str = "9:05:00", colour: str = "006EFE") -> str:
    return (
        f"<tr><td><div style=color:#{colour};padding-left:10px;><div style=float:left;margin-right:6px;>{who}</div>"
        f"{clock}</div><div style=padding-left:20px;>{content}</div></td></tr>"
    )


def _said(text: str) -> str:
    return f"{FONT}{text}</font>"


CHAT_ROWS = _label("消息分组:我的群聊") + _label("消息对象:云岭区值班群") + _label("&nbsp;")


def _page(*rows: str) -> bytes:
    return (HEAD + "".join(rows) + "</table></body></html>").encode()


def _read(keep: Keep, data: bytes) -> list[Message | Skipped | Conversation]:
    return list(qq_mht.read(keep("群.mht!消息记录.html", data), Alone()))


def _plain(text: str, **more: object) -> Message:
    fields: dict[str, object] = {
        "chat": CHAT,
        "number": 1,
        "sender": "王明远",
        "sender_id": "10001",
        "text": text,
        "sent_at": AT,
        "precision": Precision.SECOND,
        "zone_assumed": True,
        **more,
    }
    return Message(**fields)  # type: ignore[arg-type]


def test_rows_become_messages_and_the_chat_is_named(keep: Keep) -> None:
    data = _page(CHAT_ROWS, _day("2024/5/6"), _row(_said("早")), _row(_said("晚"), "刘洋(10002)", "19:05:00"))
    assert _read(keep, data) == [
        _plain("早"),
        _plain("晚", number=2, sender="刘洋", sender_id="10002", sent_at=AT.replace(hour=19)),
        Conversation(chat=CHAT, format="qq-mht", coverage=Coverage()),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (_day("2024-05-06") + _row(_said("早"), colour="42B475"), _plain("早")),
        (_day("5/6/2024") + _row(_said("早"), clock="9:05:00 AM"), _plain("早")),
        (_day("2024/5/6") + _row(_said("早"), clock="上午 9:05:00"), _plain("早")),
        (
            _day("2024/5/6") + _row(_said("早"), "大山&lt;dashan@example.com&gt;"),
            _plain("早", sender="大山", sender_id="dashan@example.com"),
        ),
        (
            _day("2024/5/6") + _row(_said("早"), "【管理员】风&nbsp;自由(10001)"),
            _plain("早", sender="风 自由"),
        ),
        (
            _day("2024/5/6") + _row(_said("你已经是群成员了"), "系统消息(10000)"),
            _plain("你已经是群成员了", sender="", sender_id=None, kind=MessageKind.SYSTEM),
        ),
        (
            _day("2024/5/6") + _row(_said("刘洋撤回了一条消息"), "系统消息(10000)"),
            _plain("刘洋撤回了一条消息", sender="", sender_id=None, kind=MessageKind.RECALL, recalled=True),
        ),
        (
            _row(_said("早")),
            _plain("早", sent_at=None, precision=Precision.TIME_ONLY, zone_assumed=False, clock="9:05:00"),
        ),
        (
            _day("2024/5/6") + _row(_said("一<br>二 &lt;tr&gt;日期: 2024/5/7&amp;") + _said("三")),
            _plain("一\n二 <tr>日期: 2024/5/7&三"),
        ),
        (_day("2024/5/6") + _row(""), _plain("")),
        (
            _day("2024/5/6") + _row(_said("消息对象:别的群")),
            _plain("消息对象:别的群"),
        ),
    ],
)
def test_a_row_becomes_a_message(rows: str, message: Message, keep: Keep) -> None:
    assert _read(keep, _page(CHAT_ROWS, rows))[:-1] == [message]


def test_pictures_stand_where_they_stood(keep: Keep) -> None:
    picture = '<IMG src="{A1B2}.dat">'
    row = _row(_said("看") + picture + _said("和“名单.xlsx”") + '<img src="{C3D4}.dat">')
    (message, _) = _read(keep, _page(CHAT_ROWS, _day("2024/5/6"), row))
    names = ("{A1B2}.dat", "{C3D4}.dat")
    assert message == _plain(
        "看[图片]和“名单.xlsx”[图片]",
        attachments=tuple(Attachment(kind=AttachmentKind.IMAGE, name=one, path=one) for one in names),
    )


def test_a_typed_placeholder_takes_no_picture_away(keep: Keep) -> None:
    row = _row(_said("[文件] 名单.xlsx") + '<IMG src="{A1B2}.dat">')
    (message, _) = _read(keep, _page(CHAT_ROWS, _day("2024/5/6"), row))
    assert isinstance(message, Message)
    assert [one.kind for one in message.attachments] == [AttachmentKind.FILE, AttachmentKind.IMAGE]


def test_an_export_of_all_chats_keeps_them_apart(keep: Keep) -> None:
    def friend(group: str, text: str) -> str:
        return _label(f"消息分组:{group}") + _label("消息对象:周文") + _day("2024/5/6") + _row(_said(text))

    found = _read(keep, _page(friend("我的好友", "一"), friend("同事", "二")))
    messages = [(one.chat.name, one.number, one.text) for one in found if isinstance(one, Message)]
    assert messages == [("周文", 1, "一"), ("周文（同事）", 1, "二")]
    assert [one.chat.name for one in found if isinstance(one, Conversation)] == ["周文", "周文（同事）"]


def test_a_row_of_no_known_kind_is_kept_as_text(keep: Keep) -> None:
    (message, _) = _read(keep, _page(CHAT_ROWS, _label("补记：机密★5年")))
    assert message == Message(chat=CHAT, number=1, sender="", text="补记：机密★5年", kind=MessageKind.OTHER)


def test_a_cut_page_gives_what_is_there(keep: Keep) -> None:
    data = _page(CHAT_ROWS, _day("2024/5/6"), _row(_said("早")), _row(_said("机密文件")))
    found = _read(keep, data[: data.index("文件".encode())])
    assert [one.text for one in found if isinstance(one, Message)] == ["早", "机密"]
    assert [(one.reason, one.detail) for one in found if isinstance(one, Skipped)] == [
        (Reason.INCOMPLETE, "文件不完整，结尾处被截断；只读出了前 2 条消息，请重新导出后再检查一次")
    ]


@pytest.mark.parametrize("title", ["消息记录", "消息記錄（此消息記錄為mht格式，不支持重新導入）"])
def test_the_title_of_the_page_is_no_message(keep: Keep, title: str) -> None:
    found = _read(keep, _page(_label(title), CHAT_ROWS, _day("2024/5/6"), _row(_said("早"))))
    assert [one.text for one in found if isinstance(one, Message)] == ["早"]


def test_a_page_without_messages_has_a_chat_all_the_same(keep: Keep) -> None:
    assert _read(keep, _page(CHAT_ROWS)) == [Conversation(chat=CHAT, format="qq-mht", coverage=Coverage())]


def test_the_pictures_of_an_archive_are_found(keep: Keep, vault: Vault) -> None:
    mark = "------=_NextPart_1"
    page = _page(CHAT_ROWS, _day("2024/5/6"), _row('<IMG src="{A1B2}.dat">')).decode()
    data = (
        "From: <Save by Tencent MsgMgr>\r\nSubject: Tencent IM Message\r\nMIME-Version: 1.0\r\n"
        f'Content-Type:multipart/related;\r\n\tcharset="utf-8"\r\n\ttype="text/html";\r\n\tboundary="{mark[2:]}"\r\n\r\n'
        f"{mark}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding:7bit\r\n\r\n{page}{mark}\r\n"
        "Content-Type:image/jpeg\r\nContent-Transfer-Encoding:base64\r\nContent-Location:{A1B2}.dat\r\n\r\n"
        f"/9j/4AAQ\r\n\r\n{mark}--\r\n"
    )
    files = [
        one for one in unpack(keep("a/群.mht", data.encode()), vault, Limits()) if isinstance(one, Evidence)
    ]
    bundle = Bundle(files, files[:1])
    (message, _) = qq_mht.read(files[0], bundle.beside(files[0], vault))
    assert isinstance(message, Message)
    assert bundle.claim(message.attachments[0], files[0]) == files[1]


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (_page(CHAT_ROWS, _day("2024/5/6")), True),
        (_page(CHAT_ROWS, _day("2024/5/6")).decode().encode("gb18030"), True),
        (_page(CHAT_ROWS), False),
        (_page(_day("2024/5/6")).replace(b"QQ Message", b"Other"), False),
        (b"<title>QQ Message</title>", False),
        (b"", False),
    ],
)
def test_only_the_clients_page_is_claimed(data: bytes, claimed: bool) -> None:
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.html")] == ["qq-mht"] * claimed


@given(st.text(alphabet="<>/=\"' trdivabIMGsc机密&#1;x\x01\0", max_size=200))
def test_no_markup_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, markup: str) -> None:
    path = tmp_path_factory.getbasetemp() / "page.html"
    path.write_bytes(_page(CHAT_ROWS, _day("2024/5/6"), _row(markup)))
    file = Evidence(sha256="", size=0, name="a.html", inner_path="a.html", path=path, taken_at=AT)
    assert list(qq_mht.read(file, Alone()))
