"""The two calendars there can be: an .ics file, or a CalDAV server. Both are read and written by a child process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple, cast
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from senter.component.frames import Frame
from senter.component.isolated import Isolated
from senter.component.threads import in_thread
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.decide import calendar_file
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.file_read import read_whole
from senter.errors import ChildFailed, ToolError
from senter.masking import mask_text
from senter.messages.needs import Need, ReachHost, ReadPath, UseProvider, WritePath
from senter.paths import Paths

CALENDAR_SECONDS = 40.0
PROVIDER = "caldav"
LARGEST_CALENDAR_BYTES = 48 * 1024 * 1024
"""Less than what a child takes at once."""


class CalendarEvent(BaseModel):
    """One event, or one occurrence of it. Times are ISO 8601; dates for whole days."""

    model_config = ConfigDict(frozen=True)

    uid: str
    title: str
    start: str
    end: str
    all_day: bool = False
    location: str = ""
    description: str = ""
    recurrence: str = ""
    """The value of an RRULE; empty for once."""
    zone: str = ""
    """The time zone by which it comes again."""
    left_out: tuple[str, ...] = ()
    """When it does not take place, of what comes again."""


class Told(NamedTuple):
    """The events of a time, in order, and what of them could not be read."""

    events: tuple[CalendarEvent, ...]
    problem: str


class Added(NamedTuple):
    """Whether an event was added, and the version of its entry."""

    added: bool
    version: str


class EntryEdit(BaseModel):
    """What is to become of an entry; what is none stays."""

    model_config = ConfigDict(frozen=True)

    uid: str
    version: str | None
    stamp: datetime
    zone: str
    texts: dict[str, str] = {}
    start: str | None = None
    end: str | None = None
    occurrence: str | None = None
    recurrence: str | None = None
    remove: bool = False


class EntryChange(BaseModel):
    """An entry before and after, as text of one character for each byte; empty where there is none."""

    model_config = ConfigDict(frozen=True)

    uid: str
    before: str
    after: str
    before_version: str
    after_version: str
    event: CalendarEvent
    """What it is about, after the change; before it where nothing is left."""


EVENTS = TypeAdapter(tuple[CalendarEvent, ...])


def calendar_of(settings: TaskEngineSettings, child: Isolated) -> Calendar:
    """The server where one is named, else the file."""
    return CaldavCalendar(settings, child) if settings.caldav_url else FileCalendar(settings, child)


class FileCalendar:
    """An .ics file, which other programs write too. Changed by one call at a time."""

    def __init__(self, settings: TaskEngineSettings, child: Isolated) -> None:
        self._settings = settings
        self._child = child
        self._changing = asyncio.Lock()

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (ReadPath(path=calendar_file(self._settings, paths)),)

    def needs_to_add(self, paths: Paths) -> tuple[Need, ...]:
        return (WritePath(path=calendar_file(self._settings, paths)),)

    async def events(self, start: datetime, end: datetime, call: ToolCall) -> Told:
        head: dict[str, JsonValue] = {"do": "file_events", **_span(start, end)}
        return _told(await _ask(self._child, Frame(head, await self._content(call) or b"")))

    async def add(self, event: CalendarEvent, call: ToolCall) -> Added:
        async with self._changing:
            content = await self._content(call)
            head: dict[str, JsonValue] = {"do": "file_add", "event": _fields(event, call)}
            answer = await _ask(self._child, Frame(head, content or b""))
            added = bool(answer.head["added"])
            if added:
                await self._rewrite(answer.body, content, call)
            return Added(added, str(answer.head["version"]))

    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        head: dict[str, JsonValue] = {"do": "file_edit", "edit": edit.model_dump(mode="json")}
        return _change(await _ask(self._child, Frame(head, await self._content(call) or b"")), edit.version)

    async def restoring(self, uid: str, entry: str, version: str, call: ToolCall) -> EntryChange:
        head: dict[str, JsonValue] = {"do": "file_restoring", "uid": uid, "entry": entry}
        return _change(await _ask(self._child, Frame(head, await self._content(call) or b"")), version)

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        async with self._changing:
            content = await self._content(call)
            answer = await _ask(self._child, Frame({"do": "file_put", **_wanted(change)}, content or b""))
            if answer.head["changed"]:
                await self._rewrite(answer.body, content, call)
        return change

    async def _rewrite(self, content: bytes, was: bytes | None, call: ToolCall) -> None:
        await in_thread(call.access.rewrite, calendar_file(self._settings, call.paths), content, was=was)

    @property
    def name(self) -> str:
        """What people call it."""
        return self._settings.calendar_file.stem if self._settings.calendar_file else "calendar"

    async def _content(self, call: ToolCall) -> bytes | None:
        path = calendar_file(self._settings, call.paths)
        if not await asyncio.to_thread(call.access.exists, path):
            return None
        return await asyncio.to_thread(read_whole, call.access, path, LARGEST_CALENDAR_BYTES)


class CaldavCalendar:
    """The calendar at `caldav_url`. The user named the server, so it may be on this machine."""

    def __init__(self, settings: TaskEngineSettings, child: Isolated) -> None:
        self._account: dict[str, JsonValue] = {
            "url": settings.caldav_url.get_secret_value(),
            "user": settings.caldav_user,
            "password": settings.caldav_password.get_secret_value(),
        }
        self._url = settings.caldav_url.get_secret_value()
        self._child = child

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name=PROVIDER),)

    def needs_to_add(self, paths: Paths) -> tuple[Need, ...]:
        """Looking was allowed by naming the server; adding is what others may see, so it needs its host too."""
        place = web_address(self._url)
        return (UseProvider(name=PROVIDER), ReachHost(host=place.host, port=place.port))

    async def events(self, start: datetime, end: datetime, call: ToolCall) -> Told:
        head: dict[str, JsonValue] = {"do": "caldav_events", **self._account, **_span(start, end)}
        return _told(await _ask(self._child, Frame(head)))

    async def add(self, event: CalendarEvent, call: ToolCall) -> Added:
        head: dict[str, JsonValue] = {"do": "caldav_add", **self._account, "event": _fields(event, call)}
        answer = await _ask(self._child, Frame(head), retryable=True)
        return Added(bool(answer.head["added"]), str(answer.head["version"]))

    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        head: dict[str, JsonValue] = {"do": "caldav_edit", **self._account, "edit": edit.model_dump(mode="json")}
        return _change(await _ask(self._child, Frame(head), retryable=True), edit.version)

    async def restoring(self, uid: str, entry: str, version: str, call: ToolCall) -> EntryChange:
        head: dict[str, JsonValue] = {"do": "caldav_restoring", **self._account, "uid": uid, "entry": entry}
        return _change(await _ask(self._child, Frame(head), retryable=True), version)

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        """Servers may write an entry in their own way: what it is then is what they hold."""
        head: dict[str, JsonValue] = {"do": "caldav_put", **self._account, **_wanted(change)}
        answer = await _ask(self._child, Frame(head), retryable=True)
        return change.model_copy(update={"after_version": str(answer.head["version"])})

    @property
    def name(self) -> str:
        """What people call it: the last part of its address."""
        return unquote(self._url.rstrip("/").rpartition("/")[2]) or PROVIDER


Calendar = FileCalendar | CaldavCalendar
"""`add` adds an event once, by its UID. `edit` and `restoring` work out what an entry would become; `put` makes it that
where it is still what it was, or is that already."""


def _span(start: datetime, end: datetime) -> dict[str, JsonValue]:
    """For a user in the zone of the start."""
    return {"start": start.isoformat(), "end": end.isoformat(), "zone": str(start.tzinfo)}


def _told(answer: Frame) -> Told:
    return Told(EVENTS.validate_python(answer.head["events"]), str(answer.head["problem"]))


def _fields(event: CalendarEvent, call: ToolCall) -> dict[str, JsonValue]:
    fields = cast("Mapping[str, JsonValue]", event.model_dump(mode="json"))
    return {**fields, "stamp": call.clock.now().astimezone(UTC).isoformat()}


def _change(answer: Frame, version: str | None) -> EntryChange:
    """The change that was worked out; `version` is what the entry is expected to be."""
    change = EntryChange.model_validate(answer.head)
    return change if version is None else change.model_copy(update={"before_version": version})


def _wanted(change: EntryChange) -> dict[str, JsonValue]:
    return {"uid": change.uid, "entry": change.after, "expects": change.before_version}


async def _ask(child: Isolated, frame: Frame, *, retryable: bool = False) -> Frame:
    try:
        answer = await child.ask(frame, timeout_seconds=CALENDAR_SECONDS)
    except ChildFailed as error:
        raise ToolError(f"The calendar cannot be used. {error.message}", retryable=True) from error
    if refused := str(answer.head.get("refused", "")):
        raise ToolError(mask_text(refused))
    if problem := str(answer.head.get("error", "")):
        raise ToolError(f"The calendar cannot be used: {mask_text(problem)}.", retryable=retryable)
    return answer
