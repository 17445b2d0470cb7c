"""Lines for what stands in a person's days, and the spans of time that questions name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.entries import (
    asked_time,
    days,
    entries_of_job,
    entry_of_event,
    entry_of_job,
    listed,
    shown_span,
)
from senter.messages.query import Quoted
from senter.messages.schedule import TriggerType
from tests.support.acting_engine import event
from tests.support.digest_day import a_reminder

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "span", "rest"),
    [
        ("What do I have on Wednesday?", "Wed 2 Dec 2026", "What do I have ?"),
        ("What is on next week?", "Mon 7 Dec 2026 - Sun 13 Dec 2026", "What is ?"),
        ("Do I have anything this weekend?", "Sat 5 Dec 2026 - Sun 6 Dec 2026", "Do I have anything ?"),
        ("Am I free on Friday afternoon?", "Fri 4 Dec 2026", "Am I free ?"),
        ("Am I free tomorrow from 2 to 4?", "Tue 1 Dec 2026, 14:00-16:00, Europe/Berlin", "Am I free ?"),
        ("What did I have yesterday?", "Sun 29 Nov 2026", "What did I have ?"),
    ],
)
def test_a_question_names_a_span_of_time_in_its_words(question: str, span: str, rest: str) -> None:
    found, without = asked_time(question, NOW, BERLIN)
    assert found
    assert shown_span(found, BERLIN) == span
    assert " ".join(without.split()) == rest


def test_a_question_without_a_time_names_none() -> None:
    assert asked_time("When do I fly to Lisbon?", NOW, BERLIN) == (None, "When do I fly to Lisbon?")


@pytest.mark.parametrize(
    ("start", "end", "line"),
    [
        (
            "2026-12-14T10:30:00+01:00",
            "2026-12-14T11:30:00+01:00",
            "Dentist, Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin, Main St 1 (calendar home)",
        ),
        ("2026-12-24", "2026-12-27", "Dentist, Thu 24 Dec 2026 - Sat 26 Dec 2026, Main St 1 (calendar home)"),
        ("2026-12-24", "2026-12-25", "Dentist, Thu 24 Dec 2026, Main St 1 (calendar home)"),
    ],
)
def test_an_event_is_one_line_with_its_moment_in_full(start: str, end: str, line: str) -> None:
    assert entry_of_event(event("Dentist", start, end, location="Main St 1"), BERLIN).quoted.quote == line


def test_a_timer_is_called_one() -> None:
    reminder = a_reminder(4, "tea timer", NOW)
    assert entry_of_job(reminder, BERLIN).quoted.quote.startswith("Reminder 4: tea timer, ")
    timer = reminder.model_copy(update={"payload": {**reminder.payload, "timer": 240}})
    found = entry_of_job(timer, BERLIN).quoted
    assert (found.quote.partition(", ")[0], found.address) == ("Timer 4: tea timer", "reminder 4")


def test_what_comes_again_is_told_at_each_of_its_times_in_a_span_and_of_many_a_day_the_first() -> None:
    pills = a_reminder(4, "pills", NOW).model_copy(update={"trigger_type": TriggerType.CRON, "trigger": "every day"})
    morning = datetime(2026, 12, 7, 8, tzinfo=BERLIN)
    week = days(morning.date(), (morning + timedelta(days=6)).date(), BERLIN)
    daily = tuple(morning + timedelta(days=day) for day in range(-7, 9))
    found = entries_of_job(pills.model_copy(update={"times": daily}), week, BERLIN)
    assert [entry.start for entry in found] == [morning + timedelta(days=day) for day in range(7)]
    assert found[0].quoted.quote == "Reminder 4: pills, Mon 7 Dec 2026, 08:00, Europe/Berlin (every day)"

    hourly = tuple(morning + timedelta(hours=hour) for hour in range(30))
    found = entries_of_job(pills.model_copy(update={"times": hourly}), week, BERLIN)
    assert [entry.start for entry in found] == [morning, datetime(2026, 12, 8, 0, tzinfo=BERLIN)]


def test_what_has_no_time_in_a_span_is_told_as_it_comes_next() -> None:
    later = a_reminder(4, "pills", NOW)
    assert entries_of_job(later, None, BERLIN) == [entry_of_job(later, BERLIN)]


def test_a_day_in_spring_has_23_hours_and_is_a_day() -> None:
    found, _ = asked_time("What do I have on 28 March 2027?", NOW, BERLIN)
    assert found
    assert shown_span(found, BERLIN) == "Sun 28 Mar 2027"
    assert entry_is_in("2027-03-28T23:30:00+02:00", "2027-03-28T23:45:00+02:00")
    assert not entry_is_in("2027-03-29T00:00:00+02:00", "2027-03-29T01:00:00+02:00")


def entry_is_in(start: str, end: str) -> bool:
    span, _ = asked_time("on 28 March 2027", NOW, BERLIN)
    return span is not None and entry_of_event(event("Late", start, end), BERLIN).is_in(span)


def test_several_lines_have_numbers_to_choose_by() -> None:
    one, two = (Quoted(source=name, quote=name) for name in ("One", "Two"))
    assert listed([one]) == "One"
    assert listed([one, two]) == "1. One\n2. Two"
