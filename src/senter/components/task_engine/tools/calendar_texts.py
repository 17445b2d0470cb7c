"""The text of calendars, read and changed by the child that knows how. Nothing is opened or reached here."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.component.frames import Frame
from senter.component.isolated import Isolated
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_event import EVENTS, CalendarEvent, EntryChange, EntryEdit, Told
from senter.errors import ChildFailed, ToolError
from senter.masking import mask_text

CALENDAR_SECONDS = 40.0
CANNOT = "The calendar cannot be used: "
REMEMBERED = 8
Whole = Literal["file", "resource"]
"""What an entry is a part of, or all of: a file with others, or a resource of its own."""


class EntryAbsent(Exception):
    """There is no such entry in this calendar: it may be in another."""


class CalendarSpan(NamedTuple):
    """From a moment until before another."""

    start: datetime
    end: datetime


def whole_days(span: CalendarSpan) -> CalendarSpan:
    """The days that it touches, in UTC: what is asked again a moment later is the same then."""
    first, last = (moment.astimezone(UTC).date() for moment in span)
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    return CalendarSpan(begin, end)


class NewText(NamedTuple):
    """A text with an event in it, whether it was added just now, and its version."""

    content: bytes
    added: bool
    version: str


class CalendarTexts:
    """One question at a time. What was read is remembered for a while, since the same is asked often."""

    def __init__(self, child: Isolated) -> None:
        self._child = child
        self._read = dict[tuple[bytes, CalendarSpan, str], asyncio.Task[Told]]()

    async def events(self, content: bytes, span: CalendarSpan, zone: ZoneInfo) -> Told:
        """Every occurrence in the time, for a user in the zone. Who no longer waits for it does not stop a reading."""
        key = hashlib.sha256(content).digest(), span, zone.key
        reading = self._read.get(key)
        if reading is None or (reading.done() and (reading.cancelled() or reading.exception())):
            self._read[key] = reading = asyncio.create_task(self._events(content, span, zone))
            for old in list(self._read)[:-REMEMBERED]:
                del self._read[old]
        return await asyncio.shield(reading)

    async def close(self) -> None:
        unread = [reading for reading in self._read.values() if not reading.done()]
        for reading in unread:
            reading.cancel()
        if unread:
            await asyncio.wait(unread)

    async def new(self, event: CalendarEvent, content: bytes, call: ToolCall) -> NewText:
        """The content with the event in it, once, by its UID."""
        fields = cast("Mapping[str, JsonValue]", event.model_dump(mode="json"))
        stamped: dict[str, JsonValue] = {**fields, "stamp": call.clock.now().astimezone(UTC).isoformat()}
        answer = await ask(self._child, Frame({"do": "file_add", "event": stamped}, content))
        return NewText(answer.body, bool(answer.head["added"]), str(answer.head["version"]))

    async def edit(self, whole: Whole, edit: EntryEdit, content: bytes) -> EntryChange:
        """What an edit makes of an entry. Raises `EntryAbsent`, and `ToolError` for what cannot be done."""
        head: dict[str, JsonValue] = {"do": f"{whole}_edit", "edit": edit.model_dump(mode="json")}
        return _expecting(await ask(self._child, Frame(head, content)), edit.version)

    async def restoring(self, whole: Whole, uid: str, entry: str, version: str, content: bytes) -> EntryChange:
        """What putting a kept entry back makes of it."""
        head: dict[str, JsonValue] = {"do": f"{whole}_restoring", "uid": uid, "entry": entry}
        return _expecting(await ask(self._child, Frame(head, content)), version)

    async def put(self, whole: Whole, change: EntryChange, content: bytes) -> bytes | None:
        """The content with the change made; none where it is made already. Raises `ToolError` where the entry is no
        longer what it was."""
        wanted: dict[str, JsonValue] = {"uid": change.uid, "entry": change.after, "expects": change.before_version}
        answer = await ask(self._child, Frame({"do": f"{whole}_put", **wanted}, content))
        return answer.body if answer.head["changed"] else None

    async def _events(self, content: bytes, span: CalendarSpan, zone: ZoneInfo) -> Told:
        times: dict[str, JsonValue] = {"start": span.start.isoformat(), "end": span.end.isoformat(), "zone": zone.key}
        answer = await ask(self._child, Frame({"do": "file_events", **times}, content))
        return Told(EVENTS.validate_python(answer.head["events"]), str(answer.head.get("problem", "")))


async def ask(child: Isolated, frame: Frame) -> Frame:
    """The child's answer. Raises `EntryAbsent`, and `ToolError` with what it refuses or cannot do."""
    try:
        answer = await child.ask(frame, timeout_seconds=CALENDAR_SECONDS)
    except ChildFailed as error:
        raise ToolError(f"The calendar cannot be used. {error.message}", retryable=True) from error
    if answer.head.get("absent"):
        raise EntryAbsent
    if refused := str(answer.head.get("refused", "")):
        raise ToolError(mask_text(refused))
    if problem := str(answer.head.get("error", "")):
        passing = answer.head.get("lasting") is False
        raise ToolError(f"{CANNOT}{mask_text(problem)}.", retryable=passing)
    return answer


def _expecting(answer: Frame, version: str | None) -> EntryChange:
    """The change that was worked out; `version` is what the entry is expected to be."""
    change = EntryChange.model_validate(answer.head)
    return change if version is None else change.model_copy(update={"before_version": version})
