"""How much memory the page needs for a big upload: `python -m bench.uploads --mib 1024`.

Starts the page on a data folder of its own, sends one archive of random bytes as a browser does, and reads the
server's peak from the system (Linux).
"""

from __future__ import annotations

import argparse
import http.client
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.serving import Session, free_port, log_in, make_accounts, serving

_CHUNK = os.urandom(1 << 20)
_NAME, _PASSWORD = "bench", "bench-2031-upload"
_BOUNDARY = "----bench"


def main() -> None:
    """Prints size, time and the growth of the server's peak."""
    parser = argparse.ArgumentParser(prog="python -m bench.uploads", description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    mib = parser.parse_args().mib
    with tempfile.TemporaryDirectory() as name:
        config, port = Path(name) / "config.toml", free_port()
        config.touch()
        make_accounts(config, [_NAME], _PASSWORD)
        with serving(config, port) as server:
            session = log_in(port, _NAME, _PASSWORD)
            _forget_peak(server.pid)
            before, started = _peak_kib(server.pid), time.monotonic()
            status = _send(session, mib)
            seconds = time.monotonic() - started
            grown = (_peak_kib(server.pid) - before) / 1024
            kept = sum(path.stat().st_size for path in (Path(name) / "data" / "uploads").rglob("*.zip"))
    print(f"{mib} MiB: answer {status}, kept {kept >> 20} MiB, {seconds:.1f} s, peak grew by {grown:.1f} MiB")


def _send(session: Session, mib: int) -> int:
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{session.cookies['csrftoken']}\r\n"
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="big.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    ).encode()
    tail = f"\r\n--{_BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(mib):
            yield _CHUNK
        yield tail

    connection = http.client.HTTPConnection("127.0.0.1", session.port, timeout=600)
    length = len(head) + (mib << 20) + len(tail)
    headers = session.headers(f"multipart/form-data; boundary={_BOUNDARY}") | {"Content-Length": str(length)}
    connection.request("POST", "/upload", body(), headers)
    return connection.getresponse().status


def _forget_peak(pid: int) -> None:
    """The peak is that of what follows: checking a password takes 100 MiB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


def _peak_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    main()
