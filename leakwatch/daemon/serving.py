"""The page's servers: one in this process, and others in processes of their own that listen on the same sockets.

Python computes in one thread at a time: each process is one more core for those who read.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY, SO_REUSEADDR, SOL_SOCKET, socket
from threading import Thread
from typing import Any

from leakwatch.config import Config

_THREADS = 8
_PATIENCE_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What serves the page, until it is closed."""

    server: Any
    others: Sequence[subprocess.Popen[bytes]] = ()

    def close(self) -> None:
        """Nobody is answered any more."""
        self.server.close()
        for other in self.others:
            other.terminate()
        for other in self.others:
            try:
                other.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                other.kill()
                other.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How further processes are started."""

    config_file: Path | None
    environ: Mapping[str, str]
    """As this process was given it; its own lacks the master key by now."""


def page(config: Config, application: Callable[..., Any], start: Start) -> Page:
    """The page in a thread of its own, and in further processes where the system hands sockets on."""
    sockets = _bound(config.web.host, config.web.port)
    server = _serving(config, application, sockets)
    processes = 1 if os.name == "nt" else config.web.processes
    return Page(server=server, others=[_other(sockets, start) for _ in range(1, processes)])


def join(config: Config, application: Callable[..., Any], handles: Sequence[int]) -> Page:
    """One more server on the sockets of another process."""
    return Page(server=_serving(config, application, [socket(fileno=one) for one in handles]))


def _bound(host: str, port: int) -> list[socket]:
    """One for each address that the name stands for; OSError if another program has the port."""
    from waitress.adjustments import Adjustments

    sockets = []
    for family, kind, protocol, address in Adjustments(host=host, port=port).listen:
        one = socket(family, kind, protocol)
        if family == AF_INET6:
            one.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
        if os.name != "nt":  # there it would let two programs have one port
            one.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        one.bind(address)
        sockets.append(one)
    return sockets


def _serving(config: Config, application: Callable[..., Any], sockets: Sequence[socket]) -> Any:
    import waitress

    from leakwatch.web.bodies import Channel

    # A line for every page that waits its turn would fill the log on a busy morning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(
        application,
        sockets=sockets,
        threads=_THREADS,
        ident="leakwatch",
        max_request_body_size=(config.limits.file_mib + 1) << 20,  # what forms put around a file
    )
    for listening in (server, *getattr(server, "map", {}).values()):
        listening.channel_class = Channel
    Thread(target=server.run, name="page", daemon=True).start()
    return server


def _other(sockets: Sequence[socket], start: Start) -> subprocess.Popen[bytes]:
    handles = [one.fileno() for one in sockets]
    given = ["--config", str(start.config_file)] if start.config_file else []
    command = [sys.executable, "-m", "leakwatch", "page", *given, "--parent", str(os.getpid())]
    return subprocess.Popen(
        [*command, "--sockets", ",".join(map(str, handles))],
        env=start.environ,
        stdin=subprocess.DEVNULL,
        pass_fds=handles,
    )
