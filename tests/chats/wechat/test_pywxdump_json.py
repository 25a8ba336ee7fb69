"""PyWxDump's JSON, its data.js, and the names in users.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.chats.wechat import pywxdump_json
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
    Quote,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
USERS = {
    "wxid_a": {"wxid": "wxid_a", "nickname": "山高水长", "remark": "王明远"},
    "wxid_b": {"wxid": "wxid_b", "nickname": "李婷", "remark": ""},
    "1@chatroom": {"nickname": "云岭区值班群"},
}
CSV = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"


class _Folder(Alone):
    """Files around the export."""

    def __init__(self, *files: Evidence) -> None:
        self._files = files

    def within(self, folder: str) -> Sequence[Evidence]:
        return self._files if not folder else ()


def _row(type_name: str, message: str, **more: object) -> dict[str, object]:
    return {
        "id": 1,
        "MsgSvrID": "7000000000000000001",
        "type_name": type_name,
        "is_sender": 0,
        "talker": "wxid_a",
        "room_name": "1@chatroom",
        "msg": message,
        "src": "",
        "extra": {},
        "CreateTime": "2024-05-01 17:00:05",
        **more,
    }


def _json(*rows: dict[str, object]) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def _script(*rows: dict[str, object]) -> bytes:
    return (
        "localStorage.setItem('isUseLocalData', 't')  //  't' : 'f' \n"
        f"const local_msg_count = {len(rows)}\nconst local_mywxid = 'wxid_me' \n"
        f"const local_user_list = {json.dumps(USERS, ensure_ascii=False)} \n"
        f"const local_msg_list = {json.dumps(rows, ensure_ascii=False)} \n"
    ).encode()


def _read(keep: Keep, data: bytes, name: str = "export/1@chatroom_0_9.json") -> list[object]:
    users = keep("export/users.json", json.dumps(USERS, ensure_ascii=False).encode())
    return list(pywxdump_json.read(keep(name, data), _Folder(users)))


def _message(keep: Keep, row: dict[str, object]) -> Message:
    found = _read(keep, _json(row))[0]
    assert isinstance(found, Message)
    return found


@pytest.mark.parametrize("data", [_json(_row("文本", "收到")), _script(_row("文本", "收到"))])
def test_people_and_the_group_come_under_their_names(keep: Keep, data: bytes) -> None:
    message, last = _read(keep, data)

    assert message == Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        sender_id="wxid_a",
        text="收到",
        id="7000000000000000001",
        sent_at=AT,
        precision=Precision.SECOND,
        zone_assumed=True,
    )
    assert isinstance(last, Conversation)
    assert last.chat == CHAT


def test_a_name_table_of_another_folder_is_not_used(keep: Keep) -> None:
    users = keep("other/users.json", json.dumps(USERS).encode())
    file = keep("export/a.json", _json(_row("文本", "收到")))
    found = next(pywxdump_json.read(file, _Folder(users)))

    assert isinstance(found, Message)
    assert found.sender == "wxid_a"


@pytest.mark.parametrize("users", [b"", b"[]", b"{", b'{"wxid_a":5}', b"\xff\xfe", b"[" * 10_000])
def test_a_broken_name_table_leaves_the_ids(keep: Keep, users: bytes) -> None:
    file = keep("export/a.json", _json(_row("文本", "收到")))
    found = next(pywxdump_json.read(file, _Folder(keep("export/users.json", users))))

    assert isinstance(found, Message)
    assert found.sender == "wxid_a"


def test_files_quotes_and_forwards_are_read_as_in_the_table(keep: Keep) -> None:
    file = _message(keep, _row("文件", "文件", src="FileStorage\\File\\2024-05\\值班表.docx"))
    quote = _message(keep, _row("引用回复", "收到\n\n[引用](2024-05-01 17:00:05)李婷:几点开会"))
    inside = {"title": "群聊", "datalist": [{"sourcename": "李婷", "datadesc": "机密★10年"}]}
    forward = _message(keep, _row("合并转发的聊天记录", "[聊天记录]群聊", src=inside))

    assert file.attachments == (
        Attachment(
            kind=AttachmentKind.FILE, name="值班表.docx", path="FileStorage\\File\\2024-05\\值班表.docx"
        ),
    )
    assert quote.quoted == Quote(sender="李婷", text="几点开会")
    assert [(inner.sender, inner.text) for inner in forward.forwarded] == [("李婷", "机密★10年")]


def test_a_recall_has_no_sender(keep: Keep) -> None:
    found = _message(keep, _row("系统通知", '"李婷" 撤回了一条消息', talker="系统"))

    assert (found.kind, found.sender, found.recalled) == (MessageKind.RECALL, "", True)


def test_words_in_fields_of_later_versions_are_kept(keep: Keep) -> None:
    assert _message(keep, _row("文本", "收到", extra={"note": "机密文件"})).text == "收到\nnote：机密文件"


def test_pages_of_one_chat_in_csv_have_the_same_chat_and_names(keep: Keep) -> None:
    users = _Folder(keep("export/users.json", json.dumps(USERS).encode()))
    pages = [
        keep(
            f"export/1@chatroom_{at}_{at + 5000}.csv",
            f"{CSV}{at},7,文本,0,wxid_b,1@chatroom,收到,,2024-05-01 17:00:05\n".encode(),
        )
        for at in (0, 5000)
    ]
    found = [next(table.read(page, users)) for page in pages]

    assert {
        (message.chat.name, message.chat.id, message.sender, message.sender_id)
        for message in found
        if isinstance(message, Message)
    } == {("云岭区值班群", "1@chatroom", "李婷", "wxid_b")}


def test_a_cut_file_says_so(keep: Keep) -> None:
    data = _json(_row("文本", "一"), _row("文本", "二"))
    message, skipped, last = _read(keep, data[:-40])

    assert isinstance(message, Message)
    assert isinstance(skipped, Skipped)
    assert isinstance(last, Conversation)
    assert (message.text, skipped.reason) == ("一", Reason.INCOMPLETE)


@pytest.mark.parametrize(
    ("data", "is_mine"),
    [
        (_json(_row("文本", "收到")), True),
        (_script(_row("文本", "收到")), True),
        (b'[{"msg":"a","talker":"b","CreateTime":"c"}]', False),
        (b"const local_msg = [1]", False),
        (b"[]", False),
    ],
)
def test_only_its_own_keys_are_claimed(data: bytes, is_mine: bool) -> None:
    assert pywxdump_json.is_mine(data, "a.json") is is_mine


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from([_json(_row("文本", "一"), _row("文件", "", src=[1])), _script(_row("文本", "一"))])
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "1@chatroom_0_9.json")

    assert isinstance(list(pywxdump_json.read(file, Alone()))[-1], Conversation)
