"""What a calendar shows of a time is bounded, in order and complete, and what is beyond is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.task_engine.tools.children.calendar_agenda import MOST_EVENTS, Agenda, agenda_of
from senter.components.task_engine.tools.children.calendar_limits import processor_limit
from senter.components.task_engine.tools.children.calendar_occurrences import MOST_OF_ONE, Window
from tests.support.odd_calendars import WEEK, ZONE, shown

GOOD = "BEGIN:VEVENT\nUID:good\nSUMMARY:Good\nDTSTART:20261202T100000Z\nEND:VEVENT\n"


def agenda(*events: str, window: Window = WEEK) -> Agenda:
    """Of a calendar with a good event after these."""
    lines = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return agenda_of([f"BEGIN:VCALENDAR\n{lines}{GOOD}END:VCALENDAR\n".encode()], window)


def test_the_first_are_listed_of_more_than_anybody_reads_and_the_rest_is_counted() -> None:
    many = (f"UID:{n}\nSUMMARY:{n}\nDTSTART:202612{1 + n % 7:02}T{n % 20:02}3000Z" for n in range(MOST_EVENTS + 5))
    found = agenda(*many)
    assert len(found.events) == MOST_EVENTS
    assert found.problem == "Later entries of this time that are not listed: 6."


def test_of_one_that_comes_very_often_the_first_times_are_listed_and_it_is_said() -> None:
    year = Window(WEEK.start, WEEK.start + timedelta(days=366), ZONE)
    found = agenda("UID:a\nSUMMARY:Pill\nDTSTART:20261201T060000Z\nRRULE:FREQ=DAILY;BYHOUR=6,18", window=year)
    assert sum(event["title"] == "Pill" for event in found.events) == MOST_OF_ONE
    assert any(event["title"] == "Good" for event in found.events)
    assert found.problem == f'"Pill" comes more than {MOST_OF_ONE} times; the first are listed.'


def test_rules_that_count_for_ever_hold_nothing_up() -> None:
    found = agenda(
        *(f"UID:{n}\nSUMMARY:{n}\nDTSTART:20200101T000000Z\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30" for n in "ab")
    )
    assert [event["title"] for event in found.events] == ["Good"]
    assert 'When "a" comes again takes too long to work out' in found.problem


def test_a_limit_ends_what_goes_on_and_nothing_else() -> None:
    with processor_limit(5):
        pass
    with pytest.raises(TimeoutError), processor_limit(0.01):
        while True:
            pass
    with pytest.raises(TimeoutError), processor_limit(0):
        pass


def test_a_problem_of_an_event_at_another_time_is_not_told() -> None:
    assert agenda("UID:a\nSUMMARY:Long ago\nDTSTART:20200101T000000Z\nDTEND:whenever").problem == ""
    assert "BYDAY=XX" in agenda("UID:a\nDTSTART:20200101T000000Z\nRRULE:FREQ=WEEKLY;BYDAY=XX").problem


@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231"])
def test_a_rule_that_ends_in_the_last_of_all_years_has_no_end(until: str) -> None:
    found = agenda(f"UID:a\nSUMMARY:Daily\nDTSTART:20200101T100000Z\nRRULE:FREQ=DAILY;UNTIL={until}")
    assert len(found.events) == len(agenda("UID:a\nDTSTART:20200101T100000Z\nRRULE:FREQ=DAILY").events) > 1
    assert found.problem == ""


@pytest.mark.parametrize("content", [b"<html><body>Log in</body></html>", b"BEGIN:VCARD\nEND:VCARD\n", b"x"])
def test_what_is_no_calendar_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a calendar"):
        agenda_of([content], WEEK)


DAYS = st.integers(-40, 40)
RULES = st.sampled_from(
    [
        "",
        "\nRRULE:FREQ=DAILY",
        "\nRRULE:FREQ=WEEKLY;UNTIL=20261128",
        "\nRRULE:FREQ=DAILY;COUNT=20",
        "\nRDATE:20261204T100000Z",
    ]
)
ENDS = st.sampled_from(["", "\nDURATION:P3D", "\nDURATION:PT90M", "\nDTEND:{end:%Y%m%dT%H%M%SZ}", "\nDTEND:junk"])
FORMS = st.sampled_from(
    [
        "DTSTART:{start:%Y%m%dT%H%M%SZ}",
        "DTSTART;TZID=Pacific/Kiritimati:{start:%Y%m%dT%H%M%S}",
        "DTSTART;VALUE=DATE:{start:%Y%m%d}",
    ]
)


@given(st.lists(st.tuples(DAYS, st.integers(0, 23), FORMS, ENDS, RULES), max_size=6))
def test_nothing_that_touches_the_time_is_left_aside(drawn: list[tuple[int, int, str, str, str]]) -> None:
    """A time in the middle of a long one shows what the long one shows of it."""
    lines = list[str]()
    for number, (days, hour, form, end, rule) in enumerate(drawn):
        start = datetime(2026, 12, 4, hour) + timedelta(days=days)  # noqa: DTZ001 - written with its zone
        text = f"{form}{end}{rule}".format(start=start, end=start + timedelta(days=5))
        lines.append(f"UID:{number}\nSUMMARY:{number}\n{text}")
    wide = Window(WEEK.start - timedelta(days=60), WEEK.end + timedelta(days=60), ZONE)
    far = agenda(*lines, window=wide)
    inside = [event for event in far.events if WEEK.touches(*(_moment(event[name]) for name in ("start", "end")))]
    assert shown(agenda(*lines)) == shown(Agenda(inside))


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
