"""What says no more than `stop` ends what is plainly meant, and asks where several things may be."""

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


def timer(number: int, title: str, *, told_minutes_ago: int | None = None) -> Thing:
    since = None if told_minutes_ago is None else NOW - timedelta(minutes=told_minutes_ago)
    kind, at = ThingKind.REMINDER, NOW + timedelta(minutes=10)
    return Thing(kind=kind, id=str(number), title=title, at=at, runs=since is None, waits_since=since)


TEA, PIZZA = timer(4, "tea timer"), timer(5, "pizza timer")
MOM = Thing(kind=ThingKind.REMINDER, id="6", title="call mom", at=NOW + timedelta(hours=3))
PILLS = Thing(kind=ThingKind.REMINDER, id="7", title="take the pills", at=NOW + timedelta(hours=9), repeats=True)
BREAD = Thing(kind=ThingKind.GOAL, id="8", title="research bread", runs=True)
TWO = Known(things=(TEA, PIZZA, PILLS), latest=(PIZZA, TEA), together=1)
STOPS = pytest.mark.parametrize("text", ["stop", "Stop it!", "cancel", "stop please", "ok stop", "stopp", "hör auf"])
POINTS = pytest.mark.parametrize("text", ["cancel that", "please delete it", "Cancel this one", "lösch das wieder"])


def act_of(text: str, known: Known) -> Act:
    read = understand(text, NOW, BERLIN, known)
    assert read.question is None
    (act,) = read.acts
    return act


def ids(act: Act) -> list[str]:
    return [thing.id for thing in act.things]


@STOPS
def test_of_several_timers_it_is_asked_which_and_each_is_a_choice(text: str) -> None:
    question = understand(text, NOW, BERLIN, TWO).question
    assert question is not None
    assert [choice.label.partition(",")[0] for choice in question.alternatives] == ["pizza timer", "tea timer"]
    for choice, number in zip(question.alternatives, ("5", "4"), strict=True):
        act = act_of(choice.says, TWO)
        assert (act.change, ids(act)) == (ChangeKind.CANCEL, [number])


@STOPS
@pytest.mark.parametrize(
    ("known", "number"),
    [
        (Known(things=(TEA, PILLS)), "4"),
        (Known(things=(MOM, PILLS), latest=(MOM,), together=1), "6"),
        (Known(things=(BREAD, PILLS)), "8"),
        (Known(things=(PIZZA, PILLS), latest=(TEA, PIZZA)), "5"),
    ],
)
def test_the_only_thing_that_runs_or_was_spoken_of_is_meant(text: str, known: Known, number: str) -> None:
    act = act_of(text, known)
    assert (act.kind, act.change, ids(act)) == (ActKind.CHANGE, ChangeKind.CANCEL, [number])


@POINTS
def test_what_points_is_about_what_was_made_just_before(text: str) -> None:
    assert ids(act_of(text, TWO)) == ["5"]


@POINTS
@pytest.mark.parametrize("known", [replace(TWO, is_fresh=False), replace(TWO, together=2)])
def test_what_points_to_nothing_of_the_turn_before_is_asked_about(text: str, known: Known) -> None:
    assert understand(text, NOW, BERLIN, known).question is not None


@STOPS
def test_what_is_gone_already_is_named_so_that_it_can_be_said(text: str) -> None:
    assert ids(act_of(text, Known(things=(PILLS,), latest=(MOM,)))) == ["6"]


@pytest.mark.parametrize(
    "text", ["stop", "enough", "Stop the timer", "be quiet", "turn it off", "stopp", "mach das aus"]
)
def test_what_rang_a_moment_ago_is_silenced_whatever_else_runs(text: str) -> None:
    rang = timer(9, "egg timer", told_minutes_ago=1)
    act = act_of(text, Known(things=(TEA, rang), latest=(TEA,)))
    assert (act.kind, ids(act)) == (ActKind.COMPLETION, ["9"])


def test_what_rang_long_ago_is_not_silenced() -> None:
    rang = timer(9, "egg timer", told_minutes_ago=60)
    assert ids(act_of("stop", Known(things=(TEA, rang)))) == ["4"]


@pytest.mark.parametrize("text", ["stop sending me the digest", "stop by the bank on friday", "cancel the gym"])
def test_what_says_more_is_read_as_always(text: str) -> None:
    assert ids(act_of(text, TWO)) == []


@STOPS
def test_what_was_spoken_of_a_while_ago_is_not_ended_unasked(text: str) -> None:
    dentist = Thing(kind=ThingKind.EVENT, id="9", title="dentist", at=NOW + timedelta(days=4))
    known = Known(things=(dentist, MOM, PILLS), latest=(dentist,), together=1, is_fresh=False)
    assert all(not act.things for act in understand(text, NOW, BERLIN, known).acts)
