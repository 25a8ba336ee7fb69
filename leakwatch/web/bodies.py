"""Whose request is taken in: waitress keeps all of a body on disk before the application is asked about it.

Without this, whoever reaches the page could fill the disk without having an account.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error, RequestEntityTooLarge

SMALL_BYTES = 4 << 20
"""A form without files is smaller."""


class Unknown(Error):
    """The answer to a big body of who is not logged in."""

    code = 403
    reason = "Forbidden"


class Parser(HTTPRequestParser):
    """Gives a request up after its header if its body is big and nobody knows who sends it."""

    error: Error | None

    def received(self, data: bytes) -> int:
        """How much of the data belongs to this request; one that is too big is told so in words for people."""
        taken: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            most_mib = (self.adj.max_request_body_size >> 20) - 1
            self.error.body = f"文件太大，一次最多 {most_mib} MB，请分开导出或分几次上传"
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Also asks the sessions, where the body is big or of unknown length."""
        super().parse_header(header_plus)
        is_big = self.chunked or self.content_length > SMALL_BYTES
        if is_big and not _is_known(self.headers.get("COOKIE", "")):
            self.error = Unknown("请先登录")
            self.completed = True
            self.expect_continue = False  # else the sender is asked for the body all the same


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser


def _is_known(cookies: str) -> bool:
    """Whether the session of that cookie is logged in; what its user may do is asked later."""
    try:
        sent = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
        return sent is not None and SESSION_KEY in SessionStore(sent.value).load()
    except (CookieError, DatabaseError):
        return False
    finally:
        close_old_connections()
