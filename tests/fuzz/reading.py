"""What is fuzzed: any bytes under any name through all that runs in the sandbox.

A case is a file name, a NUL and the content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from leakwatch import readings
from leakwatch.chats.beside import Alone
from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.images import is_picture
from leakwatch.model import Evidence
from leakwatch.vault import Vault, system_clock

SEEDS = Path(__file__).parents[2] / "samples"
FOUND = Path(__file__).with_name("found")
"""Cases that once broke a reader; replayed by `make test`."""

_LIMITS = Limits(archive_total_mib=32, archive_entries=200, file_mib=32)


def seeds() -> Iterator[tuple[str, bytes]]:
    """Every received file of every sample, and every case that was found."""
    for path in sorted(SEEDS.glob("*/received/**/*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    for path in sorted(FOUND.glob("*.case")):
        yield opened(path.read_bytes())


def opened(case: bytes) -> tuple[str, bytes]:
    """Name and content of a case."""
    name, _, content = case.partition(b"\0")
    return name.decode("utf-8", "replace").replace("/", "") or "x", content


def closed(name: str, content: bytes) -> bytes:
    """The case of a name and a content."""
    return name.encode() + b"\0" + content


def read(name: str, content: bytes, folder: Path) -> None:
    """Reads it as a scan would; whatever but Unreadable leaves a reader passes through."""
    vault = Vault(folder, system_clock)
    file = vault.keep_stream([content], name)
    for leaf in _all(lambda: readings.inside(file, vault, _LIMITS)):
        if isinstance(leaf, Evidence):
            _read_leaf(leaf, vault)


def _read_leaf(leaf: Evidence, vault: Vault) -> None:
    if is_picture(readings.head_of(leaf)):
        _all(lambda: readings.picture_gaps(leaf))
        return
    formats = _all(lambda: readings.format_of(leaf))
    for name in formats:
        _all(partial(readings.chat, leaf, str(name), Alone()))
    if not formats:
        _all(lambda: readings.document(leaf, vault))


def _all(work: Callable[[], Iterator[object]]) -> list[object]:
    """What the work yields until it ends or gives up."""
    items: list[object] = []
    with suppress(Unreadable):
        items.extend(work())
    return items
