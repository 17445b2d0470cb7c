"""A recurrence for people: `every other Thursday`, `every Monday at 09:00`, `on the 25th of each month`.

Of an RRULE with one clock time that is not said: it has it from its first time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

PREFIX = "RRULE:"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAME = re.compile("|".join(DAY_NAMES), re.IGNORECASE)
UNITS = {
    "MINUTELY": "minute",
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
KNOWN = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "UNTIL", "COUNT", "WKST"})
CLOCK = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"})
"""With these an RRULE says several clock times."""
COUNTED = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}


def rule_in_words(rule: str) -> str:
    """For people; what has no words here as it stands."""
    if rule.upper().startswith(PREFIX):
        return _rrule(rule[len(PREFIX) :].upper()) or rule
    fields = rule.split()
    return (_cron(fields) if len(fields) == 5 else "") or rule


def _rrule(text: str) -> str:
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    unit = UNITS.get(parts.get("FREQ", ""))
    clocks = _clocks(parts)
    if unit is None or not parts.keys() <= (KNOWN | CLOCK if clocks else KNOWN):
        return ""
    said = _times(parts, unit, int(parts.get("INTERVAL", "1")))
    return said and said + clocks + _end(parts)


def _clocks(parts: Mapping[str, str]) -> str:
    """` at 08:00 and 20:30`; empty where none are said."""
    hours, minutes = (parts.get(name, "").split(",") for name in ("BYHOUR", "BYMINUTE"))
    if not all(number.isdigit() for number in (*hours, *minutes)):
        return ""
    times = [f"{int(hour):02d}:{int(minute):02d}" for hour in hours for minute in minutes]
    places = [int(place) for place in parts.get("BYSETPOS", "").split(",") if place.isdigit()]
    return f" at {_listed([time for place, time in enumerate(times, 1) if not places or place in places])}"


def _times(parts: Mapping[str, str], unit: str, interval: int) -> str:
    byday, number, month = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", ""), parts.get("BYMONTH", "")
    if byday[:1].isdigit() or byday[:1] == "-":
        return _counted_weekday(byday, month, unit, interval)
    weekdays = [BYDAY.index(name) for name in byday.split(",") if name in BYDAY]
    if "," in number + month or len(weekdays) != len(list(filter(None, byday.split(",")))):
        return ""
    if month == "2" and number == "-1" and unit == "year":
        return f"{_every('', interval)}29 February (28th in other years)"
    if month and number and number[0] == "-" and unit == "year":
        return ""
    if month and number and unit == "year":
        return f"{_every('', interval)}{int(number)} {_month(month)}"
    if number and len(weekdays) == 1 and not month and unit == "month" and interval == 1 and number.isdigit():
        return f"every {WEEKDAYS[weekdays[0]]} the {nth(int(number))}"
    if number and not month:
        day = "last day" if number == "-1" else nth(int(number))
        return f"on the {day} of {'each month' if interval == 1 else f'every {interval} months'}"
    if month or number:
        return f"every {_month(month)}" if unit == "year" and not number else ""
    if weekdays and unit == "week":
        return _on_weekdays(weekdays, interval)
    return "" if weekdays else _every(unit, interval)


def _every(unit: str, interval: int) -> str:
    if interval == 1:
        return f"every {unit}"
    return f"every other {unit}" if interval == 2 and unit not in ("hour", "minute") else f"every {interval} {unit}s"


def _on_weekdays(weekdays: Sequence[int], interval: int) -> str:
    if list(weekdays) == [0, 1, 2, 3, 4] and interval == 1:
        return "every weekday"
    names = _listed([WEEKDAYS[day] for day in weekdays])
    if interval <= 2:
        return f"every {'other ' if interval == 2 else ''}{names}"
    return f"every {interval} weeks on {names}"


def _counted_weekday(byday: str, month: str, unit: str, interval: int) -> str:
    count, name = byday[:-2], byday[-2:]
    if "," in byday or name not in BYDAY or int(count) not in COUNTED or interval != 1:
        return ""
    of = f"{_month(month)}" if month else "the month" if unit == "month" else ""
    return f"every {COUNTED[int(count)]} {WEEKDAYS[BYDAY.index(name)]} of {of}" if of else ""


def _end(parts: Mapping[str, str]) -> str:
    if until := parts.get("UNTIL"):
        day = date(int(until[:4]), int(until[4:6]), int(until[6:8]))
        return f", until {day.day} {day:%B %Y}"
    return f", {parts['COUNT']} times" if "COUNT" in parts else ""


def _cron(fields: Sequence[str]) -> str:
    minute, hours, day, month, weekday = fields
    clocks = [f"{int(hour):02d}:{int(minute):02d}" for hour in hours.split(",") if hour.isdigit() and minute.isdigit()]
    if len(clocks) != len(hours.split(",")):
        return ""
    said = _cron_days(day, month, weekday)
    return f"{said} at {_listed(clocks)}" if said else ""


def _cron_days(day: str, month: str, weekday: str) -> str:
    if (day, month) == ("*", "*"):
        days = _cron_weekdays(weekday)
        return "every day" if weekday == "*" else _on_weekdays(days, 1) if days else ""
    if weekday != "*" or not day.isdigit() or not (month == "*" or month.isdigit()):
        return ""
    return f"on the {nth(int(day))} of each month" if month == "*" else f"every {int(day)} {_month(month)}"


def _cron_weekdays(text: str) -> list[int]:
    """Monday is 0 in what is returned; empty for what is more than a list or a range."""
    text = _DAY_NAME.sub(lambda found: str(1 + DAY_NAMES.index(found.group().casefold())), text)
    first, dash, last = text.partition("-")
    if dash and first.isdigit() and last.isdigit():
        numbers = list(range(int(first), int(last) + 1))
    else:
        numbers = [int(each) for each in text.split(",") if each.isdigit()]
        if len(numbers) != len(text.split(",")):
            return []
    return sorted({(number - 1) % 7 for number in numbers})


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _month(number: str) -> str:
    return date(2024, int(number), 1).strftime("%B") if number.isdigit() and 1 <= int(number) <= 12 else number


def nth(number: int) -> str:
    """`1st`, `22nd`, `25th`."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
