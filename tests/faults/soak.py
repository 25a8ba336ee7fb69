"""Exports dropped at random while processes are killed; in the end the ledger balances."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.daemon.house import House, balanced, kill, wait_for
from tests.faults.drops import Drops, copied
from tests.faults.kills import PATIENCE_S, check_whole, outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long, and how often something happens."""

    minutes: float
    drop_s: float
    """Between two drops, on the average."""
    kill_s: float
    """Between two kills, on the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What was dropped, and what became of it."""

    dropped: int
    kills: int
    states: dict[str, int]
    unread: int
    """Parts that could not be read, each with its reason."""
    findings: int
    leads: int


def soak(home: Path, pace: Pace, dice: random.Random) -> Ledger:
    """The ledger; AssertionError if it does not balance, or if one clean run finds anything else."""
    house = House(home / "soaked").furnish()
    try:
        drops = Drops(inbox=house.inbox, uploads=house.uploads, kept=home / "kept", dice=dice)
        kills = _disturbed(house, drops, pace, dice)
        wait_for(lambda: balanced(house.states()) and _arrived(house) >= len(drops.made), PATIENCE_S)
        unwritten = (
            "SELECT count(*) FROM store_lead WHERE is_draft AND NOT has_form AND merged_into_id IS NULL"
        )
        wait_for(lambda: house.count(unwritten) == 0, PATIENCE_S)
        wait_for(lambda: not any(house.uploads.iterdir()), PATIENCE_S)
        house.processes[-1].terminate()
        assert house.processes[-1].wait(PATIENCE_S) == 0, house.said()
        check_whole(house)
        ledger = _ledger(house, len(drops.made), kills)
        assert sum(ledger.states.values()) == ledger.dropped
        assert set(ledger.states) <= {"done", "seen"}
        _compare(house, home, drops)
    finally:
        house.close()
    return ledger


def _disturbed(house: House, drops: Drops, pace: Pace, dice: random.Random) -> int:
    """How many processes were killed until the time was over."""
    house.start()
    begun = monotonic()
    end, next_kill, kills = begun + pace.minutes * 60, begun + pace.kill_s, 0
    while monotonic() < end:
        drops.next()
        sleep(dice.expovariate(1 / pace.drop_s))
        if monotonic() < next_kill:
            continue
        next_kill = monotonic() + dice.expovariate(1 / pace.kill_s)
        worker, which = house.worker(), dice.randrange(3)
        if which != 1:
            kill(worker)
            kills += worker is not None
        if which != 0:
            kill(house.processes[-1].pid)
            house.processes[-1].wait()
            house.start()
            kills += 1
    return kills


def _arrived(house: House) -> int:
    return house.count("SELECT count(*) FROM store_arrival")


def _ledger(house: House, dropped: int, kills: int) -> Ledger:
    found = outcome(house)
    return Ledger(
        dropped=dropped,
        kills=kills,
        states=house.states(),
        unread=house.count("SELECT count(*) FROM store_unread"),
        findings=found.findings,
        leads=len(found.leads),
    )


def _compare(house: House, home: Path, drops: Drops) -> None:
    """One clean run over the same drops finds the same."""
    clean = House(home / "clean").furnish()
    copied(drops.inbox, clean.inbox)
    if drops.kept.exists():
        shutil.copytree(drops.kept, clean.uploads)
    try:
        clean.run_once(PATIENCE_S)
    finally:
        clean.close()
    assert outcome(house) == outcome(clean)
