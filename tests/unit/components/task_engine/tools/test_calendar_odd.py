"""Odd calendars: no event costs another, each is shown right, and what cannot be read is said."""

from __future__ import annotations

import pytest

from tests.support.odd_calendars import OddCalendar, odd_calendars


@pytest.mark.parametrize("calendar", odd_calendars(), ids=lambda calendar: calendar.name)
def test_every_event_of_an_odd_calendar_is_shown_and_what_is_left_out_is_said(calendar: OddCalendar) -> None:
    assert calendar.mistakes() == []
