"""What the daemon says of itself, to files and to systemd."""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leakwatch.daemon import systemd
from leakwatch.daemon.instance import Running, alone, is_held
from leakwatch.daemon.logbook import keep_log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The file; the handlers of pytest are back afterwards."""
    root, ours, theirs = (logging.getLogger(name) for name in ("", "leakwatch", "apscheduler"))
    before = root.handlers[:], ours.level, theirs.level
    keep_log(tmp_path, "daemon")
    yield tmp_path / "logs" / "daemon.jsonl"
    logging.captureWarnings(False)
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for handler in before[0]:
        root.addHandler(handler)
    ours.setLevel(before[1])
    theirs.setLevel(before[2])


def lines(log: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_of_an_exception_only_the_place_is_written(log: Path) -> None:
    try:
        raise ValueError("绝密★30年")
    except ValueError:
        logging.getLogger("leakwatch.daemon").exception("arrival %s failed", 7)
    (line,) = lines(log)
    assert line["said"] == "arrival 7 failed"
    assert line["fault"].startswith("ValueError at test_logbook.py:")
    assert "绝密" not in log.read_text("utf-8")


def test_what_others_say_is_not_written(log: Path) -> None:
    logging.getLogger("apscheduler.executors").error("job failed: 绝密★30年")
    logging.getLogger("django.request").warning("绝密★30年")
    assert [(line["by"], line["said"]) for line in lines(log)] == [("django.request", "")]


@pytest.mark.skipif(sys.platform == "win32", reason="systemd is Linux")
def test_files_take_turns_and_the_oldest_is_gone(log: Path) -> None:
    for number in range(40):
        logging.getLogger("leakwatch").warning("%s %s", number, "0" * (1 << 20))
    turns = sorted(path.name for path in log.parent.iterdir())
    assert turns == ["daemon.jsonl", *(f"daemon.jsonl.{number}" for number in range(1, 6))]
    assert max(path.stat().st_size for path in log.parent.iterdir()) <= 5 << 20
    assert lines(log)[-1]["said"].startswith("39 ")


def test_systemd_is_told_and_its_absence_is_no_fault(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "n"))
        systemd.notify(systemd.READY, {"NOTIFY_SOCKET": str(tmp_path / "n")})
        assert line.recv(100) == b"READY=1"
    systemd.notify(systemd.READY, {"NOTIFY_SOCKET": str(tmp_path / "gone")})
    systemd.notify(systemd.READY, {})


def test_an_instance_is_alone_while_its_block_runs(tmp_path: Path) -> None:
    assert not is_held(tmp_path, "daemon")
    with alone(tmp_path, "daemon"):
        assert is_held(tmp_path, "daemon")
        with pytest.raises(Running), alone(tmp_path, "daemon"):
            pass
    assert not is_held(tmp_path, "daemon")
