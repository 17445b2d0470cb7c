"""The two calendars there can be: an .ics file, or a CalDAV server. Both are read and written by a child process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

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

    async def events(self, start: datetime, end: datetime, call: ToolCall) -> tuple[CalendarEvent, ...]:
        head: dict[str, JsonValue] = {"do": "file_events", "start": start.isoformat(), "end": end.isoformat()}
        answer = await _ask(self._child, Frame(head, await self._content(call) or b""))
        return EVENTS.validate_python(answer.head["events"])

    async def add(self, event: CalendarEvent, call: ToolCall) -> bool:
        async with self._changing:
            content = await self._content(call)
            head: dict[str, JsonValue] = {"do": "file_add", "event": _fields(event, call)}
            answer = await _ask(self._child, Frame(head, content or b""))
            if not answer.head["added"]:
                return False
            await in_thread(call.access.rewrite, calendar_file(self._settings, call.paths), answer.body, was=content)
            return True

    async def _content(self, call: ToolCall) -> bytes | None:
        path = calendar_file(self._settings, call.paths)
        if not await asyncio.to_thread(call.access.exists, path):
            return None
        return await asyncio.to_thread(read_whole, call.access, path)


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

    async def events(self, start: datetime, end: datetime, call: ToolCall) -> tuple[CalendarEvent, ...]:
        times: dict[str, JsonValue] = {"start": start.isoformat(), "end": end.isoformat()}
        answer = await _ask(self._child, Frame({"do": "caldav_events", **self._account, **times}))
        return EVENTS.validate_python(answer.head["events"])

    async def add(self, event: CalendarEvent, call: ToolCall) -> bool:
        head: dict[str, JsonValue] = {"do": "caldav_add", **self._account, "event": _fields(event, call)}
        answer = await _ask(self._child, Frame(head), retryable=True)
        return bool(answer.head["added"])


Calendar = FileCalendar | CaldavCalendar
"""`add` says whether the event was added: one with the same UID is added once."""


def _fields(event: CalendarEvent, call: ToolCall) -> dict[str, JsonValue]:
    fields = cast("Mapping[str, JsonValue]", event.model_dump(mode="json"))
    return {**fields, "stamp": call.clock.now().astimezone(UTC).isoformat()}


async def _ask(child: Isolated, frame: Frame, *, retryable: bool = False) -> Frame:
    try:
        answer = await child.ask(frame, timeout_seconds=CALENDAR_SECONDS)
    except ChildFailed as error:
        raise ToolError(f"The calendar cannot be used. {error.message}", retryable=True) from error
    if problem := str(answer.head.get("error", "")):
        raise ToolError(f"The calendar cannot be used: {mask_text(problem)}.", retryable=retryable)
    return answer
