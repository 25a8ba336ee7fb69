"""No bytes bring a reader to raise anything but Unreadable; cases that once did are replayed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz import reading

SEEDS = list(reading.seeds())
_MUTANTS = 6


def test_cases_that_once_broke_a_reader_are_read_or_refused(tmp_path: Path) -> None:
    for path in sorted(reading.FOUND.glob("*.case")):
        reading.read(*reading.opened(path.read_bytes()), tmp_path / path.stem)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "content"), SEEDS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(SEEDS)])
def test_damaged_samples_are_read_or_refused(name: str, content: bytes, tmp_path: Path) -> None:
    for number, mutant in enumerate(_mutants(content, random.Random(name))):  # noqa: S311 - repeatable
        reading.read(name, mutant, tmp_path / str(number))


def _mutants(content: bytes, chance: random.Random) -> Iterator[bytes]:
    """The content cut off, with bytes flipped, with a hole and with a part that comes twice."""
    for _ in range(_MUTANTS // 3):
        yield content[: chance.randrange(len(content) + 1)]
        flipped = bytearray(content)
        for place in chance.choices(range(len(content) or 1), k=min(len(content), 1 + len(content) // 500)):
            flipped[place] = chance.randrange(256)
        yield bytes(flipped)
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.randrange(2000))
        yield content[:start] + content[start:end] * chance.choice((0, 3)) + content[end:]
