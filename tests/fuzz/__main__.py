"""`python -m tests.fuzz --seconds 600` fuzzes all readers with atheris and keeps what broke one in found/.

Coverage leads the mutations; a case is kept once for each place where a reader broke. Not part of `make test`:
pip install atheris first (Linux, Python 3.11 or 3.12).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["leakwatch"]):
    from leakwatch.errors import whereabouts
    from tests.fuzz import reading


def main() -> None:
    """Fuzzes until the time is over; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--only", default="", help="only seeds whose name ends so, as .docx")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, (name, content) in enumerate(reading.seeds()):
            if name.endswith(chosen.only):
                (corpus / str(number)).write_bytes(reading.closed(name, content))
        atheris.Setup(
            [
                sys.argv[0],
                str(corpus),
                f"-max_total_time={chosen.seconds}",
                "-timeout=30",
                "-rss_limit_mb=3000",
                f"-artifact_prefix={reading.FOUND}/",
            ],
            lambda case: _tried(case, Path(folder) / "vault"),
        )
        atheris.Fuzz()


def _tried(case: bytes, folder: Path) -> None:
    name, content = reading.opened(case)
    try:
        reading.read(name, content, folder)
    except (Exception, RecursionError) as fault:  # noqa: BLE001 - that is what it looks for
        where = whereabouts(fault)
        path = reading.FOUND / f"{hashlib.sha256(where.encode()).hexdigest()[:12]}.case"
        if not path.exists():
            path.write_bytes(case)
            print(f"\n{path.name}: {where}", file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
