"""A place that publishes a calendar by its address: well behaved, or as a test says."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event

from tests.support.http_serving import http_serving

PATH = "/private-4f2a9c81d7/basic.ics"


@dataclass
class IcsServer:
    """What it answers, and what it was asked."""

    origin: str = ""
    content: bytes = b""
    status: int = 200
    etag: str = ""
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    repeats: int = 1
    """How often the content is sent in one answer."""
    held: Event | None = None
    """What every answer waits for."""
    asked: list[str] = field(default_factory=list[str])
    """Path and If-None-Match of each request."""

    @property
    def address(self) -> str:
        return f"{self.origin}{PATH}"


@contextmanager
def ics_server(content: str = "") -> Generator[IcsServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = self.headers.get("if-none-match", "")
            state.asked.append(f"{self.path} {known}".strip())
            if state.held:
                state.held.wait()
            if location := state.redirects.get(self.path):
                self._answer(302, b"", location)
            elif state.etag and known == state.etag:
                self._answer(304, b"")
            else:
                self._answer(state.status, state.content)

        def _answer(self, status: int, content: bytes, location: str = "") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(content) * state.repeats))
            if state.etag:
                self.send_header("etag", state.etag)
            if location:
                self.send_header("location", location)
            self.end_headers()
            with suppress(ConnectionError):
                for _ in range(state.repeats):
                    self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with http_serving(Handler) as address:
        state = IcsServer(address, content.encode())
        try:
            yield state
        finally:
            if state.held:
                state.held.set()
