"""What hangs on the cells of a chat's workbook: links to exported files, and pictures that lie over them."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

from lxml import etree
from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.kinds import attach
from leakwatch.chats.tables.table_peek import UNREADABLE, elements, parts
from leakwatch.model import Attachment, AttachmentKind, Evidence, Message, MessageKind, Reason, Skipped

_MOST = 200_000
"""Links of a sheet; Excel itself stops at 65 530."""
_LARGEST_PICTURE = 1 << 26
_CELL = re.compile(r"[A-Z]{1,3}(\d{1,7})")
_INSIDE = re.compile(r"xl/(?:media|embeddings)/[^/]+")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Attached:
    """Row from 1 → addresses of its links, and parts of the archive that are its pictures."""

    links: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    pictures: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> frozenset[int]:
        """The rows that anything hangs on, and those above them."""
        return frozenset(row - above for row in (*self.links, *self.pictures) for above in (0, 1))


def straightened(found: Attached, kinds: Mapping[int, str]) -> Attached:
    """The same for MemoTrace v3, whose counter starts one too high; kinds: row → 类型, empty in a row of its own making.

    Up to the first link everything hangs a row below its message; the first link makes a row, then they agree.
    """
    first = min(found.links, default=0)
    if first and kinds.get(first, ""):
        return found  # a version that counts right
    if first:
        last_low = first
    else:
        above, here = (sum(kinds.get(row - up, "") == "图片" for row in found.pictures) for up in (1, 0))
        last_low = max(found.pictures, default=0) if above >= here else 0
    return Attached(
        {row - (row == first): links for row, links in found.links.items()},
        {row - (row <= last_low): pictures for row, pictures in found.pictures.items()},
    )


class WorkbookFiles:
    """The files of a workbook while its rows are being read; what no row claims is left over."""

    def __init__(self, file: Evidence, beside: Beside) -> None:
        self.gaps: list[Skipped] = []
        self._file = file
        self._beside = beside
        self._archive = _opened(file.path)
        self._sheets = _attached(self._archive) if self._archive else {}
        names = self._archive.namelist() if self._archive else []
        self._left = {name for name in names if _INSIDE.fullmatch(name)}

    def __enter__(self) -> WorkbookFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive:
            self._archive.close()

    def of_sheet(self, name: str) -> Attached:
        """What hangs on the rows of a sheet, as the workbook says."""
        return self._sheets.get(name, Attached())

    def hang(self, message: Message, hanging: Attached, number: int) -> Message:
        """The message of a row with what hangs on that row."""
        message = with_links(message, hanging.links.get(number, ()))
        for part in hanging.pictures.get(number, ()):
            for file in self._embedded(part):
                message = with_file(message, file)
        return message

    def left(self) -> tuple[Attachment, ...]:
        """Pictures and files that hang on no row of a chat."""
        return tuple(file for part in sorted(self._left) for file in self._embedded(part))

    def _embedded(self, part: str) -> Iterator[Attachment]:
        self._left.discard(part)
        data = _part(self._archive, part) if self._archive else None
        kind, words = (
            (AttachmentKind.IMAGE, "图片")
            if part.startswith("xl/media/")
            else (AttachmentKind.FILE, "嵌入的文件")
        )
        if data is None:
            detail = (
                f"表格里的{words} {_last(part)} 已损坏或超过 64 MiB，未检查；请在电子表格中打开，另存后放入"
            )
            self.gaps.append(
                Skipped(evidence=self._file, name=_last(part), reason=Reason.DAMAGED, detail=detail)
            )
            return
        yield Attachment(kind=kind, path=self._beside.embed(part, data))


def with_links(message: Message, links: Sequence[str]) -> Message:
    """The message with the files that its cell links to, in the place of those it only names."""
    for link in links:
        path = unquote(link).removeprefix("file:///")
        if "://" in path or path.startswith(("#", "mailto:")):
            continue
        message = with_file(message, _file(message.kind, path))
    return message


def with_file(message: Message, file: Attachment) -> Message:
    """The message with that file, in the place of one of its kind that has no path or the same last name."""
    kept = list(message.attachments)
    for number, each in enumerate(kept):
        is_same = each.kind is file.kind and (not each.path or _last(each.path) == _last(file.path))
        if is_same or (each.kind is file.kind and each.name and each.name == _last(file.path)):
            kept[number] = replace(file, name=each.name or file.name, md5=each.md5)
            return replace(message, attachments=tuple(kept))
    return replace(message, attachments=(*kept, file))


def _file(kind: MessageKind, path: str) -> Attachment:
    _, files = attach(kind, path)
    if files:
        return replace(files[0], path=path, remote=False)
    is_picture = path.lower().endswith(_PICTURES)
    name = "" if is_picture else _last(path)
    return Attachment(kind=AttachmentKind.IMAGE if is_picture else AttachmentKind.FILE, name=name, path=path)


def _last(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]


def _attached(archive: zipfile.ZipFile) -> dict[str, Attached]:
    """For each sheet by its name what hangs on its rows; as far as the workbook can be read."""
    found: dict[str, Attached] = {}
    try:
        for name, part in parts(archive):
            if targets := _targets(archive, part):
                found[name] = Attached(_links(archive, part, targets), _pictures(archive, targets))
    except UNREADABLE:
        return found
    return found


def _opened(path: Path) -> zipfile.ZipFile | None:
    """The workbook as an archive; None if it is none, though calamine may read it."""
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE:
        return None


def _part(archive: zipfile.ZipFile, part: str) -> bytes | None:
    """The bytes of a part; None if it is damaged or beyond 64 MiB."""
    try:
        with archive.open(part) as opened:
            data = opened.read(_LARGEST_PICTURE + 1)
    except UNREADABLE:
        return None
    return data if len(data) <= _LARGEST_PICTURE else None


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → its sort and its target as written, or as a part of the archive."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    found: dict[str, tuple[str, str]] = {}
    if rels not in archive.NameToInfo:
        return found
    with archive.open(rels) as opened:
        for each in elements(opened, "Relationship"):
            target = each.get("Target", "")
            if each.get("TargetMode", "") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], target)
    return found


def _links(
    archive: zipfile.ZipFile, part: str, targets: Mapping[str, tuple[str, str]]
) -> dict[int, tuple[str, ...]]:
    if all(sort != "hyperlink" for sort, _ in targets.values()):
        return {}
    found: dict[int, tuple[str, ...]] = {}
    with archive.open(part) as opened:
        for each in elements(opened, "hyperlink"):
            cell = _CELL.match(each.get("ref", ""))
            _, target = targets.get(_id(each, "id"), ("", ""))
            if cell and target and len(found) < _MOST:
                found[int(cell[1])] = (*found.get(int(cell[1]), ()), target)
    return found


def _pictures(archive: zipfile.ZipFile, targets: Mapping[str, tuple[str, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for sort, drawing in targets.values():
        if sort != "drawing" or drawing not in archive.NameToInfo:
            continue
        images = _targets(archive, drawing)
        for number, image in _anchors(archive, drawing):
            _, part = images.get(image, ("", ""))
            if part in archive.NameToInfo and len(found) < _MOST:
                found[number].append(part)
    return {number: tuple(names) for number, names in found.items()}


def _anchors(archive: zipfile.ZipFile, drawing: str) -> Iterator[tuple[int, str]]:
    """Row from 1 and the picture's relationship id of each anchor."""
    with archive.open(drawing) as opened:
        for tag in ("oneCellAnchor", "twoCellAnchor"):
            opened.seek(0)
            for anchor in elements(opened, tag):
                row = anchor.findtext("{*}from/{*}row") or ""
                for blip in anchor.iter("{*}blip"):
                    if row.isascii() and row.isdigit() and len(row) < 8:
                        yield int(row) + 1, _id(blip, "embed")


def _id(element: etree._Element, name: str) -> str:
    """The value of a relationship attribute, whatever its namespace is called."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), "")
