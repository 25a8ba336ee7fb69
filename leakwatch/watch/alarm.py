"""Says that something changed in an inbox; only an alarm, the listing is the truth.

The system's notices miss network shares, forget a folder that was made again, and stop without a word
(watchdog #699, #1065): so every look also asks whether the alarm still stands on the folder that is there now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

_QUIET = frozenset({"opened", "closed_no_write"})
"""Our own reading makes these."""


class _Bell(FileSystemEventHandler):
    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Rings, whatever it was: moves and links close no file."""
        if event.event_type not in _QUIET:
            self._ring()


@dataclass(slots=True)
class _Post:
    watch: ObservedWatch
    inode: tuple[int, int]


class Alarm:
    """Watches folders until it is closed."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._bell = _Bell(ring)
        self._observer: BaseObserver = Observer()
        self._observer.start()
        self._posts: dict[Path, _Post] = {}

    def stand_on(self, roots: Sequence[Path]) -> tuple[Path, ...]:
        """The roots that are watched from now on: new ones, remade ones and those whose watch had died too."""
        for root in roots:
            inode = _inode(root)
            post = self._posts.get(root)
            if post and (post.inode != inode or not self._is_alive(post.watch)):
                self._leave(root, post)
                post = None
            if inode and not post:
                with suppress(OSError):  # the system has no watches left: the listing finds it all the same
                    watch = self._observer.schedule(self._bell, str(root), recursive=True)
                    self._posts[root] = _Post(watch, inode)
        return tuple(root for root in roots if root in self._posts)

    def close(self) -> None:
        """No more alarms."""
        self._observer.stop()
        self._observer.join()

    def _is_alive(self, watch: ObservedWatch) -> bool:
        """The emitter of the watch: an observer is alive even when all of its emitters are dead."""
        return any(emitter.watch == watch and emitter.is_alive() for emitter in self._observer.emitters)

    def _leave(self, root: Path, post: _Post) -> None:
        del self._posts[root]
        with suppress(KeyError, OSError):
            self._observer.unschedule(post.watch)


def _inode(root: Path) -> tuple[int, int] | None:
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
