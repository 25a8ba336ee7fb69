"""What stands before every page: who may enter, and what browsers are told."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leakwatch.errors import EvidenceDamaged, whereabouts
from leakwatch.store.queries import OPEN, SOON
from leakwatch.web import access

_Answer = Callable[[HttpRequest], HttpResponse]

_LOG = logging.getLogger("leakwatch.web")
_ANSWERED = (Http404, PermissionDenied, SuspiciousOperation)
"""Exceptions that Django answers with a page of their own."""

_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"


def headers(answer: _Answer) -> _Answer:
    """Nothing from elsewhere, nothing kept in the browser's cache: pages hold what must not lie about."""

    def guarded(request: HttpRequest) -> HttpResponse:
        request.get_host()  # DisallowedHost: another site's name that was made to point here
        response = answer(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    return guarded


class Doorkeeper:
    """Lets in who has an account whose role may open the page; asks for a new password first."""

    def __init__(self, answer: _Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _names: object
    ) -> HttpResponse | None:
        """Another answer than the page, if it is not for this visitor."""
        page = request.resolver_match.view_name
        user = request.user
        if page in access.PUBLIC:
            return None
        if not user.is_authenticated:
            return (
                redirect(f"{reverse('login')}?next={quote(request.get_full_path())}")
                if request.method == "GET"
                else _refuse(request, "请先登录")
            )
        if user.must_change_password and page not in ("password", "logout"):
            return redirect("password")
        if not access.may(user.role, page):
            return _refuse(request, "您的角色不能打开这个页面")
        return None


class Faults:
    """A view that fails is told by a number alone, on the page and in the program's log.

    Exceptions quote what they failed on, and that may be words of a message: only their type and where they
    came from is written down.
    """

    def __init__(self, answer: _Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page; words for who typed the address of a button."""
        answer = self._answer(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return answer
        return _refuse(request, "这个地址不能直接打开，请用页面上的按钮", answer.status_code)

    def process_exception(self, request: HttpRequest, why: Exception) -> HttpResponse | None:
        """The page that says that something went wrong."""
        if isinstance(why, _ANSWERED):
            return None
        number = secrets.token_hex(4)
        _LOG.error("%s %s", number, whereabouts(why))
        sentence = str(why) if isinstance(why, EvidenceDamaged) else ""
        return render(request, "failed.html", {"number": number, "sentence": sentence}, status=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the menu."""

    page: str
    title: str


_MENU = (
    Entry(page="home", title="首页"),
    Entry(page="leads", title="线索"),
    Entry(page="upload", title="上传"),
    Entry(page="check", title="发前自查"),
    Entry(page="scans", title="扫描"),
    Entry(page="unread", title="未读"),
    Entry(page="groups", title="工作群"),
    Entry(page="suppressions", title="暂不生成"),
    Entry(page="log", title="日志"),
    Entry(page="accounts", title="账号"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """What every template is given: the pages that this visitor may open, and what time it is."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.must_change_password:
        return {"menu": (), "visitor": None}
    now = settings.OFFICE.clock()
    entries = [entry for entry in _MENU if access.may(user.role, entry.page)]
    return {"menu": entries, "visitor": user, "now": now, "soon": now + SOON, "open": OPEN}


def token_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A form whose token is missing or old: a page left open over night, or another site's form."""
    return _refuse(request, "页面已过期，请返回上一页刷新后重试")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """An address that is none, or a lead that is not for this visitor: both read the same."""
    return render(request, "missing.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """What failed outside of a view."""
    return render(request, "failed.html", status=500)


def wrong_host(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A name for this machine that nobody has allowed, or a request that is none."""
    why = "不能用这个网址打开，请用本机地址，或请管理员在 config.toml 的 [web] allowed_hosts 里写上"
    return _refuse(request, why, HTTPStatus.BAD_REQUEST)


def _refuse(request: HttpRequest, why: str, status: int = HTTPStatus.FORBIDDEN) -> HttpResponse:
    return render(request, "refused.html", {"why": why}, status=status)
