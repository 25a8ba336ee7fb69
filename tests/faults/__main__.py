"""What takes hours, and the figures of docs/daemon.md: `python -m tests.faults soak|kills|delay|idle`.

Not part of any make target; exit code 1 and the reason when something was lost, doubled or half-written.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.daemon.house import House
from tests.faults.figures import delay, idle
from tests.faults.kills import Run, seeded, survive, undisturbed
from tests.faults.soak import Pace, soak


def main() -> int:
    """0 if everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("soak")
    one.add_argument("--minutes", type=float, default=32)
    one.add_argument("--drop-seconds", type=float, default=2)
    one.add_argument("--kill-seconds", type=float, default=20)
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--home", type=Path, help="an empty folder, which stays; else one that is removed")
    many = commands.add_parser("kills")
    many.add_argument("--files", type=int, default=500)
    many.add_argument("--repetitions", type=int, default=50)
    many.add_argument("--kills", type=int, default=3, help="of each repetition")
    many.add_argument("--first", type=int, default=0, help="the repetition to begin with")
    commands.add_parser("delay").add_argument("--messages", type=int, default=5_000)
    commands.add_parser("idle").add_argument("--minutes", type=float, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leakwatch-faults-") as folder:
        if chosen.command == "soak":
            pace = Pace(minutes=chosen.minutes, drop_s=chosen.drop_seconds, kill_s=chosen.kill_seconds)
            print(soak(chosen.home or Path(folder), pace, random.Random(chosen.seed)))  # noqa: S311 - repeatable
        elif chosen.command == "kills":
            _repeat(Path(folder), chosen)
        else:
            _measure(Path(folder), chosen)
    return 0


def _measure(home: Path, chosen: argparse.Namespace) -> None:
    house = House(home, stability_s=5, rescan_s=60).settle_in()
    try:
        if chosen.command == "delay":
            cold, warm = delay(house, chosen.messages)
            print(f"drop to lead, stability_s = 5: {cold:.1f} s without a worker, {warm:.1f} s with one")
        else:
            megabytes, percent = idle(house, chosen.minutes)
            print(f"idle: {megabytes:.0f} MB, {percent:.2f} % of a core")
    finally:
        house.close()


def _repeat(home: Path, chosen: argparse.Namespace) -> None:
    settled = House(home / "settled").settle_in()
    expected = undisturbed(home / "clean", chosen.files, settled)
    run = Run(files=chosen.files, kills=chosen.kills, dice=random.Random())  # noqa: S311 - seeded below
    for number in range(chosen.first, chosen.first + chosen.repetitions):
        begun = monotonic()
        with tempfile.TemporaryDirectory(dir=home) as folder:
            house = House(Path(folder)).furnish(settled)
            try:
                survive(house, seeded(run, number), expected)
            finally:
                house.close()
        print(f"repetition {number}: {chosen.kills} kills, {monotonic() - begun:.0f} s, whole", flush=True)


if __name__ == "__main__":
    sys.exit(main())
