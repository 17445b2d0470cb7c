"""What is said to reminders that were told and wait; without one the same words mean what they always do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.reading import understand

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 10, tzinfo=BERLIN)
DAY = timedelta(days=1)


def reminder(number: int, title: str, *, minutes: int | None = None, **more: object) -> Thing:
    """Told so many minutes ago, if it was told."""
    since = None if minutes is None else NOW - timedelta(minutes=minutes)
    said = {"kind": ThingKind.REMINDER, "id": str(number), "title": title, "waits_since": since, **more}
    return Thing.model_validate(said)


PILLS = reminder(5, "take the pills", minutes=5, repeats=True, at=NOW + DAY)
MOM = reminder(6, "call mom", minutes=120)
TEA = reminder(7, "tea timer", at=NOW + timedelta(minutes=4))
PASTA = reminder(9, "pasta timer", at=NOW + timedelta(minutes=9))
PLANTS = reminder(8, "water the plants", repeats=True, at=NOW + DAY)
DECK = Thing(kind=ThingKind.GOAL, id="3", title="finish my presentation")
KNOWN = Known(things=(MOM, PILLS, TEA, PLANTS, DECK))


def only(text: str, known: Known = KNOWN) -> Act:
    read = understand(text, NOW, BERLIN, known)
    assert read.question is None
    (act,) = read.acts
    return act


@pytest.mark.parametrize(
    ("text", "number", "due"),
    [
        ("Snooze that 10 minutes", "5", "2026-11-30T10:10:00"),
        ("snooze", "5", None),
        ("snooze it until tomorrow at 9", "5", "2026-12-01T09:00:00"),
        ("snooze it till friday", "5", "2026-12-04"),
        ("could you snooze call mom for 20 minutes", "6", "2026-11-30T10:20:00"),
        ("Remind me again in an hour", "5", "2026-11-30T11:00:00"),
        ("remind me in 20 minutes", "5", "2026-11-30T10:20:00"),
        ("wake me again in 10 minutes", "5", "2026-11-30T10:10:00"),
        ("remind me later", "5", None),
        ("Later, please", "5", None),
        ("not now", "5", None),
        ("5 more minutes", "5", "2026-11-30T10:05:00"),
        ("give me another 10 minutes", "5", "2026-11-30T10:10:00"),
    ],
)
def test_what_was_told_is_snoozed_the_last_one_where_none_is_named(text: str, number: str, due: str | None) -> None:
    act = only(text)
    assert (act.kind, act.change) == (ActKind.CHANGE, ChangeKind.SNOOZE)
    assert ([thing.id for thing in act.things], act.due) == ([number], due)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("done", "5"),
        ("Did it, thanks", "5"),
        ("dismiss that", "5"),
        ("done with the pills", "5"),
        ("I took my pills", "5"),
        ("took the pills", "5"),
        ("pills taken", "5"),
        ("I called mom", "6"),
        ("I've already called mom", "6"),
    ],
)
def test_what_is_reported_done_ends_what_was_told(text: str, number: str) -> None:
    act = only(text)
    assert (act.kind, [thing.id for thing in act.things]) == (ActKind.COMPLETION, [number])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Later I will call mom", ActKind.TALK),
        ("I called mom yesterday", ActKind.TALK),
        ("Remind me to call mom again in an hour", ActKind.REMINDER),
        ("I finished my presentation", ActKind.COMPLETION),
    ],
)
def test_what_says_something_of_its_own_is_read_as_always(text: str, kind: ActKind) -> None:
    (act,) = understand(text, NOW, BERLIN, KNOWN).acts
    assert act.kind is kind
    assert act.change is not ChangeKind.SNOOZE
    assert PILLS not in act.things


@pytest.mark.parametrize("text", ["later", "done", "not now", "snooze that 10 minutes", "remind me later"])
def test_where_nothing_waits_the_words_mean_what_they_always_do(text: str) -> None:
    quiet = replace(KNOWN, things=(TEA, PLANTS, DECK))
    assert understand(text, NOW, BERLIN, quiet).acts == understand(text, NOW, BERLIN, Known()).acts


@pytest.mark.parametrize(
    ("text", "numbers"), [("stop that timer", ["7"]), ("cancel the timer", ["7"]), ("stop the tea timer", ["7"])]
)
def test_a_timer_is_stopped_whatever_other_reminders_there_are(text: str, numbers: list[str]) -> None:
    act = only(text)
    assert (act.change, [thing.id for thing in act.things]) == (ChangeKind.CANCEL, numbers)


def test_of_two_timers_the_one_that_is_named_is_stopped_else_it_is_asked_which() -> None:
    both = replace(KNOWN, things=(*KNOWN.things, PASTA))
    assert [thing.id for thing in only("stop the pasta timer", both).things] == ["9"]
    assert understand("stop the timer", NOW, BERLIN, both).question is not None


def test_to_be_woken_at_a_time_is_no_snoozing_of_what_wakes_nobody() -> None:
    assert only("wake me tonight at 11:30").kind is ActKind.REMINDER
    assert only("wake me tonight at 11:30").things == ()
