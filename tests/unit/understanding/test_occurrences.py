"""Of what comes again one is moved alone, where a text names its day; else all of it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import ChangeKind, Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.reading import understand

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 10, tzinfo=ZONE)
YOGA = Thing(kind=ThingKind.EVENT, id="y", title="yoga", at=datetime(2026, 12, 3, 19, tzinfo=ZONE), repeats=True)
STANDUP = Thing(
    kind=ThingKind.EVENT, id="s", title="standup", at=datetime(2026, 12, 1, 9, 30, tzinfo=ZONE), repeats=True
)
WEEKLY = YOGA.model_copy(update={"later": tuple(datetime(2026, 12, day, 19, tzinfo=ZONE) for day in (10, 17, 24))})
DAILY = STANDUP.model_copy(
    update={"later": tuple(datetime(2026, 12, day, 9, 30, tzinfo=ZONE) for day in (2, 3, 4, 7, 8))}
)
MILK = Thing(kind=ThingKind.REMINDER, id="12", title="buy milk", at=datetime(2026, 12, 1, 9, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("says", "day", "due"),
    [
        ("move yoga on Thursday to 6", "2026-12-03", "2026-12-03T18:00"),
        ("move yoga on Thursday to 6pm", "2026-12-03", "2026-12-03T18:00"),
        ("move Thursday's yoga to 6", "2026-12-03", "2026-12-03T18:00"),
        ("move yoga from Thursday to Friday", "2026-12-03", "2026-12-04T19:00"),
        ("move yoga this Thursday to Friday at 6", "2026-12-03", "2026-12-04T18:00"),
        ("push yoga on Thursday back by an hour", "2026-12-03", "2026-12-03T20:00"),
        ("move yoga on 10 December to 6 pm", "2026-12-10", "2026-12-10T18:00"),
        ("make yoga on Thursday at 6 instead", "2026-12-03", "2026-12-03T18:00"),
        ("move tomorrow's standup to 10", "2026-12-01", "2026-12-01T10:00"),
        ("just this once move yoga to 6", "2026-12-03", "2026-12-03T18:00"),
        ("move yoga to 6 on Thursday", "2026-12-03", "2026-12-03T18:00"),
        ("move it on thursday to 6", "2026-12-03", "2026-12-03T18:00"),
        ("yoga on Thursday is at 18:00 instead", "2026-12-03", "2026-12-03T18:00"),
        ("move yoga to Friday", "", "2026-12-04T19:00"),
        ("move yoga to 6", "", "2026-12-03T18:00"),
        ("move yoga on Thursdays to 6", "", "2026-12-03T18:00"),
    ],
)
def test_the_one_of_the_named_day_moves(says: str, day: str, due: str) -> None:
    (act,) = understand(says, MONDAY, ZONE, Known(things=(YOGA, STANDUP), latest=(YOGA,))).acts
    (thing,) = act.things
    assert (act.due, act.one_alone) == (due, bool(day))
    assert thing.at is not None
    assert not day or thing.at.astimezone(ZONE).date().isoformat() == day


@pytest.mark.parametrize(
    "says", ["no yoga on Thursday", "No yoga on 3 December", "yoga on the 3rd is cancelled", "skip yoga on Thursday"]
)
def test_the_one_of_the_named_day_is_left_out(says: str) -> None:
    (act,) = understand(says, MONDAY, ZONE, Known(things=(YOGA, STANDUP))).acts
    assert (act.change, act.due) == (ChangeKind.CANCEL, "2026-12-03")
    assert [thing.id for thing in act.things] == [YOGA.id]


@pytest.mark.parametrize(
    ("says", "days"),
    [
        ("no yoga this week", ["2026-12-03"]),
        ("yoga is off next week", ["2026-12-10"]),
        ("there is no standup this week", ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"]),
        ("no time for yoga this week", []),
        ("no milk this week", []),
        ("there was no yoga last week", []),
        ("is yoga off this week?", []),
        ("if yoga is off this week I can rest", []),
    ],
)
def test_what_is_said_to_be_off_is_left_out_at_each_of_its_times(says: str, days: list[str]) -> None:
    acts = understand(says, MONDAY, ZONE, Known(things=(WEEKLY, DAILY, MILK))).acts
    assert [act.due for act in acts if act.change is ChangeKind.CANCEL] == days


@pytest.mark.parametrize(
    ("says", "at", "due"),
    [
        ("next week's yoga is at 18:00", "2026-12-10", "2026-12-10T18:00"),
        ("yoga next week starts at 8pm", "2026-12-10", "2026-12-10T20:00"),
        ("next week's yoga is on friday", "2026-12-10", "2026-12-11T19:00"),
        ("yoga on 10 December is at 18:00", "2026-12-10", "2026-12-10T18:00"),
        ("yoga is on mondays from now on", "", "2026-12-07T19:00"),
    ],
)
def test_what_is_said_to_be_at_another_time_is_moved(says: str, at: str, due: str) -> None:
    (act,) = understand(says, MONDAY, ZONE, Known(things=(WEEKLY, DAILY))).acts
    assert (act.change, act.due, act.recurrence, act.one_alone) == (ChangeKind.MOVE, due, None, bool(at))
    assert not at or [thing.at and thing.at.date().isoformat() for thing in act.things] == [at]


def test_an_event_that_shares_its_id_is_named_by_its_beginning() -> None:
    shared = YOGA.model_copy(update={"repeats": False, "shares_id": True})
    (act,) = understand("move yoga to Friday", MONDAY, ZONE, Known(things=(shared,))).acts
    assert (act.due, act.one_alone) == ("2026-12-04T19:00", True)


def test_what_does_not_repeat_is_moved_itself() -> None:
    once = YOGA.model_copy(update={"repeats": False})
    (act,) = understand("move yoga on Thursday to 6", MONDAY, ZONE, Known(things=(once,))).acts
    assert (act.due, act.one_alone) == ("2026-12-03T18:00", False)
