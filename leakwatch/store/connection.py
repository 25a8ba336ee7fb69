"""Which database, and Django made ready for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection

from leakwatch.errors import ConfigError, LeakwatchError
from leakwatch.store.backup import BACK, DATABASE
from leakwatch.store.sealing import Sealer

BUSY_S = 60
"""How long a writer waits for another one."""

_CONNECTED_S = 600
"""A thread of the page keeps its connection: making one takes as long as three queries."""

_PRAGMAS = "; ".join(
    (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",  # a power cut must not take back what was reported as recorded
        "PRAGMA secure_delete=ON",
    )
)

_EXPECTED = "[store] database：应为空，或形如 postgresql://用户:口令@主机/库名 的地址，请检查 config.toml"


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings of the database; an empty url is the SQLite file in data_dir.

    url: postgresql://user:password@host:port/name; ConfigError for anything else.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data_dir / DATABASE),
            "OPTIONS": {"timeout": BUSY_S, "transaction_mode": "IMMEDIATE", "init_command": _PRAGMAS},
            "CONN_MAX_AGE": _CONNECTED_S,
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as why:
        raise ConfigError(_EXPECTED) from why
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ConfigError(_EXPECTED)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": _CONNECTED_S,
    }


def base_settings(database: dict[str, Any], sealer: Sealer) -> dict[str, Any]:
    """What Django needs to know for the tables alone; the page adds its own. sealer: of the sealed columns."""
    return {
        "SEALER": sealer,
        "DATABASES": {"default": database},
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",  # its middleware asks for its tables; roles are ours
            "django.contrib.sessions",
            "leakwatch.store",
        ],
        "AUTH_USER_MODEL": "store.User",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
        "LANGUAGE_CODE": "zh-hans",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "LOGGING_CONFIG": None,
    }


def connect(values: dict[str, Any]) -> None:
    """Django is ready and the tables are those of this version; once in a process.

    LeakwatchError if the database cannot be used.
    """
    join(values)
    place = values["DATABASES"]["default"]["NAME"]
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as why:
        raise LeakwatchError(
            f"{place}：数据库打不开或正忙，请检查权限、磁盘空间，PostgreSQL 是否在运行，稍后再试"
        ) from why
    except DatabaseError as why:
        raise LeakwatchError(f"{place}：数据库损坏；{BACK}") from why


def join(values: dict[str, Any]) -> None:
    """Django is ready; the tables were made ready by the process that started this one, which takes a second."""
    if not settings.configured:
        settings.configure(**values)
        django.setup()


@contextmanager
def unhurried() -> Iterator[None]:
    """What is written in the block may be lost with the power, as it would then be done again; never more than that.

    SQLite does not wait for the disk then: 2 ms for each write, 20 on a disk that turns. In a transaction nothing
    is different: what else belongs to it is to stay.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
