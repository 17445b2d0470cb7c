"""The rules for dates: ISO 8601, `24.12.`, `the 14th of December`, `on the 5th`.

Each reads at a token, knows the roles of the words before it (`on`, `by`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from datetime import date, datetime

from senter.moments import clocks
from senter.moments.days import EdgeOf, Exactly, NamedMonth, OfMonth
from senter.moments.pieces import ClockTime, DayAndClock, DayRange, Found, Instant, Vague
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape
from senter.moments.words import Words

TELLS = {"on", "by", "until", "from", "since", "before", "at", "for", "in", "this", "after", "over", "except"}
"""Before these roles most words of time are one."""
DATED = {"on", "by", "until", "from", "since", "before", "except"}


def iso(reading: TimeReading, at: int) -> Found:
    token = reading.token(at)
    if token is None or token.shape is not Shape.ISO:
        return None
    text, _, zone = token.text.rstrip("]").partition("[")
    try:
        found = Exactly(date.fromisoformat(text[:10]))
        moment = datetime.fromisoformat(text.upper().replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    except ValueError:
        return Vague(reading.words.problems["no_date"].format(said=token.text)), at + 1
    if len(text) == len("2026-12-24"):
        return found, at + 1
    if moment.tzinfo is not None:
        return Instant(moment, zone), at + 1
    return DayAndClock(found, ClockTime(moment.hour, moment.minute, moment.second)), at + 1


def numeric(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """`24.12.2026`, `24.12.`, `1/2/2027`: the day comes before the month."""
    token = reading.token(at)
    if token is None or token.shape not in (Shape.DATE, Shape.PAIR) or token.parts[2] == ",":
        return None
    dot = token.shape is Shape.PAIR and reading.key(at + 1) == "." and reading.is_glued(at + 1)
    is_told = bool(lead & TELLS - {"at"}) or after_day or reading.is_whole or reading.has(at - 1, "to")
    is_told = is_told or reading.has(at + 2, "am") or reading.has(at + 2, "pm")
    is_told = is_told or (reading.has(at + 1, "at") and reading.number(at + 2) is not None and token.parts[2] == "/")
    if token.shape is Shape.PAIR:
        if ("at" in lead and not dot) or reading.has(at + 1, "am") or reading.has(at + 1, "pm") or reading.length(at):
            return None
        if not dot and reading.is_said(at + 1, "counted"):
            return None
        is_date = (dot and token.parts[2] == "." and reading.token(at + 2) is not None) or is_told
        if not is_date or (reading.is_said(at - 1, "names_number") and not lead):
            return None
    number, month = int(token.parts[0]), int(token.parts[1])
    year, after = (_full_year(token.parts[2]), at + 1) if token.shape is Shape.DATE else (None, at + 1 + dot)
    if month > 12 and number <= 12 and reading.tokens[at].text.count("/"):
        number, month = month, number  # `9/14`: there is no month 14
    if not (1 <= month <= 12 and 1 <= number <= 31):
        if not reading.is_whole and token.shape is Shape.PAIR and clocks.may_be_clock(reading, at):
            return None  # `8 dec 15.30`, `for 7.15 tomorrow`
        message = reading.words.problems["day_first"].format(said=token.text)
        return (Vague(message), after) if is_told or token.shape is Shape.DATE else None
    if token.shape is Shape.PAIR and (years := reading.year(after)) and years in range(2_020, 2_050):
        year, after = years, after + 1
    return possible(OfMonth(number, month, year), after, reading)


def _full_year(digits: str) -> int:
    return int(digits) + (2_000 if len(digits) == 2 else 0)


def possible(found: OfMonth, after: int, reading: TimeReading) -> Found:
    """The day, or why there is none."""
    if found.is_possible:
        return found, after
    name = month_name(found.month, reading.words)
    year = f" {found.year}" if found.year is not None and found.day == 29 else ""
    last = EdgeOf(NamedMonth(found.month, found.year), "end") if found.month else None
    return Vague(reading.words.problems["no_day_of"].format(month=name, year=year, day=found.day), last), after


def month_name(month: int | None, words: Words) -> str:
    """In full."""
    return words.shown.months[month - 1] if month else words.problems["a_month"]


def month_days(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`14 December`, `the 14th of December 2027`, `Dec 14th`, `5 to 7 December`, `Dec 5-7`."""
    if (month := reading.words.months.get(reading.key(at))) is not None:
        return _after_month(reading, at, month)
    first = day_number(reading, at)
    if first is None:
        return None
    number, here = first
    joins = (reading.has(here, "to") and "at" not in lead) or ("between" in lead and reading.has(here, "and"))
    second = day_number(reading, reading.skip(here + 1, "the")) if joins else None
    second = second or _next_day(reading, here, number)
    end, here = second or (number, here)
    here = reading.skip(here, "of")
    month = reading.words.months.get(reading.key(here))
    if month is None or (reading.is_said(here, "weak") and not _is_a_month(reading, here)):
        return None
    return _days_of(reading, number, end, month, beyond_dot(reading, here))


def _next_day(reading: TimeReading, at: int, number: int) -> tuple[int, int] | None:
    """`9 and 10` are two days in a row."""
    found = day_number(reading, reading.skip(at + 1, "the")) if reading.has(at, "and") else None
    if found is None or found[0] != number + 1:
        return None
    return found if reading.has(found[1], "of") or not reading.is_said(found[1], "counted") else None


def _is_a_month(reading: TimeReading, at: int) -> bool:
    """Whether the word after a number is the month and no verb: `5 may come`."""
    token = reading.token(at)
    is_name = token is not None and token.text[:1].isupper()
    return is_name or not reading.is_word(at + 1) or bool(reading.roles(at + 1))


def _after_month(reading: TimeReading, at: int, month: int) -> Found:
    here = reading.skip(beyond_dot(reading, at), "the")
    first = day_number(reading, here)
    if first is None or reading.is_said(first[1], "counted"):
        return None
    number, here = first
    second = day_number(reading, here + 1) if reading.has(here, "to") else _next_day(reading, here, number)
    end, here = second or (number, here)
    return _days_of(reading, number, end, month, here)


def beyond_dot(reading: TimeReading, at: int) -> int:
    """Behind a month, and the dot of `Dec.`."""
    return at + 1 + (reading.key(at + 1) == "." and reading.is_glued(at + 1) and len(reading.key(at)) <= 4)


def _days_of(reading: TimeReading, number: int, end: int, month: int, here: int) -> Found:
    comma = here + (reading.key(here) == ",")
    year = reading.year(comma)
    after = here if year is None else comma + 1
    if end == number:
        return possible(OfMonth(number, month, year), after, reading)
    first, last = OfMonth(number, month, year), OfMonth(end, month, year)
    is_possible = first.is_possible and last.is_possible and number < end
    return (DayRange(first, last), after) if is_possible else possible(OfMonth(max(number, end), month), after, reading)


def day_number(reading: TimeReading, at: int) -> tuple[int, int] | None:
    """`5`, `5th`, `fifth`, with the token after it."""
    if found := reading.ordinal(at):
        return found
    number = reading.digits(at)
    token = reading.token(at)
    return (number, at + 1) if number is not None and token and len(token.text) <= 2 else None


def _is_over(reading: TimeReading, at: int) -> bool:
    """Whether a day is not the first word of a name: `block the 27th for moving`, `the 27th works`."""
    return reading.is_end(at) or bool(reading.roles(at)) or reading.is_said(at, "of_days")


def _goes_on(reading: TimeReading, at: int) -> bool:
    """`on the twentieth to call`; no `on the second to last page`."""
    return reading.has(at, "to_do") and reading.is_word(at + 1) and not reading.has(at + 1, "final")


def day_of_month(reading: TimeReading, at: int, lead: Lead, after_day: bool) -> Found:
    """`the 5th`, `on the 5th of next month`; no `5th floor`."""
    number = reading.digits(at + 1)
    if "the" in lead and reading.unit(at) == "day" and number is not None and 1 <= number <= 31:
        return OfMonth(number), at + 2  # `the day 14`
    found = reading.ordinal(at)
    if found is None or not 1 <= found[0] <= 31:
        return None
    number, after = found
    if reading.has(after, "of") or reading.has(after, "this") or reading.has(after, "next"):
        ahead, here = reading.direction(reading.skip(after, "of", "the"))
        if reading.unit(here) == "month":
            is_next = bool(reading.roles(here - 1) & {"of", "the"})
            return OfMonth(number, month_ahead=None if is_next else ahead), here + 1
    in_digits = not reading.is_word(at)
    if reading.is_said(after, "numbered"):
        return None
    is_told = reading.is_whole or after_day or bool(lead & DATED) or ("the" in lead and _is_over(reading, after))
    is_over = reading.is_end(after) or _goes_on(reading, after)
    is_a_day = "the" in lead and (after_day or bool(lead & DATED)) and is_over
    if not is_told or not (in_digits or is_a_day):
        return None
    if second := _next_day(reading, after, number):
        return DayRange(OfMonth(number), OfMonth(second[0])), second[1]
    return OfMonth(number), after
