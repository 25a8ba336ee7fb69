"""The page as Django sees it: its settings, and the WSGI application that a server runs."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from leakwatch.config import Config
from leakwatch.errors import LeakwatchError
from leakwatch.model import Scan
from leakwatch.store.sealing import Sealer
from leakwatch.vault import make_folder
from leakwatch.web.turns import Turns

STATIC = Path(__file__).parent / "static"

_SECRET = "secret"  # noqa: S105 - the name of the file
_SESSION_S = 8 * 3600
"""A working day; whoever leaves the desk is logged out in the evening at the latest."""
_CHECKS = 2
"""At a time; the page has eight threads for all."""
_FORM_BYTES = 2 << 20
"""Of a form without files; uploads are streamed to disk and have their own limit."""


class Originals(Protocol):
    """The files that were found to hold something."""

    def open(self, sha256: str) -> IO[bytes]:
        """The file's bytes; LeakwatchError if it was not kept or is damaged."""
        ...


def inspect_nothing(paths: Sequence[Path]) -> Scan:
    """Stands in where no road was given."""
    raise LeakwatchError(f"自查没有装好，{len(paths)} 项没有检查，请告诉管理员")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the views work with; they find it as settings.OFFICE."""

    config: Config
    clock: Callable[[], datetime]
    sealer: Sealer
    originals: Originals
    inspect: Callable[[Sequence[Path]], Scan] = inspect_nothing
    """What is found in files that are to be published; keeps nothing."""
    turns: Turns = field(default_factory=lambda: Turns(_CHECKS))


def site_settings(base: dict[str, Any], office: Office) -> dict[str, Any]:
    """The settings of the tables and of the page."""
    web = office.config.web
    return base | {
        "OFFICE": office,
        "SECRET_KEY": secret(office.config.paths.data_dir),
        "ALLOWED_HOSTS": [*web.allowed_hosts, "127.0.0.1", "localhost", "[::1]"],
        "ROOT_URLCONF": "leakwatch.web.urls",
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "leakwatch.web.guards.headers",
            "leakwatch.web.guards.Faults",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            # Before the check of the form's token, which would write a stranger's upload to disk first.
            "leakwatch.web.guards.Doorkeeper",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "leakwatch.web.guards.menu",
                    ],
                    "libraries": {"leakwatch": "leakwatch.web.words"},
                    "builtins": ["leakwatch.web.words", "leakwatch.web.markup"],
                },
            }
        ],
        "AUTHENTICATION_BACKENDS": ["leakwatch.web.login.Backend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "leakwatch.web.login.LengthValidator",
                "OPTIONS": {"min_length": 10},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        ],
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "LOGIN_URL": "login",
        "SESSION_COOKIE_AGE": _SESSION_S,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": web.https,
        "SESSION_COOKIE_NAME": "leakwatch_session",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": web.https,
        "CSRF_FAILURE_VIEW": "leakwatch.web.guards.token_failed",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": _FORM_BYTES,
        "DATA_UPLOAD_MAX_NUMBER_FILES": office.config.limits.archive_entries,
        "USE_I18N": True,
    }


def secret(data_dir: Path) -> str:
    """What signs sessions and tokens; made at the first start, readable by this user alone."""
    make_folder(data_dir)
    path = data_dir / _SECRET
    with suppress(FileExistsError):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


def application() -> Callable[..., Any]:
    """The WSGI application, static files included; Django must be connected."""
    from django.core.wsgi import get_wsgi_application
    from whitenoise import WhiteNoise

    served = WhiteNoise(get_wsgi_application(), max_age=3600, allow_all_origins=False)
    served.add_files(str(STATIC), prefix="static/")
    return served
