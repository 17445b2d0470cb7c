"""Timers as people set them: the length before or behind, and what they are for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from senter.messages.acts import ActKind, ChangeKind, Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.reading import understand
from tests.unit.understanding.said import NOW, ZONE, meant


@pytest.mark.parametrize(
    ("text", "gist", "minutes"),
    [
        ("set a 10 minute timer", "timer", 10),
        ("can you set a ten minute timer please", "timer", 10),
        ("set a 12 minute pizza timer", "pizza timer", 12),
        ("6 min tea timer please", "tea timer", 6),
        ("12-minute egg timer", "egg timer", 12),
        ("start a pasta timer for 9 min", "pasta timer", 9),
        ("egg timer 4 minutes", "egg timer", 4),
        ("set the laundry timer for an hour", "laundry timer", 60),
        ("set a timer for 10 minutes", "timer", 10),
        ("Stell den Nudeltimer auf 9 Minuten", "Nudeltimer", 9),
        ("Stell einen 10 Minuten Timer", "Timer", 10),
    ],
)
def test_a_timer_has_its_length_and_its_name(text: str, gist: str, minutes: int) -> None:
    found = meant(text)

    (act,) = found.acts
    assert found.question is None
    assert (act.kind, act.gist) == (ActKind.REMINDER, gist)
    assert act.due is not None
    assert datetime.fromisoformat(act.due).replace(tzinfo=ZONE) == NOW + timedelta(minutes=minutes)


def test_what_is_to_be_bought_is_no_timer() -> None:
    (act,) = meant("remind me to buy a pasta timer tomorrow").acts

    assert act.gist == "buy a pasta timer"


RUNNING = tuple(
    Thing(kind=ThingKind.REMINDER, id=number, title=title, at=NOW + timedelta(minutes=10), runs=True)
    for number, title in (("4", "timer"), ("5", "pizza timer"))
)


@pytest.mark.parametrize(
    ("text", "number", "minutes"),
    [
        ("add 5 minutes to the pizza timer", "5", 15),
        ("put another 10 minutes on the pizza timer please", "5", 20),
        ("extend the pizza timer by half an hour", "5", 40),
    ],
)
def test_a_timer_runs_longer(text: str, number: str, minutes: int) -> None:
    (act,) = understand(text, NOW, ZONE, Known(things=RUNNING)).acts
    due = (NOW + timedelta(minutes=minutes)).astimezone(ZONE)
    assert (act.change, [thing.id for thing in act.things]) == (ChangeKind.MOVE, [number])
    assert act.due == f"{due:%Y-%m-%dT%H:%M:%S}"


def test_of_several_timers_it_is_asked_which_runs_longer_and_of_one_it_is_that() -> None:
    question = understand("give me 5 more minutes", NOW, ZONE, Known(things=RUNNING)).question
    assert question is not None
    (act,) = understand("5 more minutes", NOW, ZONE, Known(things=RUNNING[:1])).acts
    assert (act.change, [thing.id for thing in act.things]) == (ChangeKind.MOVE, ["4"])
