"""The plainest HTTP: one kept-open connection that posts JSON, over TCP or a Unix socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from tests.support.scratch import ScratchDaemon

TIMEOUT_SECONDS = 120.0


class Caller:
    """A client with one connection. A status of another kind than 200 is an error."""

    def __init__(self, connection: socket.socket, host: str, token: str = "") -> None:
        self._http = HTTPConnection(host, timeout=TIMEOUT_SECONDS)
        self._http.sock = connection
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: object) -> bytes:
        response = self.open(path, body)
        return response.read()

    def timed_post(self, path: str, body: object) -> float:
        """How long it took, in milliseconds."""
        begun = time.perf_counter()
        self.post(path, body)
        return (time.perf_counter() - begun) * 1_000

    def open(self, path: str, body: object) -> HTTPResponse:
        """Post, and leave the answer to be read."""
        self._http.request("POST", path, json.dumps(body).encode(), self._headers)
        return self._opened()

    def follow(self, path: str, last_event_id: str = "") -> HTTPResponse:
        """Open a stream of events, after that one where it is named."""
        self._http.request("GET", path, headers={"Last-Event-ID": last_event_id} if last_event_id else {})
        return self._opened()

    def close(self) -> None:
        self._http.close()

    def _opened(self) -> HTTPResponse:
        response = self._http.getresponse()
        if response.status // 100 != 2:
            raise ConnectionError(f"{response.status}: {response.read()[:500]!r}")
        return response


def tcp_socket(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def unix_socket(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT_SECONDS)
    connection.connect(str(path))
    return connection


@contextmanager
def over_tcp(port: int, token: str = "") -> Generator[Caller]:
    caller = Caller(tcp_socket(port), f"127.0.0.1:{port}", token)
    try:
        yield caller
    finally:
        caller.close()


@contextmanager
def over_unix(started: ScratchDaemon) -> Generator[Caller]:
    """A client of the daemon's API on its Unix socket."""
    caller = Caller(unix_socket(started.paths.api_socket), "localhost")
    try:
        yield caller
    finally:
        caller.close()


@contextmanager
def over_daemons_tcp(started: ScratchDaemon) -> Generator[Caller]:
    """A client of the daemon's API on TCP, with its token."""
    port, token = int(started.paths.port.read_text("ascii")), started.paths.token.read_text("ascii").strip()
    with over_tcp(port, token) as caller:
        yield caller
