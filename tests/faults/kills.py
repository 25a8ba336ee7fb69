"""A run over many files whose processes are killed at random points; what must hold when it is over."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import sleep
from zipfile import ZipFile

from tests.daemon.house import House, balanced, drop, kill, wait_for

PATIENCE_S = 3_600.0
"""For hundreds of files, on a machine that has other things to do."""


UPLOADED = 5
"""Of so many files one is an upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How many files lie in the inbox, and how often a process is killed while they are read."""

    files: int
    kills: int
    dice: random.Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run without any kill finds: each other one must find the same."""

    places: dict[str, int]
    """sha256 of a file → at how many places something was found in it."""
    leads: tuple[str, ...]
    """Files that each lead speaks of; ids differ from key to key."""
    findings: int


def fill(house: House, files: int) -> None:
    """The same files in each inbox; every fifth was uploaded, together with one that holds nothing."""
    for number in range(files):
        if number % UPLOADED:
            drop(house.inbox, number)
            continue
        upload = house.uploads / f"{number:016x}"
        upload.mkdir(parents=True)
        (upload / "家常.txt").write_text(f"第{number}次：晚饭吃什么", "utf-8")
        drop(upload, number)


def outcome(house: House) -> Outcome:
    """What was found in a house."""
    leads = house.rows(
        "SELECT group_concat(sha256) FROM (SELECT DISTINCT lead_id, sha256 FROM store_place "
        "JOIN store_finding ON store_finding.id = finding_id WHERE lead_id IS NOT NULL ORDER BY sha256) "
        "GROUP BY lead_id"
    )
    return Outcome(
        places=house.places(),
        leads=tuple(sorted(str(row[0]) for row in leads)),
        findings=house.count("SELECT count(*) FROM store_finding"),
    )


def undisturbed(home: Path, files: int, settled: House) -> Outcome:
    """What a run finds that nobody disturbs."""
    house = House(home).furnish(settled)
    fill(house, files)
    try:
        house.run_once(PATIENCE_S)
    finally:
        house.close()
    found = outcome(house)
    assert len(found.places) == files
    return found


def survive(house: House, run: Run, expected: Outcome) -> None:
    """Kills at random points of the run; AssertionError if anything is lost, doubled or half-written then."""
    fill(house, run.files)
    daemon = house.start()
    for point in sorted(run.dice.randrange(run.files) for _ in range(run.kills)):
        wait_for(partial(_has_come_to, house, point, run.files), PATIENCE_S)
        sleep(run.dice.random() * 0.3)
        worker, which = house.worker(), run.dice.randrange(3)
        if which != 1:
            kill(worker)
        if which != 0:  # both at once: as when the power fails
            kill(daemon.pid)
            daemon.wait()
            daemon = house.start()
    wait_for(lambda: _is_done(house, run.files), PATIENCE_S)
    wait_for(lambda: house.count("SELECT count(*) FROM store_lead WHERE is_draft AND NOT has_form") == 0)
    wait_for(lambda: not any(house.uploads.iterdir()))
    daemon.terminate()
    assert daemon.wait(PATIENCE_S) == 0, house.said()
    check(house, expected)


def check(house: House, expected: Outcome) -> None:
    """No finding lost, none doubled, no form half-written, no lease left, every arrival accounted for."""
    assert outcome(house) == expected
    assert set(house.states()) <= {"done"}
    check_whole(house)
    uploads = -(-len(expected.places) // UPLOADED)
    assert house.count("SELECT count(*) FROM store_original WHERE is_kept") == len(expected.places) + uploads


def check_whole(house: House) -> None:
    """What holds whatever was dropped: lease, database, log, forms, no private copy left."""
    assert balanced(house.states())
    assert house.count("SELECT count(*) FROM store_arrival WHERE lease_until IS NOT NULL") == 0
    assert house.rows("PRAGMA integrity_check") == [("ok",)]
    seqs = [row[0] for row in house.rows("SELECT seq FROM store_logentry ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    drafted = house.count("SELECT count(*) FROM store_lead WHERE is_draft AND merged_into_id IS NULL")
    forms = sorted((house.home / "drafts").glob("[!.]*"))  # what a kill left half-written has a hidden name
    assert [path.suffix for path in forms] == [".docx"] * len(forms)
    assert len(forms) >= drafted
    for path in forms:
        with ZipFile(path) as form:
            assert form.testzip() is None
    assert house.start("evidence", "verify").wait(PATIENCE_S) == 0, house.said()


def seeded(run: Run, number: int) -> Run:
    """The run of that number, the same each time."""
    return replace(run, dice=random.Random(number))  # noqa: S311 - repeatable


def _has_come_to(house: House, point: int, files: int) -> bool:
    return house.states().get("done", 0) > point or _is_done(house, files)


def _is_done(house: House, files: int) -> bool:
    states = house.states()
    return balanced(states) and sum(states.values()) >= files
