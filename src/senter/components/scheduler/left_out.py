"""Single times of what comes again that are left out: whole days, or moments, by the clocks that it goes by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.components.scheduler.triggers import (
    LEFT_OUT,
    Config,
    Cron,
    Interval,
    Recurrence,
    Repeating,
    Skipping,
    Trigger,
    Until,
    left_out_in,
    zone_of,
)
from senter.errors import InvalidInput
from senter.moments.finding import when_in
from senter.moments.shown import shown_when

EXAMPLE = 'Say it like: senter remind skip 4 tomorrow, senter remind skip 4 "this week"'
MOST_DAYS = 366
A_DAY = timedelta(days=1)


def leaving_out(
    asked: tuple[Trigger, Config], first: str | None, last: str | None, now: datetime, zone: ZoneInfo
) -> tuple[Trigger, Config]:
    """The same without its times of a day, in words or ISO 8601, or of a day to another; without its next time where no
    day is named. Raises `InvalidInput` where it does not come then."""
    trigger, config = asked
    if not isinstance(trigger, Cron | Interval | Recurrence | Until | Skipping):
        raise InvalidInput("One time alone is left out only of what comes again.", "Cancel it: senter remind cancel N")
    clock = zone_of(trigger, zone)
    left = _times(trigger, first, last, now.astimezone(clock), clock)
    today = now.astimezone(clock).date().isoformat()
    kept = [each for each in left_out_in(config) if each >= today]
    return without(trigger, config, [*kept, *left], clock)


def still_left_out(before: Config, asked: tuple[Trigger, Config], zone: ZoneInfo) -> tuple[Trigger, Config]:
    """What is to come again at other times, without the days that were left out before."""
    trigger, config = asked
    days = [each for each in left_out_in(before) if _is_day(each)]
    if not days or LEFT_OUT in config or not isinstance(trigger, Cron | Interval | Recurrence | Until):
        return asked
    return without(trigger, config, days, zone_of(trigger, zone))


def without(trigger: Repeating | Skipping, config: Config, left: list[str], clock: ZoneInfo) -> tuple[Trigger, Config]:
    """Without these days and moments, and how that is stored."""
    whole = sorted(set(left))
    inner = trigger.trigger if isinstance(trigger, Skipping) else trigger
    return Skipping(inner, frozenset(whole), clock), {**config, LEFT_OUT: [*whole]}


def _times(
    trigger: Repeating | Skipping, first: str | None, last: str | None, now: datetime, clock: ZoneInfo
) -> list[str]:
    if first is None:
        following = trigger.next_after(now)
        if following is None:
            raise InvalidInput("It does not come again.", EXAMPLE)
        return [_moment(following, clock)]
    begins, ends = _said(first, last, now, clock)
    if isinstance(begins, datetime):
        if trigger.next_after(begins - timedelta(microseconds=1)) != begins:
            raise _not_then(trigger, begins, now, clock)
        return [_moment(begins, clock)]
    if not _comes(trigger, begins, ends, now, clock):
        raise _not_then(trigger, begins, now, clock)
    days = min((ends - begins).days + 1, MOST_DAYS)
    return [(begins + A_DAY * number).isoformat() for number in range(days)]


def _said(first: str, last: str | None, now: datetime, clock: ZoneInfo) -> tuple[date | datetime, date]:
    """A moment, or the first and the last day."""
    found = when_in(first, now, clock)
    if found.problem or found.start is None or found.recurrence:
        raise InvalidInput(found.problem or f'Cannot read "{first}" as a day.', EXAMPLE)
    if isinstance(found.start, datetime):
        return found.start, found.start.date()
    ends = when_in(last, now, clock).start if last else found.end
    end = ends.date() if isinstance(ends, datetime) else ends or found.start
    return found.start, max(found.start, end)


def _comes(trigger: Repeating | Skipping, first: date, last: date, now: datetime, clock: ZoneInfo) -> bool:
    begins = max(datetime.combine(first, time(), clock) - timedelta(microseconds=1), now)
    following = trigger.next_after(begins)
    return following is not None and following < datetime.combine(last + A_DAY, time(), clock)


def _not_then(trigger: Repeating | Skipping, then: date | datetime, now: datetime, clock: ZoneInfo) -> InvalidInput:
    following = trigger.next_after(now)
    comes = f"; it comes next on {shown_when(following, clock)}" if following else ""
    return InvalidInput(f"It does not come on {shown_when(then, clock)}{comes}.", EXAMPLE)


def _moment(moment: datetime, clock: ZoneInfo) -> str:
    return moment.astimezone(clock).replace(tzinfo=None).isoformat()


def _is_day(left: str) -> bool:
    return len(left) == len("2026-12-24")
