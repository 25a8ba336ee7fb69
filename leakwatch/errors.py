"""Every exception that leakwatch raises on purpose.

LeakwatchError (a sentence for the user, an exit code)
├── UsageError    2  wrong arguments, a path that does not exist
├── ConfigError   9  config.toml
├── RulesError    9  keyword_lists/
└── Unreadable    1  one file cannot be read; becomes a `Skipped` before it reaches a user
"""

from __future__ import annotations

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


class Unreadable(LeakwatchError):
    """A whole file is given up; raised by readers, turned into `Skipped` by the pipeline."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
