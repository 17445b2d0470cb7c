"""One event of a calendar, read from its lines: each line by itself, so that one that cannot be read costs only itself.

What was left out is told with the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from senter.components.task_engine.tools.children.calendar_entries import uid_without
from senter.components.task_engine.tools.children.calendar_rules import EventRule, rule_from
from senter.components.task_engine.tools.children.calendar_scanning import EventText
from senter.components.task_engine.tools.children.calendar_values import (
    Field,
    Moment,
    fields_of,
    length,
    letters,
    moment_of,
    period_of,
    text_of,
)
from senter.components.task_engine.tools.children.calendar_zones import zone_called
from senter.text import one_line

LONGEST_TITLE, LONGEST_TEXT, LONGEST_LINE = 300, 2_000, 80
NO_TITLE = "(no title)"
DAY = timedelta(days=1)
WHOLE_DAYS = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
Length = timedelta | Moment | None
"""How long, or until when."""


class NoStart(Exception):
    """It is not known when an event begins. Its text says so."""


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """What one event says."""

    uid: str
    title: str
    location: str
    description: str
    start: Moment
    end: Moment
    """After the last moment or day."""
    rules: tuple[EventRule, ...] = ()
    more: tuple[tuple[Moment, Length], ...] = ()
    """Further times (RDATE)."""
    left_out: tuple[Moment, ...] = ()
    """Times at which it does not take place (EXDATE)."""
    instead_of: Moment | None = None
    """The occurrence of a series that it stands for."""
    and_after: bool = False
    """Whether it stands for all later ones, too."""
    sequence: int | None = None
    is_cancelled: bool = False
    problems: tuple[str, ...] = ()
    is_in_part: bool = False
    """Whether it may come again in a way that could not be read."""

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.more)


def read_event(event: EventText, user: tzinfo) -> ReadEvent:
    """Moments without a zone are in the calendar's own, else in the user's. Raises `NoStart`."""
    return _EventReading(event, user).event()


class _EventReading:
    """Reads one event and notes what it cannot read."""

    def __init__(self, event: EventText, user: tzinfo) -> None:
        self._fields = fields_of(event.lines)
        self._around = event.around
        self._user = user
        self._lines = event.lines
        self._problems = dict[str, None]()
        self._is_in_part = False

    def event(self) -> ReadEvent:
        titles = [one_line(text_of(value), LONGEST_TITLE) for _, _, value in self._all("SUMMARY")]
        title = one_line(" / ".join(dict.fromkeys(filter(None, titles))), LONGEST_TITLE) or NO_TITLE
        start, end = self._span(title)
        for field in self._all("EXRULE"):
            self._note(field)
        return ReadEvent(
            uid=self._uid(),
            title=title,
            location=one_line(self._text("LOCATION"), LONGEST_TITLE),
            description=self._text("DESCRIPTION")[:LONGEST_TEXT],
            start=start,
            end=end,
            rules=tuple(self._rules()),
            more=tuple(self._more()),
            left_out=tuple(self._left_out()),
            instead_of=self._instead_of(),
            and_after=any(b"THISANDFUTURE" in parameters.upper() for _, parameters, _ in self._all("RECURRENCE-ID")),
            sequence=self._sequence(),
            is_cancelled=self._text("STATUS").strip().upper() == "CANCELLED" or self._around.is_cancelling,
            problems=(f'In "{title}" this cannot be read: {"; ".join(self._problems)}',) if self._problems else (),
            is_in_part=self._is_in_part,
        )

    def _all(self, name: str) -> list[Field]:
        return [field for field in self._fields if field[0] == name]

    def _text(self, name: str) -> str:
        return next((text_of(value) for _, _, value in self._all(name)), "")

    def _uid(self) -> str:
        given = next((letters(value).strip() for _, _, value in self._all("UID")), "")
        return given[:LONGEST_TEXT] or uid_without(self._lines.split(b"\n"))

    def _span(self, title: str) -> tuple[Moment, Moment]:
        """Outlook writes whole days as times from midnight to midnight, and says so."""
        start = self._start(title)
        end = self._end(start)
        is_whole = any(self._text(name).strip().upper() in ("TRUE", "1") for name in WHOLE_DAYS)
        if is_whole and isinstance(start, datetime) and isinstance(end, datetime):
            end = end.astimezone(start.tzinfo)
            if start.time() == end.time() == time():
                return start.date(), max(end.date(), start.date() + DAY)
        return start, end

    def _start(self, title: str) -> Moment:
        """The first that can be read."""
        found: Moment | None = None
        for field in self._all("DTSTART"):
            moment = self._moment(field)
            if found is not None and moment is not None and moment != found:
                self._note(field)
            found = moment if found is None else found
        if found is None:
            said = "; ".join(self._problems) or "it has none"
            raise NoStart(f'The start of "{title}" cannot be read: {said}')
        return found

    def _end(self, start: Moment) -> Moment:
        usual = start if isinstance(start, datetime) else start + DAY
        ends = [end for field in self._all("DTEND") if (end := self._end_of(field, start)) is not None]
        lasting = [end for field in self._all("DURATION") if (end := self._after(field, start)) is not None]
        return next(iter((*ends, *lasting)), usual)

    def _end_of(self, field: Field, start: Moment) -> Moment | None:
        """A day that ends where it begins is meant whole."""
        end = self._moment(field)
        if end is None:
            return None
        if isinstance(end, datetime) and not isinstance(start, datetime):
            end = end.date() if end.time() == time() else end.date() + DAY
        if isinstance(end, datetime) is not isinstance(start, datetime) or end < start:
            return self._note(field)
        return end if isinstance(end, datetime) else max(end, start + DAY)

    def _after(self, field: Field, start: Moment) -> Moment | None:
        try:
            return after(start, length(letters(field[2])))
        except (ValueError, OverflowError):
            return self._note(field)

    def _rules(self) -> Iterator[EventRule]:
        for field in self._all("RRULE"):
            try:
                yield rule_from(letters(field[2]))
            except ValueError:
                self._is_in_part = True
                self._note(field)

    def _more(self) -> Iterator[tuple[Moment, Length]]:
        for name, parameters, values in self._all("RDATE"):
            for value in values.split(b","):
                try:
                    yield period_of((name, parameters, value), self._zone)
                except (ValueError, OverflowError):
                    self._is_in_part = True
                    self._note((name, parameters, value))

    def _left_out(self) -> Iterator[Moment]:
        for name, parameters, values in self._all("EXDATE"):
            each = (self._moment((name, parameters, value)) for value in values.split(b","))
            yield from (moment for moment in each if moment is not None)

    def _instead_of(self) -> Moment | None:
        return next((moment for field in self._all("RECURRENCE-ID") if (moment := self._moment(field))), None)

    def _sequence(self) -> int | None:
        for field in self._all("SEQUENCE"):
            try:
                return int(field[2])
            except ValueError:
                self._note(field)
        return None

    def _moment(self, field: Field) -> Moment | None:
        try:
            return moment_of(field, self._zone)
        except (ValueError, OverflowError):
            return self._note(field)

    def _zone(self, name: str) -> tzinfo:
        """One that nobody knows is said, and the times are read as if there were none."""
        zone, own = zone_called(name, self._around.zones) if name else None, self._around.floating(self._user)
        if name and zone is None:
            self._problems[f"the time zone {one_line(name, LONGEST_LINE)}, taken for {own}"] = None
        return zone or own

    def _note(self, field: Field) -> None:
        name, parameters, value = field
        self._problems[one_line(f"{name}{letters(parameters)}:{letters(value)}", LONGEST_LINE)] = None


def after(start: Moment, lasts: timedelta) -> Moment:
    """Days by the calendar, the rest by the clock; of a day, at least one."""
    if not isinstance(start, datetime):
        return start + max(timedelta(days=-(-lasts // DAY)), DAY)
    day = start + timedelta(days=lasts.days)
    rest = lasts - timedelta(days=lasts.days)
    return (day.astimezone(UTC) + rest).astimezone(start.tzinfo) if rest else day
