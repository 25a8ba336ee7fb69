"""The composition root of the daemon: settings → inboxes, worker, timers, page; loaded once Django is ready."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from leakwatch.config import Config
from leakwatch.daemon import forms
from leakwatch.daemon.instance import alone
from leakwatch.daemon.rounds import Root, Rounds
from leakwatch.daemon.watchman import Watchman, make_inboxes
from leakwatch.daemon.worker import Desk
from leakwatch.daemon.working import Reading, Rules, stay
from leakwatch.daemon.workshop import Workshop, command
from leakwatch.keeping import Keeping
from leakwatch.model import Scan
from leakwatch.store import jobs
from leakwatch.store.models import Arrival, ScanKind
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.records import Asked, record
from leakwatch.store.uploads import UPLOADS
from leakwatch.vault import system_clock
from leakwatch.watch.alarm import Alarm
from leakwatch.watch.inbox import Inbox

_log = logging.getLogger(__name__)


def roots(config: Config) -> tuple[Root, ...]:
    """The inboxes of the config, and that of the page."""
    listed = [
        Root(path=inbox.path, kind=ScanKind.INBOX.value, moves=inbox.after == "move")
        for inbox in config.inbox
    ]
    uploads = Root(path=config.paths.data_dir / UPLOADS, kind=ScanKind.UPLOAD.value, moves=True)
    return (*listed, uploads)


@contextmanager
def watchman(config: Config, config_file: Path | None) -> Iterator[Watchman]:
    """Ready to keep watch, as the only daemon of this store; its alarm ends with the block."""
    kept = roots(config)
    make_inboxes([root.path for root in kept])
    bell = Event()
    with alone(config.paths.data_dir, "daemon"):
        alarm = Alarm(bell.set)
        try:
            yield Watchman(
                roots=kept,
                rounds=Rounds(
                    roots=kept,
                    start=Inbox(
                        stability_s=config.watch.stability_s, partial_names=config.watch.partial_names
                    ),
                    clock=system_clock,
                    seconds=monotonic,
                ),
                alarm=alarm,
                workshop=Workshop(command(str(config_file) if config_file else ""), system_clock),
                bell=bell,
                rescan_s=config.watch.rescan_s,
            )
        finally:
            alarm.close()


def page(config: Config, application: Callable[..., Any]) -> Any:
    """The page's server in a thread of its own; `close` ends it."""
    import waitress

    from leakwatch.web.bodies import Channel

    server = waitress.create_server(
        application,
        host=config.web.host,
        port=config.web.port,
        threads=8,
        ident="leakwatch",
        max_request_body_size=(config.limits.file_mib + 1) << 20,  # what forms put around a file
    )
    for listening in (server, *getattr(server, "map", {}).values()):
        listening.channel_class = Channel
    Thread(target=server.run, name="page", daemon=True).start()
    return server


def work(config: Config, keeping: Keeping, owner: str, is_over: Callable[[], bool]) -> None:
    """The worker's life: until it is over, or nothing came for a while."""
    means = keeping.means()
    rules = Rules(config, _tell_of_rules)
    moving = {str(root.path) for root in roots(config) if root.moves}

    def keep(scanned: Scan, row: Arrival, along: Callable[[ScanRow], None]) -> None:
        record(scanned, Asked(kind=ScanKind(row.kind), by=row.asked_by, actor="daemon"), means, along)

    reading = Reading(config, rules)
    desk = Desk(
        owner=owner,
        clock=system_clock,
        rules_version=lambda: rules.current().book.version,
        scan=reading,
        record=keep,
        free_bytes=lambda: shutil.disk_usage(config.paths.data_dir).free,
        moves=moving.__contains__,
        after=lambda: forms.catch_up(config.paths.drafts_dir, keeping.sealer),
    )
    with closing(reading):
        stay(desk, config.paths.data_dir, is_over)


def _tell_of_rules(sentence: str) -> None:
    if sentence:
        jobs.failed("rules", system_clock(), sentence)
    else:
        jobs.succeeded("rules", system_clock())
