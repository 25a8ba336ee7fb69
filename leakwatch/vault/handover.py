"""The hand-over package of a case: forms, originals, evidence list and log, in one file under a passphrase.

    prologue   how the passphrase was stretched (`passphrases`)
    stream     sealed like an original (`streams`); inside it a tar:

    说明.txt  证据清单.csv  日志摘录.jsonl  表格/01_…  原件/001_…  SHA256.txt  SM3.txt

The last two list all other files as `sha256sum -c` reads them. Whoever has leakwatch opens the package (`receipt`).
"""

from __future__ import annotations

import csv
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from leakwatch.chain import Link, canonical
from leakwatch.errors import EvidenceDamaged, LeakwatchError
from leakwatch.model import SHANGHAI, EvidenceItem, Sealed
from leakwatch.text import inert, printable
from leakwatch.vault.files import name_file, unnamed
from leakwatch.vault.passphrases import Stretching, check_passphrase
from leakwatch.vault.streams import CHUNK_BYTES, Sealer
from leakwatch.vault.suites import Digests, Suite

SUFFIX = ".lwjj"
SHA256_LIST, SM3_LIST = "SHA256.txt", "SM3.txt"

_NAME_CHARACTERS = 60
"""A file name has 255 bytes, a character up to four."""
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*\n\t', "_"))
"""What Windows takes in no file name."""
_HEADER = (
    "序号",
    "名称",
    "类别",
    "格式",
    "大小（字节）",
    "SHA-256",
    "SM3",
    "提取时间",
    "提取方法",
    "来源",
    "取自（SHA-256）",
    "包内文件",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is handed over."""

    number: str
    """Of the lead."""
    forms: tuple[Path, ...]
    items: tuple[EvidenceItem, ...]
    open: Callable[[EvidenceItem], IO[bytes]]
    """The original of an item, from whoever keeps it."""
    log: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Where a package is written, and how."""

    path: Path
    passphrase: str
    """Goes to the receiver by another way than the package."""
    suite: Suite
    stretching: Stretching
    """A new one for each package."""
    made_at: datetime


def pack(case: Case, package: Package) -> Sealed:
    """What was sealed into the package's file: the check values are those of the tar inside.

    EvidenceDamaged if an original is not what the list says; then there is no package.
    """
    check_passphrase(package.passphrase)
    if package.path.exists():
        raise LeakwatchError(f"{package.path}：这里已有文件，没有覆盖；请换一个名字")
    with unnamed(package.path.parent) as file:
        file.write(package.stretching.raw)
        sealer = Sealer(file, package.stretching.lock(package.passphrase, package.suite))
        # Not mode "w|": it passes everything on in pieces of 10 KiB (41 MB/s instead of 56).
        with tarfile.TarFile(
            fileobj=sealer, mode="w", format=tarfile.PAX_FORMAT, copybufsize=CHUNK_BYTES
        ) as archive:
            _fill(_Tar(archive, package.made_at), case, package)
        sealed = sealer.finish(package.made_at)
        name_file(file, package.path, 0o600)
        return sealed


class _Tar:
    """An archive that takes the check values of what is put into it."""

    def __init__(self, archive: tarfile.TarFile, made_at: datetime) -> None:
        self._archive = archive
        self._made_at = made_at
        self._values: dict[str, tuple[str, str]] = {}

    def add_bytes(self, name: str, data: bytes) -> None:
        """A small file."""
        self.add(name, len(data), io.BytesIO(data))

    def add(self, name: str, size: int, source: IO[bytes]) -> tuple[str, str]:
        """Its SHA-256 and SM3, once all of it is in the archive."""
        if name in self._values:
            raise LeakwatchError(f"{name}：交接包里有两个同名文件，没有制作；请核对证据清单的序号")
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._made_at.timestamp())
        watched = _Watched(source)
        try:
            self._archive.addfile(info, watched)
        except OSError as why:
            if why.errno is not None:  # the disk's; tarfile raises one of its own at an early end
                raise
        if watched.digests.size != size or source.read(1):
            raise EvidenceDamaged(f"{name}：大小与证据清单不符，没有制作交接包；请核实证据")
        sha256, sm3 = (value.hex() for value in watched.digests.values())
        self._values[name] = sha256, sm3
        return sha256, sm3

    def add_lists(self) -> None:
        """The two lists of all that was added."""
        added = list(self._values.items())
        for number, name in enumerate((SHA256_LIST, SM3_LIST)):
            self.add_bytes(name, "".join(f"{values[number]}  {file}\n" for file, values in added).encode())


class _Watched(io.RawIOBase):
    """A source whose check values are taken while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digests = Digests()

    def read(self, size: int = -1, /) -> bytes:
        """As the source gives it."""
        data = self._source.read(size)
        self.digests.update(data)
        return data


def _fill(tar: _Tar, case: Case, package: Package) -> None:
    names = [(item, f"原件/{item.number:03d}_{_safe(item.name)}") for item in case.items]
    tar.add_bytes("说明.txt", _windows(_explanation(case, package)))
    tar.add_bytes("证据清单.csv", _windows(_table(names)))
    if case.log:
        tar.add_bytes("日志摘录.jsonl", b"".join(map(_log_line, case.log)))
    for number, form in enumerate(case.forms, 1):
        tar.add_bytes(f"表格/{number:02d}_{_safe(form.name)}", _form(form))
    for item, name in names:
        with closing(case.open(item)) as original:
            if tar.add(name, item.size, original) != (item.sha256, item.sm3):
                raise EvidenceDamaged(f"{item.name}：校验值与证据清单不符，没有制作交接包；请核实证据")
    tar.add_lists()


def _form(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise LeakwatchError(f"{path}：表格读不出来（{why.strerror}），没有制作交接包") from why


def _safe(name: str) -> str:
    """A name that every system takes; the number before it keeps names apart and CON from being a device."""
    plain = printable(name).translate(_FORBIDDEN).strip(" .")
    suffix = PurePosixPath(plain).suffix[: _NAME_CHARACTERS // 4]
    return plain if len(plain) <= _NAME_CHARACTERS else plain[: _NAME_CHARACTERS - len(suffix)] + suffix


def _log_line(link: Link) -> bytes:
    fields = {"algorithm": link.algorithm, "hash": link.hash, "previous": link.previous}
    return canonical({**fields, "row": link.row, "seq": link.seq}) + b"\n"


def _table(names: list[tuple[EvidenceItem, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(map(inert, _cells(item, name)) for item, name in names)
    return text.getvalue()


def _cells(item: EvidenceItem, name: str) -> Iterator[str]:
    yield from (str(item.number), printable(item.name), item.kind, item.format, str(item.size))
    yield from (item.sha256, item.sm3, _moment(item.taken_at), item.method, printable(item.origin))
    yield from (item.parent_sha256 or "", name)


def _explanation(case: Case, package: Package) -> str:
    size = sum(item.size for item in case.items)
    return f"""\
线索编号：{printable(case.number)}
制作时间：{_moment(package.made_at)}
内容：表格 {len(case.forms)} 份，原件 {len(case.items)} 件（共 {size} 字节），日志 {len(case.log)} 条。

表格            报告表等，由起草单位核实后填写盖章。
原件            收到时的原样，文件名前的编号与证据清单的序号一致。
证据清单.csv    依照法发〔2016〕22号第十四条：类别、格式、校验值、提取时间、方法和来源。
日志摘录.jsonl  与本线索有关的操作记录，一行一条，每条带有校验值。
SHA256.txt、SM3.txt  以上每个文件的校验值。打开交接包时已经核对；以后可用 sha256sum -c SHA256.txt 再次核对。

解开后的文件没有加密，可能含有国家秘密、工作秘密和个人信息：只能存放在符合保密要求的设备上，
用后按规定销毁；口令与交接包应分开传递。
"""


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"


def _windows(text: str) -> bytes:
    """As Notepad and Excel expect it."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")
