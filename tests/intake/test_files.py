"""What was read of a file is remembered for the next message that carries it, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from leakwatch.config import Limits
from leakwatch.intake.files import Files
from leakwatch.model import Evidence, TextPiece
from leakwatch.ocr.blind import Off
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.pool import ReadAhead
from leakwatch.vault import Vault
from tests.conftest import Here

_Yields = TypeVar("_Yields")
Keep = Callable[[str, bytes], Evidence]


class _Counting(Here):
    """Counts what it is asked to do."""

    def __init__(self) -> None:
        self.calls = 0

    def stream(
        self, work: Callable[..., Iterator[_Yields]], *arguments: object, desk: object = None
    ) -> Iterator[_Yields]:
        self.calls += 1
        return super().stream(work, *arguments, desk=desk)


@pytest.fixture
def photos() -> Iterator[ReadAhead]:
    with ReadAhead([Cached(Off(), "off", None)]) as opened:
        yield opened


def test_a_document_that_two_messages_carry_is_read_once(keep: Keep, vault: Vault, photos: ReadAhead) -> None:
    sandbox = _Counting()
    files = Files(vault, sandbox, Limits(), photos)
    file = keep("值班表.txt", "甲\n\n乙".encode())

    first, second = list(files.read(file)), list(files.read(file))

    assert first == second != []
    assert sandbox.calls == 1


def test_a_long_document_is_read_again_and_whole(keep: Keep, vault: Vault, photos: ReadAhead) -> None:
    sandbox = _Counting()
    files = Files(vault, sandbox, Limits(), photos)
    file = keep("长.txt", ("很长的一行。" * 20_000).encode())

    first, second = list(files.read(file)), list(files.read(file))

    assert first == second
    assert sum(len(part.text) for part in first if isinstance(part, TextPiece)) >= 120_000
    assert sandbox.calls == 2


def test_only_the_last_documents_are_remembered(keep: Keep, vault: Vault, photos: ReadAhead) -> None:
    sandbox = _Counting()
    files = Files(vault, sandbox, Limits(), photos)
    many = [keep(f"{number}.txt", str(number).encode()) for number in range(70)]
    for file in many:
        list(files.read(file))
    sandbox.calls = 0

    assert list(files.read(many[-1])) and sandbox.calls == 0
    assert list(files.read(many[0])) and sandbox.calls == 1
