"""How much of a scan a report shows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from leakwatch.model import Finding, Outcome, Scan

_MASK_CHARACTERS = 12
_LONG_NUMBER = re.compile(r"\d{11,}[xX]?")
_ORDER = tuple(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the user asked to see; `width` and `has_colour` matter to the table alone."""

    lowest: Outcome = Outcome.REVIEW
    """The lowest outcome that is listed; all are counted."""
    is_masked: bool = True
    """jsonl and csv never mask: they feed other programs."""
    width: int = 100
    """Screen columns; a Chinese character takes two."""
    has_colour: bool = False

    def shown(self, scan: Scan) -> tuple[Finding, ...]:
        """Gravest outcome first, then in the order of the scan."""
        asked = _ORDER[: _ORDER.index(self.lowest) + 1]
        return tuple(finding for outcome in asked for finding in scan.findings if finding.outcome is outcome)

    def quote(self, text: str) -> str:
        """The hit as it may be shown."""
        return masked(text) if self.is_masked else text

    def place(self, text: str) -> str:
        """Where a hit stands, as it may be shown: a file name may hold a whole identity number."""
        return _LONG_NUMBER.sub(lambda found: masked(found.group()), text) if self.is_masked else text

    def without(self, text: str, secrets: Collection[str]) -> str:
        """The text with these words as they may be shown: the number of a classified paper is classified."""
        for secret in secrets if self.is_masked else ():
            text = text.replace(secret, masked(secret)) if secret else text
        return text


def counts(scan: Scan) -> dict[str, int]:
    """Outcome → number of findings, gravest first."""
    return {
        outcome.value: sum(finding.outcome is outcome for finding in scan.findings) for outcome in Outcome
    }


def masked(text: str) -> str:
    """The first and the last character, digits never; the stars say how long it is, up to 12."""
    if len(text) < 3:
        return _masked_digit(text[:1]) + "*" * len(text[1:])
    stars = "*" * min(len(text) - 2, _MASK_CHARACTERS)
    return _masked_digit(text[0]) + stars + _masked_digit(text[-1])


def _masked_digit(character: str) -> str:
    return "*" if character.isnumeric() else character
