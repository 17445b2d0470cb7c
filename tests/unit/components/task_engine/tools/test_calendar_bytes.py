"""Whatever a calendar holds, an event that is added, changed or removed changes no byte of another, or is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.calendar_writes import WRITES, CalendarWrite, bytes_changed, entries_of
from tests.support.odd_calendars import OddCalendar, odd_calendars

PIECES = [
    "BEGIN:VEVENT%UID:{}%SUMMARY:Stand-up%X-APPLE-RADIUS:49.91307046514149%DTSTART:20261202T100000Z%END:VEVENT%",
    "BEGIN:VEVENT%UID:{}%DTSTART:20261202T090000Z%DESCRIPTION:first line%second line without a fold%END:VEVENT%",
    "BEGIN:VEVENT%DTSTART:20261202T080000%UID:{}%SUMMARY:A title that was cut%  into two lines%END:VEVENT%%%",
    "begin:vevent%uid:{}%dtstart;tzid=W. Europe Standard Time:20261201T100000%rrule:FREQ=DAILY%end:vevent%",
    "BEGIN:VEVENT%UID:{}%DTSTART:20261201T090000Z%RRULE:FREQ=DAILY;BYDAY=XX%EXDATE:junk%"
    "BEGIN:VALARM%TRIGGER:PT-5M%END:VALARM%END:VEVENT%",
    "BEGIN:VEVENT%UID:{}%RECURRENCE-ID:20261203T090000Z%DTSTART:20261203T110000Z%END:VEVENT%",
    "BEGIN:VEVENT%SUMMARY:No UID {}%DTSTART;VALUE=DATE:20261203%DURATION:P2D%END:VEVENT%",
    "BEGIN:VTODO%UID:{}%SUMMARY:Caf\u00e9%END:VTODO%",
    "BEGIN:VTIMEZONE%TZID:Own {}%BEGIN:STANDARD%TZOFFSETFROM:x%END:STANDARD%END:VTIMEZONE%",
    "X-OWN:END:VEVENT%NOTHING%",
    "%",
]


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """One or two calendars of odd pieces, with one line end or several, and perhaps none at the end."""
    pieces = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 3)), min_size=1, max_size=6))
    calendars = draw(st.integers(1, 2))
    text = "".join(piece.format(f"uid-{number}") for piece, number in pieces)
    whole = f"BEGIN:VCALENDAR%PRODID:-//odd//EN%{text}END:VCALENDAR%" * calendars
    ends = draw(st.lists(st.sampled_from(["\r\n", "\n"]), min_size=1, max_size=3))
    lines = whole.split("%")
    joined = "".join(f"{line}{ends[number % len(ends)]}" for number, line in enumerate(lines[:-1]))
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return mark + (joined.rstrip("\r\n") if draw(st.booleans()) else joined).encode()


@given(contents(), st.sampled_from(WRITES), st.integers(0, 7))
def test_a_write_changes_the_event_that_is_meant_alone(content: bytes, write: CalendarWrite, which: int) -> None:
    entries = entries_of(content)
    uid = entries[which % len(entries)] if entries else "none"
    assert bytes_changed(content, write, uid) == 0


@pytest.mark.parametrize("calendar", odd_calendars(), ids=lambda calendar: calendar.name)
def test_no_byte_of_others_is_changed_in_an_odd_calendar(calendar: OddCalendar) -> None:
    """Of the first and the last entry; the figure `calendars` takes all."""
    entries = entries_of(calendar.content) or ["none"]
    changed = {write: bytes_changed(calendar.content, write, entries[-(n % 2)]) for n, write in enumerate(WRITES)}
    assert set(changed.values()) == {0}, changed
