"""Every address × every role, and strangers: an address that is missing here, or in the table, fails."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from leakwatch.store.models import Role
from leakwatch.web import access
from leakwatch.web.urls import urlpatterns
from tests.web.people import Visit

EVERYONE = "owner reviewer office auditor admin"
READERS = "owner reviewer office"
JUDGES = "reviewer office"
OPEN = {
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
    "lead-reported": "office",
    "lead-package": "office",
    "upload": READERS,
    "upload-state": READERS,
    "unread": JUDGES,
    "unread-unmask": JUDGES,
    "unread-settle": JUDGES,
    "scans": JUDGES,
    "scan": JUDGES,
    "log": "auditor office admin",
    "log-verify": "auditor office admin",
    "log-anchor": "auditor office admin",
    "suppressions": "office",
    "suppression-end": "office",
    "groups": JUDGES,
    "group": "office",
    "groups-sheet": "office",
    "groups-import": "office",
    "groups-save": "office",
    "unit-form": "office",
    "check": EVERYONE,
    "check-form": EVERYONE,
    "accounts": "admin",
    "account-new": "admin",
    "account": "admin",
}
"""Who may open which page, written down a second time: a slip in the table of access must fail here."""
REFUSED = "您的角色不能打开这个页面"


def names() -> list[str]:
    return [pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)]


def address(name: str) -> str:
    """Of the page; what it names does not exist."""
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    samples = {"IntConverter": 999_999, "StringConverter": "XS-20310506-000000", "SlugConverter": "XS-0"}
    converters = pattern.pattern.converters.items()
    return str(reverse(name, kwargs={key: samples[type(kind).__name__] for key, kind in converters}))


def test_every_address_is_in_the_table_and_the_other_way_round() -> None:
    assert sorted(names()) == sorted([*OPEN, *access.PUBLIC])
    assert sorted(access.PAGES) == sorted(OPEN)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", OPEN)
def test_a_page_opens_for_its_roles_alone(visit: Visit, role: Role, name: str) -> None:
    client = visit(role)
    answers = client.get(address(name)), client.post(address(name))
    is_refused = [REFUSED in answer.content.decode(errors="replace") for answer in answers]
    assert is_refused == ([role not in OPEN[name].split()] * 2)
    assert all(answer.status_code == 403 for answer, no in zip(answers, is_refused, strict=True) if no)


@pytest.mark.parametrize("name", OPEN)
def test_no_page_opens_for_a_stranger(name: str) -> None:
    client = Client()
    assert client.get(address(name)).status_code == 302
    assert client.post(address(name)).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_a_page_that_nobody_listed_opens_for_nobody(role: Role) -> None:
    assert not access.may(role, "forgotten")
