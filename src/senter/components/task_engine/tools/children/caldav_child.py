"""The child that speaks CalDAV: finds calendars, reads them, and reads, stores and removes one entry.

One child serves one account, so that a slow server holds nobody else up. What an entry says is none of its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.tools.children.caldav_discovery import CALDAV, Discovery
from senter.components.task_engine.tools.children.calendar_entries import blocks_of
from senter.components.task_engine.tools.children.webdav import (
    FIRST_ERROR,
    PRECONDITION_FAILED,
    DavServer,
    ServerProblem,
    problem_of,
    resources_of,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{}</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""
IN_TIME = '<c:time-range start="{}" end="{}"/>'
OF_UID = '<c:prop-filter name="UID"><c:text-match collation="i;octet">{}</c:text-match></c:prop-filter>'
ICS = {"Content-Type": "text/calendar; charset=utf-8"}
XML = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}


class AccountDoor:
    """The one account that this child serves; its connection stays, and how it proves who asks."""

    def __init__(self) -> None:
        self._server: DavServer | None = None

    def answer(self, frame: Frame) -> Frame:
        head = frame.head
        doing = {"discover": _discover, "events": _events, "find": _find, "store": _store}
        try:
            if self._server is None:
                self._server = DavServer(str(head["url"]), str(head["user"]), str(head["password"]))
            return doing[str(head["do"])](self._server, head, frame.body)
        except ServerProblem as problem:
            return Frame({"error": str(problem), "lasting": problem.lasting})


def _discover(server: DavServer, head: Mapping[str, JsonValue], _: bytes) -> Frame:
    found: list[JsonValue] = [asdict(one) for one in Discovery(server).calendars(str(head["url"]))]
    return Frame({"calendars": found})


def _events(server: DavServer, head: Mapping[str, JsonValue], _: bytes) -> Frame:
    """The texts of what takes place in a time, one behind the other."""
    query = QUERY.format(IN_TIME.format(head["start"], head["end"]))
    found = _queried(server, str(head["calendar"]), query)
    return Frame({}, b"".join(text.strip() + b"\r\n" for _, text in found))


def _queried(server: DavServer, calendar: str, query: str) -> list[tuple[str, bytes]]:
    answer = server.ask("REPORT", calendar, query.encode(), XML)
    data = f"{CALDAV}calendar-data"
    return [(one.url, one.text(data).encode()) for one in resources_of(answer) if one.text(data)]


def _find(server: DavServer, head: Mapping[str, JsonValue], _: bytes) -> Frame:
    """The resource that holds an entry, as it lies on the server; nothing where no calendar has it."""
    uid, calendars = str(head["uid"]), head["calendars"]
    assert isinstance(calendars, list)
    for calendar in map(str, calendars):
        for url, text in _with_uid(server, calendar, uid):
            if blocks_of(text, uid):
                found = server.ask("GET", url)
                if found.status >= FIRST_ERROR:
                    raise problem_of(found)
                return Frame({"calendar": calendar, "place": url, "etag": found.etag}, found.content)
    return Frame({"calendar": "", "place": "", "etag": ""})


def _with_uid(server: DavServer, calendar: str, uid: str) -> list[tuple[str, bytes]]:
    """Servers that cannot look for a UID are asked for all."""
    try:
        return _queried(server, calendar, QUERY.format(OF_UID.format(escape(uid))))
    except ServerProblem as problem:
        if not problem.lasting:
            raise
        return _queried(server, calendar, QUERY.format(""))


def _store(server: DavServer, head: Mapping[str, JsonValue], body: bytes) -> Frame:
    """Put a resource where it is still the one that was read, or is new; remove it without a text (RFC 7232)."""
    place = str(head["place"]) or _new_place(str(head["calendar"]), str(head["uid"]))
    if not (body or head["place"]):
        return Frame({"stored": True})
    matching = {"If-Match": str(head["etag"])} if head["etag"] else {} if head["place"] else {"If-None-Match": "*"}
    if body:
        answer = server.ask("PUT", place, body, {**ICS, **matching})
    else:
        answer = server.ask("DELETE", place, headers=matching)
    if answer.status == PRECONDITION_FAILED:
        return Frame({"stored": False})
    if answer.status >= FIRST_ERROR:
        raise problem_of(answer)
    return Frame({"stored": True})


def _new_place(calendar: str, uid: str) -> str:
    return f"{calendar.rstrip('/')}/{quote(uid, safe='')}.ics"


if __name__ == "__main__":
    run(lambda: serve(AccountDoor().answer))
