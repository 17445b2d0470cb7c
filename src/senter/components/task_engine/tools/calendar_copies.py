"""The last good copy of a calendar that is kept elsewhere: answered from at once, read anew beside.

A copy is in the data folder, for this user alone, and stays when the place it came from is away or answers with
something else.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from senter.component.threads import in_thread
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_texts import CANNOT, CalendarSpan, whole_days
from senter.errors import SenterError, ToolError
from senter.files import replacing
from senter.paths import Paths

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
"""So much around now is kept at least, for when the place is away."""
NOT_YET = "it has not answered yet"
BYTES = "latin-1"
JUST_NOW_SECONDS = 60.0
FAILED_SECONDS = 1.0
"""How long a place is waited for at most that did not answer last: who asks again is not held up again."""


class CopiedCalendar(BaseModel):
    """One calendar as it was."""

    model_config = ConfigDict(frozen=True)

    place: str
    name: str
    tag: str = ""
    can_write: bool = False
    text: str
    """One character for each byte."""

    @property
    def content(self) -> bytes:
        return self.text.encode(BYTES)


class CalendarCopy(BaseModel):
    """All that was read at one time."""

    model_config = ConfigDict(frozen=True)

    of: str
    """Tells what place it is a copy of."""
    read_at: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime
    calendars: tuple[CopiedCalendar, ...]
    problem: str = ""
    """What of it could not be read."""
    etag: str = ""
    modified: str = ""

    def covers(self, span: CalendarSpan) -> bool:
        return self.start <= span.start and span.end <= self.end


class Newest(NamedTuple):
    """What is known of a place now."""

    copy: CalendarCopy | None
    problem: str = ""
    lasting: bool = False


ReadAnew = Callable[[CalendarCopy | None, CalendarSpan, ToolCall], Awaitable[CalendarCopy]]


class KeptCopy:
    """One copy, read anew when it is older than `fresh_seconds`. `patient`: who asks waits for what is newest."""

    def __init__(self, of: str, read_anew: ReadAnew, fresh_seconds: float, *, patient: bool) -> None:
        self._of = hashlib.sha256(of.encode()).hexdigest()[:16]
        self._read_anew = read_anew
        self._fresh_seconds = fresh_seconds
        self._patient = patient
        self._copy: CalendarCopy | None = None
        self._problem, self._lasting = "", False
        self._asked_at: float | None = None
        self._begun_at = 0.0
        self._current: asyncio.Task[None] | None = None
        self._readings = set[asyncio.Task[None]]()

    @property
    def of(self) -> str:
        """Tells what place it is a copy of, and nothing of its address."""
        return self._of

    async def newest(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> Newest:
        """Who comes while it is being read waits so long from its beginning: a slow place delays one, not each."""
        if self._asked_at is None:
            self._copy = await in_thread(_kept, _path(call.paths, self._of), self._of)
        covered = self._copy is not None and self._copy.covers(span)
        if self._is_due(call) or not covered:
            self._begin(span, call)
        waits = self._patient or not covered
        if waits and self._current:
            waited_seconds = call.clock.monotonic() - self._begun_at
            wait_seconds = min(wait_seconds, FAILED_SECONDS) if self._problem else wait_seconds
            await asyncio.wait({self._current}, timeout=max(wait_seconds - waited_seconds, 0))
        is_late = waits and self._current is not None and not self._current.done()
        return Newest(self._copy, self._problem or (NOT_YET if is_late else ""), self._lasting)

    def forget_age(self) -> None:
        """Something was changed there: the copy is old."""
        if self._asked_at is not None:
            self._asked_at = float("-inf")
        self._current = None  # what it reads may be from before

    async def close(self) -> None:
        for reading in self._readings:
            reading.cancel()
        if self._readings:
            await asyncio.wait(self._readings)

    def _is_due(self, call: ToolCall) -> bool:
        if self._asked_at is None:
            age = call.clock.now() - self._copy.read_at if self._copy else timedelta.max
            return age.total_seconds() >= self._fresh_seconds
        return call.clock.monotonic() - self._asked_at >= self._fresh_seconds

    def _begin(self, span: CalendarSpan, call: ToolCall) -> None:
        if self._current is None or self._current.done():
            self._asked_at = self._begun_at = call.clock.monotonic()
            reading = self._read(_around(span, call.clock.now()), call)
            self._current = asyncio.create_task(reading, name="calendar_copy")
            self._readings.add(self._current)
            self._current.add_done_callback(self._readings.discard)

    async def _read(self, span: CalendarSpan, call: ToolCall) -> None:
        try:
            copy = (await self._read_anew(self._copy, span, call)).model_copy(update={"of": self._of})
        except SenterError as error:
            self._problem = error.message.removeprefix(CANNOT).rstrip(".")
            self._lasting = not (isinstance(error, ToolError) and error.retryable)
            return
        if self._current is asyncio.current_task():  # nothing was changed there meanwhile
            await self._take(copy, call)

    async def _take(self, copy: CalendarCopy, call: ToolCall) -> None:
        self._copy, self._problem, self._lasting = copy, copy.problem, bool(copy.problem)
        try:
            await in_thread(_keep, _path(call.paths, self._of), copy)
        except OSError as error:
            call.log.warning("calendar_copy_not_kept", reason=error.strerror)


def forget_copy(paths: Paths, copy: KeptCopy) -> None:
    """Of a calendar that is no longer the user's."""
    _path(paths, copy.of).unlink(missing_ok=True)


def _path(paths: Paths, of: str) -> Path:
    return paths.data / "calendars" / f"{of}.json"


def _around(span: CalendarSpan, now: datetime) -> CalendarSpan:
    return whole_days(CalendarSpan(min(span.start, now - BACK), max(span.end, now + AHEAD)))


def _kept(path: Path, of: str) -> CalendarCopy | None:
    with suppress(OSError, ValidationError):
        found = CalendarCopy.model_validate_json(path.read_bytes())
        return found if found.of == of else None
    return None


def _keep(path: Path, copy: CalendarCopy) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with replacing(path) as file:
        file.write(copy.model_dump_json())


def shown_age(age: timedelta) -> str:
    """For people: `3 days ago`."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := int(age.total_seconds()) // seconds:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def told_problem(newest: Newest, now: datetime, stale_seconds: float) -> str:
    """What is to be said of a copy: nothing where it is new enough and will be read again."""
    copy = newest.copy
    if copy is None:
        return newest.problem
    age = now - copy.read_at
    is_old = age.total_seconds() > stale_seconds
    if not is_old and not newest.lasting:
        return ""
    if age.total_seconds() < JUST_NOW_SECONDS:
        return newest.problem
    why = f": {newest.problem}" if newest.problem else ""
    return f"last read {shown_age(age)}{why}"
