"""The administrator's pages: who has an account, and as what."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leakwatch.errors import UsageError
from leakwatch.store import accounts
from leakwatch.store.models import Role, Unit, User


class NewForm(forms.Form):
    """A new account."""

    username = forms.CharField(label="用户名", max_length=50)
    role = forms.ChoiceField(label="角色", choices=Role.choices)


class ChangeForm(forms.Form):
    """What of an account can be changed."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.order_by("pk"), required=False)
    is_active = forms.BooleanField(label="账号可用", required=False)


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All accounts."""
    users = User.objects.select_related("unit").order_by("-is_active", "username")
    return render(request, "accounts.html", {"users": users, "now": settings.OFFICE.clock()})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, role = form.cleaned_data["username"], Role(form.cleaned_data["role"])
        try:
            password = accounts.create(request.user.username, name, role, settings.OFFICE.clock())
        except UsageError as why:
            form.add_error("username", str(why))
        else:
            return render(request, "one_time.html", {"username": name, "password": password})
    return render(request, "account_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, id: int) -> HttpResponse:
    """Role, unit, open or closed, a new one-time password."""
    user = get_object_or_404(User, pk=id)
    if request.method == "POST" and "reset" in request.POST:
        password = accounts.reset_password(request.user.username, user, settings.OFFICE.clock())
        return render(request, "one_time.html", {"username": user.username, "password": password})
    start = {"role": user.role, "unit": user.unit_id, "is_active": user.is_active}
    form = ChangeForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            wanted = accounts.Standing(
                role=Role(given["role"]), unit=given["unit"], is_active=given["is_active"]
            )
            accounts.change(request.user.username, user, wanted, settings.OFFICE.clock())
        except UsageError as why:
            form.add_error(None, str(why))
        else:
            return redirect("accounts")
    return render(request, "account.html", {"form": form, "account": user})
