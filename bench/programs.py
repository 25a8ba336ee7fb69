"""grep and ripgrep: CPU time of the whole process, start and building included."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.engines import Engine, Run


def engines(folder: Path) -> list[Engine]:
    """Both programs, each with its fastest options; their files are written to the folder."""
    rg = partial(_searching, folder, ["rg", "-F", "-j1", "-c", "-f"])
    grep = partial(_searching, folder, ["grep", "-F", "-c", "-f"])
    return [
        Engine(name="rg -F -j1", build=rg, clock=_children_seconds),
        Engine(name="grep -F（LC_ALL=C）", build=grep, clock=_children_seconds),
    ]


def _searching(folder: Path, command: Sequence[str], terms: Sequence[str]) -> Run:
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(f"没有 {command[0]}")
    term_file, text_file = folder / f"terms-{len(terms)}.txt", folder / "messages.txt"
    term_file.write_text("\n".join(terms) + "\n", "utf-8")

    def run(texts: Sequence[str]) -> int:
        if not text_file.exists():
            text_file.write_text("".join(text.replace("\n", " ") + "\n" for text in texts), "utf-8")
        arguments = [program, *command[1:], str(term_file), str(text_file)]
        # Piped: grep stops at the first hit when its output is the null device.
        found = subprocess.run(arguments, stdout=subprocess.PIPE, env={"LC_ALL": "C"}, check=False)
        return int(found.stdout or 0)

    return run


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
