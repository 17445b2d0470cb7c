"""The tools calendar_check and calendar_add."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, JsonValue

from senter.components.task_engine.contract.arguments import Arguments, Line, Text
from senter.components.task_engine.contract.tool import ArgumentsT, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.calendar_event import CalendarEvent
from senter.components.task_engine.tools.calendar_receipts import event_receipt, to_remove
from senter.components.task_engine.tools.calendar_recurrence import series_of
from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.components.task_engine.tools.calendars import Calendars
from senter.components.task_engine.tools.naming import as_said
from senter.errors import ToolError
from senter.messages.needs import Need
from senter.messages.tools import EffectClass
from senter.moments.dates import parse_moment
from senter.moments.shown import shown_when
from senter.moments.zones import user_zone
from senter.paths import Paths

DayT = TypeVar("DayT", date, datetime)
LISTED = {"uid", "calendar", "title", "start", "end", "all_day", "location", "description"}
WAIT_SECONDS = 20.0
NOTED = "Please note: "


def _near(moment: DayT) -> DayT:
    """Far from both ends of what a calendar library can count."""
    if not 1900 <= moment.year <= 2200:
        raise ValueError("the year must be between 1900 and 2200")
    return moment


Moment = Annotated[datetime, AfterValidator(_near)]


class CalendarCheckArguments(Arguments):
    start: Moment | None = None
    """From when, ISO 8601; without a zone, in the user's. Now by default."""
    days: float = Field(default=7.0, gt=0, le=366)
    """For how many days."""
    wait_seconds: float = Field(default=WAIT_SECONDS, ge=0, le=WAIT_SECONDS)
    """How long servers are waited for; after that, what was read from them last is told."""


class CalendarAddArguments(Arguments):
    title: Line
    """What it is."""
    start: Line
    """When it begins, in the words of the request, such as "friday 14:00"; or ISO 8601."""
    end: Line | None = None
    """When it ends, in the same way; an hour later by default. For whole days the last of them."""
    all_day: bool = False
    """Whether it is about whole days; so it is where only a day is given."""
    recurrence: Annotated[Line, Field(max_length=200)] | None = None
    """How it comes again: five fields of cron, or RRULE:..."""
    without: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Days on which it does not come again."""
    zone: Line | None = None
    """The time zone of the times, where another than the user's is meant."""
    location: Annotated[Text, Field(max_length=500)] = ""
    """Where it is."""
    description: Annotated[Text, Field(max_length=5_000)] = ""
    """What else is to be known."""
    calendar: Line | None = None
    """Which calendar, by its name; the usual one by default."""


class CalendarTool(Tool[ArgumentsT]):
    """What both have in common."""

    def __init__(self, calendars: Calendars, timezone: str) -> None:
        self._calendars = calendars
        self._timezone = timezone


class CalendarCheck(CalendarTool[CalendarCheckArguments]):
    name = "calendar_check"
    description = "Tells the user's appointments: what is in their calendar in the next days."
    arguments = CalendarCheckArguments
    examples = (ToolExample("What is on in the next two weeks?", {"days": 14}),)
    effect = EffectClass.PURE
    permission = "reading the calendar"

    def needs(self, arguments: CalendarCheckArguments, paths: Paths) -> tuple[Need, ...]:
        return self._calendars.needs_to_look(paths)

    async def run(self, arguments: CalendarCheckArguments, call: ToolCall) -> ToolResult:
        zone = zone_of(self._timezone)
        start = _aware(arguments.start or call.clock.now(), zone).astimezone(zone)
        span = CalendarSpan(start, _days_after(start, arguments.days))
        found = await self._calendars.look(span, zone, call, arguments.wait_seconds)
        names = len({event.calendar for event in found.events}) > 1
        lines = [_line(event, zone) + (f" [{event.calendar}]" if names else "") for event in found.events]
        lines = lines or ["There is nothing in the calendar."]
        events: list[JsonValue] = [event.model_dump(mode="json", include=LISTED) for event in found.events]
        return ToolResult(
            text="\n".join((*lines, *(f"{NOTED}{problem}." for problem in found.problems))),
            data={"events": events, "calendars": list(found.calendars), "problems": list(found.problems)},
        )


class CalendarAdd(CalendarTool[CalendarAddArguments]):
    """Idempotent: the event's UID is the idempotency key."""

    name = "calendar_add"
    description = "Adds an event to the user's calendar."
    arguments = CalendarAddArguments
    examples = (
        ToolExample("Put the vet on Thursday at 4 pm in my calendar", {"title": "vet", "start": "Thursday at 4 pm"}),
    )
    effect = EffectClass.IDEMPOTENT
    permission = "writing the calendar"
    undoable = True

    def needs(self, arguments: CalendarAddArguments, paths: Paths) -> tuple[Need, ...]:
        return self._calendars.needs_to_add(arguments.calendar or "", paths)

    async def run(self, arguments: CalendarAddArguments, call: ToolCall) -> ToolResult:
        zone = zone_of(arguments.zone or self._timezone)
        shown = {name: call.defused(getattr(arguments, name)) for name in ("title", "location", "description")}
        event = _event(arguments.model_copy(update=shown), call, zone)
        added = await self._calendars.add(event, arguments.calendar or "", call)
        told = event.model_copy(update={"calendar": added.calendar if self._calendars.are_several else ""})
        receipt = event_receipt(told, zone_of(self._timezone))
        return ToolResult(
            text=f"{receipt.done}.",
            data={"uid": event.uid, "added": added.added, "version": added.version},
            trusted=True,
            receipts=(receipt,),
            inverse=(to_remove(event.uid, added),),
        )


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; the machine's where it is empty."""
    with as_said():
        return user_zone(name)


def moment_of(words: str, now: datetime, zone: ZoneInfo) -> date | datetime:
    """A date in ISO 8601 may lie in the past; words mean a moment to come. A day alone is a day."""
    try:
        if len(words) == len("2026-12-24"):
            return _near(date.fromisoformat(words))
        return _near(_aware(datetime.fromisoformat(words), zone))
    except ValueError:
        pass
    with as_said():
        return parse_moment(words, now, zone, day_means="moment").astimezone(zone)


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _days_after(start: datetime, days: float) -> datetime:
    """Whole days by the calendar, at which clocks may be changed; parts of one by the clock."""
    if days.is_integer():
        return start + timedelta(days=days)
    return (start.astimezone(UTC) + timedelta(days=days)).astimezone(start.tzinfo)


def _event(arguments: CalendarAddArguments, call: ToolCall, zone: ZoneInfo) -> CalendarEvent:
    start = moment_of(arguments.start, call.asked_at, zone)
    end = moment_of(arguments.end, call.asked_at, zone) if arguments.end else None
    if arguments.all_day or not isinstance(start, datetime):
        begins, ends = _day(start), _day(end or start) + timedelta(days=1)
        backwards = ends <= begins
    else:
        begins, ends = start.astimezone(UTC), _end(start, end).astimezone(UTC)
        backwards = ends < begins
    if backwards:
        raise ToolError("The event would end before it begins.", trusted=True)
    rule, first = _series(arguments, begins, zone)
    ends += _between(begins, first)
    left_out = tuple(_left_out(words, call, zone, first) for words in arguments.without)
    made = {
        "calendar": "",
        "uid": f"{call.idempotency_key}@senter",
        "start": first.isoformat(),
        "end": ends.isoformat(),
    }
    kind = {"all_day": not isinstance(first, datetime), "recurrence": rule, "zone": zone.key, "left_out": left_out}
    return CalendarEvent.model_validate({**dict(arguments), **made, **kind})


def _series(arguments: CalendarAddArguments, begins: date | datetime, zone: ZoneInfo) -> tuple[str, date | datetime]:
    """How it comes again, and when first."""
    if not arguments.recurrence:
        return "", begins
    with as_said():
        rule, first = series_of(arguments.recurrence, begins, zone)
    return rule, first.astimezone(UTC) if isinstance(first, datetime) else first


def _between(one: date | datetime, other: date | datetime) -> timedelta:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return other - one
    return timedelta(days=other.toordinal() - one.toordinal())


def _left_out(words: str, call: ToolCall, zone: ZoneInfo, first: date | datetime) -> str:
    """A day alone is the time of that day."""
    moment = moment_of(words, call.asked_at, zone)
    if not isinstance(first, datetime):
        return _day(moment).isoformat()
    if isinstance(moment, datetime):
        return moment.isoformat()
    return datetime.combine(moment, first.astimezone(zone).time(), zone).isoformat()


def _end(start: datetime, end: date | datetime | None) -> datetime:
    """An hour later by default; a day alone is until its end."""
    if end is None:
        return start.astimezone(UTC) + timedelta(hours=1)
    if isinstance(end, datetime):
        return end
    return datetime.combine(end + timedelta(days=1), time(), tzinfo=start.tzinfo)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _line(event: CalendarEvent, zone: ZoneInfo) -> str:
    where = f" ({event.location})" if event.location else ""
    if event.all_day:
        first, after = date.fromisoformat(event.start), date.fromisoformat(event.end)
        when = f"{shown_when(first, zone, after - timedelta(days=1))}, all day"
    else:
        start, end = (_aware(datetime.fromisoformat(moment), zone) for moment in (event.start, event.end))
        when = shown_when(start, zone, end)
    return f"{when}: {event.title}{where}"
