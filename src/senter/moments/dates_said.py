"""The rules for days: of the week, holidays, and what is counted from them or from now.

Each reads at a token, knows the roles of the words before it (`on`, `by`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from senter.moments import calendar_dates, day_lists, periods
from senter.moments.calendar_dates import TELLS
from senter.moments.counted_days import WeekdayBy
from senter.moments.days import WORKDAYS, Day, Holiday, Period, Shifted, Weekday, Workdays
from senter.moments.pieces import Found, FromNow, Lasting, Length, Offset, ThisTime, Vague
from senter.moments.reading import Lead, TimeReading
from senter.moments.tokens import Shape

SIZES = {
    "day": Length(days=1),
    "week": Length(days=7),
    "month": Length(months=1),
    "year": Length(months=12),
    "hour": Length(seconds=3_600),
}
PARTS_BEFORE = ("morning", "afternoon", "evening", "night")
WEEK = 7
BESIDE = frozenset({"on", "the"})
"""The words before a day that another is counted from."""
NEAR_TIMER = 5
MOST_WORKDAYS = 1_000
MOST_MINUTES = 90
"""More is said in hours."""


def day(reading: TimeReading, at: int, lead: Lead, *, after_day: bool) -> Found:
    """Whatever says a day or several."""
    return (
        calendar_dates.iso(reading, at)
        or calendar_dates.numeric(reading, at, lead, after_day)
        or periods.edge(reading, at)
        or periods.counted_weekday(reading, at)
        or day_lists.several_of_month(reading, at, lead)
        or calendar_dates.month_days(reading, at, lead)
        or calendar_dates.day_of_month(reading, at, lead, after_day)
        or _counted_from_now(reading, at, lead)
        or periods.period(reading, at, lead)
        or _weekday(reading, at, lead)
        or _this_time(reading, at)
        or _day_word(reading, at, after_day=after_day or lead >= BESIDE)
        or _holiday(reading, at, lead)
        or periods.month(reading, at, lead)
        or periods.year(reading, at, lead)
    )


def _counted_from_now(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`in 2 days`, `two hours ago`, `a week on tuesday`, `3 days before christmas`, `for 2 hours`."""
    part = reading.words.parts.get(reading.key(at), "")
    if part in PARTS_BEFORE and "the" in lead and reading.has(at + 1, "before"):
        return Offset(Length(days=-1), part), at + 2
    if "in" in lead and (few := _some_time(reading, at)):
        return few
    found = reading.length(at) or _minutes_alone(reading, at, lead)
    if found is None and "the" in lead and reading.words.is_unit(reading.key(at)):
        found = _the_unit(reading, at)
    if found is None:
        return None
    length, after = found
    after += reading.key(after) in ("'", "’") and reading.has(after + 1, "time")
    if not length.seconds and (days := reading.words.days.get(reading.key(after), -1)) >= 0 and "for" not in lead:
        return Shifted(length.days, length.months, Shifted(days)), after + 1
    if reading.has(after, "ago"):
        return FromNow(-length), after + 1
    if "ago_first" in lead:
        return FromNow(-length), after
    if reading.has(after, "from_now") or (reading.has(after, "later") and reading.is_whole):
        return FromNow(length), after + 1
    is_week_of = "in" in lead and reading.has(after, "on")
    if "for" not in lead and not is_week_of and (beside := _beside_a_day(reading, after, length)):
        return beside
    if reading.has(after, "later") or reading.has(after, "earlier"):
        if reading.is_said(at - 1, "negations"):
            return None  # `not a day later`
        return Offset(length if reading.has(after, "later") else -length), after + 1
    if reading.has(after, "before") or reading.has(after, "after"):
        return Offset(-length if reading.has(after, "before") else length), after + 1
    if "in" in lead and "the" not in lead:
        after += reading.has(after, "time")
        return (FromNow(length), after) if not reading.is_said(at, "articles") or _is_over(reading, after) else None
    if "by" in lead and reading.has(at - 1, "by_so_much"):
        return Offset(length), after
    if reading.has(after, "lasts"):  # `10 Tage lang`
        return Lasting(length), after + 1
    return (Lasting(length), after) if "for" in lead or _is_of_a_timer(reading, at, after) else None


def _some_time(reading: TimeReading, at: int) -> Found:
    """`in 3 working days`; `in a few days` is asked about."""
    few = at + reading.has(at, "a")
    if reading.is_said(few, "some") and reading.words.is_unit(reading.key(few + 1)):
        return Vague(), few + 2
    count = reading.whole_number(at)
    days = (
        reading.words.each_weekday.get(reading.key(count[1]))
        or reading.words.one_of_weekdays.get(reading.key(count[1]))
        if count
        else None
    )
    return (Workdays(count[0]), count[1] + 1) if count and days == WORKDAYS and 0 < count[0] < MOST_WORKDAYS else None


def _is_of_a_timer(reading: TimeReading, at: int, after: int) -> bool:
    """`timer 5 min`, `a 45 second timer`."""
    near = (*range(max(0, at - NEAR_TIMER), at), after)
    return any(reading.is_said(place, "timers") for place in near)


def _is_over(reading: TimeReading, at: int) -> bool:
    """`in a second` but no `in a second opinion`."""
    is_short = reading.unit(at - 1) == "quarter" or reading.words.seconds.get(reading.key(at - 1)) == 1
    return not is_short or reading.is_end(at)


def _minutes_alone(reading: TimeReading, at: int, lead: Lead) -> tuple[Length, int] | None:
    """`in 15`."""
    minutes = reading.digits(at)
    follows = reading.token(at + 1)
    is_over = follows is None or follows.text in ".,;!?" or reading.has(at + 1, "to")
    is_minutes = lead == {"in"} and minutes is not None and 1 <= minutes <= MOST_MINUTES
    return (Length(seconds=60.0 * minutes), at + 1) if minutes and is_minutes and is_over else None


def _the_unit(reading: TimeReading, at: int) -> tuple[Length, int] | None:
    size = SIZES.get(reading.unit(at))
    is_before = reading.has(at + 1, "before") or (reading.has(at + 1, "after") and not reading.has(at + 2, "next"))
    return (size, at + 1) if size and is_before else None


def _beside_a_day(reading: TimeReading, at: int, length: Length) -> Found:
    """`two weeks from friday`, `a week on tuesday`, `3 days before christmas`."""
    if length.seconds or not (
        reading.has(at, "from") or reading.has(at, "on") or reading.has(at, "before") or reading.has(at, "after")
    ):
        return None
    signed = -length if reading.has(at, "before") else length
    here = reading.skip(at + 1, "the")
    lead = BESIDE
    found = (
        calendar_dates.numeric(reading, here, lead, False)
        or calendar_dates.iso(reading, here)
        or periods.edge(reading, here)
        or calendar_dates.month_days(reading, here, lead)
        or calendar_dates.day_of_month(reading, here, lead, False)
        or _weekday(reading, here, lead)
        or _day_word(reading, here, after_day=False)
        or _holiday(reading, here, lead)
    )
    if found is None or not isinstance(found[0], Day):
        return None
    return Shifted(signed.days, signed.months, found[0]), found[1]


def _weekday(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`friday`, `next friday`, `last friday`, `tuesday week`, `the friday after next`."""
    ahead, here = reading.direction(at)
    weekday = reading.words.weekdays.get(reading.key(here))
    if weekday is None or not (here > at or _is_weekday(reading, here, lead)):
        return None
    after = here + 1
    if ahead:
        return (Weekday(weekday, week=ahead) if ahead > 0 else Weekday(weekday, last=True)), after
    if reading.has(after, "after") and reading.has(after + 1, "next"):
        return Weekday(weekday, week=2), after + 2
    if (later := reading.words.days_long.get(reading.key(after), 0)) >= WEEK:
        return Shifted(days=later, after=Weekday(weekday)), after + 1
    return _weekday_by(reading, weekday, after) or (Weekday(weekday), after)


def _weekday_by(reading: TimeReading, weekday: int, at: int) -> Found:
    """`the monday after christmas`, `the friday before the 20th`."""
    if not (reading.has(at, "after") or reading.has(at, "before")):
        return None
    here = reading.skip(at + 1, "the")
    found = (
        calendar_dates.month_days(reading, here, BESIDE)
        or calendar_dates.day_of_month(reading, here, BESIDE, False)
        or _holiday(reading, here, BESIDE)
    )
    if found is None or not isinstance(found[0], Day):
        return None
    return WeekdayBy(weekday, found[0], is_before=reading.has(at, "before")), found[1]


def _is_weekday(reading: TimeReading, at: int, lead: Lead) -> bool:
    """Whether `sun`, `sat` and `wed` are days here."""
    if (lead == {"the"} or not lead) and reading.has(at - 1, "the") and _is_named(reading, at + 1):
        return False
    if not reading.is_said(at, "weak"):
        return True
    if reading.is_said(at - 1, "subjects"):
        return False
    if reading.is_whole or lead & TELLS - {"for", "at", "in"}:
        return True
    token = reading.token(at)
    is_name = token is not None and token.text[:1].isupper() and at > 0
    follows = reading.token(at + 1)
    if any(reading.key(place) in reading.words.weekdays for place in (at - 1, at + 1)):
        return True  # `mon wed fri`
    has_number = follows is not None and follows.shape in (Shape.NUMBER, Shape.CLOCK, Shape.DATE, Shape.PAIR, Shape.ISO)
    is_joined = (
        (reading.has(at + 1, "at") and reading.number(at + 2) is not None)
        or reading.key(at + 1) in reading.words.parts
        or follows is None
    )
    return has_number or is_joined or (is_name and bool(reading.roles(at + 1)))


def _is_named(reading: TimeReading, at: int) -> bool:
    """`the Friday Mosque`."""
    token = reading.token(at)
    return token is not None and reading.is_word(at) and token.text.istitle() and not reading.roles(at)


def _this_time(reading: TimeReading, at: int) -> Found:
    """`this time tomorrow`, `this time next week`."""
    here = reading.skip(at + 1, "on")
    is_said = reading.has(at, "this_time") and not reading.has(here, "this_time")
    found = day(reading, here, frozenset({"on"}), after_day=False) if is_said else None
    match found:
        case (Period(unit="week" | "month" | "year" as unit, ahead=ahead), after):
            length = SIZES[unit]
            return ThisTime(Shifted(ahead * length.days, ahead * length.months)), after
        case (Day() as that, after):
            return ThisTime(that), after
        case _:
            return None


def _day_word(reading: TimeReading, at: int, *, after_day: bool) -> Found:
    """A word that is a part of the day, too, is that behind a day, as `morgen` is."""
    days = reading.words.days.get(reading.key(at))
    if days is not None and not (after_day and reading.key(at) in reading.words.parts):
        if further := _ahead(reading, at + 1):
            return Shifted(further[0].days, further[0].months, Shifted(days)), further[1]
        is_week = reading.unit(at + 1) == "week"
        return Shifted(days + WEEK * is_week), at + 1 + is_week
    if reading.is_whole and reading.has(at, "now"):
        return FromNow(Length()), at + 1
    return None


def _ahead(reading: TimeReading, at: int) -> tuple[Length, int] | None:
    """`in einer Woche` behind a day."""
    found = reading.length(at + 1) if reading.has(at, "ahead_in") else None
    return found if found and not found[0].seconds else None


def _holiday(reading: TimeReading, at: int, lead: Lead) -> Found:
    rule = reading.words.holidays.get(reading.key(at))
    goes_on = reading.has(at + 1, "at") or reading.shape(at + 1) in (Shape.CLOCK, Shape.NUMBER)
    if rule is None or not (reading.is_whole or goes_on or lead & TELLS):
        return None
    if "for" in lead and not reading.is_end(at + 1):
        return None
    year = reading.year(at + 1)
    return Holiday(rule, year), at + 1 + (year is not None)
