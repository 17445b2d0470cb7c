"""The rules for days: dates, days of the week, holidays, weeks, months and years, and what is counted from them.

Each reads at a token, knows the roles of the words before it (`on`, `by`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime

from senter.moments.days import (
    Counted,
    Day,
    Edge,
    EdgeOf,
    Exactly,
    Holiday,
    NamedMonth,
    OfMonth,
    Period,
    Shifted,
    Unit,
    Weekday,
    WholeYear,
)
from senter.moments.pieces import (
    Clock,
    DayAndClock,
    DayRange,
    Found,
    FromNow,
    Instant,
    Lasting,
    Length,
    Offset,
    PartOfDay,
    Vague,
)
from senter.moments.reading import Reading
from senter.moments.tokens import Shape

Lead = Set[str]
DayFound = tuple[Day, int] | None
TELLS = {"on", "by", "until", "from", "since", "before", "at", "for", "in", "this", "after"}
DATED = {"on", "by", "until", "from", "since", "before"}
YEARS = range(1_900, 2_200)
EDGES: tuple[Edge, ...] = ("end", "start", "mid")
PERIODS: dict[str, Unit] = {"day": "day", "week": "week", "weekend": "weekend", "month": "month", "year": "year"}


def day(reading: Reading, at: int, lead: Lead, *, after_day: bool) -> Found:
    """Whatever says a day or several."""
    return (
        _iso(reading, at)
        or _numeric(reading, at, lead, after_day)
        or _edge(reading, at)
        or _counted_weekday(reading, at)
        or _month_days(reading, at, lead)
        or _day_of_month(reading, at, lead, after_day)
        or _counted_from_now(reading, at, lead)
        or _weekday(reading, at, lead)
        or _day_word(reading, at)
        or _holiday(reading, at, lead)
        or _month(reading, at, lead)
        or _year(reading, at, lead)
    )


def _iso(reading: Reading, at: int) -> Found:
    token = reading.token(at)
    if token is None or token.shape is not Shape.ISO:
        return None
    text, _, zone = token.text.rstrip("]").partition("[")
    try:
        found = Exactly(date.fromisoformat(text[:10]))
        moment = datetime.fromisoformat(text.upper().replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    except ValueError:
        return Vague(f'Cannot read "{token.text}" as a date.'), at + 1
    if len(text) == len("2026-12-24"):
        return found, at + 1
    if moment.tzinfo is not None:
        return Instant(moment, zone), at + 1
    return DayAndClock(found, Clock(moment.hour, moment.minute, moment.second)), at + 1


def _numeric(reading: Reading, at: int, lead: Lead, after_day: bool) -> Found:
    """`24.12.2026`, `24.12.`, `1/2/2027`: the day comes before the month."""
    token = reading.token(at)
    if token is None or token.shape not in (Shape.DATE, Shape.PAIR):
        return None
    dot = token.shape is Shape.PAIR and reading.key(at + 1) == "." and reading.is_glued(at + 1)
    is_told = bool(lead & TELLS - {"at"}) or after_day or reading.is_whole or reading.has(at - 1, "to")
    if token.shape is Shape.PAIR:
        if ("at" in lead and not dot) or reading.words.is_unit(reading.key(at + 1)):
            return None
        is_date = (dot and token.parts[2] == "." and reading.token(at + 2) is not None) or is_told
        if not is_date or (reading.is_said(at - 1, "names_number") and not lead):
            return None
    number, month = int(token.parts[0]), int(token.parts[1])
    year, after = (_full_year(token.parts[2]), at + 1) if token.shape is Shape.DATE else (None, at + 1 + dot)
    if not (1 <= month <= 12 and 1 <= number <= 31):
        message = f'Cannot read "{token.text}" as a date: the day comes before the month.'
        return (Vague(message), after) if is_told or token.shape is Shape.DATE else None
    if token.shape is Shape.PAIR and (years := _year_number(reading, after)) and years in range(2_020, 2_050):
        year, after = years, after + 1
    return _possible(OfMonth(number, month, year), after, reading)


def _full_year(digits: str) -> int:
    return int(digits) + (2_000 if len(digits) == 2 else 0)


def _possible(found: OfMonth, after: int, reading: Reading) -> Found:
    if found.is_possible:
        return found, after
    name = month_name(found.month)
    year = f" {found.year}" if found.year is not None and found.day == 29 else ""
    return Vague(f"{name}{year} has no day {found.day}."), after


def month_name(month: int | None) -> str:
    """In full."""
    return date(2024, month, 1).strftime("%B") if month else "A month"


def _year_number(reading: Reading, at: int) -> int | None:
    token = reading.token(at)
    found = reading.digits(at)
    return found if found in YEARS and token is not None and len(token.text) == 4 else None


def _edge(reading: Reading, at: int) -> Found:
    """`end of january`, `the beginning of next week`, `mid december`, `month end`, `the last day of january`."""
    if reading.key(at) in ("month", "year") and reading.has(at + 1, "end"):
        return EdgeOf(Period(PERIODS[reading.key(at)]), "end"), at + 2
    if reading.key(at) in ("first", "last") and reading.key(at + 1) == "day" and reading.has(at + 2, "of"):
        found = _several_days(reading, reading.skip(at + 3, "the"))
        which: Edge = "end" if reading.key(at) == "last" else "start"
        return (EdgeOf(found[0], which), found[1]) if found else None
    edge: Edge | None = next((each for each in EDGES if reading.has(at, each)), None)
    if edge is None:
        return None
    here = at + 1
    if reading.has(here, "of"):
        here += 1
    elif edge != "mid" and reading.key(here) not in ("month", "year", "week"):
        return None
    here += reading.key(here) == "-"
    found = _several_days(reading, reading.skip(here, "the"))
    return (EdgeOf(found[0], edge), found[1]) if found else None


def _several_days(reading: Reading, at: int) -> DayFound:
    """`next month`, `this week`, `the year`, `january`, `january 2027`, `2027`."""
    ahead, here = _direction(reading, at)
    if unit := PERIODS.get(reading.key(here)):
        return Period(unit, ahead), here + 1
    if month := reading.words.months.get(reading.key(here)):
        year = _year_number(reading, here + 1)
        return NamedMonth(month, year, ahead), here + 1 + (year is not None)
    if (year := _year_number(reading, here)) is not None and here == at:
        return WholeYear(year), here + 1
    return None


def _direction(reading: Reading, at: int) -> tuple[int, int]:
    """1 for next, -1 for last, 0 for this or neither; with the token after."""
    if reading.has(at, "next"):
        return 1, at + 1
    if reading.has(at, "last"):
        return -1, at + 1
    return 0, at + reading.has(at, "this")


def _counted_weekday(reading: Reading, at: int) -> Found:
    """`the first monday of january`, `the last friday in next month`."""
    count = counting(reading, at)
    if count is None:
        return None
    number, here = count
    weekday = reading.words.weekdays.get(reading.key(here))
    if weekday is None or not reading.has(here + 1, "of"):
        return None
    found = _several_days(reading, reading.skip(here + 2, "the"))
    return (Counted(number, weekday, found[0]), found[1]) if found and abs(number) <= 5 else None


def counting(reading: Reading, at: int) -> tuple[int, int] | None:
    """`first`, `3rd`; `last` is -1."""
    if reading.key(at) == "last":
        return -1, at + 1
    return reading.ordinal(at)


def _month_days(reading: Reading, at: int, lead: Lead) -> Found:
    """`14 December`, `the 14th of December 2027`, `Dec 14th`, `5 to 7 December`, `Dec 5-7`."""
    if (month := reading.words.months.get(reading.key(at))) is not None:
        return _after_month(reading, at, month)
    first = _day_number(reading, at)
    if first is None:
        return None
    number, here = first
    second = (
        _day_number(reading, reading.skip(here + 1, "the")) if reading.has(here, "to") and "at" not in lead else None
    )
    end, here = second or (number, here)
    here = reading.skip(here, "of")
    month = reading.words.months.get(reading.key(here))
    if month is None or (reading.is_said(here, "weak") and not _is_a_month(reading, here)):
        return None
    return _days_of(reading, number, end, month, _beyond_dot(reading, here))


def _is_a_month(reading: Reading, at: int) -> bool:
    """Whether the word after a number is the month and no verb: `5 may come`."""
    token = reading.token(at)
    is_name = token is not None and token.text[:1].isupper()
    return is_name or not reading.is_word(at + 1) or bool(reading.roles(at + 1))


def _after_month(reading: Reading, at: int, month: int) -> Found:
    here = reading.skip(_beyond_dot(reading, at), "the")
    first = _day_number(reading, here)
    if first is None or reading.is_said(first[1], "counted"):
        return None
    number, here = first
    second = _day_number(reading, here + 1) if reading.has(here, "to") else None
    end, here = second or (number, here)
    return _days_of(reading, number, end, month, here)


def _beyond_dot(reading: Reading, at: int) -> int:
    return at + 1 + (reading.key(at + 1) == "." and reading.is_glued(at + 1) and len(reading.key(at)) <= 4)


def _days_of(reading: Reading, number: int, end: int, month: int, here: int) -> Found:
    comma = here + (reading.key(here) == ",")
    year = _year_number(reading, comma)
    after = here if year is None else comma + 1
    if end == number:
        return _possible(OfMonth(number, month, year), after, reading)
    first, last = OfMonth(number, month, year), OfMonth(end, month, year)
    is_possible = first.is_possible and last.is_possible and number < end
    return (
        (DayRange(first, last), after) if is_possible else _possible(OfMonth(max(number, end), month), after, reading)
    )


def _day_number(reading: Reading, at: int) -> tuple[int, int] | None:
    if found := reading.ordinal(at):
        return found
    number = reading.digits(at)
    token = reading.token(at)
    return (number, at + 1) if number is not None and token and len(token.text) <= 2 else None


def _day_of_month(reading: Reading, at: int, lead: Lead, after_day: bool) -> Found:
    """`the 5th`, `on the 5th of next month`; no `5th floor`."""
    found = reading.ordinal(at)
    if found is None or not 1 <= found[0] <= 31:
        return None
    number, after = found
    if reading.has(after, "of") or reading.has(after, "this") or reading.has(after, "next"):
        ahead, here = _direction(reading, reading.skip(after, "of", "the"))
        if reading.key(here) == "month":
            is_next = reading.key(here - 1) in ("of", "the")
            return OfMonth(number, month_ahead=None if is_next else ahead), here + 1
    in_digits = not reading.is_word(at)
    if reading.is_said(after, "numbered"):
        return None
    is_told = reading.is_whole or after_day or bool(lead & DATED) or ("the" in lead and _ends(reading, after))
    if not is_told or (not in_digits and not ({"on", "the"} <= set(lead) and _ends(reading, after))):
        return None
    return OfMonth(number), after


def _ends(reading: Reading, at: int) -> bool:
    return not reading.is_word(at) or bool(reading.roles(at) & {"at", "on", "by", "from"})


def _counted_from_now(reading: Reading, at: int, lead: Lead) -> Found:
    """`in 2 days`, `two hours ago`, `a week on tuesday`, `3 days before christmas`, `for 2 hours`."""
    found = reading.length(at)
    if found is None and "the" in lead and reading.words.is_unit(reading.key(at)):
        found = _the_unit(reading, at)
    if found is None:
        return None
    length, after = found
    after += reading.key(after) in ("'", "’") and reading.key(after + 1) == "time"
    if reading.has(after, "ago"):
        return FromNow(-length), after + 1
    if reading.has(after, "from_now") or (reading.has(after, "later") and reading.is_whole):
        return FromNow(length), after + 1
    if "for" not in lead and (beside := _beside_a_day(reading, after, length)):
        return beside
    if reading.has(after, "before") or reading.has(after, "after"):
        return Offset(-length if reading.has(after, "before") else length), after + 1
    if "in" in lead and "the" not in lead:
        after += reading.key(after) == "time"
        return (FromNow(length), after) if reading.key(at) != "a" or _is_over(reading, after) else None
    return (Lasting(length), after) if "for" in lead else None


def _is_over(reading: Reading, at: int) -> bool:
    """`in a second` but no `in a second opinion`."""
    return reading.key(at - 1) not in ("second", "quarter") or _ends(reading, at)


def _the_unit(reading: Reading, at: int) -> tuple[Length, int] | None:
    sizes = {"day": Length(days=1), "week": Length(days=7), "month": Length(months=1), "hour": Length(seconds=3_600)}
    size = sizes.get(reading.key(at))
    is_before = reading.has(at + 1, "before") or reading.has(at + 1, "after")
    return (size, at + 1) if size and is_before else None


def _beside_a_day(reading: Reading, at: int, length: Length) -> Found:
    """`two weeks from friday`, `a week on tuesday`, `3 days before christmas`."""
    if length.seconds or not (
        reading.has(at, "from") or reading.has(at, "on") or reading.has(at, "before") or reading.has(at, "after")
    ):
        return None
    signed = -length if reading.has(at, "before") else length
    here = reading.skip(at + 1, "the")
    lead = {"on", "the"}
    found = (
        _numeric(reading, here, lead, False)
        or _iso(reading, here)
        or _edge(reading, here)
        or _month_days(reading, here, lead)
        or _day_of_month(reading, here, lead, False)
        or _weekday(reading, here, lead)
        or _day_word(reading, here)
        or _holiday(reading, here, lead)
    )
    if found is None or not isinstance(found[0], Day):
        return None
    return Shifted(signed.days, signed.months, found[0]), found[1]


def _weekday(reading: Reading, at: int, lead: Lead) -> Found:
    """`friday`, `next friday`, `last friday`, `tuesday week`, `the friday after next`, `next week`, `next 3 days`."""
    ahead, here = _direction(reading, at)
    if here > at and ahead:
        found = _next_or_last(reading, here, ahead)
    elif (unit := PERIODS.get(reading.key(here))) and unit != "day" and _is_this(unit, lead, is_said=here > at):
        found = Period(unit), here + 1
    else:
        found = None
    if found:
        return found
    weekday = reading.words.weekdays.get(reading.key(here))
    if weekday is None or not (here > at or _is_weekday(reading, here, lead)):
        return None
    after = here + 1
    if ahead < 0:
        return Weekday(weekday, last=True), after
    if ahead > 0:
        return Weekday(weekday, week=1), after
    if reading.has(after, "after") and reading.has(after + 1, "next"):
        return Weekday(weekday, week=2), after + 2
    if reading.key(after) == "week":
        return Shifted(days=7, after=Weekday(weekday)), after + 1
    return Weekday(weekday), after


def _is_this(unit: str, lead: Lead, *, is_said: bool) -> bool:
    """`this week`; of a weekend `at the weekend` is the same."""
    return is_said or "this" in lead or (unit == "weekend" and "the" in lead)


def _is_weekday(reading: Reading, at: int, lead: Lead) -> bool:
    """Whether `sun`, `sat` and `wed` are days here."""
    if not reading.is_said(at, "weak") or reading.is_whole:
        return True
    if reading.is_said(at - 1, "subjects"):
        return False
    if lead & TELLS - {"for", "at", "in"}:
        return True
    token = reading.token(at)
    is_name = token is not None and token.text[:1].isupper() and at > 0
    follows = reading.token(at + 1)
    has_number = follows is not None and follows.shape in (Shape.NUMBER, Shape.CLOCK, Shape.DATE, Shape.PAIR, Shape.ISO)
    is_joined = (
        (reading.has(at + 1, "at") and reading.number(at + 2) is not None)
        or reading.key(at + 1) in reading.words.parts
        or follows is None
    )
    return has_number or is_joined or (is_name and bool(reading.roles(at + 1)))


def _next_or_last(reading: Reading, at: int, ahead: int) -> Found:
    if unit := PERIODS.get(reading.key(at)):
        return (Period(unit, ahead), at + 1) if unit != "day" else None
    if month := reading.words.months.get(reading.key(at)):
        return NamedMonth(month, ahead=ahead), at + 1
    if (part := reading.words.parts.get(reading.key(at))) in ("night", "evening", "afternoon", "morning") and ahead < 0:
        return PartOfDay(part, Shifted(days=-1)), at + 1
    if found := reading.length(at):
        length, after = found
        if length.seconds:
            return (FromNow(length), after) if ahead > 0 else None
        away = Shifted(ahead * length.days, ahead * length.months)
        return (DayRange(Shifted(), away) if ahead > 0 else DayRange(away, Shifted())), after
    return None


def _day_word(reading: Reading, at: int) -> Found:
    days = reading.words.days.get(reading.key(at))
    if days is not None:
        return Shifted(days), at + 1
    if reading.is_whole and reading.has(at, "now"):
        return FromNow(Length()), at + 1
    return None


def _holiday(reading: Reading, at: int, lead: Lead) -> Found:
    rule = reading.words.holidays.get(reading.key(at))
    if rule is None or not (reading.is_whole or lead & TELLS):
        return None
    if "for" in lead and not _ends(reading, at + 1):
        return None
    year = _year_number(reading, at + 1)
    return Holiday(rule, year), at + 1 + (year is not None)


def _month(reading: Reading, at: int, lead: Lead) -> Found:
    """`in december`, `december 2027`; else a month is asked about, but not in `the december rent`."""
    month = reading.words.months.get(reading.key(at))
    if month is None:
        return None
    year = _year_number(reading, at + 1)
    is_weak = reading.is_said(at, "weak")
    after = at + 1 + (year is not None)
    is_told = bool(lead & TELLS - {"at", "on", "for"}) and (lead != {"this"} or not is_weak or _ends(reading, after))
    if year is not None or reading.is_whole or is_told:
        return NamedMonth(month, year), after
    is_of_a_thing = reading.has(at - 1, "owner") and reading.is_word(after) and not reading.roles(after)
    return None if is_weak or is_of_a_thing else (Vague(), after)


def _year(reading: Reading, at: int, lead: Lead) -> Found:
    year = _year_number(reading, at)
    is_told = reading.is_whole or bool(lead & {"in", "by", "until", "since", "from", "before"})
    if year is None or not is_told or reading.is_said(at + 1, "counted"):
        return None
    return WholeYear(year), at + 1
