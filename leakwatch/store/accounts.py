"""Accounts: made by the administrator with a password that works once, closed but never deleted."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from leakwatch.chain import Json
from leakwatch.errors import UsageError
from leakwatch.store import log
from leakwatch.store.models import Role, Unit, User

_NAME = re.compile(r"[\w.@-]{2,50}")
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""Without what looks alike on paper: 0 and O, 1 and l and I."""


def first_start(now: datetime) -> tuple[str, str] | None:
    """Name and one-time password of the administrator, if there was no account yet."""
    with transaction.atomic():
        if User.objects.exists():
            return None
        password = create("leakwatch", "admin", Role.ADMIN, now)
    return "admin", password


def create(actor: str, username: str, role: Role, now: datetime) -> str:
    """The one-time password of a new account; UsageError if the name is taken or no name."""
    if not _NAME.fullmatch(username):
        raise UsageError("用户名应为 2–50 个汉字、字母、数字、点、横线或 @，请换一个")
    user = User(username=username, role=role, created_at=now)
    password = _one_time(user)
    try:
        with transaction.atomic():
            user.save()
            log.append(
                log.Act(
                    at=now,
                    actor=actor,
                    action="user.create",
                    subject=_subject(user),
                    details={"role": role.value},
                )
            )
    except IntegrityError as why:
        raise UsageError(f"用户名 {username} 已经有人用，请换一个") from why
    return password


def reset_password(actor: str, user: User, now: datetime) -> str:
    """A new one-time password; the old one, and every session with it, ends."""
    password = _one_time(user)
    user.failed_logins, user.locked_until = 0, None
    with transaction.atomic():
        user.save()
        log.append(log.Act(at=now, actor=actor, action="user.password", subject=_subject(user)))
    return password


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of an account can be changed."""

    role: Role
    unit: Unit | None
    is_active: bool


def change(actor: str, user: User, wanted: Standing, now: datetime) -> None:
    """The account as wanted; UsageError if no administrator would be left."""
    was = _standing(user)
    user.role, user.unit, user.is_active = wanted.role, wanted.unit, wanted.is_active
    with transaction.atomic():
        user.save()
        if not User.objects.filter(role=Role.ADMIN, is_active=True).exists():
            raise UsageError("至少要留一个可用的管理员账号")
        details: dict[str, Json] = {"was": was, "now": _standing(user)}
        log.append(
            log.Act(at=now, actor=actor, action="user.change", subject=_subject(user), details=details)
        )


def _subject(user: User) -> str:
    return f"user:{user.pk}"


def _standing(user: User) -> Json:
    return {"role": user.role, "unit": user.unit_id, "is_active": user.is_active}


def _one_time(user: User) -> str:
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    user.set_password(password)
    user.must_change_password = True
    return password
