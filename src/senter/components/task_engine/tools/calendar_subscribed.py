"""Calendars that are subscribed by their address: one text that somebody else publishes, read only."""

from __future__ import annotations

from senter.components.task_engine.contract.access import Fetched
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.hosts import Fetcher
from senter.components.task_engine.tools.calendar_copies import (
    BYTES,
    CalendarCopy,
    CopiedCalendar,
    KeptCopy,
    forget_copy,
    told_problem,
)
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange, EntryEdit
from senter.components.task_engine.tools.calendar_source import Calendar, CalendarContents, CalendarPart, read_only
from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.errors import ToolError
from senter.messages.calendar import CalendarKind
from senter.messages.needs import Need, UseProvider
from senter.paths import Paths

SUBSCRIPTIONS = "subscribed calendars"
FETCH_SECONDS = 30.0
LARGEST_CALENDAR_BYTES = 32 * 1024 * 1024
NOT_MODIFIED, FINE, FIRST_SERVER_ERROR = 304, 200, 500
EVERY_PUBLIC_HOST = ("*",)
PASSING = frozenset({408, 425, 429})
BEGINNING, END = b"BEGIN:VCALENDAR", b"END:VCALENDAR"
WEBCAL = {"webcal://": "https://", "webcals://": "https://"}
REFUSED = {
    401: "its address asks you to sign in",
    403: "its address refuses to be read",
    404: "there is nothing at its address now",
    410: "it was taken from its address",
}


class SubscribedCalendar(Calendar):
    """Answers from its copy at once; the address is read anew beside."""

    kind = CalendarKind.SUBSCRIPTION
    can_write = False

    def __init__(self, name: str, address: str, refresh_minutes: int) -> None:
        super().__init__(name)
        self._address = web_url(address)
        self._stale_seconds = 2 * refresh_minutes * 60.0
        self.copy = KeptCopy(self._address, self._read, refresh_minutes * 60.0, patient=False)

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name=SUBSCRIPTIONS),)

    def needs_to_write(self, paths: Paths) -> tuple[Need, ...]:
        return ()

    async def contents(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> CalendarContents:
        newest = await self.copy.newest(span, call, wait_seconds)
        copy = newest.copy
        problem = told_problem(newest, call.clock.now(), self._stale_seconds)
        parts = [CalendarPart(self.name, one.content, can_write=False) for one in copy.calendars] if copy else []
        return CalendarContents(parts, copy and copy.read_at, problem, newest.lasting)

    async def add(self, event: CalendarEvent, part: str, call: ToolCall) -> Added:
        raise read_only(self.name)

    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        raise read_only(self.name)

    async def restoring(self, uid: str, entry: str, version: str, part: str, call: ToolCall) -> EntryChange:
        raise read_only(self.name)

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        raise read_only(self.name)

    def forget(self, paths: Paths) -> None:
        forget_copy(paths, self.copy)

    async def close(self) -> None:
        await self.copy.close()

    async def _read(self, before: CalendarCopy | None, span: CalendarSpan, call: ToolCall) -> CalendarCopy:
        """The whole text is in the copy, whatever time is asked for."""
        headers = {"accept": "text/calendar, */*;q=0.5"}
        if before and before.etag:
            headers["if-none-match"] = before.etag
        if before and before.modified:
            headers["if-modified-since"] = before.modified
        fetcher = Fetcher(EVERY_PUBLIC_HOST, own_origin=self._address, headers=headers, own_may_redirect=True)
        async with fetcher.fetch(
            self._address, limit_bytes=LARGEST_CALENDAR_BYTES, timeout_seconds=FETCH_SECONDS
        ) as answer:
            read: dict[str, object] = {"read_at": call.clock.now(), "start": span.start, "end": span.end}
            if answer.status == NOT_MODIFIED and before:
                return before.model_copy(update=read)
            content = await _calendar_of(answer)
        if before and END not in content.upper():
            raise ToolError("the server sent only the beginning of it", retryable=True)
        read["calendars"] = (CopiedCalendar(place="", name=self.name, text=content.decode(BYTES)),)
        told = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        return CalendarCopy.model_validate({"of": "", **read, **told})


def web_url(address: str) -> str:
    """A webcal address as the web address it stands for. Raises `ToolError` for what is none."""
    text = address.strip()
    for scheme, instead in WEBCAL.items():
        if text.lower().startswith(scheme):
            text = instead + text[len(scheme) :]
    return str(web_address(text).url)


async def _calendar_of(answer: Fetched) -> bytes:
    """Raises `ToolError` with what was answered instead."""
    if answer.status != FINE:
        why = REFUSED.get(answer.status, f"the server answered with status {answer.status}")
        raise ToolError(why, retryable=answer.status >= FIRST_SERVER_ERROR or answer.status in PASSING)
    content = b"".join([piece async for piece in answer.body])
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[: len(BEGINNING)].upper() == BEGINNING:
        return content
    what = "a web page" if start.startswith(b"<") else "something that is not a calendar"
    raise ToolError(f"the server answered with {what}")
