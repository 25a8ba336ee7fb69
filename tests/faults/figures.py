"""What the manual says of the daemon's speed and appetite, measured on the real one."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from tests.daemon.house import House, mark, wait_for

_QUIET_S = 20.0


def delay(house: House, messages: int) -> list[float]:
    """Seconds from a completed drop to a lead of it: without a worker that runs, then with one."""
    house.start()
    wait_for(lambda: house.count("SELECT count(*) FROM store_jobrun WHERE name = 'watch'"))
    found = []
    for number in range(2):
        part = house.home / f"群{number}.txt"
        part.write_bytes(_export(messages, number))
        begun = monotonic()
        part.rename(house.inbox / part.name)
        wait_for(lambda: house.count("SELECT count(*) FROM store_lead") > number)  # noqa: B023 - at once
        found.append(monotonic() - begun)
        sleep(2)
    return found


def idle(house: House, minutes: float) -> tuple[float, float]:
    """Memory in MB and percent of one core of a daemon that has nothing to do."""
    pid = house.start().pid
    wait_for(lambda: house.count("SELECT count(*) FROM store_jobrun WHERE name = 'watch'"))
    sleep(_QUIET_S)
    before_s, begun = _processor_s(pid), monotonic()
    sleep(minutes * 60)
    percent = 100 * (_processor_s(pid) - before_s) / (monotonic() - begun)
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return kib / 1024, percent


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _export(messages: int, number: int) -> bytes:
    """As QQ writes a group; the last message is a leak."""
    at, lines = datetime(2031, 5, 6, 8), []  # noqa: DTZ001 - as QQ writes it
    for count in range(messages):
        at += timedelta(seconds=17)
        text = f"第{count}项工作已经落实，请各科室下午四点前把材料报到办公室，谢谢配合"
        if count == messages - 1:
            text = mark(number).replace("\n", "，")
        lines.append(f"{at:%Y-%m-%d %H:%M:%S} 王明远(10001)\n{text}\n")
    bar = "=" * 64
    head = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
    head += f"{bar}\n消息分组:我的群聊\n{bar}\n消息对象:云岭区防汛群{number}\n{bar}\n\n"
    return (head + "\n".join(lines)).encode("utf-8-sig")
