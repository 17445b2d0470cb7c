"""Whether a series takes place at a time: what stands then is told elsewhere, and that nothing does is an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.entries import days
from senter.components.assistant.mine.absent import said_absent
from senter.messages.acts import Thing, ThingKind

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 9, tzinfo=ZONE)
FIRST = datetime(2026, 12, 1, 18, tzinfo=ZONE)
WEEKS = tuple(FIRST + timedelta(weeks=number) for number in (2, 3, 4))
YOGA = Thing(kind=ThingKind.EVENT, id="y", title="Yoga", at=FIRST, repeats=True, later=WEEKS)
CHOIR = Thing(kind=ThingKind.EVENT, id="c", title="Choir", at=FIRST + timedelta(days=1), repeats=True, later=WEEKS[:1])


@pytest.mark.parametrize(
    ("rest", "day", "says"),
    [
        ("is there yoga", 8, "No: Yoga is left out on Tue 8 Dec 2026. It comes next on Tue 15 Dec 2026, 18:00"),
        ("do I have yoga", 3, "No: Yoga is not on Thu 3 Dec 2026. It comes next on Tue 15 Dec 2026, 18:00"),
        ("is there yoga", 15, ""),
        ("is there swimming", 8, ""),
        ("is there anything", 8, ""),
    ],
)
def test_a_day_without_it_is_an_answer(rest: str, day: int, says: str) -> None:
    asked = datetime(2026, 12, day).date()  # noqa: DTZ001 - a day of no zone
    said = said_absent(rest, (YOGA, CHOIR), days(asked, asked, ZONE), NOW, ZONE)
    assert said.startswith(says)
    assert bool(said) is bool(says)
