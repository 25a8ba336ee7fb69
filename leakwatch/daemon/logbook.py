"""What the daemon writes down of itself: lines of JSON with ids and counts, in files that take turns."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from leakwatch.errors import whereabouts
from leakwatch.model import SHANGHAI
from leakwatch.vault import make_folder

FOLDER = "logs"
"""In data_dir."""
_BYTES, _FILES = 5 << 20, 5
_OURS = "leakwatch"


class Lines(logging.Formatter):
    """One line of JSON; of an exception where it happened, never its words: they may quote a message."""

    def format(self, record: logging.LogRecord) -> str:
        """Others than we speak in words that nobody has looked at: of them only who spoke."""
        line = {
            "at": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "by": record.name,
            "said": record.getMessage() if record.name.partition(".")[0] == _OURS else "",
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = whereabouts(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def keep_log(data_dir: Path, name: str) -> None:
    """All that is logged goes to data_dir/logs/name.jsonl from now on, and nothing to the screen."""
    folder = data_dir / FOLDER
    make_folder(folder)
    handler = RotatingFileHandler(
        folder / f"{name}.jsonl", maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"
    )
    handler.setFormatter(Lines())
    logging.captureWarnings(True)  # watchdog's quote the names of folders
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    # APScheduler logs the texts of exceptions; our own listener says where they happened.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL + 1)
