"""Pictures are read side by side, each content once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.config import Ocr
from leakwatch.errors import Unreadable
from leakwatch.images.urgency import Urgency
from leakwatch.model import Evidence, Reason
from leakwatch.ocr import Line
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.pool import Backlog, ReadAhead

Keep = Callable[[str, bytes], Evidence]


class Echo:
    """Reads a file's own bytes as its one line; waits for its neighbour if it has to meet one."""

    def __init__(self, meeting: threading.Barrier | None = None) -> None:
        self.asked: list[str] = []
        self._meeting = meeting

    def read(self, image: Path) -> list[Line]:
        self.asked.append(image.name)
        if self._meeting:
            self._meeting.wait(30)
        if image.read_bytes() == b"bad":
            raise Unreadable(Reason.DAMAGED, "图片已损坏")
        box = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        return [Line(text=image.read_text(), box=box, confidence=1.0)]


def test_the_same_content_is_read_once_however_often_it_is_sent(keep: Keep) -> None:
    echo = Echo()
    with ReadAhead([Cached(echo, "1", None)]) as pool:
        for name in ("1.jpg", "转发.jpg"):
            pool.submit(keep(name, b"one"))
        texts = [pool.lines(keep("1.jpg", data))[0].text for data in (b"one", b"two", b"one")]
    assert (texts, len(echo.asked)) == (["one", "two", "one"], 2)


def test_the_next_run_knows_nothing_of_the_last_one(keep: Keep) -> None:
    echo = Echo()
    with ReadAhead([Cached(echo, "1", None)]) as pool:
        for _ in range(2):
            assert pool.lines(keep("1.jpg", b"one"))[0].text == "one"
            pool.forget()
    assert len(echo.asked) == 2


def test_readers_work_side_by_side(keep: Keep) -> None:
    meeting = threading.Barrier(2)
    with ReadAhead([Cached(Echo(meeting), "1", None) for _ in range(2)]) as pool:
        files = [keep("1", b"one"), keep("2", b"two")]
        for file in files:
            pool.submit(file)
        assert [pool.lines(file)[0].text for file in files] == ["one", "two"]


def test_a_failure_reaches_each_caller_who_asks_for_that_picture_alone(keep: Keep) -> None:
    with ReadAhead([Cached(Echo(), "1", None)]) as pool:
        for _ in range(2):
            with pytest.raises(Unreadable):
                pool.lines(keep("1", b"bad"))
        assert pool.lines(keep("2", b"good"))[0].text == "good"


class Gate(Echo):
    """Reads once it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = threading.Event()

    def read(self, image: Path) -> list[Line]:
        assert self.opened.wait(30)
        return super().read(image)


def test_the_most_urgent_pictures_are_read_first(keep: Keep) -> None:
    gate = Gate()
    with ReadAhead([Cached(gate, "1", None)]) as pool:
        pool.submit(keep("0", b"zero"), Urgency.RED_PAGE)  # in hand before the others are known
        while pool.backlog().pictures != 1:
            pass
        order = (Urgency.SCENE, Urgency.PAGE, Urgency.RED_PAGE, Urgency.PAGE)
        files = [keep(f"{number + 1}", f"{number}".encode()) for number in range(4)]
        for file, urgency in zip(files, order, strict=True):
            pool.submit(file, urgency)
        gate.opened.set()
        for file in files:
            pool.lines(file)
    asked = [gate.asked.index(file.path.name) for file in files]
    assert (len(gate.asked), asked.index(max(asked)), asked[1] < asked[3]) == (5, 0, True)


def test_once_the_run_is_over_what_is_not_there_is_pending(keep: Keep) -> None:
    gate, asked = Gate(), [True, True, False]
    with ReadAhead([Cached(gate, "1", None)]) as pool:
        pool.begin(lambda: asked.pop(0) if len(asked) > 1 else asked[0])
        pool.submit(keep("红", b"red"), Urgency.RED_PAGE)
        with pytest.raises(Unreadable) as red:
            pool.lines(keep("红", b"red"))
        with pytest.raises(Unreadable) as other:
            pool.lines(keep("1", b"one"))
        gate.opened.set()
        pool.begin(lambda: True)
        assert pool.lines(keep("1", b"one"))[0].text == "one"
    assert (red.value.reason, "红字" in red.value.detail) == (Reason.PENDING, True)
    assert (other.value.reason, "红字" in other.value.detail) == (Reason.PENDING, False)


def test_what_was_read_before_the_run_was_over_is_there(keep: Keep) -> None:
    with ReadAhead([Cached(Echo(), "1", None)]) as pool:
        pool.lines(keep("1", b"one"))
        pool._goes_on = lambda: False
        assert pool.lines(keep("1", b"one"))[0].text == "one"


def test_the_backlog_says_what_is_left_and_how_long_it_takes(keep: Keep) -> None:
    gate = Gate()
    with ReadAhead([Cached(gate, "1", None)]) as pool:
        for number in range(3):
            pool.submit(keep(f"{number}", f"{number}".encode()))
        assert pool.backlog() == Backlog(pictures=3, left_s=None)
        gate.opened.set()
        for number in range(3):
            pool.lines(keep(f"{number}", f"{number}".encode()))
        pool.close()
        assert pool.backlog() == Backlog(pictures=0, left_s=None)


def test_an_engine_that_is_off_refuses_each_picture(keep: Keep) -> None:
    with ReadAhead.of_engine(Ocr(engine="none"), 2, None, None) as pool, pytest.raises(Unreadable) as caught:
        pool.lines(keep("1", b"one"))
    assert caught.value.reason is Reason.NO_ENGINE
