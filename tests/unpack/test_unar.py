"""The program unar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.unpack import unar

Placed = Callable[[str], Path]

needs_unar = pytest.mark.skipif(not unar.is_installed(), reason="unar is an optional program")


@pytest.fixture
def placed(made: Callable[[str], bytes], tmp_path: Path) -> Placed:
    def place(name: str) -> Path:
        path = tmp_path / "0123abcd"
        path.write_bytes(made(name))
        return path

    return place


@needs_unar
@pytest.mark.parametrize(
    ("name", "password", "is_right"),
    [
        ("rar3-solid.rar", "", True),
        ("rar3-solid.rar", "needless", True),
        ("rar5-psw.rar", "password", True),
        ("rar5-psw.rar", "wrong", False),
        ("rar5-psw.rar", "", False),
        ("locked-names.7z", "qs2031", True),
        ("locked-names.7z", "-p", False),
    ],
)
def test_a_password_fits_or_not(name: str, password: str, is_right: bool, placed: Placed) -> None:
    assert unar.fits(placed(name), password, 60) is is_right


@needs_unar
def test_an_entry_that_is_not_read_is_passed_over(placed: Placed) -> None:
    sizes = []
    for number, entry in enumerate(unar.entries(placed("rar3-solid.rar"), "", 60)):
        sizes.append((entry.name, entry.size_bytes, sum(map(len, entry.data)) if number else 0))
    assert sizes == [("stest1.txt", 2048, 0), ("stest2.txt", 2048, 2048)]


@needs_unar
def test_a_child_that_is_too_slow_is_given_up(placed: Placed) -> None:
    with pytest.raises(Unreadable) as caught:
        unar.fits(placed("rar5-psw.rar"), "password", 0)
    assert caught.value.reason is Reason.TIMED_OUT
    assert caught.value.__suppress_context__  # the timeout's own words quote the password


def test_a_program_that_is_missing_is_a_reason(placed: Placed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not unar.is_installed()
    with pytest.raises(Unreadable) as caught:
        unar.fits(placed("rar3-solid.rar"), "", 60)
    assert caught.value.reason is Reason.NO_ENGINE
