"""config.toml and LEAKWATCH_* variables → frozen settings."""

from leakwatch.config.reading import FILE_NAME, VARIABLE_PREFIX, Setting, load, settings, variable
from leakwatch.config.sections import (
    Config,
    Findings,
    Inbox,
    Jobs,
    Limits,
    Mail,
    Notice,
    Ocr,
    Paths,
    Store,
    Timers,
    Units,
    Watch,
    Web,
)
from leakwatch.config.values import MASKED

__all__ = [
    "FILE_NAME",
    "MASKED",
    "VARIABLE_PREFIX",
    "Config",
    "Findings",
    "Inbox",
    "Jobs",
    "Limits",
    "Mail",
    "Notice",
    "Ocr",
    "Paths",
    "Setting",
    "Store",
    "Timers",
    "Units",
    "Watch",
    "Web",
    "load",
    "settings",
    "variable",
]
