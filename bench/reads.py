"""How fast exports are read, next to the bare parse of the same file by the usual libraries.

`make bench` prints messages a second of CPU and the peak memory of each; every reader runs in a process of its
own. `python -m bench.reads READER FILE` is that process. Getting ready is not counted: imports, the hashing of the
file, the start of the sandbox's child, which is kept for all files of a scan.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import corpus, export
from bench.shapes import SHAPES

_Prepared = tuple[Callable[[], int], float]
"""Reads the file; the CPU seconds of getting ready that are counted with it all the same."""

_LEAST_SHARE = 0.6
"""Of the fastest bare streaming parse."""
_LEAST_PER_S = 50_000
_MOST_BYTES = 100 << 20
_FIELD_CHARACTERS = 1 << 27
_QQ_HEADER = re.compile(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d:\d\d .+\(\d+\)$")


def main() -> None:
    """Measures every reader on every kind of export."""
    parser = argparse.ArgumentParser(prog="python -m bench.reads", description=__doc__)
    parser.add_argument("--messages", type=int, default=500_000, help="消息条数，默认五十万")
    count = parser.parse_args().messages
    texts = [text for text in corpus.messages(count) if text.strip()]
    print(f"读取 {len(texts):,} 条消息\n{'':34}条/CPU秒   内存峰值 MB   与裸解析之比")
    with tempfile.TemporaryDirectory() as folder:
        for shape, (name, write) in SHAPES.items():
            path = Path(folder) / name
            write(texts, path)
            print(f"{shape}（{path.stat().st_size >> 20} MiB）")
            _compare(path, len(texts))
            path.unlink()


def _compare(path: Path, count: int) -> None:
    measured = {reader: _measured(reader, path) for reader in _READERS[path.suffix]}
    bare = min(seconds for reader, (seconds, _) in measured.items() if reader in _STREAMING)
    for reader, (seconds, peak) in measured.items():
        row = f"  {reader:32}{count / seconds:10,.0f}{peak / 1e6:12.0f}{bare / seconds:14.2f}"
        print(
            row + (_verdict(count / seconds, peak, bare / seconds) if reader.startswith("leakwatch") else "")
        )


def _verdict(per_s: float, peak: int, share: float) -> str:
    missed = [
        *([f"< {_LEAST_SHARE} 倍"] if share < _LEAST_SHARE else []),
        *([f"< {_LEAST_PER_S:,} 条/秒"] if per_s < _LEAST_PER_S else []),
        *([f"> {_MOST_BYTES >> 20} MiB"] if peak > _MOST_BYTES else []),
    ]
    return f"  未达到：{'，'.join(missed)}" if missed else "  达到"


def _measured(reader: str, path: Path) -> tuple[float, int]:
    """CPU seconds of reading, children included, and the most memory that any process held."""
    command = (sys.executable, "-m", "bench.reads", reader, str(path))
    seconds, peak = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return seconds, peak


def _child(reader: str, path: Path) -> None:
    """Reads the file; says how much CPU that took, and the peak memory."""
    import resource

    read, ready_s = _EVERY[reader](path)
    begun_s = _cpu_s()
    read()
    seconds = _cpu_s() - begun_s - ready_s
    # ru_maxrss of this process would be its parent's: it outlives exec.
    own = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    peak = max(int(own[1]) if own else 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    print(json.dumps([seconds, peak << 10]))


def _cpu_s() -> float:
    """Of this process and the children that have ended."""
    import resource

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _ours(path: Path) -> _Prepared:
    from leakwatch import chats, documents
    from leakwatch.chats.beside import Alone
    from leakwatch.vault import Vault, system_clock

    vault = Vault(path.parent / "vault", system_clock)
    file = vault.keep(path, path.name)

    def read() -> int:
        if (found := chats.reader_for(file)) is not None:
            return sum(1 for _ in found.read(file, Alone()))
        with path.open("rb") as opened:
            document = documents.reader_for(opened.read(4096), path.name)
        return sum(1 for _ in document.read(file, vault)) if document else 0

    return read, 0.0


def _sandboxed(path: Path) -> _Prepared:
    from leakwatch import readings
    from leakwatch.chats.beside import Alone
    from leakwatch.sandbox import Sandbox
    from leakwatch.vault import Vault, system_clock

    vault = Vault(path.parent / "vault", system_clock)
    file, empty = vault.keep(path, path.name), vault.keep_stream([b"leakwatch"], "a.txt")
    idle_s = _cpu_s()
    with Sandbox(600, 1024) as sandbox:
        list(sandbox.stream(readings.format_of, empty))
    ready_s = _cpu_s() - idle_s

    def read() -> int:
        with Sandbox(600, 1024) as sandbox:
            for name in sandbox.stream(readings.format_of, file):
                return sum(1 for _ in sandbox.stream(readings.chat, file, name, desk=Alone()))
            return sum(1 for _ in sandbox.stream(readings.document, file, vault))

    return read, ready_s


def _json_load(path: Path) -> _Prepared:
    def read() -> int:
        with path.open(encoding="utf-8") as file:
            return len(json.load(file)["messages"])

    return read, 0.0


def _json_lines(path: Path) -> _Prepared:
    def read() -> int:
        with path.open(encoding="utf-8") as file:
            return sum(1 for line in file if json.loads(line))

    return read, 0.0


def _ijson(path: Path) -> _Prepared:
    import ijson

    def read() -> int:
        with path.open("rb") as file:
            return sum(1 for _ in ijson.items(file, "messages.item"))

    return read, 0.0


def _msgspec(path: Path) -> _Prepared:
    return (lambda: export.parse(path)), 0.0


def _lines(path: Path) -> _Prepared:
    def read() -> int:
        with path.open(encoding="utf-8-sig") as file:
            return sum(1 for line in file if _QQ_HEADER.match(line))

    return read, 0.0


def _csv(path: Path) -> _Prepared:
    def read() -> int:
        csv.field_size_limit(_FIELD_CHARACTERS)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.reader(file))

    return read, 0.0


def _lxml(path: Path) -> _Prepared:
    from lxml import etree

    def read() -> int:
        count = 0
        for _, block in etree.iterparse(str(path), html=True, tag="div", huge_tree=True):
            count += 1
            block.clear()
            while block.getprevious() is not None:
                del block.getparent()[0]
        return count

    return read, 0.0


_EVERY: Mapping[str, Callable[[Path], _Prepared]] = {
    "leakwatch": _ours,
    "leakwatch，沙箱中": _sandboxed,
    "json.load": _json_load,
    "json.loads 逐行": _json_lines,
    "ijson": _ijson,
    "msgspec": _msgspec,
    "re 逐行": _lines,
    "csv": _csv,
    "lxml iterparse": _lxml,
}
_STREAMING = {"json.loads 逐行", "ijson", "re 逐行", "csv", "lxml iterparse"}
"""Bare parses whose memory does not grow with the file; msgspec knows the export's own line breaks."""
_OURS = ("leakwatch", "leakwatch，沙箱中")
_READERS: Mapping[str, Sequence[str]] = {
    ".json": (*_OURS, "json.load", "ijson", "msgspec"),
    ".jsonl": (*_OURS, "json.loads 逐行"),
    ".txt": (*_OURS, "re 逐行"),
    ".csv": (*_OURS, "csv"),
    ".html": (*_OURS, "lxml iterparse"),
}

if __name__ == "__main__":
    if len(sys.argv) == len(("module", "reader", "file")) and not sys.argv[1].startswith("-"):
        _child(sys.argv[1], Path(os.fsdecode(sys.argv[2])))
    else:
        main()
