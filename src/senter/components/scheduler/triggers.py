"""What makes jobs run: cron, interval, once, event, recurrence.

Pure; how it is stored and carried out is others' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.components.scheduler.cron import Cron, parse_cron
from senter.errors import InvalidInput
from senter.messages.schedule import AddJob, TriggerType
from senter.moments.dates import DEADLINE_TIME, MOMENT_TIME, parse_again, parse_moment
from senter.moments.lengths import seconds_in
from senter.moments.recurrence import check_rule, is_rrule, next_after, rule_in_words
from senter.moments.shown import shown_day, shown_when
from senter.moments.zones import is_zone
from senter.sentences import phrase

DEFAULT_INTERVAL_SECONDS = 3_600.0
LONGEST = timedelta(days=36_600)
UNTIL, LEFT_OUT = "until", "left_out"
"""The parts of a stored trigger that say when it ends, and what of it is left out."""
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
EVERY_ONE = {"day": "every day", "hour": "every hour", "minute": "every minute", "second": "every second"}
EVERY_SEVERAL = {
    "day": "every {count} days",
    "hour": "every {count} hours",
    "minute": "every {count} minutes",
    "second": "every {count} seconds",
}
EXAMPLES = 'Say one of: --cron "0 8 * * mon-fri", --every 1h, --at "tomorrow 9:00", --in 5s, --on task_complete.'


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so many seconds, counted from `anchor`."""

    seconds: float
    anchor: datetime

    def next_after(self, moment: datetime) -> datetime:
        step = timedelta(seconds=self.seconds)
        return self.anchor + ((moment - self.anchor) // step + 1) * step


@dataclass(frozen=True, slots=True)
class Once:
    """At one moment."""

    at: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        return self.at if self.at > moment else None


@dataclass(frozen=True, slots=True)
class OnEvent:
    """When an event comes; never by the clock."""

    event: str
    where: dict[str, str]

    def next_after(self, moment: datetime) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """At the times of an RRULE, by the clocks of its zone."""

    rule: str
    first: datetime
    """What clocks show at the first time, without a zone."""
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        return next_after(self.rule, moment, self.zone, first=self.first)


@dataclass(frozen=True, slots=True)
class Until:
    """What comes again until a moment, that moment too."""

    trigger: Cron | Interval | Recurrence
    last: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        found = self.trigger.next_after(moment)
        return found if found is not None and found <= self.last else None


Repeating = Cron | Interval | Recurrence | Until


@dataclass(frozen=True, slots=True)
class Skipping:
    """What comes again, without single times of it."""

    trigger: Repeating
    left: frozenset[str]
    """Days, and moments as clocks show them; ISO 8601."""
    zone: ZoneInfo
    """By whose clocks."""

    def next_after(self, moment: datetime) -> datetime | None:
        found = self.trigger.next_after(moment)
        while found is not None and (last := self._last_left_out(found)):
            found = self.trigger.next_after(last)
        return found

    def _last_left_out(self, moment: datetime) -> datetime | None:
        """That moment, or the end of its day, where that is left out."""
        local = moment.astimezone(self.zone)
        if local.date().isoformat() in self.left:
            midnight = datetime.combine(local.date() + timedelta(days=1), time(), self.zone)
            return midnight.astimezone(UTC) - timedelta(microseconds=1)
        return moment if local.replace(tzinfo=None).isoformat() in self.left else None


Unending = Cron | Interval | Once | OnEvent | Recurrence
Trigger = Unending | Until | Skipping
Config = dict[str, JsonValue]


def trigger_type(trigger: Trigger) -> TriggerType:
    match trigger:
        case Cron():
            return TriggerType.CRON
        case Interval():
            return TriggerType.INTERVAL
        case Once():
            return TriggerType.ONCE
        case OnEvent():
            return TriggerType.EVENT
        case Recurrence():
            return TriggerType.RECURRENCE
        case Until() | Skipping():
            return trigger_type(trigger.trigger)


def zone_of(trigger: Trigger, zone: ZoneInfo) -> ZoneInfo:
    """By whose clocks it goes; `zone` is the user's."""
    match trigger:
        case Cron() | Recurrence():
            return trigger.zone
        case Until() | Skipping():
            return zone_of(trigger.trigger, zone)
        case _:
            return zone


def asked_for(command: AddJob, now: datetime, zone: ZoneInfo) -> tuple[Trigger, Config]:
    """The trigger that a person named, and how it is stored. Raises `InvalidInput` with a sentence."""
    return ending(_asked_for(command, now, zone), command.until, now, zone)


def ending(asked: tuple[Trigger, Config], until: str | None, now: datetime, zone: ZoneInfo) -> tuple[Trigger, Config]:
    """The same, until a moment in words where one is named. Raises `InvalidInput`."""
    trigger, config = asked
    if until is None:
        return asked
    if not isinstance(trigger, Cron | Interval | Recurrence):
        raise InvalidInput("An end goes with what comes again.", EXAMPLES)
    last = parse_moment(until, now, zone)
    found = Until(trigger, last)
    if found.next_after(now) is None:
        raise InvalidInput(f"It never comes until {shown_when(last, zone)}.", EXAMPLES)
    return found, {**config, UNTIL: last.isoformat()}


def _asked_for(command: AddJob, now: datetime, zone: ZoneInfo) -> tuple[Trigger, Config]:
    first = command.at if command.recurrence is None else command.recurrence
    named = (command.cron, command.every_seconds, first, command.in_seconds, command.event, command.when)
    if sum(asked is not None for asked in named) > 1:
        raise InvalidInput("A job has one trigger, and this names several.", EXAMPLES)
    if command.where and command.event is None:
        raise InvalidInput("A filter goes with an event, and none is named.", EXAMPLES)
    if command.when is not None:
        return said_in_words(command.when, command.zone, now, zone)
    if command.zone is not None and command.cron is None and command.recurrence is None:
        raise InvalidInput("A time zone goes with a cron expression or a recurrence, and none is given.", EXAMPLES)
    if command.cron is not None:
        return cron_asked_for(command.cron, command.zone, now, zone)
    if command.recurrence is not None:
        return recurrence_asked_for(command.recurrence, command.at, command.zone, now, zone)
    if command.event is not None:
        return OnEvent(command.event, command.where), {"event": command.event, "where": dict(command.where)}
    if command.at is not None:
        return once_asked_for(command.at, now, zone)
    if command.in_seconds is not None:
        return _once(now.astimezone(UTC) + _length(command.in_seconds, "The time from now"))
    seconds = DEFAULT_INTERVAL_SECONDS if command.every_seconds is None else command.every_seconds
    _length(seconds, "The interval")
    return Interval(seconds, now), {"seconds": seconds, "anchor": now.isoformat()}


def said_in_words(words: str, named: str | None, now: datetime, zone: ZoneInfo) -> tuple[Trigger, Config]:
    """A length from now, a moment, or how it comes again. Raises `InvalidInput`."""
    clock = zone if named is None else _zone(named)
    if (seconds := seconds_in(words)) is not None:
        return _once(now.astimezone(UTC) + _length(seconds, "The time from now"))
    again = parse_again(words, now, clock)
    if again is None or again.recurrence is None:
        return once_asked_for(words, now, clock)
    there = named or again.zone or None
    if not is_rrule(again.recurrence):
        return cron_asked_for(again.recurrence, there, now, zone)
    first = again.start.isoformat() if again.start else None
    return recurrence_asked_for(again.recurrence, first, there, now, zone)


def cron_asked_for(expression: str, named: str | None, now: datetime, zone: ZoneInfo) -> tuple[Cron, Config]:
    """Raises `InvalidInput`."""
    cron = parse_cron(expression, zone if named is None else _zone(named), now)
    return cron, {"cron": cron.expression, "zone": named or ""}


def once_asked_for(words: str, now: datetime, zone: ZoneInfo) -> tuple[Once, Config]:
    """Raises `InvalidInput`."""
    return _once(parse_moment(words, now, zone, day_means="moment"))


def recurrence_asked_for(
    rule: str, at: str | None, named: str | None, now: datetime, zone: ZoneInfo
) -> tuple[Recurrence, Config]:
    """Its first time is `at`, which may lie in the past where it is ISO 8601; a day alone, or none, is in the morning.
    Raises `InvalidInput`."""
    clock = zone if named is None else _zone(named)
    first = _first(at or now.astimezone(clock).date().isoformat(), now, clock)
    local = first.astimezone(clock).replace(tzinfo=None, fold=0, microsecond=0)
    found = Recurrence(check_rule(rule, local), local, clock)
    if found.next_after(now) is None:
        raise InvalidInput(f'The recurrence "{found.rule}" has no time to come.', EXAMPLES)
    return found, {"rrule": found.rule, "first": local.isoformat(), "zone": named or ""}


def _first(at: str, now: datetime, clock: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return parse_moment(at, now, clock, day_means="moment")
    if len(at) == len("2026-12-24"):
        found = datetime.combine(found.date(), MOMENT_TIME)
    return found.replace(tzinfo=clock) if found.tzinfo is None else found


def checked(kind: TriggerType, config: Config, now: datetime, zone: ZoneInfo) -> Trigger:
    """A trigger as a job showed it once. Raises `InvalidInput` where it is none."""
    try:
        trigger = stored(kind, config, zone)
        trigger.next_after(now)
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidInput("Cannot read this as the trigger of a job.", EXAMPLES) from error
    return trigger


def stored(kind: str, config: Config, zone: ZoneInfo) -> Trigger:
    """The trigger that was stored; `zone` is the user's."""
    found, until = _stored(kind, config, zone), config.get(UNTIL)
    if not isinstance(found, Cron | Interval | Recurrence):
        return found
    ends = Until(found, datetime.fromisoformat(str(until))) if until is not None else found
    left = left_out_in(config)
    return Skipping(ends, frozenset(left), zone_of(ends, zone)) if left else ends


def left_out_in(config: Config) -> list[str]:
    """What a stored trigger leaves out."""
    left = config.get(LEFT_OUT)
    return [str(each) for each in left] if isinstance(left, list) else []


def _stored(kind: str, config: Config, zone: ZoneInfo) -> Unending:
    match TriggerType(kind):
        case TriggerType.CRON:
            name = str(config["zone"])
            return Cron(str(config["cron"]), ZoneInfo(name) if name else zone)
        case TriggerType.INTERVAL:
            return Interval(float(str(config["seconds"])), datetime.fromisoformat(str(config["anchor"])))
        case TriggerType.ONCE:
            return Once(datetime.fromisoformat(str(config["at"])))
        case TriggerType.EVENT:
            where = config.get("where")
            pairs = where.items() if isinstance(where, dict) else ()
            return OnEvent(str(config["event"]), {name: str(value) for name, value in pairs})
        case TriggerType.RECURRENCE:
            name, first = str(config["zone"]), datetime.fromisoformat(str(config["first"]))
            return Recurrence(str(config["rrule"]), first, ZoneInfo(name) if name else zone)


def in_words(trigger: Trigger, zone: ZoneInfo) -> str:
    """For people; `zone` is the user's."""
    match trigger:
        case Cron():
            return rule_in_words(trigger.expression) + (
                "" if trigger.zone.key == zone.key else f" ({trigger.zone.key})"
            )
        case Interval():
            return _interval_in_words(trigger.seconds)
        case Until():
            again, end = in_words(trigger.trigger, zone), _end_in_words(trigger.last, zone)
            return phrase("{again} until {end}", again=again, end=end)
        case Skipping():
            return in_words(trigger.trigger, zone)
        case Once():
            return phrase("once, {when}", when=shown_when(trigger.at, zone))
        case OnEvent():
            wanted = " and ".join(f"{name}={value}" for name, value in trigger.where.items())
            return f"on {trigger.event}" + (f" where {wanted}" if wanted else "")
        case Recurrence():
            text = rule_in_words(trigger.rule, f"{trigger.first:%H:%M}")
            return text + ("" if trigger.zone.key == zone.key else f" ({trigger.zone.key})")


def _end_in_words(last: datetime, zone: ZoneInfo) -> str:
    """Of a whole day that day alone."""
    local = last.astimezone(zone)
    return shown_day(local) if local.time() == DEADLINE_TIME else shown_when(last, zone)


def _once(at: datetime) -> tuple[Once, Config]:
    return Once(at), {"at": at.isoformat()}


def _length(seconds: float, what: str) -> timedelta:
    if not 1 <= seconds <= LONGEST.total_seconds():
        raise InvalidInput(f"{what} is {seconds:g} s; it must be at least 1 s and at most 100 years.", EXAMPLES)
    return timedelta(seconds=seconds)


def _zone(name: str) -> ZoneInfo:
    if not is_zone(name):
        raise InvalidInput(f"Unknown time zone {name!r}.", "Use a name such as Europe/London.")
    return ZoneInfo(name)


def _interval_in_words(seconds: float) -> str:
    unit, size = next(((unit, size) for unit, size in UNITS if seconds >= size and seconds % size == 0), ("second", 1))
    if seconds == size:
        return phrase(EVERY_ONE[unit])
    return phrase(EVERY_SEVERAL[unit], count=f"{seconds / size:g}")
