"""The shipped server on a data folder of its own, and people who log in as browsers do."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

_FORM = "application/x-www-form-urlencoded"
_START_S = 60


@dataclass(slots=True)
class Session:
    """A browser that is kept open; one connection, its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, address: str) -> str:
        """The page; whatever is no answer 200 raises."""
        status, page = self.ask("GET", address, None)
        if status != http.client.OK:
            raise RuntimeError(f"{address}: {status}")
        return page

    def post(self, address: str, values: Mapping[str, str]) -> int:
        """The status of what comes of a form."""
        token = {"csrfmiddlewaretoken": self.cookies["csrftoken"]}
        return self.ask("POST", address, urlencode({**values, **token}).encode())[0]

    def ask(self, method: str, address: str, form: bytes | None) -> tuple[int, str]:
        """Status and page of one request."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._connection.request(method, quote(address, safe="/?=&%"), form, self.headers(_FORM))
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for line in answer.msg.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, page

    def headers(self, content_type: str) -> dict[str, str]:
        """What goes along with every request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": content_type}


@contextmanager
def serving(config: Path, port: int, processes: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """The process of `leakwatch serve`, once it answers."""
    _set_web(config, port, processes)
    command = [sys.executable, "-m", "leakwatch", "serve", "--config", str(config)]
    server = subprocess.Popen(command)
    try:
        _await(port)
        yield server
    finally:
        server.terminate()
        server.wait()


def make_accounts(config: Path, names: Sequence[str], password: str) -> None:
    """Accounts of the secrecy office that need no new password; in a process that sets up Django once."""
    code = (
        "import os; from pathlib import Path; from leakwatch.config import load; "
        "from leakwatch.keeping import open_keeping; "
        f"c = load(Path({str(config)!r}), os.environ); open_keeping(c, os.environ, print); "
        "from django.contrib.auth.hashers import make_password; "
        "from leakwatch.store.models import User; from leakwatch.vault import system_clock; "
        f"secret = make_password({password!r}); "
        "[User.objects.update_or_create(username=n, defaults=dict(role='office', password=secret, "
        f"must_change_password=False, created_at=system_clock())) for n in {list(names)!r}]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def log_in(port: int, name: str, password: str) -> Session:
    """A session of that account."""
    session = Session(port)
    session.get("/login")
    session.post("/login", {"username": name, "password": password})
    return session


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _set_web(config: Path, port: int, processes: int) -> None:
    without = re.sub(
        r"\[web\]\n(port|processes) = \d+\n((port|processes) = \d+\n)?", "", config.read_text("utf-8")
    )
    config.write_text(f"{without}[web]\nport = {port}\nprocesses = {processes}\n", "utf-8")


def _await(port: int) -> None:
    until = time.monotonic() + _START_S
    while True:
        try:
            Session(port).get("/login")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
