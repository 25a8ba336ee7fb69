"""A bad picture, a hanging or dying engine costs one picture."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from leakwatch.errors import ConfigError, Unreadable
from leakwatch.model import Reason
from leakwatch.ocr.worker import Reader

CHILD = """
import os, socket, sys, time
from pathlib import Path
from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.ocr import Line
from leakwatch.ocr.worker import serve

class Moody:
    def warm_up(self):
        {warm_up}

    def version(self):
        return "moody"

    def read(self, image):
        print("chatter that must not pass for an answer")
        match image.name:
            case "hang": time.sleep(60)
            case "die": os._exit(7)
            case "abort": os.abort()
            case "refuse": raise Unreadable(Reason.DAMAGED, "图片已损坏")
            case "swell": raise MemoryError
            case "call":
                try:
                    socket.socket()
                except OSError:
                    return []
        box = ((0.0, 0.0),) * 4
        return [Line(text=f"{{ascii(image.name)}} {{os.getpid()}}", box=box, confidence=1.0)]

serve(Moody(), 60)
"""


def reader(timeout_s: float = 60, warm_up: str = "pass") -> Reader:
    return Reader("none", timeout_s, command=(sys.executable, "-c", CHILD.format(warm_up=warm_up)))


def text(of: Reader, name: str) -> list[str]:
    return of.read(Path("/收件") / name)[0].text.split(" ")


def reason(of: Reader, name: str) -> Reason:
    with pytest.raises(Unreadable) as caught:
        of.read(Path(name))
    return caught.value.reason


def test_one_child_reads_all_pictures() -> None:
    with reader() as busy:
        first, second = text(busy, "甲.jpg"), text(busy, "\udcff.jpg")
    assert (first[0], second[0], first[1]) == (ascii("甲.jpg"), ascii("\udcff.jpg"), second[1])


def test_an_engine_cannot_open_a_socket() -> None:
    with reader() as busy:
        assert busy.read(Path("call")) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("die", Reason.CRASHED),
        ("abort", Reason.CRASHED),
        ("refuse", Reason.DAMAGED),
        ("swell", Reason.TOO_BIG),
    ],
)
def test_a_failure_costs_one_picture(name: str, expected: Reason) -> None:
    with reader() as busy:
        assert reason(busy, name) is expected
        assert text(busy, "next")[0] == ascii("next")


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    with reader(timeout_s=0.5) as busy:
        assert reason(busy, "hang") is Reason.TIMED_OUT
        assert text(busy, "next")[0] == ascii("next")


@pytest.mark.parametrize("warm_up", ["raise Unreadable(Reason.NO_ENGINE, '没有引擎')", "os._exit(3)"])
def test_an_engine_that_cannot_start_is_asked_once(tmp_path: Path, warm_up: str) -> None:
    log = tmp_path / "starts"
    with reader(warm_up=f"open({str(log)!r}, 'a').write('x'); {warm_up}") as busy:
        assert [reason(busy, "1"), reason(busy, "2")] == [Reason.NO_ENGINE] * 2
    assert log.read_text() == "x"


def test_closing_ends_the_child_and_clears_its_files() -> None:
    busy = reader()
    text(busy, "1")
    child = busy._child
    assert child is not None
    busy.close()
    busy.close()
    assert (child.process.poll(), Path(child.folder.name).exists()) == (-9, False)
    assert reason(busy, "2") is Reason.CRASHED


def test_the_files_of_a_child_lie_in_the_folder_of_the_scan(tmp_path: Path) -> None:
    with Reader("none", 60, tmp_path, (sys.executable, "-c", CHILD.format(warm_up="print(end='')"))) as busy:
        text(busy, "1")
        assert [path.name[:14] for path in tmp_path.iterdir()] == ["leakwatch-ocr-"]
    assert list(tmp_path.iterdir()) == []


def test_a_system_without_process_groups_limits_and_alarms_reads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "killpg")
    bare = "import os, signal, sys; sys.modules['resource'] = None; del signal.alarm, os.killpg\n"
    command = (sys.executable, "-c", bare + CHILD.format(warm_up="pass"))
    with Reader("none", 60, command=command) as busy:
        assert text(busy, "1")[0] == ascii("1")
        child = busy._child
    assert child is not None
    assert child.process.poll() == -9


def test_the_child_ends_with_its_input() -> None:
    with reader() as busy:
        text(busy, "1")
        child = busy._child
        assert child is not None
        child.questions.close()
        assert child.process.wait(30) == 0


def test_an_unknown_engine_is_refused_at_once() -> None:
    with pytest.raises(ConfigError):
        Reader("paddle", 60)
