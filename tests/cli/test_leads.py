"""`leads` and `review`: lists without words, verdicts of people who prove who they are."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leakwatch.model import Finding
from leakwatch.store.models import Lead, LeadState, LogEntry, Role, User, Verdict
from tests.conftest import NOON
from tests.store.scans import Post, put

Call = Callable[..., int]
MakeRoad = Callable[..., Any]
PASSWORD = "云岭区-2031-复核"  # noqa: S105 - invented

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhao() -> User:
    """A reviewer with a password of their own."""
    user = User(username="zhao", role=Role.REVIEWER, must_change_password=False, created_at=NOON)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What comes in on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_leads_are_listed_without_a_word(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    (id,) = put(Post(text="防汛方案机密★10年", group="青石\n群")).opened
    Lead.objects.create(
        id="XS-1",
        state=LeadState.DISMISSED,
        is_draft=True,
        category="mk.state",
        sealed=b"",
        **dict.fromkeys(("found_at", "due_at", "changed_at"), NOON),
    )
    assert call(road(), "leads") == 0
    out, err = capsys.readouterr()
    assert out == f"{id}\t新线索\t机密\t2031-05-07 12:00\t国家秘密标志\t青石 群\t1 处\n"
    assert "共 1 条线索，第 1 页，共 1 页" in err
    assert call(road(), "leads", "--state", "dismissed") == 0
    assert capsys.readouterr().out.startswith("XS-1\t非泄密")


def test_a_verdict_is_that_of_who_knows_the_password(
    call: Call, road: MakeRoad, zhao: User, says: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    (id,) = put(Post()).opened
    says(f"{PASSWORD}\n")
    assert call(road(), "review", id, "confirm", "--user", "zhao") == 0
    assert capsys.readouterr().out == f"{id}：已确认\n"
    assert list(Verdict.objects.values_list("by__username", "verdict")) == [("zhao", "confirmed")]
    assert LogEntry.objects.filter(actor="zhao", action="lead.confirmed").count() == 1


def test_a_dismissed_mark_waits_for_another_person(
    call: Call, road: MakeRoad, zhao: User, says: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    (id,) = put(Post()).opened
    says(f"{PASSWORD}\n")
    assert call(road(), "review", id, "dismiss", "--user", "zhao", "--reason", "样张") == 0
    assert "须由另一人复核" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("username", "password", "change"),
    [
        ("zhao", "错", {}),
        ("zhao", "", {}),
        ("qian", PASSWORD, {}),
        ("zhao", PASSWORD, {"is_active": False}),
        ("zhao", PASSWORD, {"locked_until": NOON + timedelta(days=40_000)}),
        ("zhao", PASSWORD, {"must_change_password": True}),
        ("zhao", PASSWORD, {"role": Role.OWNER}),
    ],
)
def test_whoever_cannot_prove_it_decides_nothing(
    call: Call,
    road: MakeRoad,
    zhao: User,
    says: Callable[[str], None],
    username: str,
    password: str,
    change: dict[str, Any],
) -> None:
    (id,) = put(Post()).opened
    User.objects.update(**change)
    says(f"{password}\n")
    assert call(road(), "review", id, "confirm", "--user", username) == 1
    assert Lead.objects.get(pk=id).state == LeadState.NEW


@pytest.mark.parametrize("arguments", [("x",), ("x", "maybe", "--user", "zhao"), ("x", "confirm")])
def test_wrong_usage_is_said(call: Call, road: MakeRoad, arguments: tuple[str, ...], lead: Finding) -> None:
    assert call(road(), "review", *arguments) == 2
