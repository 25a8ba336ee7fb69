"""A detector for detect-secrets; loaded by it, from this file's address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from detect_secrets.plugins.base import RegexBasedDetector


class TermDetector(RegexBasedDetector):  # type: ignore[misc]
    """Finds the terms of a file."""

    secret_type = "Term"  # noqa: S105 - what the finding is called
    denylist: Sequence[re.Pattern[str]] = ()

    def __init__(self, terms_file: str) -> None:
        terms = Path(terms_file).read_text("utf-8").split("\n")
        self.denylist = [re.compile("|".join(map(re.escape, terms)))]
