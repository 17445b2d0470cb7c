"""From the address that a person was given to their calendars (RFC 6764, RFC 5397, RFC 4791).

That address may be the server, its .well-known place, the person's own place there, or one calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import httpx2

from senter.components.task_engine.tools.children.webdav import (
    DAV,
    MULTISTATUS,
    DavAnswer,
    DavResource,
    DavServer,
    ServerProblem,
    problem_of,
    resources_of,
)

CALDAV, SERVER = "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
MOST_CALENDARS, MOST_ASKED = 100, 20
WRITING = ("write", "write-content", "bind", "all")
WANTED = b"""<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"><d:prop>
<d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>
<c:supported-calendar-component-set/><d:current-user-privilege-set/><d:sync-token/><s:getctag/>
</d:prop></d:propfind>"""


@dataclass(frozen=True, slots=True)
class ServerCalendar:
    """One calendar on a server."""

    url: str
    name: str
    """As its owner calls it."""
    tag: str
    """Differs once something in it was changed; empty where the server does not say."""
    can_write: bool


class Discovery:
    """One search. No address is asked twice, and not many are."""

    def __init__(self, server: DavServer) -> None:
        self._server = server
        self._asked = set[tuple[str, int]]()
        self._answers = list[DavAnswer]()

    def calendars(self, url: str) -> list[ServerCalendar]:
        """Those that events are kept in, at least one. Raises `ServerProblem`."""
        for start in _starts(url):
            if found := self._led_to(start):
                return found[:MOST_CALENDARS]
        if any(answer.status == MULTISTATUS for answer in self._answers):
            host = httpx2.URL(url).host
            raise ServerProblem(f"no calendar was found at {host}; give the calendar's own address", lasting=True)
        first = self._answers[0]
        raise problem_of(next((answer for answer in self._answers if answer.is_page), first))

    def _led_to(self, start: str) -> list[ServerCalendar]:
        here = self._alone(start)
        if here is None:
            return []
        if _is_calendar(here):
            return [_told(here)]
        homes = here.links(f"{CALDAV}calendar-home-set")
        for principal in here.links(f"{DAV}current-user-principal"):
            found = None if homes else self._alone(principal)
            homes += found.links(f"{CALDAV}calendar-home-set") if found else []
        return [calendar for home in homes or [here.url] for calendar in self._listed(home)]

    def _alone(self, url: str) -> DavResource | None:
        found = next(iter(self._found(url, 0)), None)
        nobody = found is not None and found.has(f"{DAV}current-user-principal", f"{DAV}unauthenticated")
        if not nobody or not self._server.asks_without_password:
            return found
        self._server.prove_by_password()
        self._asked.discard((url, 0))
        return next(iter(self._found(url, 0)), None)

    def _listed(self, home: str) -> list[ServerCalendar]:
        return [_told(one) for one in self._found(home, 1) if _is_calendar(one)]

    def _found(self, url: str, depth: int) -> list[DavResource]:
        """Nothing where it was looked at already, or is of another kind."""
        if (url, depth) in self._asked or len(self._asked) >= MOST_ASKED:
            return []
        self._asked.add((url, depth))
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        answer = self._server.ask("PROPFIND", url, WANTED, headers)
        self._answers.append(answer)
        return resources_of(answer) if answer.status == MULTISTATUS else []


def _starts(url: str) -> Iterator[str]:
    yield url
    if not url.endswith("/"):
        yield f"{url}/"
    origin = httpx2.URL(url)
    yield str(origin.copy_with(path="/.well-known/caldav", query=None, fragment=None))
    yield str(origin.copy_with(path="/", query=None, fragment=None))


def _is_calendar(resource: DavResource) -> bool:
    """Whether events are kept in it: some hold tasks alone."""
    kinds = resource.properties.get(f"{CALDAV}supported-calendar-component-set")
    takes = {kind.get("name", "").upper() for kind in kinds.iter(f"{CALDAV}comp")} if kinds is not None else set[str]()
    return resource.has(f"{DAV}resourcetype", f"{CALDAV}calendar") and (not takes or "VEVENT" in takes)


def _told(resource: DavResource) -> ServerCalendar:
    rights = resource.properties.get(f"{DAV}current-user-privilege-set")
    can_write = rights is None or any(rights.find(f".//{DAV}{right}") is not None for right in WRITING)
    last = unquote(httpx2.URL(resource.url).path.rstrip("/").rpartition("/")[2])
    tag = resource.text(f"{SERVER}getctag") or resource.text(f"{DAV}sync-token")
    return ServerCalendar(resource.url, resource.text(f"{DAV}displayname") or last or "calendar", tag, can_write)
