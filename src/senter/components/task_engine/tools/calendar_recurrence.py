"""How an event repeats, as calendars say it: the value of an RRULE, also of what five fields of cron say."""

from __future__ import annotations

from cronsim import CronSim, CronSimError

from senter.errors import InvalidInput
from senter.moments.recurrence import PREFIX, is_rrule

DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
ALL_HOURS, ALL_MONTHS, ALL_WEEKDAYS = 24, 12, 7
CANNOT = "A calendar cannot repeat an event like that."
HINT = "Say the days and one time of day."


def rule_of(recurrence: str) -> str:
    """Raises `InvalidInput` where a calendar has no way to say it."""
    return recurrence[len(PREFIX) :].upper() if is_rrule(recurrence) else _of_cron(recurrence)


def _of_cron(expression: str) -> str:
    from datetime import datetime

    try:
        sim = CronSim(expression, datetime(2026, 1, 1))  # noqa: DTZ001 - only its fields are read
    except CronSimError as error:
        raise InvalidInput(f'Cannot read "{expression[:200]}" as a recurrence.', HINT) from error
    fields = expression.split()
    days_of_month = [] if fields[2].startswith("*") else sorted(int(day) for day in sim.days)
    weekdays = [] if fields[4].startswith("*") else sorted({int(day) % 7 for day in sim.weekdays if isinstance(day, int)})
    months = [] if len(sim.months) == ALL_MONTHS else sorted(sim.months)
    if len(sim.minutes) != 1 or len(sim.hours) == ALL_HOURS or (days_of_month and weekdays):
        raise InvalidInput(CANNOT, HINT)
    return ";".join(_parts(days_of_month, weekdays, months, sorted(sim.hours)))


def _parts(days_of_month: list[int], weekdays: list[int], months: list[int], hours: list[int]) -> list[str]:
    frequency = "YEARLY" if months and days_of_month else "MONTHLY" if days_of_month else "WEEKLY" if weekdays else "DAILY"
    parts = [f"FREQ={frequency}"]
    parts += [f"BYMONTH={_listed(months)}"] if months else []
    parts += [f"BYMONTHDAY={_listed(days_of_month)}"] if days_of_month else []
    parts += [f"BYDAY={','.join(DAYS[day] for day in weekdays)}"] if weekdays else []
    return parts + ([f"BYHOUR={_listed(hours)}"] if len(hours) > 1 else [])


def _listed(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))
