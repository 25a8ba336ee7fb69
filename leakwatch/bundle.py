"""All files of one drop, and which of them a message speaks of.

Exporters write paths with back-slashes, percent signs, missing folders or no extension at all; a file is
looked for where it should lie, then by its name, its md5 and its stem, nearest first.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from leakwatch.model import Attachment, Evidence
from leakwatch.vault import Vault

_MEDIA_FOLDERS = ("", "resources/", "media/", "texts/../", "../")
"""Where exporters really put what they call `images/x.jpg` (QCE: resources/, WeFlow layout A: ../)."""
_MD5_LENGTH = 32
_MD5 = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


class Bundle:
    """Read-only but for one thing: it remembers which files were claimed."""

    def __init__(self, files: Iterable[Evidence], exports: Iterable[Evidence]) -> None:
        """exports: those of the files that are chats; each has its own folder's media."""
        self.files = tuple(files)
        self.hashes = frozenset(file.sha256 for file in self.files)
        self._ways = sorted({_folder(export) for export in exports})
        self._by_place = _index(self.files, lambda place: place)
        self._by_name = _index(self.files, lambda place: place.rsplit("/", 1)[-1])
        self._by_stem = _index(self.files, _stem)
        self._by_md5 = _index(self.files, _md5_in)
        self._claimed: set[Evidence] = set()

    def claim(self, attachment: Attachment, near: Evidence) -> Evidence | None:
        """The file that the attachment of a message in `near` means; None if it is not in the drop."""
        file = next(self._candidates(attachment, near), None)
        if file is not None:
            self._claimed.add(file)
        return file

    def beside(self, export: Evidence, vault: Vault) -> Nearby:
        """What lies around an export; the vault takes what lies in it."""
        return Nearby(self, export, vault)

    def add(self, file: Evidence) -> None:
        """Makes a file known that lies inside an export."""
        self._by_place[_place(file.inner_path)].append(file)

    def take(self, place: str) -> Evidence | None:
        """The file at that place of the drop, claimed; None if there is none."""
        file = next(iter(self._by_place.get(posixpath.normpath(place), ())), None)
        if file is not None:
            self._claimed.add(file)
        return file

    def set_aside(self, file: Evidence) -> None:
        """Claims a file: all that it holds has been read elsewhere."""
        self._claimed.add(file)

    def is_claimed(self, file: Evidence) -> bool:
        """Whether a message or another export spoke of the file."""
        return file in self._claimed

    def unclaimed(self, files: Iterable[Evidence]) -> list[Evidence]:
        """Those of the files that no message spoke of."""
        return [file for file in files if file not in self._claimed]

    def _candidates(self, attachment: Attachment, near: Evidence) -> Iterator[Evidence]:
        written = _place(unquote(attachment.path)) if attachment.path else ""
        if written:
            yield from self._at(written, _folder(near), _stem(_place(near.inner_path)))
        for name in (written.rsplit("/", 1)[-1], _place(attachment.name).rsplit("/", 1)[-1]):
            yield from self._nearest(self._by_name.get(name, ()), near)
        if len(attachment.md5) == _MD5_LENGTH:
            yield from self._nearest(self._by_md5.get(attachment.md5.lower(), ()), near)
        if written and "." not in written.rsplit("/", 1)[-1]:
            yield from self._nearest(self._by_stem.get(_stem(written), ()), near)

    def _at(self, written: str, folder: str, stem: str) -> Iterator[Evidence]:
        places = [folder]
        while folder:
            folder = folder.rpartition("/")[0]
            places.append(folder)
        for place in places:
            for media in (*_MEDIA_FOLDERS, f"{stem}_resources/"):
                yield from self._by_place.get(posixpath.normpath(posixpath.join(place, media + written)), ())

    def _nearest(self, files: Iterable[Evidence], near: Evidence) -> list[Evidence]:
        """Those that share most of the way with `near` first; none that lies closer to another chat.

        A file of the same name beside another chat is that chat's: taking it would name an innocent sender.
        """
        own = _folder(near)
        shared = [(_shared(own, _folder(file)), file) for file in files]
        fair = [
            (length, file)
            for length, file in shared
            if length >= max((_shared(way, _folder(file)) for way in self._ways), default=0)
        ]
        return [file for _, file in sorted(fair, key=lambda pair: -pair[0])]


class Nearby:
    """The drop as seen from one of its exports; it satisfies `chats.beside.Beside`."""

    def __init__(self, bundle: Bundle, export: Evidence, vault: Vault) -> None:
        self._bundle = bundle
        self._export = export
        self._vault = vault
        self._folder = _folder(export)

    def take(self, path: str) -> Evidence | None:
        """The file at a path relative to the export, claimed."""
        return self._bundle.take(posixpath.join(self._folder, _place(path)))

    def within(self, folder: str) -> list[Evidence]:
        """All files below a folder relative to the export, in the order of their paths."""
        top = posixpath.normpath(posixpath.join(self._folder, _place(folder)))
        below = [
            file for file in self._bundle.files if top == "." or _place(file.inner_path).startswith(f"{top}/")
        ]
        return sorted(below, key=lambda file: file.inner_path)

    def embed(self, name: str, data: bytes) -> str:
        """The path of a file that lies inside the export itself, relative to the export."""
        kept = self._vault.keep_bytes(data, f"{self._export.inner_path}!{name}", self._export)
        self._bundle.add(kept)
        return f"{self._export.name}!{name}"


def _index(files: Iterable[Evidence], key: Callable[[str], str]) -> dict[str, list[Evidence]]:
    index: dict[str, list[Evidence]] = defaultdict(list)
    for file in files:
        index[key(_place(file.inner_path))].append(file)
    return index


def _place(path: str) -> str:
    """A path as one way of writing: forward slashes, NFC, no case; an archive is a folder."""
    return posixpath.normpath(
        unicodedata.normalize("NFC", path).replace("\\", "/").replace("!", "/").casefold()
    ).lstrip("/")


def _stem(place: str) -> str:
    return place.rsplit("/", 1)[-1].rpartition(".")[0] or place.rsplit("/", 1)[-1]


def _md5_in(place: str) -> str:
    """The md5 that exporters put into a media file's name; empty where there is none."""
    found = _MD5.search(_stem(place))
    return found.group() if found else ""


def _folder(file: Evidence) -> str:
    return _place(file.inner_path).rpartition("/")[0]


def _shared(one: str, other: str) -> int:
    """How many folders two ways have in common from the top."""
    steps = zip(one.split("/"), other.split("/"), strict=False)
    return next(
        (length for length, (a, b) in enumerate(steps) if a != b), min(one.count("/"), other.count("/")) + 1
    )
