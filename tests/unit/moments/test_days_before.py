"""What comes each year some days before a day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.moments.finding import when_in
from senter.moments.rule_words import rule_in_words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("says", "day", "month", "first"),
    [
        ("every year a week before mum's birthday on 3 march", -5, 2, date(2027, 2, 24)),
        ("on 31 may every year, two days before", 29, 5, date(2027, 5, 29)),
        ("every year on 5 december a week before", -3, 11, date(2027, 11, 28)),
        ("every year on 24 december a week before", 17, 12, date(2026, 12, 17)),
    ],
)
def test_the_days_before_are_counted_off_and_the_first_is_to_come(says: str, day: int, month: int, first: date) -> None:
    when = when_in(says, datetime(2026, 11, 30, 10, tzinfo=BERLIN), BERLIN)

    assert when.recurrence == f"RRULE:FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    assert when.start == first


def test_a_clock_time_stays() -> None:
    when = when_in("each 3 march a day before at 8", datetime(2026, 11, 30, 10, tzinfo=BERLIN), BERLIN)

    assert when.start == datetime(2027, 3, 2, 8, tzinfo=BERLIN)


def test_what_is_counted_from_the_end_of_a_month_is_told_from_the_next() -> None:
    assert rule_in_words("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-5") == "every year 5 days before 1 March"
    assert rule_in_words("RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-3") == "every year 3 days before 1 January"
