"""Where a text speaks of time: spans, expressions one after the other, and what stands apart."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from types import FrameType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senter.moments.finding import find_when, when_in
from senter.moments.when import When

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
# A Wednesday.
NOW = datetime(2026, 12, 2, 10, 15, tzinfo=BERLIN)


def found(text: str) -> list[tuple[str, str]]:
    """Each expression's words and its first time, local."""
    return [(said(text, when), bare(when.start)) for when in find_when(text, NOW, BERLIN)]


def said(text: str, when: When) -> str:
    return "|".join(text[first:end] for first, end in when.spans)


def bare(start: date | datetime | None) -> str:
    """What clocks show, in ISO 8601 to the minute."""
    return start.isoformat()[:16] if start else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call Kim", []),
        ("call Kim tomorrow.", [("tomorrow", "2026-12-03")]),
        (
            "buy milk tomorrow and call mom on friday",
            [("tomorrow", "2026-12-03"), ("on friday", "2026-12-04")],
        ),
        (
            "dentist on friday at 10, yoga at 18:00 on monday",
            [("on friday|at 10", "2026-12-04T10:00"), ("at 18:00|on monday", "2026-12-07T18:00")],
        ),
        ("on friday, call Kim at 10", [("on friday", "2026-12-04"), ("at 10", "2026-12-02T22:00")]),
        ("Kim's 5th attempt, by Friday", [("by Friday", "2026-12-04")]),
        ("monday, tuesday", [("monday", "2026-12-07"), ("tuesday", "2026-12-08")]),
        ("remind me (tomorrow at 9!)", [("tomorrow|at 9", "2026-12-03T09:00")]),
        ("TOMORROW AT 9AM", [("TOMORROW|AT 9AM", "2026-12-03T09:00")]),
        ("at 9 and at 15:00 call mom", [("at 9|and at 15:00", "2026-12-03T09:00")]),
        ("What did I do yesterday?", [("yesterday", "2026-12-01")]),
        ("call\tKim\n tomorrow  at\n 9", [("tomorrow|at\n 9", "2026-12-03T09:00")]),
    ],
)
def test_each_expression_is_found_where_it_stands(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_day_and_clock_time_are_put_together_wherever_they_stand() -> None:
    text = "on friday remind me to call Kim at 10"
    when = when_in(text, NOW, BERLIN)
    assert said(text, when) == "on friday|at 10"
    assert bare(when.start) == "2026-12-04T10:00"
    assert when.says_clock_time


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("at 15:00 call Kim at 16:00", ["at 16:00"]),
        ("tomorrow call Kim on friday", ["on friday"]),
        ("on friday and on monday see Kim", ["on monday"]),
        ("every day call Kim tomorrow", ["tomorrow"]),
        ("december call Kim on friday", ["december"]),
        ("call Kim friday 19", ["19"]),
        ("swim twice a week", ["twice a week"]),
        ("on the 1st and the 15th of each month at 8:00 and at 20:30 at 9:45 tomorrow", ["tomorrow"]),
        ("every 2 hours at 8", ["at 8"]),
        ("from 9:00 to 10:00 or from 11:00 to 12:00", ["from 11:00 to 12:00"]),
    ],
)
def test_words_of_time_without_a_use_are_told(text: str, unread: list[str]) -> None:
    when = when_in(text, NOW, BERLIN)
    assert [text[first:end] for first, end in when.unread] == unread


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("on 31 february", "February has no day 31."),
        ("on 29 february 2027", "February 2027 has no day 29."),
        ("friday 5 december", "5 December 2026 is a Saturday."),
        ("tomorrow at 25:00", 'Cannot read "25:00" as a time of day.'),
        ("on 13/24/2026", 'Cannot read "13/24/2026" as a date: the day comes before the month.'),
        ("tomorrow, 5 december", "3 December 2026 and 5 December 2026 are not the same day."),
        ("in 99999999 years", "This is too far away."),
        ("every easter", "This is on another day each year. Say each of them."),
        ("every saturday until friday", "It would end before it begins."),
    ],
)
def test_what_cannot_be_is_told_with_its_reason(text: str, problem: str) -> None:
    when = when_in(text, NOW, BERLIN)
    assert (when.problem, when.start) == (problem, None)


def test_a_zone_that_is_named_is_the_zone_of_the_times() -> None:
    when = when_in("call at 15:00 New York time on friday", NOW, BERLIN)
    assert when.zone == "America/New_York"
    assert when.start == datetime(2026, 12, 4, 15, tzinfo=NEW_YORK)


def test_a_length_and_an_offset_are_told_and_counted_in() -> None:
    lasting = when_in("yoga tomorrow at 10 for 90 minutes", NOW, BERLIN)
    assert (lasting.length, bare(lasting.end)) == (timedelta(minutes=90), "2026-12-03T11:30")
    before = when_in("30 minutes before the meeting at 15:00", NOW, BERLIN)
    assert (before.offset, bare(before.start)) == (-timedelta(minutes=30), "2026-12-02T14:30")
    open_ended = when_in("an hour before the flight", NOW, BERLIN)
    assert (open_ended.offset, open_ended.start) == (-timedelta(hours=1), None)


def test_a_period_is_due_on_its_last_day_and_next_week_in_seven_days() -> None:
    assert bare(when_in("this week", NOW, BERLIN).due) == "2026-12-06"
    assert bare(when_in("this weekend", NOW, BERLIN).due) == "2026-12-06"
    assert bare(when_in("next week", NOW, BERLIN).due) == "2026-12-09"
    assert bare(when_in("in january", NOW, BERLIN).due) == "2027-01-31"


def test_hours_from_now_pass_whatever_clocks_do() -> None:
    for zone in (NEW_YORK, BERLIN, LORD_HOWE):
        before = datetime(2026, 10, 24, 23, 0, tzinfo=zone)
        when = when_in("in 24 hours", before, zone)
        assert when.elapsed
        assert isinstance(when.start, datetime)
        assert when.start.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=24)


def test_a_range_over_a_change_of_clocks_ends_by_the_clock() -> None:
    when = when_in("tomorrow from 1:00 am to 4:00 am", datetime(2027, 3, 27, 12, tzinfo=BERLIN), BERLIN)
    assert isinstance(when.start, datetime)
    assert isinstance(when.end, datetime)
    assert when.end.astimezone(UTC) - when.start.astimezone(UTC) == timedelta(hours=2)


def test_friday_said_on_a_friday_is_seven_days_later() -> None:
    friday = datetime(2026, 12, 4, 8, tzinfo=BERLIN)
    assert bare(when_in("friday", friday, BERLIN).start) == "2026-12-11"
    assert bare(when_in("next friday", friday, BERLIN).start) == "2026-12-11"
    again = when_in("every friday at 9", friday, BERLIN)
    assert bare(again.start) == "2026-12-04T09:00"


days = st.dates(min_value=date(2026, 12, 3), max_value=date(2027, 11, 30))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
DAY_SAID = (
    "{day:%Y-%m-%d}",
    "on {day.day}.{day.month}.{day.year}",
    "on {day.day}/{day.month}/{day.year}",
    "{day.day} {day:%B} {day.year}",
    "on {day:%b} {day.day}, {day.year}",
    "{day:%A}, {day.day} {day:%B}",
    "on {day.day} {day:%b}",
    "{day:%B} {day.day}",
    "in {days} days",
    "{days} days from now",
)
CLOCK_SAID = (
    "at {clock:%H:%M}",
    "{clock:%H:%M}",
    "at {clock:%I:%M %p}",
    "at {clock:%I:%M}{half}",
    "at {clock:%H}{clock:%M}",
)


@given(
    days,
    clocks,
    st.sampled_from(DAY_SAID),
    st.sampled_from(CLOCK_SAID),
    st.sampled_from(("{d} {c}", "{c} call Kim {d}")),
)
@settings(max_examples=300)
def test_a_moment_said_in_many_ways_is_read_back(
    day: date, clock: time, day_said: str, clock_said: str, order: str
) -> None:
    said_day = day_said.format(day=day, days=(day - NOW.date()).days)
    said_clock = clock_said.format(clock=clock, half=f"{clock:%p}".lower())
    when = when_in(order.format(d=said_day, c=said_clock), NOW, BERLIN)
    is_skipped = (day, clock.hour) == (date(2027, 3, 28), 2)
    assert not when.unread
    assert bare(when.start) == f"{day}T{clock:%H:%M}" or is_skipped


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_any_text_is_read_and_spans_are_in_it_and_in_order(text: str) -> None:
    for when in (*find_when(text, NOW, BERLIN), when_in(text, NOW, BERLIN)):
        places = [place for span in sorted((*when.spans, *when.unread)) for place in span]
        assert places == sorted(places)
        assert not places or (places[0] >= 0 and places[-1] <= len(text))


WORDS = (
    *("at", "in", "on", "by", "the", "every", "monday", "friday", "to", "from", "9:00", "5", "may", "second", "half"),
    *("past", "quarter", "of", "week", "two", "and", "next", "last", ",", ".", "-"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
@settings(max_examples=300)
def test_any_words_of_time_are_read(text: str) -> None:
    find_when(text, NOW, BERLIN)
    when_in(text, NOW, BERLIN)


def calls_for(text: str) -> int:
    """How many functions are called to read it."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        find_when(text, NOW, BERLIN)
        when_in(text, NOW, BERLIN)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "text",
    ["call Kim on friday at 10 ", "every monday and ", "9:00-", "in the ", "monday to ", "1h", "two weeks before "],
)
def test_a_text_four_times_as_long_takes_four_times_as_much(text: str) -> None:
    find_when(text, NOW, BERLIN)
    once = calls_for(text * 60)
    assert calls_for(text * 240) < 5 * once


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("pay on the 31st of february at 9", "the 31st of february", ["2027-02-28", "2027-03-01"]),
        ("from 28 february to 30 feb", "30 feb", ["2027-02-28", "2027-03-01"]),
        ("friday, 5 december", "friday, 5 december", ["2026-12-05", "2026-12-04"]),
        ("tomorrow, 5 december", "tomorrow, 5 december", ["2026-12-03", "2026-12-05"]),
    ],
)
def test_instead_of_a_day_that_there_is_not_those_beside_it_may_be_meant(
    text: str, words: str, days: list[str]
) -> None:
    when = when_in(text, NOW, BERLIN)
    assert text[slice(*when.instead_of)] == words
    assert [day.isoformat() for day in when.instead] == days


def test_words_between_are_not_those_of_a_day() -> None:
    assert when_in("on friday call Kim, 5 december", NOW, BERLIN).instead == ()


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("at 9, 12 and 15 to stretch", ["2026-12-03T09:00", "2026-12-02T12:00", "2026-12-02T15:00"]),
        ("at nine, noon and three tomorrow", ["2026-12-03T09:00", "2026-12-03T12:00", "2026-12-03T15:00"]),
        ("on monday, tuesday and friday at 7", ["2026-12-07T07:00", "2026-12-08T07:00", "2026-12-04T07:00"]),
        ("tomorrow and on the 8th at 8:30", ["2026-12-03T08:30", "2026-12-08T08:30"]),
        ("on the 5th, the 9th and the 14th", ["2026-12-05", "2026-12-09", "2026-12-14"]),
        ("on january 3, 5 and 9 at 8", ["2027-01-03T08:00", "2027-01-05T08:00", "2027-01-09T08:00"]),
        ("on the 3rd, 4th and 5th of january 2028", ["2028-01-03", "2028-01-04", "2028-01-05"]),
        ("on 3 and 9 january at noon", ["2027-01-03T12:00", "2027-01-09T12:00"]),
        ("on january 3, 4 friends come", ["2027-01-03"]),
        ("at 8, 4 friends come", ["2026-12-02T20:00"]),
        ("on monday and tuesday gym at 6", ["2026-12-07T18:00"]),
    ],
)
def test_each_of_several_times_is_found(text: str, starts: list[str]) -> None:
    when = when_in(text, NOW, BERLIN)
    assert [bare(each.start) for each in (when, *when.also)] == starts


@pytest.mark.parametrize(
    ("text", "words", "start"),
    [
        ("at 5 prepare tomorrow's agenda", "at 5", "2026-12-02T17:00"),
        ("tomorrow at 8 read the 10 o'clock report", "tomorrow|at 8", "2026-12-03T08:00"),
        ("tomorrow's meeting", "tomorrow's", "2026-12-03"),
        ("the 3pm meeting", "the 3pm", "2026-12-02T15:00"),
        ("every monday at 8 send last month's figures", "every monday|at 8", "2026-12-07T08:00"),
    ],
)
def test_what_a_thing_is_called_by_is_a_time_only_where_nothing_else_is(text: str, words: str, start: str) -> None:
    when = when_in(text, NOW, BERLIN)
    assert (said(text, when), bare(when.start), when.unread) == (words, start, ())


def test_every_said_again_and_again_is_none() -> None:
    assert found("every " * 3_000) == []
