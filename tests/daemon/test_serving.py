"""The page is served by several processes on one port; nobody outlives the first one."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.daemon.house import PATIENCE_S, House, wait_for

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def answers(house: House) -> bool:
    with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{house.port}/login", timeout=5) as page:
        return "登录" in page.read().decode()
    return False


def others(pid: int) -> list[int]:
    """The processes that it started and that are still there."""
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        return [int(one) for one in found if b"\0page\0" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return []


def is_there(pid: int) -> bool:
    with suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2][:3]
    return False


def serving_from(house: House, processes: int) -> House:
    config = house.home / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace("[web]\n", f"[web]\nprocesses = {processes}\n"), "utf-8"
    )
    return house


def test_another_process_answers_while_the_first_one_is_busy(new_house: House) -> None:
    house = serving_from(new_house, 2)
    first = house.start("serve")
    wait_for(lambda: len(others(first.pid)) == 1)
    (other,) = others(first.pid)
    wait_for(lambda: answers(house))
    os.kill(first.pid, signal.SIGSTOP)
    wait_for(lambda: answers(house))
    os.kill(first.pid, signal.SIGCONT)
    first.terminate()
    assert first.wait(PATIENCE_S) == 0, house.said()
    assert not is_there(other)
    assert not answers(house)


def test_who_loses_the_first_process_ends(new_house: House) -> None:
    house = serving_from(new_house, 2)
    first = house.start("serve")
    wait_for(lambda: len(others(first.pid)) == 1)
    (other,) = others(first.pid)
    wait_for(lambda: answers(house))
    first.kill()
    first.wait()
    wait_for(lambda: not is_there(other))


def test_one_process_is_enough_unless_the_settings_say_more(new_house: House) -> None:
    first = new_house.start("serve")
    wait_for(lambda: answers(new_house))
    assert others(first.pid) == []
