"""A CalDAV server as small as the calendar tools need: leads to its calendars, keeps events, finds them by UID."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from xml.sax.saxutils import escape

from tests.support.http_serving import http_serving

FOUND = """<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/">{0}\
</d:multistatus>"""
EVENT = """<d:response><d:href>{0}</d:href><d:propstat><d:prop><d:getetag>{2}</d:getetag>
<c:calendar-data>{1}</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"""
PLACE = """<d:response><d:href>{0}</d:href><d:propstat><d:prop>{1}</d:prop><d:status>HTTP/1.1 200 OK</d:status>\
</d:propstat></d:response>"""
CALENDAR = """<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>{0}</d:displayname>
<c:supported-calendar-component-set><c:comp name="{1}"/></c:supported-calendar-component-set>
<d:current-user-privilege-set><d:privilege><d:{2}/></d:privilege></d:current-user-privilege-set>
<s:getctag>{3}</s:getctag>"""
COLLECTION = "<d:resourcetype><d:collection/></d:resourcetype>"
PRINCIPAL = "<d:current-user-principal><d:href>{0}</d:href></d:current-user-principal>"
HOME_SET = "<c:calendar-home-set><d:href>{0}</d:href></c:calendar-home-set>"
PRINCIPAL_PATH, HOME_PATH = "/principals/ann/", "/calendars/"


@dataclass
class CaldavServer:
    """What it holds and what it was asked."""

    url: str
    """Of its first calendar."""
    events: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[str] = field(default_factory=list[str])
    changes: int = 0
    """How often something was put or deleted: the entity tag of all that it holds."""
    status: int = 0
    """Answer everything with this, where it is not 0."""
    calendars: dict[str, tuple[str, str, str]] = field(
        default_factory=lambda: {"/calendars/ann/": ("Ann", "VEVENT", "write")}
    )
    """Name, kind of component and right of each, by its path."""
    redirects: dict[str, str] = field(default_factory=lambda: {"/.well-known/caldav": "/dav/"})
    principal: str = PRINCIPAL_PATH
    home: str = HOME_PATH
    page: bytes = b""
    """Answer everything with this page for people, where there is one."""
    held: Event | None = None
    """What every answer waits for."""
    before_put: Callable[[], object] | None = None
    """What happens before something is stored: somebody else changes it."""
    authorizations: list[str] = field(default_factory=list[str])

    @property
    def origin(self) -> str:
        return "/".join(self.url.split("/")[:3])

    def edited(self, path: str, text: str) -> None:
        """As another program does it."""
        self.events[path] = text
        self.changes += 1


@contextmanager
def caldav_server(user: str = "ann", password: str = "secret") -> Generator[CaldavServer]:  # noqa: S107 - a test's own
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = self._body()
            if self._may():
                if state.before_put:
                    state.before_put()
                if self._matches():
                    state.events[self.path] = body
                    state.changes += 1
                    self._answer(201)

        def do_DELETE(self) -> None:
            if self._may():
                if state.before_put:
                    state.before_put()
                if self._matches():
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

        def do_PROPFIND(self) -> None:
            self._body()
            if self._may():
                told = self._places(self.headers.get("depth") == "1")
                self._answer(207, FOUND.format("".join(PLACE.format(*one) for one in told))) if told else (
                    self._answer(404)
                )

        def _places(self, below: bool) -> list[tuple[str, str]]:
            if self.path in state.calendars:
                return [(self.path, self._told(self.path))]
            principal, home = PRINCIPAL.format(state.principal), HOME_SET.format(state.home)
            known = {"/": principal, "/dav/": principal, state.principal: home, state.home: principal}
            if self.path not in known:
                return []
            listed = state.calendars if below and self.path == state.home else ()
            return [(self.path, COLLECTION + known[self.path]), *((path, self._told(path)) for path in listed)]

        def _told(self, path: str) -> str:
            name, kind, right = state.calendars[path]
            return CALENDAR.format(escape(name), kind, right, state.changes)

        def do_REPORT(self) -> None:
            body = self._body()
            if self._may():
                uid = re.search(r"text-match[^>]*>([^<]+)<", body)
                held = ((path, text) for path, text in state.events.items() if path.startswith(self.path))
                shown = [(path, text) for path, text in held if not uid or f"UID:{uid[1]}" in text]
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
            given = self.headers.get("authorization", "")
            state.authorizations.append(given)
            if state.held:
                state.held.wait()
            if state.status:
                self._answer(state.status)
            elif location := state.redirects.get(self.path):
                self._answer(301, location=location)
            elif state.page:
                self._answer(200, state.page.decode(), kind="text/html")
            elif given != expected:
                self._answer(401, challenge='Basic realm="calendar"')
            else:
                return True
            return False

        def _answer(
            self, status: int, text: str = "", challenge: str = "", kind: str = "application/xml", location: str = ""
        ) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("etag", self._tag())
            self.send_header("content-length", str(len(content)))
            if challenge:
                self.send_header("www-authenticate", challenge)
            if location:
                self.send_header("location", location)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with http_serving(Handler) as address:
        state = CaldavServer(f"{address}/calendars/ann/")
        try:
            yield state
        finally:
            if state.held:
                state.held.set()
