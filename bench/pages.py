"""How long people wait for the queue and for a lead: `python -m bench.pages`.

    python -m bench.pages [--readers 50] [--pause-s 2] [--pages 20] [--processes 2] [--database URL] [--folder DIR]

Scans made-up exports with about 10,000 findings in 3,500 leads, starts the shipped server on them and lets people
read side by side: each opens the queue, one of its leads, and that lead's words, and looks at every page for the
pause (on average; 0: nobody ever looks). What is printed is the time until the last byte.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench import corpus, export
from bench.serving import Session, free_port, log_in, make_accounts, serving

_MATTERS = 3_400
_GROUPS = 30
_CHATTER = 2
"""Everyday messages around each that holds something."""
_PASSWORD = "bench-2031-pages"  # noqa: S105 - of a server that lives for a minute
_QUEUE = ("", "?page=2", "?page=7", "?due=soon", "?level=机密", "?category=pd.id", "?state=all&page=30")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HELD = (
    "《{words}》青密发〔2031〕{n}号 机密★10年，经办人身份证{id}",
    "{words}，考察名单里有{id}，病历也在",
    "中办发〔2031〕{n}号 秘密★5年，{words}",
    "内部资料注意保管：{words}，谈话记录{n}号，身份证{id}",
)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody waited for a page of that kind."""

    page: str
    seconds: float


def main() -> None:
    """Prints the waiting times by kind of page."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pause-s", type=float, default=2.0)
    parser.add_argument("--pages", type=int, default=20, help="每人打开多少轮，每轮三页")
    parser.add_argument("--processes", type=int, default=2, help="[web] processes")
    parser.add_argument("--database", default="", help="PostgreSQL 的地址，默认用 SQLite")
    parser.add_argument("--folder", type=Path, help="数据放在这里，下次接着用")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder: Path = chosen.folder or Path(name)
        config = _prepared(folder, chosen.database)
        port = free_port()
        names = [f"reader{number}" for number in range(chosen.readers)]
        make_accounts(config, names, _PASSWORD)
        with serving(config, port, chosen.processes) as server:
            with ThreadPoolExecutor(4) as pool:  # a password takes 100 MiB to check
                sessions = list(pool.map(lambda name: log_in(port, name, _PASSWORD), names))
            before, started = _cpu_s(server.pid), time.monotonic()
            with ThreadPoolExecutor(chosen.readers) as pool:
                plan = [(one, chosen.pages, chosen.pause_s) for one in sessions]
                waits = [wait for read in pool.map(_read, plan) for wait in read]
            wall = time.monotonic() - started
            cpu = _cpu_s(server.pid) - before
    _print(waits, wall, cpu)


def _prepared(folder: Path, database: str) -> Path:
    """The config of a data folder that the exports were scanned into."""
    config = folder / "config.toml"
    if not config.exists():
        drop = folder / "drop"
        drop.mkdir(parents=True)
        for number, texts in enumerate(_chats()):
            export.write(texts, drop / f"{number}.json", f"云岭区第{number}工作群")
        config.write_text(f'[store]\ndatabase = "{database}"\n', "utf-8")
        command = (sys.executable, "-m", "leakwatch", "scan", str(drop), "--config", str(config))
        subprocess.run([*command, "--output", str(folder / "found.txt")], check=False)
    return config


def _chats() -> Iterator[list[str]]:
    """The messages of each group; every third matter is passed on to another one."""
    everyday = iter(corpus.messages(_MATTERS * (3 + 2 * _CHATTER)))
    chats: list[list[str]] = [[] for _ in range(_GROUPS)]
    for number in range(_MATTERS):
        words = "".join(next(everyday) for _ in range(2))[:200]
        text = _HELD[number % len(_HELD)].format(words=words, n=number, id=_id_number(number))
        for group in {number % _GROUPS, number * 7 % _GROUPS if number % 3 == 0 else number % _GROUPS}:
            chats[group] += [*(next(everyday) for _ in range(_CHATTER)), text]
    yield from chats


def _id_number(number: int) -> str:
    body = f"310115{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[check % 11]


def _read(plan: tuple[Session, int, float]) -> list[Wait]:
    """One person's day, without the coffee."""
    session, rounds, pause_s = plan
    chance = random.Random(session.cookies["leakwatch_session"])  # noqa: S311 - no secret
    waits: list[Wait] = []
    time.sleep(chance.uniform(0, 2 * pause_s))  # nobody comes at the same moment as all others
    for _ in range(rounds):
        queue = chance.choice(_QUEUE)
        page = _timed(session, "queue", f"/leads{queue}", waits)
        time.sleep(chance.uniform(0, 2 * pause_s))
        if not (listed := sorted(set(re.findall(r'href="(/leads/XS-[^"/]+)"', page)))):
            continue
        lead = chance.choice(listed)
        _timed(session, "lead", lead, waits)
        time.sleep(chance.uniform(0, 2 * pause_s))
        session.post(f"{lead}/unmask", {"purpose": "review"})
        _timed(session, "lead, words shown", lead, waits)
        time.sleep(chance.uniform(0, 2 * pause_s))
    return waits


def _timed(session: Session, kind: str, address: str, waits: list[Wait]) -> str:
    started = time.perf_counter()
    page = session.get(address)
    waits.append(Wait(kind, time.perf_counter() - started))
    return page


def _cpu_s(pid: int) -> float:
    """Of the server and the processes that it started."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    others = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(map(_cpu_s, map(int, others)))


def _print(waits: Sequence[Wait], wall: float, cpu: float) -> None:
    kinds: Mapping[str, list[float]] = defaultdict(list)
    for wait in waits:
        kinds[wait.page].append(wait.seconds)
    print(f"{len(waits)} pages in {wall:.1f} s, {1000 * cpu / len(waits):.1f} ms of the server's CPU each")
    for kind, seconds in kinds.items():
        p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(
            f"{kind:<20} {len(seconds):>6} pages  p50 {1000 * p50:6.0f} ms  p95 {1000 * p95:6.0f} ms"
            f"  longest {1000 * max(seconds):6.0f} ms"
        )


if __name__ == "__main__":
    main()
