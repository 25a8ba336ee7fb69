"""Pictures that MemoTrace's tables name by nothing but time and id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from msgspec.structs import replace

from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.chats.wechat.memotrace_pictures import Pictures
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Message,
    MessageKind,
    Precision,
)

Keep = Callable[[str, bytes], Evidence]
AT = datetime(2024, 5, 1, 17, 0, 20, tzinfo=SHANGHAI)
PLACE = "image/2024-05/20240501_170020_730000"
PHOTO = Attachment(kind=AttachmentKind.IMAGE)


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


MESSAGE = Message(
    chat=Chat(name="群", platform="wechat"),
    number=1,
    sender="王明远",
    text="",
    kind=MessageKind.IMAGE,
    id="7300000000000000004",
    sent_at=AT,
    precision=Precision.SECOND,
    attachments=(PHOTO,),
)


@pytest.mark.parametrize(
    ("there", "photo", "taken"),
    [
        (
            (f"{PLACE}_0.jpg", f"{PLACE}_0_t.jpg"),
            Attachment(kind=AttachmentKind.IMAGE, path=f"{PLACE}_0"),
            [f"{PLACE}_0_t.jpg"],
        ),
        ((f"{PLACE}_1.png",), Attachment(kind=AttachmentKind.IMAGE, path=f"{PLACE}_1"), []),
        (
            (f"{PLACE}_0_t.jpg",),
            Attachment(kind=AttachmentKind.IMAGE, path=f"{PLACE}_0_t.jpg", thumbnail=True),
            [],
        ),
        (("image/2024-05/20240501_170021_730000_0.jpg",), PHOTO, []),
        ((), PHOTO, []),
    ],
)
def test_a_placeholder_gets_the_picture_of_its_second_and_id(
    keep: Keep, there: tuple[str, ...], photo: Attachment, taken: list[str]
) -> None:
    folder = _Folder(keep, *there)

    assert Pictures(folder).joined(MESSAGE).attachments == (photo,)
    assert folder.taken == taken


@pytest.mark.parametrize("more", [{"id": None}, {"sent_at": None}, {"attachments": ()}])
def test_without_id_time_or_placeholder_nothing_is_guessed(keep: Keep, more: dict[str, object]) -> None:
    message = replace(MESSAGE, **more)

    assert Pictures(_Folder(keep, f"{PLACE}_0.jpg")).joined(message) == message


def test_the_table_alone_finds_its_pictures(keep: Keep) -> None:
    rows = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n7300000000000000004,图片,王明远,2024-05-01 17:00:20,【图片】,王明远,王明远,more\n"
    file = keep("云岭群(1@chatroom)/云岭群.csv", rows.encode())
    found = next(table.read(file, _Folder(keep, f"{PLACE}_0.jpg")))

    assert isinstance(found, Message)
    assert found.attachments == (Attachment(kind=AttachmentKind.IMAGE, path=f"{PLACE}_0"),)
