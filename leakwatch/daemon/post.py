"""Notices on their way to people: put down first, delivered by a job of their own, tried until they arrive."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from leakwatch.config import Web
from leakwatch.errors import Undelivered, whereabouts
from leakwatch.notices import AUDIENCE, Notice, Subject, Way
from leakwatch.store import letters

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The ways of the config, and the link that leads to the page."""

    ways: Sequence[Way]
    link: str
    clock: Callable[[], datetime]

    def tell(
        self, subject: Subject, lead_ids: Sequence[str] = (), figures: Sequence[tuple[str, int]] = ()
    ) -> None:
        """Put down for everybody who is to know; delivered at once or when it can be."""
        notice = Notice(
            subject=subject,
            at=self.clock(),
            lead_ids=tuple(lead_ids),
            figures=tuple(figures),
            link=self.link,
        )
        letters.put(
            notice, [name for name, way in self._named().items() if AUDIENCE[subject] & set(way.roles)]
        )

    def deliver(self) -> str:
        """What came of those that are due (Chinese).

        A way that failed is left alone until the next time: behind a server that hangs nobody else is to wait.
        """
        named = self._named()
        sent, left = 0, 0
        silent = set[str]()
        for letter in letters.due(self.clock()):
            if letter.way in silent:
                continue
            way = named.get(letter.way)
            try:
                if way is None:
                    raise Undelivered("这种通知已不在配置里")
                way.send(letters.notice(letter))
            except Undelivered as why:
                _log.warning("letter %s not delivered: %s", letter.pk, whereabouts(why))
                letters.failed(letter, str(why), self.clock())
                silent.add(letter.way)
                left += 1
            else:
                letters.sent(letter, self.clock())
                sent += 1
        return f"送出 {sent} 条，未送出 {left} 条" if sent or left else ""

    def _named(self) -> dict[str, Way]:
        return {f"{number} {way.name}": way for number, way in enumerate(self.ways, 1)}


def page_link(web: Web) -> str:
    """Where the review page is; a page that only this machine can open is named so all the same."""
    host = web.allowed_hosts[0] if web.allowed_hosts else web.host
    if web.https:
        return f"https://{host}/"
    return f"http://{host}:{web.port}/"
