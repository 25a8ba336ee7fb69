"""How much memory the page needs for a big upload: `python -m bench.uploads --mib 1024`.

Starts the page on a data folder of its own, sends one archive of random bytes as a browser does, and reads the
server's peak from the system (Linux).
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

_CHUNK = os.urandom(1 << 20)
_NAME, _PASSWORD = "bench", "bench-2031-upload"
_BOUNDARY = "----bench"


def main() -> None:
    """Prints size, time and the growth of the server's peak."""
    parser = argparse.ArgumentParser(prog="python -m bench.uploads", description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    mib = parser.parse_args().mib
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        (folder / "config.toml").write_text(f"[web]\nport = {port}\n", "utf-8")
        _make_account(folder)
        server = subprocess.Popen(
            [sys.executable, "-m", "leakwatch", "serve", "--config", str(folder / "config.toml")]
        )
        try:
            cookies = _log_in(port)
            _forget_peak(server.pid)
            before = _peak_kib(server.pid)
            started = time.monotonic()
            status = _send(port, cookies, mib)
            seconds = time.monotonic() - started
            grown = (_peak_kib(server.pid) - before) / 1024
            kept = sum(path.stat().st_size for path in (folder / "data" / "uploads").rglob("*.zip"))
        finally:
            server.terminate()
            server.wait()
    print(f"{mib} MiB: answer {status}, kept {kept >> 20} MiB, {seconds:.1f} s, peak grew by {grown:.1f} MiB")


def _make_account(folder: Path) -> None:
    """In a process of its own: Django is set up once in each."""
    code = (
        "import os; from pathlib import Path; from leakwatch.config import load; "
        "from leakwatch.store.connection import base_settings, connect, database; "
        f"c = load(Path({str(folder / 'config.toml')!r}), os.environ); c.paths.data_dir.mkdir(); "
        "connect(base_settings(database('', c.paths.data_dir))); "
        "from leakwatch.store.models import User; from leakwatch.vault import system_clock; "
        f"u = User(username={_NAME!r}, role='office', must_change_password=False, created_at=system_clock()); "
        f"u.set_password({_PASSWORD!r}); u.save()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _log_in(port: int) -> dict[str, str]:
    """The cookies of a session."""
    for _ in range(300):
        try:
            cookies = _ask(port, {}, b"")
            break
        except OSError:
            time.sleep(0.2)
    form = {"username": _NAME, "password": _PASSWORD, "csrfmiddlewaretoken": cookies["csrftoken"]}
    return cookies | _ask(port, cookies, urlencode(form).encode())


def _ask(port: int, cookies: dict[str, str], form: bytes) -> dict[str, str]:
    """The cookies that the page of the login sets; an empty form only asks for it."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = _headers(cookies) | {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if form else "GET", "/login", form, headers)
    answer = connection.getresponse()
    answer.read()
    sent = [re.match(r"(\w+)=([^;]*)", line) for line in answer.msg.get_all("Set-Cookie") or []]
    return {found.group(1): found.group(2) for found in sent if found}


def _send(port: int, cookies: dict[str, str], mib: int) -> int:
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{cookies["csrftoken"]}\r\n'
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="big.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    ).encode()
    tail = f"\r\n--{_BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(mib):
            yield _CHUNK
        yield tail

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    length = len(head) + (mib << 20) + len(tail)
    headers = _headers(cookies) | {
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        "Content-Length": str(length),
    }
    connection.request("POST", "/upload", body(), headers)
    return connection.getresponse().status


def _headers(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def _forget_peak(pid: int) -> None:
    """The peak is that of what follows: checking a password takes 100 MiB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


def _peak_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
