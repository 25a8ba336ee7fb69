"""What has come to rest in an inbox; time is what the test says it is."""

from __future__ import annotations

import pytest

from leakwatch.watch.inbox import PARTIAL_S, Arrival, File, Growing, Inbox, Look, signature_of

Listing = dict[str, list[File]]

QUIET = Inbox(stability_s=5, partial_names=("*.part", "*.crdownload"))


def file(path: str, size: int = 10, at: int = 1) -> File:
    return File(path=path, size=size, mtime_ns=at)


def looks(inbox: Inbox, *steps: tuple[float, Listing]) -> list[Look]:
    """One look after the other."""
    found = []
    for now_s, listing in steps:
        inbox, look = inbox.look(listing, now_s)
        found.append(look)
    return found


def names(look: Look) -> tuple[list[str], list[str]]:
    """Arrived, growing."""
    return [one.name for one in look.arrived], [one.name for one in look.growing]


GROUP: Listing = {"群.txt": [file("群.txt")]}


def test_a_file_arrives_when_it_was_the_same_for_long_enough() -> None:
    found = looks(QUIET, (100, GROUP), (104.9, GROUP), (105, GROUP))
    assert [names(look) for look in found] == [([], ["群.txt"]), ([], ["群.txt"]), (["群.txt"], [])]


def test_one_look_is_never_enough_however_old_the_file() -> None:
    assert names(looks(Inbox(stability_s=0), (9e9, GROUP))[0]) == ([], ["群.txt"])


@pytest.mark.parametrize(
    "later",
    [
        {"群.txt": [file("群.txt", size=11)]},
        {"群.txt": [file("群.txt", at=2)]},
        {"群.txt": [file("群.txt", size=9, at=2)]},
    ],
)
def test_every_change_begins_the_wait_anew(later: Listing) -> None:
    found = looks(QUIET, (0, GROUP), (4, later), (8, later), (9, later))
    assert [names(look)[0] for look in found] == [[], [], [], ["群.txt"]]


def test_a_slow_writer_is_waited_for_for_ever() -> None:
    steps = [(float(20 * step), {"群.txt": [file("群.txt", size=step, at=step)]}) for step in range(5_000)]
    assert not any(look.arrived for look in looks(QUIET, *steps))


def test_a_folder_is_one_arrival_and_waits_for_its_last_file() -> None:
    first: Listing = {"云岭": [file("云岭/群.txt")]}
    whole: Listing = {"云岭": [file("云岭/群.txt"), file("云岭/图片/1.jpg", size=5)]}
    found = looks(QUIET, (0, first), (4, whole), (8, whole), (9, whole))
    assert [look.arrived for look in found] == [
        (),
        (),
        (),
        (Arrival(name="云岭", signature=signature_of(whole["云岭"]), files=2, size=15),),
    ]


def test_what_was_taken_arrives_again_only_when_it_changes() -> None:
    inbox, _ = QUIET.look(GROUP, 0)
    inbox, look = inbox.look(GROUP, 5)
    inbox = inbox.take(look.arrived[0])
    inbox, still = inbox.look(GROUP, 500)
    more: Listing = {"群.txt": [file("群.txt", size=99, at=7)]}
    inbox, grown = inbox.look(more, 501)
    _, again = inbox.look(more, 506)
    assert [names(one) for one in (still, grown, again)] == [([], []), ([], ["群.txt"]), (["群.txt"], [])]


def test_what_was_taken_away_and_comes_back_arrives_again() -> None:
    inbox, _ = QUIET.look(GROUP, 0)
    inbox, look = inbox.look(GROUP, 5)
    inbox, _ = inbox.take(look.arrived[0]).look({}, 10)
    assert [names(look)[0] for look in looks(inbox, (11, GROUP), (16, GROUP))] == [[], ["群.txt"]]


def test_a_half_loaded_file_holds_its_folder_back() -> None:
    listing: Listing = {"云岭": [file("云岭/群.txt"), file("云岭/2.mp4.CRDOWNLOAD")], **GROUP}
    _, held = looks(QUIET, (0, listing), (60, listing))
    assert held.growing == (Growing(name="云岭", files=2, size=20, is_partial=True),)
    assert names(held)[0] == ["群.txt"]


def test_a_half_loaded_file_that_nobody_touches_any_more_is_told_and_read() -> None:
    listing: Listing = {"1.zip.part": [file("1.zip.part")]}
    early, late = looks(QUIET, (0, listing), (PARTIAL_S - 1, listing), (PARTIAL_S, listing))[1:]
    assert (early.arrived, late.arrived[0].partial) == ((), ("1.zip.part",))


def test_a_hidden_file_is_waited_for_at_the_top_and_keeps_no_folder_waiting() -> None:
    listing: Listing = {
        ".稿.docx": [file(".稿.docx")],
        "云岭": [file("云岭/.nomedia"), file("云岭/~$稿.docx")],
    }
    hides = Inbox(stability_s=5, partial_names=(".*", "~$*"))
    early, late = looks(hides, (0, listing), (5, listing), (PARTIAL_S, listing))[1:]
    assert (names(early)[0], late.arrived[0].partial) == (["云岭"], (".稿.docx",))


def test_the_signature_does_not_depend_on_the_order_of_the_listing() -> None:
    files = [file("甲/1"), file("甲/2", size=3)]
    assert signature_of(files) == signature_of(files[::-1]) != signature_of(files[:1])


def test_half_a_surrogate_in_a_name_breaks_nothing() -> None:
    assert len(signature_of([file("\udcff.txt")])) == 64


def test_what_a_worker_did_not_find_arrives_again_if_it_lies_there() -> None:
    signature = signature_of(GROUP["群.txt"])
    inbox = QUIET.take(Arrival(name="群.txt", signature=signature, files=1, size=10))
    other = inbox.forget({("群.txt", "another"), ("别的.txt", signature)})
    assert names(looks(other, (100, GROUP), (105, GROUP))[1]) == ([], [])
    lost = inbox.forget({("群.txt", signature)})
    assert names(looks(lost, (100, GROUP), (105, GROUP))[1]) == (["群.txt"], [])
