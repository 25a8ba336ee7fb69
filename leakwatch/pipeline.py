"""The one road, and the only place that knows all its stages.

received → evidence → messages and attachments → pieces → hits → findings
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from leakwatch.allowlist import sift
from leakwatch.detect import detect, weigh_each
from leakwatch.errors import Stopped
from leakwatch.findings import Weighed, merge
from leakwatch.intake import Intake, Item, guarded
from leakwatch.leads import counted
from leakwatch.model import Conversation, Evidence, Finding, Progress, Scan, Skipped, TextPiece
from leakwatch.ocr.pool import ReadAhead
from leakwatch.rules.allowed import Allowed
from leakwatch.scanners import Matcher

_TOLD_EVERY = 5_000
"""Pieces; an export of a million messages is one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Everything a scan works with, built once by the composition root."""

    intake: Intake
    matcher: Matcher
    rules_version: str
    neighbours_within: timedelta
    clock: Callable[[], datetime]
    allowed: tuple[Allowed, ...] = ()


def scan(
    paths: Sequence[Path],
    kit: Kit,
    tell: Callable[[Progress], None],
    is_over: Callable[[], bool] = lambda: False,
) -> Scan:
    """Everything found under the paths, and everything that could not be read.

    Once it is over, what was not read by then is a row as well; Stopped if that is not even known.
    """
    started_at = kit.clock()
    received = list(_received(paths, kit, is_over))
    files = [item for item in received if isinstance(item, Evidence)]
    rest = _Rest(files, kit.intake.photos, tell)

    def goes_on() -> bool:
        rest.tell()
        return not is_over()

    kit.intake.photos.begin(goes_on)
    rest.skipped += [item for item in received if isinstance(item, Skipped)]
    weighed: list[Weighed] = []
    for file, items in kit.intake.read(files):
        found = partial(detect, rest.sort_out(items), kit.matcher, kit.neighbours_within)
        for one in guarded(file, found):
            if isinstance(one, Skipped):
                rest.skipped.append(one)
            else:
                weighed.append(one)
    sifted = sift(weighed, kit.allowed, started_at.date())
    findings = merge(sifted.weighed)
    prints = dict(kit.intake.picture_prints(findings))
    return Scan(
        findings=counted(findings, prints),
        picture_prints=prints,
        skipped=tuple(rest.skipped),
        conversations=tuple(rest.conversations),
        files=len(files),
        messages=sum(conversation.parsed for conversation in rest.conversations),
        pieces=rest.pieces,
        rules_version=kit.rules_version,
        received=tuple(files),
        allowed_unused=sifted.unused,
        started_at=started_at,
        ended_at=kit.clock(),
    )


def _received(paths: Sequence[Path], kit: Kit, is_over: Callable[[], bool]) -> Iterator[Evidence | Skipped]:
    for item in kit.intake.receive(paths):
        if is_over():
            raise Stopped("扫描在开始读取之前被停下，什么也没有读；请再次扫描")
        yield item


class _Rest:
    """What is no piece of text, put aside while the pieces go on to be matched."""

    def __init__(
        self, files: Sequence[Evidence], photos: ReadAhead, tell: Callable[[Progress], None]
    ) -> None:
        self.skipped: list[Skipped] = []
        self.conversations: list[Conversation] = []
        self.pieces = 0
        self._files = len(files)
        self._waiting = {file.sha256 for file in files}
        self._photos = photos
        self._tell = tell

    def sort_out(self, items: Iterator[Item]) -> Iterator[TextPiece]:
        """The pieces of an export with its attachments, or of a file."""
        for item in items:
            if isinstance(item, TextPiece):
                self.pieces += 1
                if item.evidence.sha256 in self._waiting or not self.pieces % _TOLD_EVERY:
                    self._waiting.discard(item.evidence.sha256)
                    self.tell()
                yield item
            elif isinstance(item, Skipped):
                self.skipped.append(item)
            else:
                self.conversations.append(item)

    def tell(self) -> None:
        """How far the scan is; also told while a picture is waited for."""
        backlog = self._photos.backlog()
        progress = Progress(
            files_done=self._files - len(self._waiting),
            files=self._files,
            pieces=self.pieces,
            pictures_left=backlog.pictures,
            left_s=backlog.left_s,
        )
        self._tell(progress)


def explain(text: str, kit: Kit) -> tuple[Finding, ...]:
    """What a message of that text would be found to hold, with all reasons."""
    specimen = kit.intake.vault.keep_stream([text.encode("utf-8", "replace")], "文字")
    weighed = weigh_each([text], kit.matcher, specimen)[0]
    return merge(sift(weighed, kit.allowed, kit.clock().date()).weighed)
