"""Links and pictures on the cells of a chat's workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.chats.tables.table_links import Attached, straightened, with_file, with_links
from leakwatch.errors import Unreadable
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Message,
    MessageKind,
    Reason,
    Skipped,
)
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
MEMOTRACE = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]
WEFLOW = ["序号", "时间", "发送者昵称", "发送者账号ID", "发送者备注", "发送者身份", "消息类型", "内容"]
PHOTO = AttachmentKind.IMAGE
CHAT = Chat(name="云岭区值班群", platform="wechat")


class _Folder(Alone):
    """Keeps what lies inside the export."""

    def __init__(self) -> None:
        self.inside: list[str] = []

    def embed(self, name: str, data: bytes) -> str:
        self.inside.append(name)
        return f"群.xlsx!{name}"


def _jpeg() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (9, 9), "white").save(data, "JPEG")
    return data


def _workbook(
    rows: Sequence[Sequence[str]], links: dict[str, str] | None = None, pictures: Sequence[str] = ()
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "聊天记录"
    for row in rows:
        sheet.append(list(row))
    for cell, target in (links or {}).items():
        sheet[cell].hyperlink = target
        sheet[cell].value = sheet[cell].value if sheet[cell].row <= len(rows) else None
    for cell in pictures:
        sheet.add_image(SheetImage(_jpeg()), cell)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _stored(data: bytes) -> bytes:
    """The same archive without compression, so that a flipped byte is a flipped letter; checksums included."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stored, "w") as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name))
    return stored.getvalue()


def _memotrace(kind: str, content: str, second: int) -> list[str]:
    return [
        f"70{second}",
        kind,
        "王明远",
        f"2024-05-01 17:00:{second:02}",
        content,
        "王明远",
        "王明远",
        "more",
    ]


def _read(keep: Keep, data: bytes) -> tuple[list[Message], list[object], list[str]]:
    folder = _Folder()
    found: list[object] = list(table.read(keep("云岭区值班群.xlsx", data), folder))
    return [item for item in found if isinstance(item, Message)], found, folder.inside


def test_memotraces_pictures_lie_a_row_too_low_until_the_first_link(keep: Keep) -> None:
    rows = [
        MEMOTRACE,
        _memotrace("图片", "【图片】", 1),  # row 2
        _memotrace("图片", "【图片】", 2),
        _memotrace("文件", "【文件】值班表.docx 0.01 MB file/x docx " + "f" * 32, 3),  # row 4
        [""] * 4,  # row 5: the link's own
        _memotrace("图片", "【图片】", 5),  # row 6
        _memotrace("语音", "【语音】好", 6),
    ]
    links = {"E5": "./file/2024-05/值班表.docx", "E7": "./voice/1.mp3"}
    messages, _, inside = _read(keep, _workbook(rows, links, ["E3", "E4", "E6"]))

    assert [(message.kind, [file.path for file in message.attachments]) for message in messages] == [
        (MessageKind.IMAGE, ["群.xlsx!xl/media/image1.jpeg"]),
        (MessageKind.IMAGE, ["群.xlsx!xl/media/image2.jpeg"]),
        (MessageKind.FILE, ["./file/2024-05/值班表.docx"]),
        (MessageKind.IMAGE, ["群.xlsx!xl/media/image3.jpeg"]),
        (MessageKind.VOICE, ["./voice/1.mp3"]),
    ]
    assert messages[2].attachments[0].name == "值班表.docx"
    assert len(inside) == 3


@pytest.mark.parametrize(
    ("found", "kinds", "straight"),
    [
        # pictures alone: all a row too low
        (Attached({}, {3: ("a",), 4: ("b",)}), {2: "图片", 3: "图片", 4: "文本"}, Attached({}, {2: ("a",), 3: ("b",)})),
        # a version that counts right
        (Attached({}, {3: ("a",)}), {2: "文本", 3: "图片"}, Attached({}, {3: ("a",)})),
        (Attached({4: ("x",)}, {3: ("a",)}), {3: "图片", 4: "文件"}, Attached({4: ("x",)}, {3: ("a",)})),
        (Attached(), {}, Attached()),
    ],
)  # fmt: skip
def test_the_shift_is_told_by_what_the_rows_say(
    found: Attached, kinds: dict[int, str], straight: Attached
) -> None:
    assert straightened(found, kinds) == straight


def test_weflows_links_hang_on_their_own_rows(keep: Keep) -> None:
    rows = [
        ["会话信息"],
        ["账号ID", "1@chatroom", "", "昵称", "云岭区值班群"],
        ["导出工具", "WeFlow", "导出版本", "1.0"],
        WEFLOW,
        ["1", "2024-05-01 17:00:05", "王明远", "wxid_a", "", "王明远", "图片消息", "media/images/1_a.jpg"],
        ["2", "2024-05-01 17:00:06", "李婷", "wxid_b", "", "李婷", "文件消息", "[文件] 值班表.docx"],
        ["3", "2024-05-01 17:00:07", "李婷", "wxid_b", "", "李婷", "链接消息", "[链接] 标题"],
    ]
    links = {
        "H5": "../media/images/1_a.jpg",
        "H6": "media/file/docx/%E5%80%BC.docx",
        "H7": "https://x.invalid",
    }
    messages, _, _ = _read(keep, _workbook(rows, links))

    assert [[(file.name, file.path) for file in message.attachments] for message in messages] == [
        [("1_a.jpg", "../media/images/1_a.jpg")],
        [("值班表.docx", "media/file/docx/值.docx")],
        [],
    ]


def test_pictures_that_hang_on_no_row_come_last_with_nobody_as_sender(keep: Keep) -> None:
    rows = [["时间", "发送人", "内容"], ["2024-05-01 17:00:05", "王明远", "见图"]]
    messages, _, inside = _read(keep, _workbook(rows, pictures=["E2", "E40"]))

    assert [(message.sender, message.text, len(message.attachments)) for message in messages] == [
        ("王明远", "见图", 1),
        ("", "", 1),
    ]
    assert inside == ["xl/media/image1.jpeg", "xl/media/image2.jpeg"]


def test_a_picture_that_is_damaged_is_named(keep: Keep) -> None:
    whole = _workbook(
        [["时间", "发送人", "内容"], ["2024-05-01 17:00:05", "王明远", "见图"]], pictures=["E2"]
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        at = archive.getinfo("xl/media/image1.jpeg").header_offset + 60
    _, found, _ = _read(keep, whole[:at] + b"XXXX" + whole[at + 4 :])

    assert [(item.name, item.reason) for item in found if isinstance(item, Skipped)] == [
        ("image1.jpeg", Reason.DAMAGED)
    ]


@pytest.mark.parametrize(
    ("before", "file", "after"),
    [
        ((), Attachment(kind=PHOTO, path="a.jpg"), (Attachment(kind=PHOTO, path="a.jpg"),)),
        (
            (Attachment(kind=PHOTO),),
            Attachment(kind=PHOTO, path="a.jpg"),
            (Attachment(kind=PHOTO, path="a.jpg"),),
        ),
        (
            (Attachment(kind=PHOTO, path="x/a.jpg", md5="0"),),
            Attachment(kind=PHOTO, path="y/a.jpg"),
            (Attachment(kind=PHOTO, path="y/a.jpg", md5="0"),),
        ),
        (
            (Attachment(kind=PHOTO, path="b.jpg"),),
            Attachment(kind=PHOTO, path="a.jpg"),
            (Attachment(kind=PHOTO, path="b.jpg"), Attachment(kind=PHOTO, path="a.jpg")),
        ),
    ],
)
def test_a_file_takes_the_place_of_its_placeholder(
    before: tuple[Attachment, ...], file: Attachment, after: tuple[Attachment, ...]
) -> None:
    message = Message(chat=CHAT, number=1, sender="", text="", attachments=before)

    assert with_file(message, file).attachments == after


@pytest.mark.parametrize("link", ["https://x.invalid/a.docx", "#表1!A1", "mailto:a@x.invalid"])
def test_links_to_elsewhere_are_no_files(link: str) -> None:
    message = Message(chat=CHAT, number=1, sender="", text="见链接")

    assert with_links(message, [link]) == message


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise_anything_else(tmp_path: Path, data: st.DataObject) -> None:
    rows = [MEMOTRACE, _memotrace("图片", "【图片】", 1), _memotrace("语音", "【语音】好", 2)]
    whole = _stored(_workbook(rows, {"E4": "./voice/1.mp3"}, ["E3"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.xlsx")

    with suppress(Unreadable):
        list(table.read(file, Alone()))
