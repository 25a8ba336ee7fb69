"""Why a person decided as they did: their own words, which may be those of what they looked at; sealed like them."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from leakwatch.store.contents import pack, unpack
from leakwatch.store.models import Suppression, Unread, Verdict
from leakwatch.store.sealing import Sealer


class Reason(Struct, frozen=True, kw_only=True):
    """What somebody wrote."""

    text: str


def of_verdict(row: Verdict, sealer: Sealer) -> str:
    """Why; empty where nothing was written."""
    return _opened(row.sealed, sealer, verdict_place(row.lead_id, row.at))


def of_suppression(row: Suppression, sealer: Sealer) -> str:
    """Why the same content is to open no lead."""
    return _opened(row.sealed, sealer, suppression_place(row.fingerprint, row.created_at))


def of_unread(row: Unread, sealer: Sealer) -> str:
    """Why it may stay unread; empty where nobody said so."""
    return _opened(row.sealed_because, sealer, unread_place(row))


def sealed(text: str, sealer: Sealer, place: str) -> bytes:
    """What a row of that place holds; nothing for nothing."""
    written = text.strip()
    return pack(Reason(text=written), sealer, place) if written else b""


def verdict_place(lead: str, at: datetime) -> str:
    """What the reason of a verdict is sealed for."""
    return f"verdict:{lead}:{at.astimezone(UTC).isoformat(timespec='microseconds')}"


def suppression_place(fingerprint: str, at: datetime) -> str:
    """What that of a suppression is sealed for."""
    return f"suppression:{fingerprint}:{at.astimezone(UTC).isoformat(timespec='microseconds')}"


def unread_place(row: Unread) -> str:
    """That of a part that may stay unread; the same when a later scan meets the part again."""
    return f"because:{row.sha256}:{row.part}:{row.reason}"


def _opened(held: bytes, sealer: Sealer, place: str) -> str:
    return unpack(held, Reason, sealer, place).text if held else ""
