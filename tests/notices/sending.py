"""A notice, and servers on this machine that take it."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from leakwatch.model import SHANGHAI
from leakwatch.notices import Notice, Subject

NIGHT = datetime(2031, 5, 6, 2, 10, tzinfo=SHANGHAI)
NOTICE = Notice(
    subject=Subject.NEW_LEADS,
    at=NIGHT,
    lead_ids=("XS-20310506-3f2a9c",),
    figures=(("没有读到的文件", 2),),
    link="http://127.0.0.1:8451/leads",
)
TEXT = (
    "保密检查：有新线索（1 件）\n时间：2031-05-06 02:10\n没有读到的文件：2\n"
    "线索编号：XS-20310506-3f2a9c\n请打开：http://127.0.0.1:8451/leads\n"
)


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    """The port of a server that runs for a while."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def robot(answer: bytes, status: int = 200) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Address of a robot that answers so; of what it was sent, paths and bodies."""
    sent: list[tuple[str, bytes]] = []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Robot)) as port:
        yield f"http://127.0.0.1:{port}/send", sent
