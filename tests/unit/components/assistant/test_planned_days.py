"""Days in a row as a plan: what stands in them, what is free, and where the goals fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.entries import Entry, days, entry_of_event, hours_asked
from senter.components.assistant.planned_days import free_in, planned_days
from senter.messages.query import Quoted
from tests.support.acting_engine import event

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 8, 57, tzinfo=UTC)
CALL = entry_of_event(event("Call", "2026-12-01T10:00:00+01:00", "2026-12-01T11:30:00+01:00"), BERLIN)
CHOIR = entry_of_event(event("Choir", "2026-12-01T19:30:00+01:00", "2026-12-01T21:00:00+01:00"), BERLIN)
FAIR = entry_of_event(event("Fair", "2026-12-01", "2026-12-02"), BERLIN)
SLIDES = Entry(
    Quoted(source="slides", address="goal 3", quote="Goal 3: slides"), datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
)


def plan(*entries: Entry, first: date = date(2026, 11, 30), last: date = date(2026, 12, 2)) -> str:
    return planned_days(entries, days(first, last, BERLIN), MONDAY, BERLIN).text


def test_each_day_says_what_stands_in_it_and_what_is_free() -> None:
    opening, _, tuesday, wednesday = plan(CALL, CHOIR).split("\n\n")
    assert opening.startswith("Mon 30 Nov 2026 - Wed 2 Dec 2026, ")
    assert tuesday.splitlines() == [
        "Tue 1 Dec 2026:",
        f"- {CALL.quoted.quote}",
        f"- {CHOIR.quoted.quote}",
        "- free: 08:00-10:00, 11:30-19:30",
    ]
    assert wednesday.splitlines()[1:] == ["- free: 08:00-20:00"]


def test_of_today_only_what_is_left_is_free() -> None:
    assert plan().split("\n\n")[1] == "Mon 30 Nov 2026:\n- free: 10:00-20:00"


def test_what_takes_a_whole_day_is_listed_and_takes_none_of_its_hours() -> None:
    assert f"- {FAIR.quoted.quote}\n- free: 08:00-20:00" in plan(FAIR)


def test_a_goal_gets_the_longest_free_stretch_before_it_is_due() -> None:
    assert plan(CALL, CHOIR, SLIDES).endswith(
        "For your open goals:\n- Goal 3: slides; time for it: Mon 30 Nov 2026, 10:00-20:00, Europe/Berlin"
    )


def test_a_span_of_years_is_planned_for_a_month() -> None:
    assert plan(last=date(2030, 1, 1)).count("free: ") == 31


@pytest.mark.parametrize(
    ("asked", "free"),
    [
        ("tomorrow", "Free: Tue 1 Dec 2026, 08:00-10:00, 11:30-19:30, Europe/Berlin."),
        ("tomorrow morning", "Free: Tue 1 Dec 2026, 08:00-10:00, Europe/Berlin."),
        ("tomorrow afternoon", "You are free: Tue 1 Dec 2026, 12:00-18:00, Europe/Berlin."),
        ("tomorrow from 10 to 11", "Nothing is free: Tue 1 Dec 2026, 10:00-11:00, Europe/Berlin."),
        ("today", "Free: Mon 30 Nov 2026, 10:00-20:00, Europe/Berlin."),
    ],
)
def test_what_is_free_of_the_hours_that_are_asked_about(asked: str, free: str) -> None:
    span = hours_asked(f"Am I free {asked}?", MONDAY, BERLIN)
    assert span
    taken = [entry for entry in (CALL, CHOIR) if entry.is_in(span)]
    assert free_in(taken, span, MONDAY, BERLIN) == free
