"""Moments in words: one reading of `friday`, `tomorrow 9:00`, `in 2 hours`, `24.12.`, and one way to show a moment.

The conventions, which hold wherever a person gives a moment:

- English words, ISO 8601, and the day before the month in `24.12.` and `1/2/2027`. Every word counts: a text of which
  a part says nothing, or contradicts the rest, is refused.
- The next one is meant: `friday` is the first Friday after today, `9:00` the next nine o'clock, `24.12.` the
  next 24 December, today included. What is not in the future is refused.
- A day without a time is 23:59 as a deadline and 09:00 as a moment (`day_means`); `next week` and `in 2 days` are
  days too. A month or a year alone is its last day as a deadline, its first as a moment. `tonight` is 23:59 or 20:00.
- `in 2 hours` is that much time from now, whatever clocks do in between.
- Words are read in the user's zone. A time that clocks skip counts on from before the gap (02:30 becomes 03:30
  where an hour is skipped); one that comes twice is the first of the two that is still to come.

Returned moments are aware and in UTC. dateparser costs 50 ms and 10 MB, so it is imported when words are read.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from senter.errors import InvalidInput, SettingsError
from senter.moments.lengths import HOUR, seconds_in
from senter.moments.words import DAYS, WEEKDAY, in_full, is_on, is_whole
from senter.text import one_line

DayMeans = Literal["deadline", "moment"]
T = TypeVar("T")

DEADLINE_TIME = time(23, 59)
MOMENT_TIME = time(9, 0)
TONIGHT = time(20, 0)
LONGEST_TEXT = 100
MONTHS_AHEAD = 60
"""More than until any day of a month is any day of the week."""
FURTHEST = timedelta(days=36_600)
EXAMPLES = "Say it like: friday, tomorrow 9:00, in 2 hours, next monday, 2026-12-24, 24.12."
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LEADING = re.compile(r"^(?:(?:by|until|till|before|on|due|this|the|no later than)\s+)+", re.IGNORECASE)
_BARE_HOUR = re.compile(r"\bat (\d{1,2})(?![\d:.]|\s*[ap]\.?m)", re.IGNORECASE)
_NUMERIC = re.compile(
    r"^(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d\d)?)?"
    r"(?:,?\s+(?:at\s+)?(?P<rest>\S.*))?$"
)
_ORDINAL = re.compile(
    rf"^(?:(?P<weekday>{WEEKDAY}),?\s+(?:the\s+)?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)(?:\s+(?:at\s+)?(?P<rest>\d.*))?$",
    re.IGNORECASE,
)
_END = re.compile(r"^end of (?:the |this )?(?P<next>next )?(?P<unit>day|week|month|year)$", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{4}\b")


def parse_moment(text: str, now: datetime, zone: ZoneInfo, *, day_means: DayMeans = "deadline") -> datetime:
    """The moment that `text` names, in UTC. `now` is aware. Raises `InvalidInput` with a sentence."""
    words = _LEADING.sub("", " ".join(text.split()))
    if not words or len(words) > LONGEST_TEXT or not words.isprintable() or (words.isdigit() and len(words) != 4):
        raise _not_understood(text)
    try:
        moment = _Reader(now, zone, day_means).read(words)
    except (OverflowError, ValueError) as error:
        raise _not_understood(text) from error
    if moment is None or moment - now > FURTHEST:
        raise _not_understood(text)
    if moment <= now:
        raise InvalidInput(f'"{one_line(text)}" is not in the future: it means {shown(moment, zone)}.', EXAMPLES)
    return moment


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """For people, to the minute, such as `Fri 27 Nov 2026, 23:59`; with its offset where that time is twice."""
    local = moment.astimezone(zone)
    text = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year:04d}, {local:%H:%M}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{text} {local.isoformat()[-6:]}" if twice else text


def user_zone(name: str) -> ZoneInfo:
    """The zone called `name`, such as Europe/London; the machine's for an empty name. Raises `SettingsError`."""
    try:
        if name:
            return ZoneInfo(name)
        import tzlocal  # reads the machine's settings; needed only where none is set

        return ZoneInfo(tzlocal.get_localzone_name())
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"There is no time zone {name!r}.", "Use a name such as Europe/London.") from error


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def in_utc(local: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """A naive local time as a moment: before a gap goes on through it, twice means the first still to come."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first <= now < second else first


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads words at a moment, in a zone."""

    now: datetime
    zone: ZoneInfo
    day_means: DayMeans

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def read(self, words: str) -> datetime | None:
        """Raises `ValueError` or `OverflowError` for some of what says nothing."""
        seconds = seconds_in(words[3:], longest_unit=HOUR) if words.lower().startswith("in ") else None
        if seconds is not None:
            return self.now.astimezone(UTC) + timedelta(seconds=seconds)
        return self._iso(words) or self._said(words)

    def _means(self, deadline: T, moment: T) -> T:
        return deadline if self.day_means == "deadline" else moment

    def _on(self, day: date, clock: time | None = None) -> datetime:
        """Without a time it is the one that a day means."""
        return self._in_utc(datetime.combine(day, clock or self._means(DEADLINE_TIME, MOMENT_TIME)))

    def _in_utc(self, local: datetime) -> datetime:
        return local.astimezone(UTC) if local.tzinfo else in_utc(local, self.now, self.zone)

    def _iso(self, words: str) -> datetime | None:
        if not re.match(r"\d{4}-\d{2}-\d{2}(?:$|[T ]\d{2}:?\d{2})", words, re.IGNORECASE):
            return None
        day = date.fromisoformat(words[:10])  # a wrong day is refused, whatever follows
        try:
            found = datetime.fromisoformat(words.upper().replace(" +", "+"))
        except ValueError:
            return None
        return self._on(day) if len(words) == len("2026-12-24") else self._in_utc(found)

    def _said(self, words: str) -> datetime | None:
        if found := _END.match(words):
            return self._on(_end_of(found, self.today), DEADLINE_TIME)
        if words.isdigit():
            return self._on(date(int(words), *self._means((12, 31), (1, 1))))
        if found := _NUMERIC.match(words):
            days = _dates(int(found["day"]), int(found["month"]), found["year"], self.today)
            return self._first_ahead(days, found["rest"])
        if found := _ORDINAL.match(words):
            days = _days_of_months(int(found["day"]), self.today)
            return self._first_ahead([day for day in days if is_on(day, found["weekday"] or "")], found["rest"])
        return self._parsed(words)

    def _parsed(self, words: str) -> datetime | None:
        """What dateparser makes of it, read by the conventions above."""
        said = _BARE_HOUR.sub(r"at \1:00", in_full(words))
        base = self.now.astimezone(self.zone).replace(tzinfo=None)
        found, period = _look_up(said, base) if is_whole(said) else (None, "")
        if found is None or not is_on(found, words):
            return None
        if words.lower() == "tonight":
            return self._on(found.date(), self._means(DEADLINE_TIME, TONIGHT))
        if found.tzinfo or period in ("time", "part_of_day"):
            return self._in_utc(found)
        return self._on(self._day_meant(found.date(), period, words))

    def _day_meant(self, day: date, period: str, words: str) -> date:
        if period in ("month", "year") and not words.lower().startswith("in "):
            month = day.month if period == "month" else self._means(12, 1)
            return date(day.year, month, self._means(_length(day.year, month), 1))
        in_a_year = (day.year - 1, day.month, day.day) == (self.today.year, self.today.month, self.today.day)
        return self.today if in_a_year and not _YEAR.search(words) else day

    def _first_ahead(self, days: list[date], rest: str | None) -> datetime | None:
        """The first of the days that is still to come, at the time that follows it; the last one where none is."""
        clock = _time_in(rest) if rest else None
        moments = [self._on(day, clock) for day in days] if clock or not rest else []
        return next((moment for moment in moments if moment > self.now), moments[-1] if moments else None)


def _look_up(words: str, base: datetime) -> tuple[datetime | None, str]:
    from dateparser.date import DateDataParser  # see above

    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": base,
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "DMY",
    }
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(words)
    return found.date_obj, found.period or ""


def _time_in(words: str) -> time | None:
    found, period = _look_up(f"{words}:00" if words.isdigit() else words, datetime(2026, 1, 1))  # noqa: DTZ001
    return found.time() if found and period == "time" and not found.tzinfo else None


def _dates(day: int, month: int, year: str | None, today: date) -> list[date]:
    given = int(year or 0) + (2_000 if year and len(year) == 2 else 0)
    years = [given] if given else range(today.year, today.year + 9)
    return [date(each, month, day) for each in years if 1 <= month <= 12 and 1 <= day <= _length(each, month)]


def _days_of_months(day: int, today: date) -> list[date]:
    months = [divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(MONTHS_AHEAD)]
    return [date(year, month + 1, day) for year, month in months if 1 <= day <= _length(year, month + 1)]


def _end_of(found: re.Match[str], today: date) -> date:
    following = bool(found["next"])
    match found["unit"].lower():
        case "day":
            return today + timedelta(days=following)
        case "week":
            return today + timedelta(days=6 - today.weekday() + 7 * following)
        case "month":
            year, month = divmod(today.year * 12 + today.month - 1 + following, 12)
            return date(year, month + 1, _length(year, month + 1))
        case _:
            return date(today.year + following, 12, 31)


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _not_understood(text: str) -> InvalidInput:
    return InvalidInput(f'Cannot read "{one_line(text, LONGEST_TEXT)}" as a time.', EXAMPLES)
