"""How an event repeats, as calendars say it: the value of an RRULE, also of what five fields of cron say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from senter.errors import InvalidInput
from senter.moments.recurrence import PREFIX, check_rule, is_rrule, next_after

DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
ALL_HOURS, ALL_MONTHS = 24, 12
ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - only the fields are read
SECOND = timedelta(seconds=1)
CANNOT = "A calendar cannot repeat an event like that."
HINT = "Say the days and one time of day."


def rule_of(recurrence: str) -> str:
    """Raises `InvalidInput` where a calendar has no way to say it."""
    return recurrence[len(PREFIX) :].upper() if is_rrule(recurrence) else _of_cron(recurrence)


def series_of(recurrence: str, start: date | datetime, zone: ZoneInfo) -> tuple[str, date | datetime]:
    """The value of an RRULE and the first time that it has from a start on: a day, or a moment in that zone.

    Raises `InvalidInput` for what never comes, and where a calendar has no way to say it.
    """
    is_timed = isinstance(start, datetime)
    clock = start.astimezone(zone).replace(tzinfo=None) if is_timed else datetime.combine(start, time())
    rule = check_rule(PREFIX + rule_of(recurrence), clock)
    first = next_after(rule, clock.replace(tzinfo=zone) - SECOND, zone, first=clock)
    if first is None:
        raise InvalidInput(f'The recurrence "{recurrence[:200]}" never comes.', HINT)
    local = first.astimezone(zone)
    return rule[len(PREFIX) :], local if is_timed else local.date()


def _of_cron(expression: str) -> str:
    try:
        sim = CronSim(expression, ANY_DAY)
    except CronSimError as error:
        raise InvalidInput(f'Cannot read "{expression[:200]}" as a recurrence.', HINT) from error
    _, _, day, _, weekday = expression.split()
    days = [] if day.startswith("*") else [*map(_day_of_month, sorted(sim.days))]
    weekdays = [] if weekday.startswith("*") else list(dict.fromkeys(map(_weekday, sorted(sim.weekdays, key=str))))
    months = [] if len(sim.months) == ALL_MONTHS else sorted(sim.months)
    if len(sim.minutes) != 1 or len(sim.hours) == ALL_HOURS or (days and weekdays):
        raise InvalidInput(CANNOT, HINT)
    return ";".join(_parts(days, weekdays, [*map(str, months)], [*map(str, sorted(sim.hours))]))


def _parts(days: list[str], weekdays: list[str], months: list[str], hours: list[str]) -> list[str]:
    counted = any(not day.isalpha() for day in weekdays)
    named = {"BYMONTH": months, "BYMONTHDAY": days, "BYDAY": weekdays, "BYHOUR": hours if len(hours) > 1 else []}
    frequency = "YEARLY" if months and days else "MONTHLY" if days or counted else "WEEKLY" if weekdays else "DAILY"
    return [f"FREQ={frequency}", *(f"{name}={','.join(values)}" for name, values in named.items() if values)]


def _day_of_month(day: int) -> str:
    if day == CronSim.LAST_WEEKDAY:
        raise InvalidInput(CANNOT, HINT)
    return "-1" if day == CronSim.LAST else str(day)


def _weekday(day: int | tuple[int, int]) -> str:
    if isinstance(day, int):
        return DAYS[day % 7]
    number, which = day
    return f"{-1 if which == CronSim.LAST else which}{DAYS[number % 7]}"
