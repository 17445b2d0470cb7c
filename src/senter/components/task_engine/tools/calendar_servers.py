"""Calendars of one account on a CalDAV server. The user named the server, so it may be on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from pydantic import BaseModel, ConfigDict, JsonValue, SecretStr, TypeAdapter

from senter.component.frames import Frame
from senter.component.isolated import Isolated
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.tools.calendar_copies import (
    BYTES,
    CalendarCopy,
    CopiedCalendar,
    KeptCopy,
    forget_copy,
    told_problem,
)
from senter.components.task_engine.tools.calendar_resources import CalendarResource, ResourceCalendar
from senter.components.task_engine.tools.calendar_source import CalendarContents, CalendarPart, read_only
from senter.components.task_engine.tools.calendar_texts import CANNOT, CalendarSpan, CalendarTexts, ask
from senter.errors import ToolError
from senter.messages.calendar import CalendarKind
from senter.messages.needs import Need, ReachHost, UseProvider
from senter.paths import Paths

PROVIDER = "caldav"
FRESH_SECONDS, STALE_SECONDS = 5.0, 900.0
LARGEST_ACCOUNT_BYTES = 64 * 1024 * 1024


class ServerAccount(BaseModel):
    """Where an account is."""

    model_config = ConfigDict(frozen=True)

    url: SecretStr
    user: str
    password: SecretStr


class FoundCalendar(BaseModel):
    """One calendar of the account, as the server tells it."""

    model_config = ConfigDict(frozen=True)

    url: str
    name: str
    tag: str
    can_write: bool


FOUND = TypeAdapter(tuple[FoundCalendar, ...])


class ServerCalendars(ResourceCalendar):
    """All the calendars that its address leads to."""

    kind = CalendarKind.CALDAV

    def __init__(self, name: str, account: ServerAccount, child: Isolated, texts: CalendarTexts, *, main: bool) -> None:
        super().__init__(name, texts)
        self._child = child
        self._main = main
        self._url = account.url.get_secret_value()
        self._account: dict[str, JsonValue] = {
            "url": self._url,
            "user": account.user,
            "password": account.password.get_secret_value(),
        }
        self._known: tuple[FoundCalendar, ...] = ()
        self.copy = KeptCopy(f"{self._url} {account.user}", self._read, FRESH_SECONDS, patient=True)

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name=PROVIDER),)

    def needs_to_write(self, paths: Paths) -> tuple[Need, ...]:
        """Looking was allowed by naming the server; writing is what others may see, so it needs its host too."""
        place = web_address(self._url)
        return (UseProvider(name=PROVIDER), ReachHost(host=place.host, port=place.port))

    async def contents(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> CalendarContents:
        newest = await self.copy.newest(span, call, wait_seconds)
        problem = told_problem(newest, call.clock.now(), STALE_SECONDS)
        copied = newest.copy.calendars if newest.copy else ()
        parts = [CalendarPart(self._label(one.name, len(copied)), one.content, one.can_write) for one in copied]
        return CalendarContents(parts, newest.copy and newest.copy.read_at, problem)

    async def find(self, uid: str, part: str, call: ToolCall) -> CalendarResource:
        known = self._known or await self.calendars()
        asked: list[JsonValue] = [one.url for one in known]
        found = await self._ask({"do": "find", "uid": uid, "calendars": asked})
        if not found.body:
            return self._place_for_new(part, known)
        holder = next(one for one in known if one.url == found.head["calendar"])
        label = self._label(holder.name, len(known))
        return CalendarResource(label, str(found.head["place"]), str(found.head["etag"]), found.body)

    async def store(self, uid: str, resource: CalendarResource, text: bytes, call: ToolCall) -> None:
        """The server refuses where another changed it between the look and the change (RFC 7232)."""
        known = self._known or await self.calendars()
        holder = self._of_label(resource.calendar, known)
        if holder is None or not holder.can_write:
            raise read_only(resource.calendar)
        place: dict[str, JsonValue] = {"calendar": holder.url, "place": resource.place, "etag": resource.tag}
        done = await self._ask({"do": "store", "uid": uid, **place}, text)
        self.copy.forget_age()
        if not done.head["stored"]:
            raise ToolError("The entry was changed since.")

    async def calendars(self) -> tuple[FoundCalendar, ...]:
        """Those that its address leads to. Raises `ToolError`."""
        self._known = FOUND.validate_python((await self._ask({"do": "discover"})).head["calendars"])
        return self._known

    def forget(self, paths: Paths) -> None:
        forget_copy(paths, self.copy)

    async def close(self) -> None:
        await self.copy.close()

    def _place_for_new(self, part: str, known: Sequence[FoundCalendar]) -> CalendarResource:
        """Raises `ToolError` where none is called that, or none takes events."""
        named = self._of_label(part, known) if part else None
        if part and part != self.name and named is None:
            names = ", ".join(self._label(one.name, len(known)) for one in known)
            raise ToolError(f"There is no calendar {part} any more.", f"There are: {names}", trusted=True)
        chosen = named or next((one for one in known if one.can_write), None)
        if chosen is None:
            raise read_only(self.name)
        return CalendarResource(self._label(chosen.name, len(known)))

    def _of_label(self, label: str, known: Sequence[FoundCalendar]) -> FoundCalendar | None:
        wanted = label.casefold()
        named = (one for one in known if wanted in (self._label(one.name, len(known)).casefold(), one.name.casefold()))
        return next(named, None)

    def _label(self, name: str, count: int) -> str:
        """What people know a calendar by: the account where it has one alone."""
        if count == 1:
            return name if self._main else self.name
        return name if self._main else f"{self.name}/{name}"

    async def _read(self, before: CalendarCopy | None, span: CalendarSpan, call: ToolCall) -> CalendarCopy:
        """One calendar that cannot be read is as it was, and hides none of the others."""
        known = {one.place: one for one in before.calendars} if before else {}
        covered = before is not None and before.covers(span)
        copied, problems = list[CopiedCalendar](), list[str]()
        for one in await self.calendars():
            old = known.get(one.url)
            try:
                copied.append(old if old and covered and _is_same(one, old) else await self._copied(one, span))
            except ToolError as error:
                problems.append(f"{one.name}: {error.message.removeprefix(CANNOT).rstrip('.')}")
                copied += [old] if old else []
        if sum(len(one.text) for one in copied) > LARGEST_ACCOUNT_BYTES:
            raise ToolError(f"it holds more than {LARGEST_ACCOUNT_BYTES // 1024**2} MiB")
        return CalendarCopy(
            of="",
            read_at=call.clock.now(),
            start=span.start,
            end=span.end,
            calendars=tuple(copied),
            problem="; ".join(problems),
        )

    async def _copied(self, one: FoundCalendar, span: CalendarSpan) -> CopiedCalendar:
        text = (await self._events(one, span)).decode(BYTES)
        return CopiedCalendar(place=one.url, name=one.name, tag=one.tag, can_write=one.can_write, text=text)

    async def _events(self, calendar: FoundCalendar, span: CalendarSpan) -> bytes:
        start, end = (moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in span)
        return (await self._ask({"do": "events", "calendar": calendar.url, "start": start, "end": end})).body

    async def _ask(self, wanted: dict[str, JsonValue], body: bytes = b"") -> Frame:
        return await ask(self._child, Frame({**wanted, **self._account}, body))


def _is_same(found: FoundCalendar, old: CopiedCalendar) -> bool:
    """Whether nothing of it was changed, as far as the server says so."""
    told = (found.name, found.tag, found.can_write)
    return bool(found.tag) and told == (old.name, old.tag, old.can_write)
