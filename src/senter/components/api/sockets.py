"""The two sockets the API listens on, opened before the server so that each failure has its own sentence."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import psutil

from senter.components.api.settings import ApiSettings
from senter.errors import SettingsError, StartError

HAS_UNIX_SOCKETS = hasattr(socket, "AF_UNIX")


class PortTaken(Exception):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.owner = who_listens(port)
        super().__init__(f"port {port} is taken by {self.owner}")


def open_unix_socket(path: Path) -> socket.socket:
    """Listen on `path`, for this user only. What a killed predecessor left there is removed."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fspath(path))
        path.chmod(0o600)
    except OSError as error:
        listener.close()
        raise StartError(
            f"The API cannot listen on {path}: {error.strerror}.", "Look at the folder's mode and free space."
        ) from error
    listener.setblocking(False)
    return listener


def open_tcp_socket(settings: ApiSettings) -> socket.socket:
    """Bind the TCP port. Raises `PortTaken`, or `SettingsError` for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol must be named: asyncio turns Nagle's algorithm off only where it sees that this is TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE and settings.port:
            raise PortTaken(settings.port) from error
        raise SettingsError(
            f"api.host: {settings.host} cannot be listened on: {error.strerror or error}.",
            "Use 127.0.0.1, or an address of this machine.",
        ) from error
    listener.setblocking(False)
    return listener


def who_listens(port: int) -> str:
    """The program that listens on a TCP port, as `NAME (pid N)` where the system tells it."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr[1] == port:
                return _program(connection.pid)
    except psutil.Error:
        pass
    return "another program"


def _program(pid: int | None) -> str:
    if pid is None:
        return "a program of another user"
    try:
        return f"{psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"


def raise_file_limit(wanted: int) -> None:
    """Allow this process `wanted` open files, or as many as the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < ceiling:
        resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))
