"""Parts of one split archive that lie side by side → the archive, with a row for every part that is missing.

Written by: WinRAR (a.part1.rar; a.rar a.r00 a.r01; a.z01 a.zip), 7-Zip and HaoZip (a.7z.001, a.zip.001). All
parts one behind the other are what libarchive and our zip reader can read, so no part is opened by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import MIB
from leakwatch.vault import Vault

_CHUNK_BYTES = 1 << 20
_COPY = r"(?: ?\(\d{1,3}\))?"
"""What chat programs put behind the name of a second download."""
_NEW_RAR = re.compile(rf"(.+)\.part(\d{{1,5}}){_COPY}\.rar", re.IGNORECASE)
_OLD_RAR = re.compile(r"(.+)\.(?:rar|([rst])(\d\d))", re.IGNORECASE)
_ZIP = re.compile(r"(.+)\.(?:zip|z(\d{2,3}))", re.IGNORECASE)
_CUT = re.compile(r"(.+\.(?:7z|zip|rar|tar|gz|tgz|bz2|xz|zst))\.(\d{3,5})", re.IGNORECASE)
_LAST = 1_000_000
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a name says that a file belongs."""

    archive: str
    number: int
    """From 1; _LAST for the .zip behind .z01, .z02 …"""
    is_whole_alone: bool = False
    """a.rar and a.zip are volumes only where others of theirs are."""


def joined(rows: Iterable[Evidence | Skipped], vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    """The same rows, but the parts of each split archive as one file, behind all the others."""
    waiting: dict[str, dict[int, Evidence]] = {}
    alone: dict[str, bool] = {}
    for row in rows:
        place = None if isinstance(row, Skipped) else _place(row)
        if place is None or isinstance(row, Skipped) or place.number in waiting.get(place.archive, {}):
            yield row
            continue
        waiting.setdefault(place.archive, {})[place.number] = row
        alone[place.archive] = place.is_whole_alone and alone.get(place.archive, True)
    for archive, parts in waiting.items():
        if alone[archive]:
            yield from parts.values()
        else:
            yield from _archive(parts, vault, limits)


def _place(file: Evidence) -> _Place | None:
    path = file.inner_path
    folder = path[: len(path) - len(file.name)]
    if match := _NEW_RAR.fullmatch(file.name):
        return _Place(archive=f"{folder}{match[1]}.part.rar".lower(), number=int(match[2]))
    if match := _CUT.fullmatch(file.name):
        return _Place(archive=f"{folder}{match[1]}.000".lower(), number=int(match[2]))
    if match := _OLD_RAR.fullmatch(file.name):
        archive = f"{folder}{match[1]}.rar".lower()
        if match[2] is None:
            return _Place(archive=archive, number=1, is_whole_alone=True)
        return _Place(archive=archive, number="rst".index(match[2].lower()) * 100 + int(match[3]) + 2)
    if match := _ZIP.fullmatch(file.name):
        archive = f"{folder}{match[1]}.zip".lower()
        if match[2] is None:
            return _Place(archive=archive, number=_LAST, is_whole_alone=True)
        return _Place(archive=archive, number=int(match[2]))
    return None


def _archive(parts: dict[int, Evidence], vault: Vault, limits: Limits) -> Iterator[Evidence | Skipped]:
    numbers = sorted(parts)
    files = [parts[number] for number in numbers]
    missing = _missing(numbers, files[0].name)
    is_readable = numbers[0] == 1 or files[0].name.lower().endswith(".rar")
    if missing:
        rest = "只读了其余分卷里能读的部分" if is_readable else "内容未检查"
        detail = f"分卷压缩包缺少{missing}，{rest}；请把全部分卷放在同一个文件夹里再扫描"
        yield _row(files[0], Reason.INCOMPLETE, detail)
    if not is_readable:
        return
    size_bytes = sum(file.size for file in files)
    if size_bytes > limits.file_mib * MIB:
        detail = f"分卷合起来 {size_bytes // MIB} MiB，超过上限 {limits.file_mib} MiB，未读取；请手工解压后放入或调高 file_mib"
        yield _row(files[0], Reason.TOO_BIG, detail)
        return
    whole = vault.keep_stream(_chunks(files), files[0].inner_path)
    yield replace(whole, name=files[0].name, parent=files[0].parent)


def _missing(numbers: Sequence[int], first_name: str) -> str:
    """Which parts are not there, in words; a missing end shows only when the archive is read."""
    is_zip = _ZIP.fullmatch(first_name) is not None
    last = max(number for number in (0, *numbers) if number != _LAST)
    gaps = [number for number in range(1, last) if number not in numbers]
    words = [f"第 {number} 卷" for number in gaps[:_MOST_NAMED]]
    if len(gaps) > _MOST_NAMED:
        words.append(f"等共 {len(gaps)} 卷")
    if is_zip and _LAST not in numbers:
        words.append("最后一卷（.zip）")
    return "、".join(words)


def _chunks(files: Sequence[Evidence]) -> Iterator[bytes]:
    for file in files:
        with file.path.open("rb") as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                yield chunk


def _row(file: Evidence, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=file, name=file.name, reason=reason, detail=detail)
