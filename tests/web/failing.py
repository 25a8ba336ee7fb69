"""Addresses of a page whose first view fails over the words of a message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from leakwatch.web import urls

CANARY = "云岭区第七号预案的金丝雀"


def fail(request: HttpRequest) -> HttpResponse:
    """Raises what holds the words."""
    raise ValueError(CANARY)


urlpatterns = [path("", fail, name="home"), *urls.urlpatterns[1:]]
