"""Files that a page's elements show."""

from __future__ import annotations

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.parts.page_files import file_at_address
from leakwatch.model import Attachment, AttachmentKind


class Embedding(Alone):
    """Keeps what lies inside the page."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def embed(self, name: str, data: bytes) -> str:
        self.kept[name] = data
        return f"inside/{name}"


@pytest.mark.parametrize(
    ("address", "shown", "expected"),
    [
        ("media/a.jpg", "", Attachment(kind=AttachmentKind.IMAGE, name="a.jpg", path="media/a.jpg")),
        (
            "https://x.cn/a.jpg?s=1",
            " 图 ",
            Attachment(kind=AttachmentKind.IMAGE, name="图", path="https://x.cn/a.jpg?s=1", remote=True),
        ),
    ],
)
def test_an_address_is_a_path_or_a_link(address: str, shown: str, expected: Attachment) -> None:
    assert file_at_address(address, AttachmentKind.IMAGE, shown, (1, Alone())) == expected


def test_a_picture_inside_the_page_is_taken_out() -> None:
    beside = Embedding()
    found = file_at_address("data:image/png;base64,aGk=", AttachmentKind.IMAGE, "", (7, beside))
    assert list(beside.kept.values()) == [b"hi"]
    assert found.path.startswith("inside/第7条-")
    assert found.path.endswith(".png")


@pytest.mark.parametrize("address", ["data:image/png;base64,", "data:image/png,hi"])
def test_an_address_that_holds_nothing_has_no_path(address: str) -> None:
    assert file_at_address(address, AttachmentKind.IMAGE, "图", (1, Embedding())).path == ""
