"""Timers as people set them: the length before or behind, and what they are for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from senter.messages.acts import ActKind
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
