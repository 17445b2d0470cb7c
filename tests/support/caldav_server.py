"""A CalDAV server as small as the calendar tools need: it keeps events and finds them by UID, or all."""

from __future__ import annotations

import base64
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from xml.sax.saxutils import escape

FOUND = """<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">{0}</d:multistatus>"""
EVENT = """<d:response><d:href>{0}</d:href><d:propstat><d:prop><d:getetag>{2}</d:getetag>
<c:calendar-data>{1}</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"""


@dataclass
class CaldavServer:
    """What it holds and what it was asked."""

    url: str
    events: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[str] = field(default_factory=list[str])
    changes: int = 0
    """How often something was put or deleted: the entity tag of all that it holds."""
    status: int = 0
    """Answer everything with this, where it is not 0."""


@contextmanager
def caldav_server(user: str = "ann", password: str = "secret") -> Generator[CaldavServer]:  # noqa: S107 - a test's own
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = self._body()
            if self._may() and self._matches():
                state.events[self.path] = body
                state.changes += 1
                self._answer(201)

        def do_DELETE(self) -> None:
            if self._may() and self._matches():
                del state.events[self.path]
                state.changes += 1
                self._answer(204)

        def _matches(self) -> bool:
            there, wanted = self.path in state.events, self.headers.get("if-match")
            if (self.headers.get("if-none-match") and there) or wanted not in (None, self._tag()):
                self._answer(412)
                return False
            return True

        def _tag(self) -> str:
            return f'"{state.changes}"'

        def do_REPORT(self) -> None:
            body = self._body()
            if self._may():
                uid = re.search(r"text-match[^>]*>([^<]+)<", body)
                shown = [(path, text) for path, text in state.events.items() if not uid or f"UID:{uid[1]}" in text]
                self._answer(
                    207,
                    FOUND.format(
                        "".join(EVENT.format(path, escape(text), escape(self._tag())) for path, text in shown)
                    ),
                )

        def do_GET(self) -> None:
            if self._may():
                known = state.events.get(self.path)
                self._answer(404 if known is None else 200, known or "", kind="text/calendar")

        def _body(self) -> str:
            return self.rfile.read(int(self.headers.get("content-length", "0"))).decode()

        def _may(self) -> bool:
            state.asked.append(self.command)
            if state.status:
                self._answer(state.status)
            elif self.headers.get("authorization") != expected:
                self._answer(401, challenge='Basic realm="calendar"')
            else:
                return True
            return False

        def _answer(self, status: int, text: str = "", challenge: str = "", kind: str = "application/xml") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("etag", self._tag())
            self.send_header("content-length", str(len(content)))
            if challenge:
                self.send_header("www-authenticate", challenge)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = CaldavServer(f"http://127.0.0.1:{server.server_port}/calendars/ann/")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
