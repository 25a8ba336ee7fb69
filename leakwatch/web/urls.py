"""Address → view; who may open it is told by access.PAGES under the same name."""

from __future__ import annotations

from django.urls import path

from leakwatch.web import accounts, home, login

handler404 = "leakwatch.web.guards.not_found"
handler500 = "leakwatch.web.guards.failed"

urlpatterns = [
    path("", home.show, name="home"),
    path("login", login.enter, name="login"),
    path("logout", login.leave, name="logout"),
    path("password", login.change_password, name="password"),
    path("accounts", accounts.every, name="accounts"),
    path("accounts/new", accounts.create, name="account-new"),
    path("accounts/<int:id>", accounts.change, name="account"),
]
