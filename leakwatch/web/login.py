"""Logging in and out, one's own password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, password_validation, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from leakwatch.store import log
from leakwatch.store.models import User
from leakwatch.web import trail

TRIES = 5
LOCKED = timedelta(minutes=15)


class Backend:
    """Name and password; every refusal takes as long and says the same, whether or not the name is known."""

    def authenticate(self, request: HttpRequest | None, username: str, password: str) -> User | None:  # noqa: ARG002
        """The user, if the password is right and the account is neither closed nor locked."""
        with transaction.atomic():
            user = User.objects.select_for_update().filter(username=username).first()
            if user is None:
                make_password(password)
                return None
            now = settings.OFFICE.clock()
            is_right = user.check_password(password)
            if not user.is_active or (user.locked_until and user.locked_until > now):
                return None
            if is_right:
                return _welcome(user)
            _count(user, now)
            return None

    def get_user(self, id: int) -> User | None:
        """The user of a session; a closed account ends its sessions."""
        user: User | None = User.objects.filter(pk=id, is_active=True).first()
        return user


def _welcome(user: User) -> User:
    user.failed_logins, user.locked_until = 0, None
    user.save(update_fields=["failed_logins", "locked_until"])
    return user


def _count(user: User, now: datetime) -> None:
    """One more wrong password; the fifth in a row locks the account for a while."""
    user.failed_logins += 1
    if user.failed_logins >= TRIES:
        user.failed_logins, user.locked_until = 0, now + LOCKED
        log.append(log.Act(at=now, actor=user.username, action="login.locked", subject=f"user:{user.pk}"))
    user.save(update_fields=["failed_logins", "locked_until"])


def _password(label: str, kind: str) -> forms.CharField:
    """A box for a password; kind: what a browser may offer to fill in."""
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, widget=widget, max_length=200, strip=False)


class LengthValidator(password_validation.MinimumLengthValidator):
    """Django's own; its sentence has no Chinese."""

    def get_error_message(self) -> str:
        """What is wrong with a short password."""
        return f"密码太短，至少要 {self.min_length} 位"


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="用户名", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = _password("密码", "current-password")


class PasswordForm(forms.Form):
    """One's own new password, twice."""

    old = _password("当前密码", "current-password")
    new = _password("新密码", "new-password")
    again = _password("再输入一次新密码", "new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_old(self) -> str:
        """The old password, if it is the right one."""
        if not self._user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("当前密码不对")
        return str(self.cleaned_data["old"])

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same and good enough."""
        given: dict[str, Any] = self.cleaned_data
        if "new" in given and given.get("again") != given["new"]:
            self.add_error("again", "两次输入的新密码不一样")
        elif "new" in given and given["new"] == given.get("old"):
            self.add_error("new", "新密码与当前密码相同")
        elif "new" in given:
            try:
                password_validation.validate_password(given["new"], self._user)
            except forms.ValidationError as why:
                self.add_error("new", why)
        return given


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The page where one logs in."""
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            with transaction.atomic():
                trail.note(request, "login", f"user:{user.pk}")
            return redirect(_onward(request))
        form.add_error(None, f"用户名或密码不对，或账号已停用。连续输错 {TRIES} 次，账号锁定 15 分钟。")
    return render(request, "login.html", {"form": form, "next": request.GET.get("next", "")})


def _onward(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if wanted and is_ours else "home"


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Logged out."""
    with transaction.atomic():
        trail.note(request, "logout", f"user:{request.user.pk}")
    logout(request)
    return redirect("login")


@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; the first thing that a new account is asked for."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        with transaction.atomic():
            user.set_password(form.cleaned_data["new"])
            user.must_change_password = False
            user.save(update_fields=["password", "must_change_password"])
            trail.note(request, "password.change", f"user:{user.pk}")
        update_session_auth_hash(request, user)
        return redirect("home")
    return render(request, "password.html", {"form": form})
