"""Putting what was read where it belongs, and beside what was not read a file that says why.

Runs after the findings are recorded and again at every start, so that a power cut between the two loses nothing.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from leakwatch.daemon.rounds import Root
from leakwatch.errors import whereabouts
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ArrivalState
from leakwatch.store.sealing import Sealer
from leakwatch.store.unread import opened
from leakwatch.vault.files import sync_folder
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import DONE, REASON_HEAD, UNREAD, is_note, look_at, reason_name

_log = logging.getLogger(__name__)

_MOST_LINES = 200


def settle(root: Root, sealer: Sealer | None, beat: Callable[[], None] = lambda: None) -> int:
    """How many ended arrivals of that inbox were put where they belong. beat: called after each."""
    settled, left = 0, list[int]()
    for row in arrivals.unsettled(str(root.path)):
        try:
            place = _settle(row, root, sealer)
        except OSError as why:  # it stays where it lies until it can be moved; the others go on
            _log.warning("arrival %s cannot be put away: %s", row.pk, whereabouts(why))
        else:
            if place:
                arrivals.settle(row, place)
            else:
                left.append(row.pk)
            settled += 1
        beat()
    arrivals.settle_where_they_lay(left)
    return settled


def _settle(row: Arrival, root: Root, sealer: Sealer | None) -> str:
    """Where it lies now below its inbox, if it was moved."""
    place = root.path / arrivals.name_of(row)
    if row.state == ArrivalState.GONE or not _is_same(row, root):
        return arrivals.place_of(row)
    lines = list(_lines(row, sealer))
    if root.moves:
        folder = root.path / (UNREAD if lines else DONE)
        _make(folder, root.path)
        target = _free(folder, place.name)
        place.rename(target)
        sync_folder(folder)
        sync_folder(root.path)
        place = target
    note = place.with_name(reason_name(place.name))
    if note.exists() and not is_note(note):  # somebody's own file of that name
        note = _free(note.parent, note.name)
    if lines:
        _write(note, lines)
    else:
        with suppress(FileNotFoundError):  # of an earlier reading
            note.unlink()
    return str(place.relative_to(root.path)) if root.moves else ""


def _lines(row: Arrival, sealer: Sealer | None) -> Iterator[str]:
    """Why it was not read, or not in whole; nothing if it was. Without a sealer the parts are only counted."""
    if row.state == ArrivalState.GIVEN_UP:
        yield row.detail
    for path in row.partial:
        yield f"{path}：像是没有下载完的文件，一小时没有变化，按现有内容读取；请确认是否完整"
    if row.scan is not None and row.scan.unread:
        parts = row.scan.unread_parts.order_by("pk")
        shown = opened(parts[:_MOST_LINES], sealer) if sealer else []
        for part in shown:
            yield f"{part.name}：{part.detail}"
        if (rest := parts.count() - len(shown)) > 0:
            yield f"另有 {rest} 项，见审核页面"


def _is_same(row: Arrival, root: Root) -> bool:
    """What lies there is what was read: a newer one of that name is left alone."""
    files = look_at(root.path, arrivals.name_of(row))
    return files is not None and signature_of(files) == row.signature


def _free(folder: Path, name: str) -> Path:
    """The name itself, else with -2, -3 … before the ending."""
    place, number = folder / name, 1
    while place.exists() or place.is_symlink():
        number += 1
        stem, dot, suffix = name.rpartition(".")
        place = folder / (f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}")
    return place


def _make(folder: Path, inbox: Path) -> None:
    """The folder, open to whom the inbox is open: the service's own mask (0077) would lock the others out."""
    if not folder.is_dir():
        folder.mkdir()
        folder.chmod(stat.S_IMODE(inbox.stat().st_mode))


def _write(note: Path, lines: Sequence[str]) -> None:
    """Read by whoever may look into its folder."""
    part = note.with_name(f".{note.name}.part")
    with part.open("w", encoding="utf-8-sig", newline="\r\n") as file:  # read with Windows' editor
        file.write(f"{REASON_HEAD}\n" + "".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    part.chmod(stat.S_IMODE(note.parent.stat().st_mode) & 0o666)
    part.replace(note)
    sync_folder(note.parent)
