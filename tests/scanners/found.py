"""What is found in a batch of texts, in values that can be compared; run, it reads batches and prints them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from leakwatch import rules
from leakwatch.model import SHANGHAI, Evidence, Hit, Origin, TextPiece
from leakwatch.scanners import Matcher

EVIDENCE = Evidence(
    sha256="", size=0, name="", inner_path="", path=Path(), taken_at=datetime.min.replace(tzinfo=SHANGHAI)
)

Told = list[tuple[str, str, int, int, str, float]]


def matched(matcher: Matcher, texts: Sequence[str]) -> Told:
    """What is found in texts that come in one batch."""
    return told(
        matcher.match([TextPiece(text=text, origin=Origin.MESSAGE, evidence=EVIDENCE) for text in texts])
    )


def told(hits: Sequence[Hit]) -> Told:
    """The hits in values that can be compared over processes."""
    return sorted(
        (hit.piece.text, hit.rule.id, hit.start, hit.end, hit.reason, round(hit.score, 4)) for hit in hits
    )


def main(lists: Path, batches: Path) -> None:
    """What this process finds in each batch of the file."""
    matcher = Matcher(rules.load(lists))
    json.dump([matched(matcher, batch) for batch in json.loads(batches.read_text("utf-8"))], sys.stdout)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
