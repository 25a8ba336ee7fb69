"""Files of a form → a private folder, written as they come in; memory stays flat however big they are."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeAlias

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from leakwatch.unpack.names import is_junk
from leakwatch.vault import private_folder
from leakwatch.web.filenames import numbered, path_of

_CHUNK_BYTES = 1 << 18
_BROKEN = (OSError, MultiPartParserError, SuspiciousOperation)
"""A connection that ended early, a form that is none, too many files."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_IN = "in"


@dataclass(slots=True, kw_only=True)
class Received:
    """What a form brought; whole once its last field was read."""

    folder: Path
    """The files lie below it, by their own names made safe."""
    most_bytes: int
    paths: list[PurePosixPath] = field(default_factory=list)
    size: int = 0
    wrong: str = ""
    """Why not all of it was taken (Chinese)."""
    is_read: bool = False
    """The form was read to its end."""

    @property
    def title(self) -> str:
        """The name of the one file or of the folder; else of the first of several."""
        if not self.paths:
            return ""
        tops = dict.fromkeys(path.parts[0] for path in self.paths)
        first = next(iter(tops))
        return first if len(tops) == 1 else f"{first} 等 {len(tops)} 项"


_View: TypeAlias = Callable[[HttpRequest, Received | None], HttpResponse]


def takes_files(most_mib: Callable[[], int]) -> Callable[[_View], Callable[[HttpRequest], HttpResponse]]:
    """Makes a view of what a form with files brought; None: the form is asked for.

    The token is checked here: that reads the form, and before that it must be said where its files go. They are
    gone when the view has answered, unless it moved them away. most_mib: of all files of one form.
    """

    def taking(view: _View) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_protect
        def checked(request: HttpRequest, received: Received) -> HttpResponse:
            _ = request.FILES  # read now, if the check did not
            received.is_read = True
            return view(request, received)

        @csrf_exempt
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method == "GET":
                return view(request, None)
            with _files_of(request, most_mib() << 20) as received:
                try:
                    return checked(request, received)
                except _BROKEN:
                    if received.is_read:
                        raise
                    received.wrong = _incomplete()
                    return view(request, received)

        return answer

    return taking


def not_written(why: OSError) -> str:
    """What is said of a disk that takes no more."""
    if why.errno in _FULL:
        return "磁盘已满，没有存入，请告诉管理员清理磁盘后重试"
    return "写入磁盘时出错，没有存入，请告诉管理员"


def _incomplete() -> str:
    most = settings.OFFICE.config.limits.archive_entries
    return f"上传没有完成，没有存入，请重试；文件夹里超过 {most} 个文件时，请先压缩成一个包"


@contextmanager
def _files_of(request: HttpRequest, most_bytes: int) -> Iterator[Received]:
    """Where the form's files go when it is read; on the disk of the data, so that they can be moved in one step."""
    with private_folder(settings.OFFICE.config.paths.data_dir) as folder:
        received = Received(folder=folder / _IN, most_bytes=most_bytes)
        received.folder.mkdir(mode=0o700)
        writer = _Writer(received)
        request.upload_handlers = [_Paths(request, writer)]
        try:
            yield received
        finally:
            writer.close()  # of a connection that broke


class _PathParser(MultiPartParser):
    """Keeps the path that browsers send for the files of a folder; `path_of` makes it safe."""

    def sanitize_file_name(self, file_name: str) -> str:
        return file_name


class _Paths(FileUploadHandler):
    """Has the form read by that parser."""

    def __init__(self, request: HttpRequest, writer: _Writer) -> None:
        super().__init__(request)
        self._writer = writer

    def handle_raw_input(self, input_data: IO[bytes], META: Mapping[str, Any], *rest: Any) -> Any:
        return _PathParser(META, input_data, [self._writer], rest[2]).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None: ...

    def file_complete(self, file_size: int) -> None: ...


class _Writer(FileUploadHandler):
    """Writes one file after the other."""

    chunk_size = _CHUNK_BYTES

    def __init__(self, received: Received) -> None:
        super().__init__()
        self._received = received
        self._file: IO[bytes] | None = None
        self._numbers: dict[PurePosixPath, int] = {}
        """Name → how many of it there are: ten thousand of one name are not to be counted anew each time."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file below the folder, unless it is what systems leave behind."""
        super().new_file(*args, **kwargs)
        # The base class holds no more than the last part of the name.
        sent = str(kwargs.get("file_name", args[1]))
        self._file = None
        if not is_junk(sent):
            with self._told():
                self._file = self._created(path_of(sent))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django passes it
        """Written; nothing is handed on."""
        if self._file is None:
            return
        self._received.size += len(raw_data)
        if self._received.size > self._received.most_bytes:
            self._stop(f"文件太大，一次最多 {self._received.most_bytes >> 20} MB，请分开导出或分几次上传")
        with self._told():
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - Django passes it
        """The system has all of it; who keeps it sees to it that the disk has it too."""
        if self._file is not None:
            with self._told():
                self._file.close()
            self._file = None

    def close(self) -> None:
        """What is still being written is given up."""
        if self._file is not None:
            with suppress(OSError):  # what waits in memory may not fit on a full disk
                self._file.close()

    def _created(self, path: PurePosixPath) -> IO[bytes]:
        place, number = path, self._numbers.get(path, 1)
        while True:
            whole = self._received.folder / place
            try:
                whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                file = whole.open("xb")
            except (FileExistsError, NotADirectoryError):
                self._numbers[path] = number = number + 1
                top, *below = path.parts
                is_taken = whole.exists()  # else a folder above it has the name of a file
                place = numbered(path, number) if is_taken else PurePosixPath(f"{top}-{number}", *below)
            else:
                self._received.paths.append(place)
                return file

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as why:
            self._stop(not_written(why))

    def _stop(self, wrong: str) -> None:
        self._received.wrong = wrong
        self.close()
        # The server holds the rest of the form already: there is nothing to wait for.
        raise StopUpload(connection_reset=True)
