"""The engines that are compared, each in a process of its own that answers picture after picture.

`python -m bench.photos.reading ENGINE` is that process.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from leakwatch.model import Evidence

OURS, STOCK, TESSERACT = "leakwatch", "RapidOCR", "tesseract"
GLANCE = "leakwatch without reading"
"""How urgent a picture is and whether it has a red head: another process does that for leakwatch, too."""
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an engine made of a picture."""

    text: str
    is_unsure: bool = False
    """The engine says that much of it cannot be read."""
    has_head: bool = False
    """A red head is seen, without reading."""
    cpu_s: float = 0.0
    peak_bytes: int = 0
    """Most memory that the process held so far."""


class Reader:
    """An engine that waits for pictures in a process of its own."""

    def __init__(self, engine: str) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "bench.photos.reading", engine),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **_ONE_THREAD},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self, picture: Path) -> Reading:
        """What it makes of the picture."""
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("both were asked for as pipes")
        self._process.stdin.write(f"{picture}\n")
        self._process.stdin.flush()
        return Reading(**json.loads(self._process.stdout.readline()))


def _ours() -> Callable[[Path], Reading]:
    from leakwatch import ocr
    from leakwatch.ocr.rapid import Rapid

    engine = Rapid()
    engine.warm_up()

    def read(picture: Path) -> Reading:
        lines, file = engine.read(picture), evidence(picture)
        text = "\n".join(piece.text for piece in ocr.pieces(lines, file))
        is_unsure = any(True for _ in ocr.illegible(lines, file))
        return Reading(text=text, is_unsure=is_unsure)

    return read


def _glance() -> Callable[[Path], Reading]:
    from leakwatch import readings

    def read(picture: Path) -> Reading:
        file = evidence(picture)
        list(readings.urgency(file))
        return Reading(text="", has_head=any(layout.has_head for layout in readings.layouts(file)))

    return read


def evidence(picture: Path) -> Evidence:
    """The picture as the road has it."""
    return Evidence(
        sha256="", size=0, name="", inner_path="", path=picture, taken_at=datetime(2031, 5, 6, tzinfo=UTC)
    )


def _stock() -> Callable[[Path], Reading]:
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture: Path) -> Reading:
        found: Any = engine(str(picture))
        return Reading(text="\n".join(found.txts or ()))

    return read


def _tesseract() -> Callable[[Path], Reading]:
    import pytesseract

    def read(picture: Path) -> Reading:
        said = pytesseract.image_to_string(str(picture), lang="chi_sim")
        return Reading(text=re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", said))

    return read


_EVERY: Mapping[str, Callable[[], Callable[[Path], Reading]]] = {
    OURS: _ours,
    GLANCE: _glance,
    STOCK: _stock,
    TESSERACT: _tesseract,
}


def _spent_s() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _peak_bytes() -> int:
    import resource

    # ru_maxrss of this process would be its parent's: it outlives exec.
    own = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    return max(int(own[1]) if own else 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) << 10


def serve(engine: str) -> None:
    """Answers each path on standard input by a line of JSON, until it ends."""
    read = _EVERY[engine]()
    for line in sys.stdin:
        before = _spent_s()
        reading = read(Path(line.rstrip("\n")))
        spent = {"cpu_s": _spent_s() - before, "peak_bytes": _peak_bytes()}
        print(json.dumps(asdict(reading) | spent), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
