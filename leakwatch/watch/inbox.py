"""Which arrivals of an inbox are complete; pure: listings and a clock go in, decisions come out.

An arrival is what lies at the top of an inbox, a file or a folder with all it holds: the media of a chat belong
to it. It has come to rest when neither names nor sizes nor times of any of its files changed for a while; what
is still growing is waited for, for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from hashlib import sha256

PARTIAL_S = 3600.0
"""After so long without any change a half-written file is taken for abandoned: it is read as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of an arrival as a listing sees it."""

    path: str
    """Below the inbox, parts joined with /."""
    size: int
    mtime_ns: int
    is_closed: bool = False
    """We may not read it: once we may, it is another one, though neither size nor time changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something complete at the top of an inbox."""

    name: str
    signature: str
    """sha256 over names, sizes, times and whether we may read: another one means that something was added or changed."""
    files: int
    size: int
    """Bytes of all its files."""
    partial: tuple[str, ...] = ()
    """Files of it whose names say that they are not complete, given up after PARTIAL_S."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """Something that is not complete yet."""

    name: str
    files: int
    size: int
    is_partial: bool
    """Waits for a file whose name says that it is being written, not for changes to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at an inbox came to."""

    arrived: tuple[Arrival, ...]
    growing: tuple[Growing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    signature: str
    since_s: float
    """When this signature was first seen, on the monotonic clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What is known of an inbox from the looks before."""

    stability_s: float
    partial_names: Sequence[str] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    """Name → signature of what was handed on: it does not arrive again until it changes."""
    seen: Mapping[str, _Seen] = field(default_factory=dict)

    def look(self, listing: Mapping[str, Sequence[File]], now_s: float) -> tuple[Inbox, Look]:
        """The inbox after this look, and what has come to rest or is growing, by name.

        listing: name at the top → its files. now_s: a monotonic clock, which no one sets back.
        """
        seen: dict[str, _Seen] = {}
        arrived: list[Arrival] = []
        growing: list[Growing] = []
        for name in sorted(listing):
            files = listing[name]
            signature = signature_of(files)
            if self.taken.get(name) == signature:
                continue
            before = self.seen.get(name)
            is_same = before is not None and before.signature == signature
            since_s = before.since_s if before is not None and is_same else now_s
            seen[name] = _Seen(signature=signature, since_s=since_s)
            partial = tuple(file.path for file in files if self._is_partial(file.path))
            size = sum(file.size for file in files)
            if now_s - since_s >= (PARTIAL_S if partial else self.stability_s) and is_same:
                arrived.append(
                    Arrival(name=name, signature=signature, files=len(files), size=size, partial=partial)
                )
            else:
                growing.append(Growing(name=name, files=len(files), size=size, is_partial=bool(partial)))
        taken = {name: signature for name, signature in self.taken.items() if name in listing}
        return replace(self, seen=seen, taken=taken), Look(arrived=tuple(arrived), growing=tuple(growing))

    def take(self, *arrivals: Arrival) -> Inbox:
        """The inbox after those arrivals were handed on."""
        fresh = {arrival.name: arrival.signature for arrival in arrivals}
        return replace(self, taken={**self.taken, **fresh})

    def forget(self, lost: Set[tuple[str, str]]) -> Inbox:
        """The inbox after some of what was handed on proved not to be there: it arrives again if it is.

        lost: name and signature.
        """
        kept = {name: signature for name, signature in self.taken.items() if (name, signature) not in lost}
        return replace(self, taken=kept)

    def _is_partial(self, path: str) -> bool:
        """Below the top hidden files are not: phones put .nomedia, office programs ~$… into folders, and they stay."""
        above, _, name = path.lower().rpartition("/")
        if above and name.startswith((".", "~$")):
            return False
        return any(fnmatchcase(name, pattern.lower()) for pattern in self.partial_names)


def signature_of(files: Sequence[File]) -> str:
    """The same for the same names, sizes and times, in whatever order they were listed."""
    total = sha256()
    for file in sorted(files, key=lambda file: file.path):
        closed = "\0closed" if file.is_closed else ""
        told = f"{file.path}\0{file.size}\0{file.mtime_ns}{closed}\n"
        total.update(told.encode("utf-8", "surrogateescape"))
    return total.hexdigest()
