"""QQ's backups and databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.qq import qq_backup
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason

Keep = Callable[[str, bytes], Evidence]
NOISE = bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("name", "data", "claimed"),
    [
        ("群.bak", b"SQLite header 3\0" + NOISE, True),
        ("nt_msg.db", b"SQLite header 3\0" + NOISE, True),
        ("群.BAK", NOISE, True),
        ("群.dat", NOISE, False),
        ("通知.bak", "机密★5年".encode() * 50, False),
        ("表.bak", b"PK\x03\x04" + NOISE, False),
        ("a.bak", b"SQLite format 3\0" + NOISE, False),
        ("空.bak", b"", False),
    ],
)
def test_only_backups_are_claimed(name: str, data: bytes, claimed: bool, keep: Keep) -> None:
    assert (reader_for(keep(name, data)) is qq_backup) is claimed


def test_a_backup_is_given_up_with_advice(keep: Keep) -> None:
    with pytest.raises(Unreadable) as why:
        list(qq_backup.read(keep("群.bak", NOISE), Alone()))
    assert (why.value.reason, "mht" in why.value.detail) == (Reason.UNSUPPORTED, True)
