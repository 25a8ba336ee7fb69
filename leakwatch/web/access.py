"""Which role may open which page; a page that is not listed here opens for nobody."""

from __future__ import annotations

from leakwatch.store.models import Role

EVERYONE = frozenset(Role)
JUDGES = frozenset({Role.REVIEWER, Role.OFFICE})
"""Who sees every group's leads and decides on them."""

READERS = JUDGES | {Role.OWNER}
"""Who sees leads at all: an owner those of the own groups (`store.queries.visible`)."""

WATCHERS = frozenset({Role.AUDITOR, Role.OFFICE, Role.ADMIN})
"""Who reads the log, which holds no words."""

PUBLIC = frozenset({"login", "healthz", "metrics"})
"""Pages that need no account; the last two answer this machine alone."""

PAGES: dict[str, frozenset[Role]] = {
    "home": EVERYONE,
    "logout": EVERYONE,
    "password": EVERYONE,
    "leads": READERS,
    "lead": READERS,
    "lead-next": JUDGES,
    "lead-unmask": READERS,
    "lead-picture": READERS,
    "lead-boxes": READERS,
    "lead-form": READERS,
    "lead-form-pdf": READERS,
    "lead-claim": JUDGES,
    "lead-release": JUDGES,
    "lead-decide": JUDGES,
    "lead-reopen": JUDGES,
    "lead-same": JUDGES,
    "lead-reported": frozenset({Role.OFFICE}),
    "lead-package": frozenset({Role.OFFICE}),
    "upload": READERS,
    "upload-state": READERS,
    "unread": JUDGES,
    "unread-unmask": JUDGES,
    "unread-settle": JUDGES,
    "scans": JUDGES,
    "scan": JUDGES,
    "log": WATCHERS,
    "log-verify": WATCHERS,
    "log-anchor": WATCHERS,
    "suppressions": frozenset({Role.OFFICE}),
    "suppression-end": frozenset({Role.OFFICE}),
    "groups": JUDGES,
    "group": frozenset({Role.OFFICE}),
    "groups-sheet": frozenset({Role.OFFICE}),
    "groups-import": frozenset({Role.OFFICE}),
    "groups-save": frozenset({Role.OFFICE}),
    "unit-form": frozenset({Role.OFFICE}),
    "check": EVERYONE,
    "check-form": EVERYONE,
    "accounts": frozenset({Role.ADMIN}),
    "account-new": frozenset({Role.ADMIN}),
    "account": frozenset({Role.ADMIN}),
}
"""Name of the route → who may open it."""


def may(role: str, page: str) -> bool:
    """Whether that role may open that page."""
    return role in PAGES.get(page, frozenset())
