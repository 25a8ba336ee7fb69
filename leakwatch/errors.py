"""Every exception that leakwatch raises on purpose.

LeakwatchError (a sentence for the user, an exit code)
├── UsageError    2  wrong arguments, a path that does not exist
├── ConfigError   9  config.toml
├── RulesError    9  keyword_lists/
├── KeyRefused    9  the master key of the evidence is missing, unsafe or the wrong one
├── EvidenceDamaged 1  sealed evidence is not what was sealed
├── Unreadable    1  one file cannot be read; becomes a `Skipped` before it reaches a user
├── ReaderFault   1  a reader broke on a file: a defect of ours; becomes a `Skipped` too
├── Stopped     130  a scan was stopped before it read anything
└── Refused       1  a person may not do this, or somebody else was faster
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from leakwatch.model import Reason


class LeakwatchError(Exception):
    """A failure whose text names the thing, what is wrong with it and what to do (Chinese)."""

    exit_code = 1


class UsageError(LeakwatchError):
    """The command was called with something it cannot work on."""

    exit_code = 2


class ConfigError(LeakwatchError):
    """config.toml is unsafe or invalid; the text starts with the path of the key."""

    exit_code = 9


class RulesError(LeakwatchError):
    """keyword_lists/ holds an invalid rule; the text starts with file and rule id."""

    exit_code = 9


class KeyRefused(LeakwatchError):
    """No evidence is sealed or opened with this master key."""

    exit_code = 9


class EvidenceDamaged(LeakwatchError):
    """A sealed original or package was changed, cut or put in the place of another."""


class Unreadable(LeakwatchError):
    """A whole file is given up; raised by readers, turned into `Skipped` by the pipeline."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class ReaderFault(LeakwatchError):
    """A reader raised what it should not, in another process; the text says where, never what it read."""


class Stopped(LeakwatchError):
    """A scan was told to stop before it knew what there is to read; nothing has changed."""

    exit_code = 130


class Refused(LeakwatchError):
    """What a person asked of a lead is not done; nothing has changed."""


class Undelivered(LeakwatchError):
    """A notice that did not reach its way's end; it is tried again."""


def whereabouts(fault: BaseException) -> str:
    """What broke and where, innermost first, without the fault's own words: they may quote a message."""
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(fault.__traceback__)]
    return f"{type(fault).__name__} at {' < '.join(reversed(frames))}"
