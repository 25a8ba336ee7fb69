"""A message's attachment is found however its exporter wrote the path."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.bundle import Bundle
from leakwatch.model import Attachment, AttachmentKind, Evidence
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
MD5 = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("drop/media/images/1.jpg", "media/images/1.jpg"),
        ("drop/media/images/1.jpg", "media\\images\\1.jpg"),
        ("drop/media/images/1.jpg", "./media/images/1.JPG"),
        ("drop/media/值班 表.docx", "media/%E5%80%BC%E7%8F%AD%20%E8%A1%A8.docx"),
        ("drop/resources/images/1.jpg", "images/1.jpg"),
        ("drop/images/1.jpg", "../images/1.jpg"),
        ("drop/群_resources/1.jpg", "1.jpg"),
        ("elsewhere/1.jpg", "C:\\Users\\me\\1.jpg"),
        ("drop/image/2031-05/20310506_090000_0.jpg", "image/2031-05/20310506_090000_0"),
    ],
)
def test_a_written_path_leads_to_its_file(keep: Keep, place: str, written: str) -> None:
    chat, file = keep("drop/群.json", b"chat"), keep(place, b"file")
    attachment = Attachment(kind=AttachmentKind.IMAGE, path=written)

    assert Bundle([chat, file], [chat]).claim(attachment, chat) == file


def test_a_name_or_an_md5_is_enough(keep: Keep) -> None:
    chat, file = keep("群.zip!群.txt", b"chat"), keep(f"群.zip!图/2_{MD5}.jpg", b"file")
    bundle = Bundle([chat, file], [chat])

    assert bundle.claim(Attachment(kind=AttachmentKind.IMAGE, md5=MD5), chat) == file
    assert bundle.claim(Attachment(kind=AttachmentKind.IMAGE, name=f"2_{MD5}.jpg"), chat) == file


def test_of_two_files_of_one_name_the_nearer_is_meant(keep: Keep) -> None:
    chat = keep("甲/群.txt", b"chat")
    far, near = keep("乙/名单.docx", b"far"), keep("甲/附件/名单.docx", b"near")

    assert (
        Bundle([chat, far, near], [chat]).claim(Attachment(kind=AttachmentKind.FILE, name="名单.docx"), chat)
        == near
    )


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment(kind=AttachmentKind.IMAGE),
        Attachment(kind=AttachmentKind.IMAGE, name="没有.jpg"),
        Attachment(kind=AttachmentKind.FILE, path="../../etc/passwd"),
    ],
)
def test_what_is_not_in_the_drop_is_not_found(keep: Keep, attachment: Attachment) -> None:
    chat, file = keep("drop/群.json", b"chat"), keep("drop/1.jpg", b"file")

    assert Bundle([chat, file], [chat]).claim(attachment, chat) is None


def test_unclaimed_files_are_remembered(keep: Keep) -> None:
    chat, one, other = keep("群.json", b"c"), keep("1.jpg", b"1"), keep("2.jpg", b"2")
    bundle = Bundle([chat, one, other], [chat])

    bundle.claim(Attachment(kind=AttachmentKind.IMAGE, name="1.jpg"), chat)

    assert bundle.unclaimed([one, other]) == [other]


def test_a_file_beside_another_chat_is_not_taken_for_ones_own(keep: Keep) -> None:
    own, other = keep("甲/群.json", b"1"), keep("乙/群.json", b"2")
    file = keep("乙/media/值班安排.docx", b"file")
    attachment = Attachment(kind=AttachmentKind.FILE, path="media/值班安排.docx")
    bundle = Bundle([own, other, file], [own, other])

    assert bundle.claim(attachment, own) is None
    assert bundle.claim(attachment, other) == file


def test_two_files_at_one_place_are_two_files(keep: Keep) -> None:
    chat, one, other = keep("群.json", b"c"), keep("images/1.jpg", b"1"), keep("images/1.jpg", b"2")
    bundle = Bundle([chat, one, other], [chat])

    claimed = bundle.claim(Attachment(kind=AttachmentKind.IMAGE, path="images/1.jpg"), chat)

    assert [claimed, *bundle.unclaimed([one, other])] == [one, other]


def test_an_export_takes_its_parts_by_their_written_path_and_they_are_not_read_again(
    keep: Keep, vault: Vault
) -> None:
    manifest, part, users = (
        keep("a.zip!群/manifest.json", b"m"),
        keep("a.zip!群/chunks/c1.jsonl", b"1"),
        keep("a.zip!users.json", b"u"),
    )
    other = keep("b/chunks/c1.jsonl", b"2")
    bundle = Bundle([manifest, part, users, other], [manifest])
    beside = bundle.beside(manifest, vault)

    assert beside.take("chunks\\C1.jsonl") == part
    assert beside.take("../users.json") == users
    assert beside.take("chunks/c2.jsonl") is None
    assert beside.take("../../b/chunks/c9.jsonl") is None
    assert bundle.unclaimed([part, users, other]) == [other]


def test_an_export_sees_what_lies_below_its_folder_only(keep: Keep, vault: Vault) -> None:
    chat, one, two = keep("甲/群.json", b"c"), keep("甲/media/2.jpg", b"2"), keep("甲/media/1.jpg", b"1")
    beside = Bundle([chat, one, two, keep("甲乙/media/3.jpg", b"3")], [chat]).beside(chat, vault)

    assert beside.within("") == [two, one, chat]
    assert beside.within("media") == [two, one]


def test_a_picture_inside_an_export_is_found_by_the_path_it_was_given(keep: Keep, vault: Vault) -> None:
    chat = keep("甲/群.html", b"c")
    bundle = Bundle([chat], [chat])

    path = bundle.beside(chat, vault).embed("图1.png", b"png")

    file = bundle.claim(Attachment(kind=AttachmentKind.IMAGE, path=path), chat)
    assert file is not None
    assert (file.inner_path, file.parent, file.path.read_bytes()) == (
        "甲/群.html!图1.png",
        chat.sha256,
        b"png",
    )
