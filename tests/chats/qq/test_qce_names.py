"""What all outputs of QQ Chat Exporter say alike."""

from __future__ import annotations

import pytest

from leakwatch.chats.qq.qce_names import chat_of, declared_of, named_by, split_files
from leakwatch.model import Attachment, AttachmentKind, Chat


def _file(kind: AttachmentKind, name: str) -> Attachment:
    return Attachment(kind=kind, name=name, path=name)


@pytest.mark.parametrize(
    ("cell", "text", "files"),
    [
        ("看 [image: A.jpg]", "看", (_file(AttachmentKind.IMAGE, "A.jpg"),)),
        (
            "[图片:A.jpg] [image: A.jpg] [file: 名单[终稿] [2].xlsx]",
            "[图片:A.jpg]",
            (_file(AttachmentKind.IMAGE, "A.jpg"), _file(AttachmentKind.FILE, "名单[终稿] [2].xlsx")),
        ),
        ("[audio: a.amr]", "", (_file(AttachmentKind.VOICE, "a.amr"),)),
        ("见 [image: A.jpg] 如上", "见 [image: A.jpg] 如上", ()),
        ("早]", "早]", ()),
        ("", "", ()),
    ],
)
def test_files_behind_a_text_are_told_apart(cell: str, text: str, files: tuple[Attachment, ...]) -> None:
    assert split_files(cell) == (text, files)


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("group_云岭_值班群_700001_20240501_170005", "云岭_值班群"),
        ("friend_王明远_u_-Ab_x9_20240501_170005 (1)", "王明远"),
        ("group_青石_1_20240501_170005_chunked_jsonl", "青石"),
        ("云岭群", "云岭群"),
    ],
)
def test_a_file_names_its_chat(stem: str, name: str) -> None:
    assert named_by(stem) == name


def test_a_chat_without_a_name_is_called_by_its_file() -> None:
    assert chat_of({"type": "private", "peerUid": "u_x"}, "夜班") == Chat(
        name="夜班", platform="qq", id="u_x", is_group=False
    )


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), (0, 0), (True, None), (-1, None), ("3", None), (None, None)]
)
def test_only_a_count_is_declared(value: object, count: int | None) -> None:
    assert declared_of(value) == count
