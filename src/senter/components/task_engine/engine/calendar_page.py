"""What stands in the user's calendars in a time, for whoever asks beside goals."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue, TypeAdapter

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import ToolCall, ToolResult
from senter.components.task_engine.engine.services import EngineServices
from senter.errors import InvalidInput, SenterError
from senter.messages.calendar import EventsReply, EventView, ListEvents
from senter.messages.message import new_message_id
from senter.moments.finding import when_in
from senter.moments.names import cannot_read, day_named, first_of_next, month_named
from senter.moments.zones import user_zone

CALENDAR_CHECK = "calendar_check"
USUAL, LONGEST, A_DAY = timedelta(days=7), timedelta(days=366), timedelta(days=1)
USUAL_WAIT_SECONDS = 1.0
LENGTHS = {"": USUAL, "week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=365)}
"""Of words that mean so many days from today."""
EVENTS = TypeAdapter(tuple[EventView, ...])


async def calendar_page(
    start: datetime,
    end: datetime,
    folders: Sequence[str],
    services: EngineServices,
    wait_seconds: float = USUAL_WAIT_SECONDS,
) -> EventsReply:
    """What cannot be read is said, and no error. Raises `InvalidInput` for a time that is none."""
    if not timedelta() < end - start <= LONGEST:
        raise InvalidInput("The end must come after the start, by a year at most.")
    asked: dict[str, JsonValue] = {
        "start": start.isoformat(),
        "days": (end - start) / A_DAY,
        "wait_seconds": wait_seconds,
    }
    try:
        found = (await _looked_up(asked, folders, services)).data
    except (SenterError, TimeoutError) as error:
        problem = str(error) or "The calendar does not answer."
        return EventsReply(events=(), calendars=(), problem=problem, start=start, end=end)
    return EventsReply(
        events=EVENTS.validate_python(found["events"]),
        calendars=_texts(found["calendars"]),
        problem="; ".join(_texts(found["problems"])),
        start=start,
        end=end,
    )


def plain_call(folders: Sequence[str], services: EngineServices, key: str = "") -> ToolCall:
    """A call of a tool that belongs to no goal, with the default grant."""
    access = services.access(services.default_grant(folders), None)
    now, clock, log = services.clock.now(), services.clock, services.log
    return ToolCall(key or new_message_id(), access, now, services.paths, services.bus, clock, log)


def asked_time(command: ListEvents, services: EngineServices) -> tuple[datetime, datetime]:
    """Between two moments, or as words name it. Raises `InvalidInput` for words that name none."""
    now, zone = services.clock.now(), user_zone(services.settings.timezone)
    if command.when:
        return _named(command.when, now, zone)
    start = command.start or now
    return start, command.end or start + USUAL


def _named(words: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The days that words name, from the first to the end of the last."""
    today = now.astimezone(zone).date()
    if length := LENGTHS.get(words.strip().casefold()):
        return _begin(today, zone), _begin(today + length, zone)
    if day := day_named(words, today):
        return _begin(day, zone), _begin(day + A_DAY, zone)
    if month := month_named(words, today):
        return _begin(month, zone), _begin(first_of_next(month), zone)
    found = when_in(words, now, zone)
    if found.start is None:
        raise InvalidInput(found.problem or cannot_read(words), "Say it like: today, friday, next week, 24 december")
    first = _day(found.start)
    return _begin(first, zone), _begin(max(_day(found.end or first), first) + A_DAY, zone)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


async def _looked_up(asked: dict[str, JsonValue], folders: Sequence[str], services: EngineServices) -> ToolResult:
    tool = services.tools.get(CALENDAR_CHECK)
    async with asyncio.timeout(tool.timeout_seconds):
        return await tool.run(parsed(tool, asked), plain_call(folders, services))
