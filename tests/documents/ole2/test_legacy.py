"""OLE2 files by their streams."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.compound import MAGIC, Place, written
from leakwatch.documents import reader_for
from leakwatch.documents.ole2 import legacy
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def given_up(file: Evidence, vault: Vault) -> tuple[Reason, str]:
    with pytest.raises(Unreadable) as caught:
        list(legacy.read(file, vault))
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    ("parts", "reason", "word"),
    [
        ({("EncryptedPackage",): b"x", ("EncryptionInfo",): b"y"}, Reason.PASSWORD, "密码"),
        ({("VisioDocument",): b"x"}, Reason.UNSUPPORTED, "Visio"),
        ({("MatOST",): b"x"}, Reason.UNSUPPORTED, "Works"),
        ({("WordDocument",): b"x"}, Reason.DAMAGED, "Word"),
        ({("PowerPoint Document",): b""}, Reason.DAMAGED, "演示文稿"),
        ({("Workbook",): b"\x09\x08\x10"}, Reason.DAMAGED, "工作簿"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    parts: dict[Place, bytes | None], reason: Reason, word: str, keep: Keep, vault: Vault
) -> None:
    found, sentence = given_up(keep("a.doc", written(parts)), vault)
    assert (found, word in sentence) == (reason, True)


def test_the_streams_decide_and_not_the_extension(keep: Keep, vault: Vault) -> None:
    data = written({("WordDocument",): b"x"})
    reader = reader_for(data, "表.et")
    assert reader is not None
    assert reader.NAME == "legacy"
    assert "Word" in given_up(keep("表.et", data), vault)[1]


def test_a_file_cut_before_its_directory_gives_the_words_that_can_be_seen(keep: Keep, vault: Vault) -> None:
    text = "青石市绝密文件，请勿外传".encode("utf-16-le")
    data = MAGIC + b"\0" * 504 + b"\x01\x02\x03\x05" * 50 + text + b"\0" * 700
    rows = legacy.read(keep("a.doc", data), vault)
    first = next(rows)
    assert isinstance(first, TextPiece)
    assert (first.spot, "青石市绝密文件，请勿外传" in first.text) == ("残存文字", True)
    with pytest.raises(Unreadable):
        next(rows)


def test_a_document_that_lacks_its_end_says_so(keep: Keep, vault: Vault) -> None:
    data = (Path(__file__).parents[1] / "files" / "word97.doc").read_bytes()
    rows = list(legacy.read(keep("a.doc", data[: len(data) * 95 // 100]), vault))
    assert {row.reason for row in rows if isinstance(row, Skipped)} == {Reason.INCOMPLETE}
    text = "".join(row.text for row in rows if isinstance(row, TextPiece))
    assert ("页眉机密★10年" in text, "被删除的机密" in text) == (True, True)


def test_a_document_that_gives_nothing_is_not_silent(keep: Keep, vault: Vault) -> None:
    (row,) = legacy.read(keep("a.ppt", written({("PowerPoint Document",): b"\x0f\0\xe8\x03\0\0\0\0"})), vault)
    assert isinstance(row, Skipped)
    assert row.reason == Reason.INCOMPLETE


@pytest.mark.parametrize("text", [b"Microsoft Office Word", b"\0" + "Normal.dotm".encode("utf-16-le")])
def test_western_letters_out_of_step_are_no_chinese_words(text: bytes, keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable):
        next(legacy.read(keep("a.doc", MAGIC + b"\0" * 504 + text + b"\0" * 700), vault))
