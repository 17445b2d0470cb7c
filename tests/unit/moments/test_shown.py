"""Moments as people read them, resolved and in full."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from senter.moments.shown import shown, shown_when

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_moment_is_shown_with_its_day_and_zone() -> None:
    moment = datetime(2026, 12, 14, 9, 30, tzinfo=UTC)
    assert shown(moment, BERLIN) == "Mon 14 Dec 2026, 10:30"
    assert shown_when(moment, BERLIN) == "Mon 14 Dec 2026, 10:30, Europe/Berlin"


def test_a_range_is_shown_as_far_as_it_goes() -> None:
    start = datetime(2026, 12, 14, 10, 30, tzinfo=BERLIN)
    end = start.replace(hour=11, minute=30)
    assert shown_when(start, BERLIN, end) == "Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin"
    later = datetime(2026, 12, 16, 17, tzinfo=BERLIN)
    assert shown_when(start, BERLIN, later) == "Mon 14 Dec 2026, 10:30 - Wed 16 Dec 2026, 17:00, Europe/Berlin"


def test_days_are_shown_without_a_clock_time() -> None:
    assert shown_when(date(2026, 12, 14), BERLIN) == "Mon 14 Dec 2026"
    assert shown_when(date(2026, 12, 14), BERLIN, date(2026, 12, 16)) == "Mon 14 Dec 2026 - Wed 16 Dec 2026"


def test_what_comes_again_is_shown_in_words_with_its_next_time() -> None:
    moment = datetime(2026, 12, 14, 9, tzinfo=BERLIN)
    expected = "every Monday at 09:00, next Mon 14 Dec 2026, 09:00, Europe/Berlin"
    assert shown_when(moment, BERLIN, recurrence="0 9 * * 1") == expected
    open_one = shown_when(date(2026, 12, 3), BERLIN, recurrence="RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH")
    assert open_one == "every other Thursday, next Thu 3 Dec 2026"


def test_a_time_that_comes_twice_is_shown_with_its_offset() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert shown(first, BERLIN) == "Sun 25 Oct 2026, 02:30 +02:00"
    assert shown(second, BERLIN) == "Sun 25 Oct 2026, 02:30 +01:00"
