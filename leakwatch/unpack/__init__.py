"""What the user handed in → the files that are to be read, within limits.

Archives, mails and web archives are opened by what they contain, never by their extension, and are not yielded
themselves; Office and OFD documents are zips too, but belong to their readers.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.text import looks_like_text
from leakwatch.unpack import archive, self_extracting, zip_directory
from leakwatch.unpack import zip as zip_archive
from leakwatch.unpack.drop import Drop, Opener, capped
from leakwatch.unpack.folder import empty, walk
from leakwatch.unpack.mail import is_mail, mail_parts
from leakwatch.unpack.mbox import is_mbox, mbox_mails
from leakwatch.unpack.mht import is_mht, mht_parts
from leakwatch.unpack.msg import is_msg, msg_parts
from leakwatch.unpack.tape import bzip2_content, gzip_content, tar_members, xz_content
from leakwatch.unpack.volumes import joined
from leakwatch.vault import Vault

__all__ = ["receive", "unpack", "walk"]

_HEAD_BYTES = 33 << 10
"""As far as the mark of a disc image."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")
_ARCHIVE_SUFFIXES = {
    ".zip",
    ".rar",
    ".7z",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".txz",
    ".zst",
    ".lz4",
    ".cab",
    ".iso",
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_KNOWN_OTHERS = (
    *_PICTURES,
    b"%PDF",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
    b"SQLite",
)


def receive(
    paths: Sequence[Path], vault: Vault, limits: Limits, is_own: Callable[[Path], bool]
) -> Iterator[Evidence | Skipped]:
    """Every file under the given paths, archives as they are but whole, but none below them that `is_own` (see `walk`)."""
    yield from joined(_walked(paths, vault, limits, is_own), vault, limits)


def _walked(
    paths: Sequence[Path], vault: Vault, limits: Limits, is_own: Callable[[Path], bool]
) -> Iterator[Evidence | Skipped]:
    ways = _ways_above(paths)
    for number, path in enumerate(paths):
        for item in walk(path, vault, limits, is_own):
            file = item.evidence if isinstance(item, Skipped) else item
            placed = replace(file, inner_path=ways[number] + file.inner_path)
            yield replace(item, evidence=placed) if isinstance(item, Skipped) else placed


def _ways_above(paths: Sequence[Path]) -> list[str]:
    """What must stand before the last part of each path to tell the roots apart: 1月/导出, 2月/导出.

    Months of exports in folders of one name are the ordinary case, and a file is known by its place.
    """
    whole = [path.absolute() for path in paths]
    names = Counter(path.name for path in whole)
    return ["" if names[path.name] == 1 else _above(path, whole) for path in whole]


def _above(path: Path, others: Sequence[Path]) -> str:
    twins = [other for other in others if other.name == path.name and other != path]
    depth = 1
    while any(other.parts[-1 - depth :] == path.parts[-1 - depth :] for other in twins):
        depth += 1
    return "".join(f"{part}/" for part in path.parts[-1 - depth : -1])


def unpack(file: Evidence, vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    """The files inside an archive or a mail, however deep; anything else is yielded as it is.

    The limits on entries, bytes and seconds hold for the file with all that is nested in it.
    """
    drop = Drop(vault=vault, limits=limits)
    return capped(drop.timed(_leaves(file, drop, 0)), file)


def _leaves(file: Evidence, drop: Drop, depth: int) -> Iterator[Evidence | Skipped]:
    if not file.size:
        yield empty(file)
        return
    with file.path.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    if (refusal := _refusal(file, head)) is not None:
        yield refusal
        return
    opener = _opener(file, head)
    if opener is None:
        yield file
    elif depth >= drop.limits.archive_depth:
        detail = (
            f"压缩包嵌套超过上限 {drop.limits.archive_depth} 层，未打开；请手工解压后放入或调高 archive_depth"
        )
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_DEEP, detail=detail)
    else:
        for part in joined(opener(file, drop), drop.vault, drop.limits):
            if isinstance(part, Skipped) or part.sha256 == file.sha256:
                yield part
            else:
                yield from _leaves(part, drop, depth + 1)


def _opener(file: Evidence, head: bytes) -> Opener | None:
    """How to open a container; None for everything that is to be read as it is."""
    if head.startswith(_PICTURES):
        return _behind_picture(file.path)
    if head.startswith(self_extracting.PROGRAMS) and (inside := self_extracting.opener(file.path)):
        return inside
    if head.startswith(_ZIP) or (head.startswith(b"MZ") and zipfile.is_zipfile(file.path)):
        return None if _is_document(file, head) else zip_archive.members
    if head[257:262] == b"ustar":
        return tar_members
    if head.startswith(b"\x1f\x8b\x08"):
        return gzip_content
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return bzip2_content
    if head.startswith(b"\xfd7zXZ\x00"):
        return xz_content
    if (foreign := archive.opener(head)) is not None:
        return foreign
    return _mail_opener(file.path, head)


def _mail_opener(path: Path, head: bytes) -> Opener | None:
    if is_mbox(head, path):
        return mbox_mails
    if is_mail(head):
        return mht_parts if is_mht(head) else mail_parts
    return msg_parts if is_msg(head, path) else None


def _behind_picture(path: Path) -> Opener | None:
    """How to open the archive that somebody hung behind a picture (图种), which shows as before; None if none is."""
    inside = zip_archive.members if zipfile.is_zipfile(path) else self_extracting.opener(path)
    return partial(_with_itself, inside) if inside else None


def _with_itself(opener: Opener, file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    yield file
    yield from opener(file, drop)


def _is_document(file: Evidence, head: bytes) -> bool:
    """Office (by its content types and a part of Word, Excel or PowerPoint), OFD, OpenDocument or UOF."""
    names = [name.replace("\\", "/") for name in zip_directory.names(file.path)]
    if not names:
        return b"[Content_Types].xml" in head or b"OFD.xml" in head
    is_office = "[Content_Types].xml" in names and any(n.startswith(("word/", "xl/", "ppt/")) for n in names)
    is_open = "META-INF/manifest.xml" in names and not {"content.xml", "encrypted-package"}.isdisjoint(names)
    return is_office or is_open or any(name.upper() in ("OFD.XML", "UOF.XML") for name in names)


def _refusal(file: Evidence, head: bytes) -> Skipped | None:
    """The row for what is called an archive and is none."""
    is_named_archive = Path(file.name).suffix.lower() in _ARCHIVE_SUFFIXES
    if is_named_archive and not _is_readable(file, head):
        detail = (
            "扩展名是压缩包，但内容不是任何已知的压缩格式，可能已损坏、加密或是分卷的一部分；请重新导出或传送"
        )
        return Skipped(evidence=file, name=file.name, reason=Reason.DAMAGED, detail=detail)
    return None


def _is_readable(file: Evidence, head: bytes) -> bool:
    return (
        head.startswith((*_ZIP, *_KNOWN_OTHERS)) or looks_like_text(head) or _opener(file, head) is not None
    )
