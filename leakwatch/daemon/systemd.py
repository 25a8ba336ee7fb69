"""Telling systemd that the daemon is ready, alive, or about to stop; nothing where it does not listen."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify(state: str, environ: Mapping[str, str]) -> None:
    """One datagram to NOTIFY_SOCKET (sd_notify(3)); a name that begins with @ is abstract."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
