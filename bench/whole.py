"""The whole road, JSON export → findings, in a process of its own: its CPU time and its peak memory.

`python -m bench.whole EXPORT TERMS` scans an export with the shipped rules and the terms of a file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.engines import Engine, Run
from bench.export import parse
from bench.ours import lists_with
from leakwatch.config import load
from leakwatch.kit import Places, build_kit
from leakwatch.pipeline import scan


class Whole:
    """Scans of one export; counts the CPU seconds of the scans and their readers, not of building the rules."""

    def __init__(self, export: Path) -> None:
        self._export = export
        self.seconds = 0.0
        self.peak_bytes = 0

    def engines(self) -> list[Engine]:
        """The whole road, and what it is measured against: bare parsing of the same file."""
        return [
            Engine(name="leakwatch 全程：JSON 导出 → 结果", build=self._build, clock=lambda: self.seconds),
            Engine(name="只用 msgspec 解析同一份导出", build=lambda _: lambda _: parse(self._export)),
        ]

    def _build(self, terms: Sequence[str]) -> Run:
        term_file = self._export.with_suffix(f".{len(terms)}.txt")
        term_file.write_text("\n".join(terms), "utf-8")

        def run(_: Sequence[str]) -> int:
            arguments = [sys.executable, "-m", "bench.whole", str(self._export), str(term_file)]
            said = json.loads(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)
            self.seconds += said["seconds"]
            self.peak_bytes = max(self.peak_bytes, said["peak_bytes"])
            return int(said["findings"])

        return run


def _scan(export: Path, terms: Sequence[str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        lists = lists_with(terms, Path(folder) / "lists")
        config = load(None, {"LEAKWATCH_PATHS_KEYWORD_LISTS": str(lists)})
        with build_kit(config, 1, Places(private=Path(folder))) as kit:
            started = time.process_time()
            found = scan([export], kit, lambda _progress: None)
            seconds = time.process_time() - started
    return {
        "seconds": seconds + _children_seconds(),
        "peak_bytes": _peak_bytes(),
        "findings": len(found.findings),
    }


def _children_seconds() -> float:
    """Of the processes that read the export, their start included; they are gone when the kit is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak_bytes() -> int:
    """The most memory this process had at once; ru_maxrss would count the process that started it too."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    print(json.dumps(_scan(Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").split("\n"))))
