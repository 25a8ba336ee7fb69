"""Locked entries of RAR 5, whatever the bytes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.unpack.rar5 import SIGNATURE, locked_entries

Made = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("name", "locked"),
    [
        ("rar5-psw.rar", frozenset({0, 1})),
        ("rar5-hpsw.rar", None),
        ("rar5-solid.rar", frozenset()),
        ("rar5-dups.rar", frozenset()),
    ],
)
def test_the_headers_say_what_is_locked(
    name: str, locked: frozenset[int] | None, made: Made, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(made(name))
    assert locked_entries(path) == locked


def test_any_bytes_give_an_answer(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "a"
    chance = random.Random(2031)  # noqa: S311 - reproducible, no secret
    for _ in range(300):
        data = bytearray(made("rar5-psw.rar")[: chance.randrange(2403)])
        for _ in range(chance.randrange(20)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(SIGNATURE + data)
        locked_entries(path)
