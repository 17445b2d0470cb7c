"""A recurrence for people: `every other Thursday`, `every Monday at 09:00`, `on the 25th of each month`.

Of an RRULE with one clock time that is not said: it has it from its first time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from senter.moments.shown_words import ShownWords, shown_words

PREFIX = "RRULE:"
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


def rule_in_words(rule: str, at: str = "") -> str:
    """For people, in the language that is spoken; what has no words here as it stands. `at` is the clock time of its
    first time, where that is to be said."""
    words = shown_words()
    if rule.upper().startswith(PREFIX):
        return _rrule(rule[len(PREFIX) :].upper(), at, words) or (f"{rule} at {at}" if at else rule)
    fields = rule.split()
    return (_cron(fields, words) if len(fields) == 5 else "") or rule


def _rrule(text: str, at: str, words: ShownWords) -> str:
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    unit = UNITS.get(parts.get("FREQ", ""))
    clocks = _clocks(parts, words)
    if unit is None or not parts.keys() <= (KNOWN | CLOCK if clocks else KNOWN):
        return ""
    said = _times(parts, unit, int(parts.get("INTERVAL", "1")), words)
    from_first = words.say("at", clocks=at) if at and not clocks else ""
    return said and said + (clocks or from_first) + _end(parts, words)


def _clocks(parts: Mapping[str, str], words: ShownWords) -> str:
    """` at 08:00 and 20:30`; empty where none are said."""
    hours, minutes = (parts.get(name, "").split(",") for name in ("BYHOUR", "BYMINUTE"))
    if not all(number.isdigit() for number in (*hours, *minutes)):
        return ""
    times = [f"{int(hour):02d}:{int(minute):02d}" for hour in hours for minute in minutes]
    places = [int(place) for place in parts.get("BYSETPOS", "").split(",") if place.isdigit()]
    chosen = [time for place, time in enumerate(times, 1) if not places or place in places]
    return words.say("at", clocks=words.listed(chosen))


def _times(parts: Mapping[str, str], unit: str, interval: int, words: ShownWords) -> str:
    byday, number, month = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", ""), parts.get("BYMONTH", "")
    if byday[:1].isdigit() or byday[:1] == "-":
        return _counted_weekday(byday, month, unit, interval, words)
    weekdays = [BYDAY.index(name) for name in byday.split(",") if name in BYDAY]
    if "," in number + month or len(weekdays) != len(list(filter(None, byday.split(",")))):
        return ""
    if (month, number, unit, interval) == ("2", "-1", "year", 1):
        return words.say("every_leap_day")
    if month and number and number[0] == "-" and unit == "year":
        after = str(int(month) % 12 + 1)
        return words.say("every_year_before", count=-int(number), month=_month(after, words)) if interval == 1 else ""
    if month and number and unit == "year":
        name = "every_date" if interval == 1 else "every_other_date" if interval == 2 else "every_nth_date"
        return words.say(name, day=int(number), month=_month(month, words), count=interval)
    if number and len(weekdays) == 1 and not month and unit == "month" and interval == 1 and number.isdigit():
        return words.say("every_weekday_the", weekday=words.weekdays[weekdays[0]], number=words.nth(int(number)))
    if number and not month:
        name = "on_last_day_of_month" if number == "-1" else "on_day_of_month"
        return words.say(f"{name}{'s' * (interval > 1)}", number=words.nth(int(number)), count=interval)
    if month or number:
        return words.say("every_month", month=_month(month, words)) if unit == "year" and not number else ""
    if weekdays and unit == "week":
        return _on_weekdays(weekdays, interval, words)
    return "" if weekdays else _every(unit, interval, words)


def _every(unit: str, interval: int, words: ShownWords) -> str:
    said = words.every if interval == 1 else words.every_other if interval == 2 else words.every_nth
    return said[unit].format(count=interval)


def _on_weekdays(weekdays: Sequence[int], interval: int, words: ShownWords) -> str:
    if list(weekdays) == [0, 1, 2, 3, 4] and interval == 1:
        return words.say("every_weekday")
    name = "every_names" if interval == 1 else "every_other_names" if interval == 2 else "every_weeks_on"
    return words.say(name, names=words.listed([words.weekdays[day] for day in weekdays]), count=interval)


def _counted_weekday(byday: str, month: str, unit: str, interval: int, words: ShownWords) -> str:
    count, name = byday[:-2], byday[-2:]
    if "," in byday or name not in BYDAY or str(int(count)) not in words.counted or interval != 1:
        return ""
    of = _month(month, words) if month else words.say("of_month") if unit == "month" else ""
    weekday = words.weekdays[BYDAY.index(name)]
    return words.say("every_counted", count=words.counted[str(int(count))], weekday=weekday, month=of) if of else ""


def _end(parts: Mapping[str, str], words: ShownWords) -> str:
    if until := parts.get("UNTIL"):
        day = date(int(until[:4]), int(until[4:6]), int(until[6:8]))
        return words.say("until", day=words.long_day(day))
    return words.say("times", count=parts["COUNT"]) if "COUNT" in parts else ""


def _cron(fields: Sequence[str], words: ShownWords) -> str:
    minute, hours, day, month, weekday = fields
    clocks = [f"{int(hour):02d}:{int(minute):02d}" for hour in hours.split(",") if hour.isdigit() and minute.isdigit()]
    if len(clocks) != len(hours.split(",")):
        return ""
    said = _cron_days(day, month, weekday, words)
    return f"{said}{words.say('at', clocks=words.listed(clocks))}" if said else ""


def _cron_days(day: str, month: str, weekday: str, words: ShownWords) -> str:
    if (day, month) == ("*", "*"):
        days = _cron_weekdays(weekday)
        return words.every["day"] if weekday == "*" else _on_weekdays(days, 1, words) if days else ""
    if weekday != "*" or not day.isdigit() or not (month == "*" or month.isdigit()):
        return ""
    if month == "*":
        return words.say("on_day_of_month", number=words.nth(int(day)))
    return words.say("every_date", day=int(day), month=_month(month, words))


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


def _month(number: str, words: ShownWords) -> str:
    return words.months[int(number) - 1] if number.isdigit() and 1 <= int(number) <= 12 else number
