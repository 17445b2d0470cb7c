"""When the events of one entry take place in a span: one event and those of its occurrences that were changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from heapq import merge
from itertools import chain, islice

from senter.components.task_engine.tools.children.calendar_reading import ReadEvent, after
from senter.components.task_engine.tools.children.calendar_rules import clock_of, moment_on
from senter.components.task_engine.tools.children.calendar_values import Moment

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_DAY, CEASELESS_FROM = 24, 30
"""More times a day, once there are this many, are nobody's plan."""
MOST_OF_ONE = 400
"""Times of one event that are listed."""
LONGEST_REACH = timedelta(days=3_660)
"""How long before a span a time that comes again may have begun."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when, both aware, for a user in that zone."""

    start: datetime
    end: datetime
    zone: tzinfo

    def at(self, moment: Moment) -> datetime:
        """A day begins when it does for the user."""
        return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), self.zone)

    def shown(self, moment: Moment) -> Moment:
        """On the user's clock; by way of UTC, since a time that this clock leaves out is another one."""
        return moment.astimezone(UTC).astimezone(self.zone) if isinstance(moment, datetime) else moment

    def touches(self, start: Moment, end: Moment) -> bool:
        begins, ends = self.at(start), self.at(end)
        return begins < self.end and (ends > self.start or begins == ends == self.start)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of an event."""

    event: ReadEvent
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class EntryTimes:
    """The times in a span, the earliest first; whether there are many more, and whether they are nobody's plan."""

    listed: tuple[Occurrence, ...]
    is_cut: bool = False
    is_ceaseless: bool = False


def entry_times(main: ReadEvent | None, changed: Sequence[ReadEvent], window: Window) -> EntryTimes:
    """Of an event and its changed occurrences; of these alone where the event is not known.

    Raises `ValueError` and `OverflowError` for rules that cannot be counted.
    """
    newest = {_key(each.instead_of, main): each for each in sorted(changed, key=_sequence) if each.instead_of}
    left_out = _left_out(main)
    own = [Occurrence(each, each.start, each.end) for key, each in newest.items() if not left_out.has(key)]
    if main is None or main.is_cancelled:
        return EntryTimes(tuple(_shown(own, window)))
    found = islice(_times(main, newest, left_out, window), MOST_OF_ONE + 1)
    times = [*found, *_shown(own, window)]
    times.sort(key=lambda one: window.at(one.start))
    if len(times) > max(CEASELESS_FROM, MOST_A_DAY * _days_of(times, window)):
        return EntryTimes(tuple(times[:1]), is_ceaseless=True)
    return EntryTimes(tuple(times[:MOST_OF_ONE]), is_cut=len(times) > MOST_OF_ONE)


def _days_of(times: Sequence[Occurrence], window: Window) -> float:
    """How many days they are in, begun ones too."""
    return (window.at(times[-1].start) - window.at(times[0].start)) / DAY + 1 if times else 0


def _shown(times: Iterable[Occurrence], window: Window) -> Iterator[Occurrence]:
    return (one for one in times if not one.event.is_cancelled and window.touches(one.start, one.end))


def _times(
    main: ReadEvent, newest: dict[Moment, ReadEvent], left_out: ExceptionTimes, window: Window
) -> Iterator[Occurrence]:
    later = sorted((each for each in newest.values() if each.and_after), key=lambda one: window.at(_instead(one)))
    for start, end in _starts(main, later, window):
        if _key(start, main) in newest or left_out.has(_key(start, main)):
            continue
        event = next((one for one in reversed(later) if window.at(_instead(one)) <= window.at(start)), main)
        if event is not main:
            start, end = _moved(start, event)
        yield from _shown([Occurrence(event, start, end)], window)


def _starts(main: ReadEvent, later: Sequence[ReadEvent], window: Window) -> Iterator[tuple[Moment, Moment]]:
    """Each start once, with its end."""
    zone = _zone_of(main)
    begin, lasts = clock_of(main.start, zone), _lasts(main)
    reach = max((lasts, *(abs(window.at(one.start) - window.at(_instead(one))) + _lasts(one) for one in later)))
    margin = min(reach, LONGEST_REACH) + HOUR
    first, last = (clock_of(at, zone or window.zone) for at in (window.start - margin, window.end + margin))
    clocks = merge(*(rule.starts(begin, zone, first, last) for rule in main.rules))
    others = ((_like(start, zone), until) for start, until in main.more)
    single = () if any(rule.ends_before(begin, zone) for rule in main.rules) else ((main.start, main.end),)
    known = set[Moment]()
    given = ((start, after(start, until) if isinstance(until, timedelta) else until) for start, until in others)
    every = chain(single, given, ((_existing(moment_on(clock, zone)), None) for clock in clocks))
    for start, end in every:
        if _key(start, main) not in known:
            known.add(_key(start, main))
            yield start, moment_on(clock_of(start, zone) + lasts, zone) if end is None else end


def _existing(moment: Moment) -> Moment:
    """Where clocks are put forward and leave a time out, what they show instead."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo) if isinstance(moment, datetime) else moment


def _lasts(event: ReadEvent) -> timedelta:
    """By the clock of its zone."""
    zone = _zone_of(event)
    return clock_of(event.end, zone) - clock_of(event.start, zone)


def _like(moment: Moment, zone: tzinfo | None) -> Moment:
    return moment_on(clock_of(moment, zone), zone)


def _key(moment: Moment | None, main: ReadEvent | None) -> Moment:
    """The same for one time, however it is written; days where whole days come again."""
    assert moment is not None  # of what stands for an occurrence
    if main is not None and not isinstance(main.start, datetime):
        return date(moment.year, moment.month, moment.day)
    if main is not None and not isinstance(moment, datetime):
        moment = main.start.replace(year=moment.year, month=moment.month, day=moment.day)
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class ExceptionTimes:
    """When a series does not take place: at moments, and on whole days of its zone."""

    moments: frozenset[Moment]
    days: frozenset[date]
    zone: tzinfo | None

    def has(self, key: Moment) -> bool:
        return key in self.moments or (bool(self.days) and clock_of(key, self.zone).date() in self.days)


def _left_out(main: ReadEvent | None) -> ExceptionTimes:
    """A day leaves out all that begins in it."""
    if main is None:
        return ExceptionTimes(frozenset(), frozenset(), None)
    moments = (each for each in main.left_out if isinstance(each, datetime))
    days = (each for each in main.left_out if not isinstance(each, datetime))
    return ExceptionTimes(frozenset(_key(each, main) for each in moments), frozenset(days), _zone_of(main))


def _moved(start: Moment, change: ReadEvent) -> tuple[Moment, Moment]:
    """As far as the first of those that were changed from then on."""
    zone = _zone_of(change)
    by = clock_of(change.start, zone) - clock_of(_instead(change), zone)
    begins = clock_of(start, zone) + by
    return moment_on(begins, zone), moment_on(begins + _lasts(change), zone)


def _zone_of(event: ReadEvent) -> tzinfo | None:
    """None where it is about whole days."""
    return event.start.tzinfo if isinstance(event.start, datetime) else None


def _instead(event: ReadEvent) -> Moment:
    assert event.instead_of is not None
    return event.instead_of


def _sequence(event: ReadEvent) -> int:
    return event.sequence or 0
