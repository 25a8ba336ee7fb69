"""What lies beside a file that was not read in whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.daemon.rounds import Root
from leakwatch.daemon.settling import settle
from leakwatch.model import Reason, Skipped
from leakwatch.store.models import Arrival, ArrivalState, Scan
from leakwatch.store.records import record
from leakwatch.store.sealing import KeySealer
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_into, reason_name
from tests.conftest import NOON
from tests.store.scans import ASKED, MEANS, SEALER, evidence, scan

pytestmark = pytest.mark.django_db


def note(inbox: Path, sealer: KeySealer | None) -> str:
    """Beside an export of which one part was not read."""
    (inbox / "群.zip").write_text("群", "utf-8")
    skipped = Skipped(
        evidence=evidence("群.zip"), name="附件.zip", reason=Reason.PASSWORD, detail="有密码，请解开"
    )
    run = record(scan(skipped=[skipped]), ASKED, MEANS).scan_id
    listing = look_into(inbox, moves=False)
    assert listing is not None
    Arrival.objects.create(
        root=str(inbox),
        name="群.zip",
        signature=signature_of(listing.arrivals["群.zip"]),
        kind="inbox",
        files=1,
        size=3,
        state=ArrivalState.DONE,
        arrived_at=NOON,
        scan=Scan.objects.get(pk=run),
    )
    assert settle(Root(path=inbox, kind="inbox"), sealer) == 1
    return (inbox / reason_name("群.zip")).read_text("utf-8-sig")


def test_the_note_names_each_part_and_what_to_do(tmp_path: Path) -> None:
    assert note(tmp_path, SEALER) == "以下内容没有读到：\n附件.zip：有密码，请解开\n"


def test_without_a_key_the_parts_are_counted(tmp_path: Path) -> None:
    assert note(tmp_path, None) == "以下内容没有读到：\n另有 1 项，见审核页面\n"
