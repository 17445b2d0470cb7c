"""Tells a service manager how the daemon is, by the protocol of sd_notify(3). Nothing happens without one."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send one state, such as READY=1, WATCHDOG=1 or STOPPING=1."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto(state.encode(), address)
    except OSError:
        return


def watchdog_interval_seconds() -> float | None:
    """Half of what the service manager allows between two signs of life; none when it watches nobody."""
    microseconds = os.environ.get("WATCHDOG_USEC")
    watched = os.environ.get("WATCHDOG_PID")
    if not microseconds or (watched and watched != str(os.getpid())):
        return None
    return int(microseconds) / 2_000_000
