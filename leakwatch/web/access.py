"""Which role may open which page; a page that is not listed here opens for nobody."""

from __future__ import annotations

from leakwatch.store.models import Role

EVERYONE = frozenset(Role)
JUDGES = frozenset({Role.REVIEWER, Role.OFFICE})
"""Who sees every group's leads and decides on them."""

PUBLIC = frozenset({"login"})
"""Pages that need no account."""

PAGES: dict[str, frozenset[Role]] = {
    "home": EVERYONE,
    "logout": EVERYONE,
    "password": EVERYONE,
    "accounts": frozenset({Role.ADMIN}),
    "account-new": frozenset({Role.ADMIN}),
    "account": frozenset({Role.ADMIN}),
}
"""Name of the route → who may open it."""


def may(role: str, page: str) -> bool:
    """Whether that role may open that page."""
    return role in PAGES.get(page, frozenset())
