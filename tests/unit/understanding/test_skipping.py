"""Single times of reminders that come again are left out by what people say, in English and German."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.reading import understand

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 10, tzinfo=BERLIN)
"""A Monday."""


def series(number: int, title: str) -> Thing:
    at = NOW + timedelta(days=1)
    return Thing(kind=ThingKind.REMINDER, id=str(number), title=title, at=at, repeats=True)


ENGLISH = (series(4, "water the plants"), series(5, "the stand-up"), series(6, "wake up"))
GERMAN = (series(4, "die Blumen gießen"), series(5, "Stand-up"), series(6, "aufstehen"))
MOM = Thing(kind=ThingKind.REMINDER, id="9", title="call mom", at=NOW + timedelta(days=1))


def skipped(text: str, things: tuple[Thing, ...]) -> list[tuple[str, str | None, str | None]]:
    """Which, from which day, to which."""
    read = understand(text, NOW, BERLIN, Known(things=(*things, MOM)))
    assert read.question is None
    return [(thing.id, act.due, act.end) for act in read.acts for thing in act.things if is_skip(act)]


def is_skip(act: Act) -> bool:
    return (act.kind, act.change) == (ActKind.CHANGE, ChangeKind.SKIP)


@pytest.mark.parametrize(
    ("text", "number", "first", "last"),
    [
        ("no reminder to water the plants tomorrow", "4", "2026-12-01", None),
        ("skip the stand-up reminder on friday", "5", "2026-12-04", None),
        ("skip tomorrow's reminder to water the plants", "4", "2026-12-01", None),
        ("cancel tomorrow's plants reminder", "4", "2026-12-01", None),
        ("don't remind me to water the plants tomorrow", "4", "2026-12-01", None),
        ("no need to remind me about the plants tomorrow", "4", "2026-12-01", None),
        ("I won't need the stand-up reminder on friday", "5", "2026-12-04", None),
        ("no stand-up reminder this week", "5", "2026-11-30", "2026-12-06"),
        ("not this week: the plants reminder", "4", "2026-11-30", "2026-12-06"),
        ("pause the plants reminder until monday", "4", "2026-11-30", "2026-12-06"),
        ("skip the next stand-up reminder", "5", None, None),
        ("don't wake me on saturday", "6", "2026-12-05", None),
        ("no alarm tomorrow", "6", "2026-12-01", None),
    ],
)
def test_english(text: str, number: str, first: str | None, last: str | None) -> None:
    assert skipped(text, ENGLISH) == [(number, first, last)]


@pytest.mark.parametrize(
    ("text", "number", "first", "last"),
    [
        ("keine Erinnerung morgen ans Gießen", "4", "2026-12-01", None),
        ("überspring die Stand-up-Erinnerung am Freitag", "5", "2026-12-04", None),
        ("erinnere mich morgen nicht an das Stand-up", "5", "2026-12-01", None),
        ("diese Woche keine Erinnerung ans Stand-up", "5", "2026-11-30", "2026-12-06"),
        ("weck mich morgen nicht", "6", "2026-12-01", None),
        ("morgen kein Wecker", "6", "2026-12-01", None),
    ],
)
def test_german(text: str, number: str, first: str | None, last: str | None) -> None:
    assert skipped(text, GERMAN) == [(number, first, last)]


def test_several_days_are_an_act_each_and_all_reminders_are_each_left_out() -> None:
    assert skipped("no plants reminder on tuesday and thursday", ENGLISH) == [
        ("4", "2026-12-01", None),
        ("4", "2026-12-03", None),
    ]
    assert {number for number, *_ in skipped("no reminders this week", ENGLISH)} == {"4", "5", "6"}


@pytest.mark.parametrize(
    "text",
    ["no, 17:30", "no dessert tomorrow", "I'm not going to the gym tomorrow", "cancel the plants reminder", "not now"],
)
def test_what_is_something_else_leaves_nothing_out(text: str) -> None:
    read = understand(text, NOW, BERLIN, Known(things=(*ENGLISH, MOM)))
    assert not any(map(is_skip, read.acts))
