"""What was read of a file is remembered for the next message that carries it, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from leakwatch import readings
from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.films import ffmpeg, pyav
from leakwatch.intake.files import Files
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.ocr import Line
from leakwatch.ocr.blind import Blind, Off
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.pool import ReadAhead
from leakwatch.vault import Vault
from tests.conftest import Here

_Yields = TypeVar("_Yields")
PICTURES = Path(__file__).parents[1] / "redhead" / "pictures"
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


class _Failing(Here):
    """Breaks on a look at a picture."""

    def stream(
        self, work: Callable[..., Iterator[_Yields]], *arguments: object, desk: object = None
    ) -> Iterator[_Yields]:
        if work is readings.urgency:
            raise Unreadable(Reason.CRASHED, "意外退出")
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


def test_a_picture_that_cannot_be_looked_at_beforehand_is_read_in_its_turn(keep: Keep, vault: Vault) -> None:
    line = Line(text="值班表", box=((0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0)), confidence=1.0)
    photo = keep("1.jpg", (PICTURES / "文件.jpg").read_bytes())
    with ReadAhead([Cached(Blind([line]), "blind", None)]) as ahead:
        files = Files(vault, _Failing(), Limits(), ahead)
        files.send_ahead(photo)
        assert ahead.backlog().pictures == 0
        first, *_ = files.read(photo)
    assert isinstance(first, TextPiece)
    assert first.text == "值班表"


@pytest.mark.skipif(not (ffmpeg.is_installed() or pyav.is_installed()), reason="nothing opens films")
def test_the_pictures_of_a_film_are_recognised_with_their_second(keep: Keep, vault: Vault) -> None:
    film = keep("现场.mp4", (Path(__file__).parents[1] / "films" / "three.mp4").read_bytes())
    line = Line(text="值班表", box=((0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0)), confidence=1.0)
    seen = [line, replace(line, spot="二维码")]
    with ReadAhead([Cached(Blind(seen), "blind", None)]) as photos:
        found = list(Files(vault, Here(), Limits(film_frames=9), photos).read(film))

    pieces = [(piece.spot, piece.whole) for piece in found if isinstance(piece, TextPiece)]
    assert pieces == [(f"第{second}秒{code}", film.sha256) for second in (0, 3, 6) for code in ("", "二维码")]
    assert [(row.name, row.reason) for row in found if isinstance(row, Skipped)] == [
        ("现场.mp4", Reason.UNSUPPORTED)
    ]


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


def test_a_red_head_is_seen_though_no_engine_reads_it(keep: Keep, vault: Vault, photos: ReadAhead) -> None:
    file = keep("1.jpg", (PICTURES / "联合发文.jpg").read_bytes())

    seen, unread = Files(vault, Here(), Limits(), photos).read(file)

    assert seen == TextPiece(text="图片版式：红色标题、红色分隔线", origin=Origin.IMAGE, evidence=file)
    assert isinstance(unread, Skipped) and unread.reason is Reason.NO_ENGINE


def test_a_picture_that_cannot_be_opened_is_told_once(keep: Keep, vault: Vault) -> None:
    with ReadAhead([Cached(Blind(), "blind", None)]) as photos:
        (unread,) = Files(vault, Here(), Limits(), photos).read(keep("1.jpg", b"\xff\xd8\xff broken"))

    assert isinstance(unread, Skipped) and unread.reason is Reason.DAMAGED
