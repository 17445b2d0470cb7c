"""Times that come again: by the clock of a zone, over its changes, and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from senter.errors import InvalidInput
from senter.moments.finding import when_in
from senter.moments.recurrence import check_rule, is_rrule, next_after, rule_in_words

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime.fromisoformat("2026-12-03T18:00")


def following(rule: str, first: str, zone: ZoneInfo, count: int, after: str = "") -> list[str]:
    """The next times, local."""
    local = datetime.fromisoformat(first)
    moment = datetime.fromisoformat(after or first).replace(tzinfo=zone) - timedelta(seconds=1)
    found: list[str] = []
    for _ in range(count):
        later = next_after(rule, moment, zone, first=local)
        assert later is not None
        found.append(later.astimezone(zone).isoformat()[:16])
        moment = later
    return found


def test_every_other_week_goes_on_from_its_first_time() -> None:
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"
    expected = ["2026-12-03T18:00", "2026-12-17T18:00", "2026-12-31T18:00"]
    assert following(rule, "2026-12-03T18:00", BERLIN, 3) == expected
    assert following(rule, "2026-12-03T18:00", BERLIN, 1, "2036-12-05T00:00") == ["2036-12-18T18:00"]


def test_clock_times_of_other_minutes_are_those_that_were_said() -> None:
    when = when_in("every monday and thursday at 8:00 and 20:30", datetime(2026, 12, 1, 9, tzinfo=BERLIN), BERLIN)
    assert when.recurrence
    assert following(when.recurrence, "2026-12-03T08:00", BERLIN, 4) == [
        "2026-12-03T08:00",
        "2026-12-03T20:30",
        "2026-12-07T08:00",
        "2026-12-07T20:30",
    ]


def test_a_clock_time_stays_when_clocks_change() -> None:
    rule = "RRULE:FREQ=DAILY"
    assert following(rule, "2027-03-27T09:00", BERLIN, 3) == [
        "2027-03-27T09:00",
        "2027-03-28T09:00",
        "2027-03-29T09:00",
    ]


def test_a_time_that_clocks_skip_is_when_they_have_jumped_on() -> None:
    rule = "RRULE:FREQ=DAILY;INTERVAL=1"
    assert following(rule, "2027-03-27T02:30", BERLIN, 3) == [
        "2027-03-27T02:30",
        "2027-03-28T03:30",
        "2027-03-29T02:30",
    ]


def test_a_time_that_comes_twice_is_the_first_and_comes_once() -> None:
    rule = "RRULE:FREQ=DAILY"
    first = datetime.fromisoformat("2026-10-31T01:30")
    moment = datetime(2026, 10, 31, 12, tzinfo=NEW_YORK)
    found = next_after(rule, moment, NEW_YORK, first=first)
    assert found
    assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    again = next_after(rule, found, NEW_YORK, first=first)
    assert again == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


def test_what_comes_every_few_minutes_is_found_years_later_at_once() -> None:
    rule = "RRULE:FREQ=MINUTELY;INTERVAL=7"
    found = following(rule, "2000-01-01T00:00", ZoneInfo("UTC"), 2, "2026-12-02T10:00")
    first, second = (datetime.fromisoformat(each) - datetime.fromisoformat("2000-01-01") for each in found)
    assert (first % timedelta(minutes=7), second - first) == (timedelta(), timedelta(minutes=7))
    assert "2026-12-02T10:00" <= found[0] < "2026-12-02T10:07"


def test_the_parts_of_a_rule_may_stand_in_any_order() -> None:
    rule = "RRULE:INTERVAL=2;BYDAY=TH;FREQ=WEEKLY"
    assert following(rule, "2026-12-03T18:00", BERLIN, 1, "2036-12-05T00:00") == ["2036-12-18T18:00"]


def test_a_recurrence_ends_where_its_rule_says() -> None:
    assert (
        next_after("RRULE:FREQ=DAILY;UNTIL=20261205T235959", datetime(2026, 12, 6, tzinfo=BERLIN), BERLIN, first=FIRST)
        is None
    )
    assert next_after("RRULE:FREQ=DAILY;COUNT=2", datetime(2026, 12, 4, 20, tzinfo=BERLIN), BERLIN, first=FIRST) is None


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:",
        "RRULE:FREQ=NEVER",
        "0 9 * * *",
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;BYSECOND=5",
        "RRULE:FREQ=DAILY;X=1",
    ],
)
def test_what_is_no_rule_is_refused_with_an_example(rule: str) -> None:
    with pytest.raises(InvalidInput) as error:
        check_rule(rule, FIRST)
    assert "FREQ=WEEKLY" in error.value.hint


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(InvalidInput, match="never comes"):
        check_rule("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", FIRST)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("0 10 * * 0", "every Sunday at 10:00"),
        ("30 7 * * 1-5", "every weekday at 07:30"),
        ("0 8,20 * * *", "every day at 08:00 and 20:00"),
        ("0 18 * * 2,4", "every Tuesday and Thursday at 18:00"),
        ("0 9 25 * *", "on the 25th of each month at 09:00"),
        ("0 9 12 3 *", "every 12 March at 09:00"),
        ("*/15 9-16 * * 1-5", "every 15 minutes from 09:00 to 16:45, every weekday"),
        ("RRULE:FREQ=DAILY", "every day"),
        ("RRULE:FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("RRULE:FREQ=HOURLY;INTERVAL=8", "every 8 hours"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every other Thursday"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "every 3 weeks on Monday"),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO", "every first Monday of the month"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "every last Friday of the month"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=22", "on the 22nd of each month"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of each month"),
        ("RRULE:FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12", "every 12 March"),
        ("RRULE:FREQ=DAILY;UNTIL=20261204T235959", "every day, until 4 December 2026"),
        ("RRULE:FREQ=DAILY;COUNT=5", "every day, 5 times"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every Friday the 13th"),
        (
            "RRULE:FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0,30;BYSECOND=0;BYSETPOS=1,4",
            "every day at 08:00 and 20:30",
        ),
        ("RRULE:FREQ=DAILY;BYHOUR=8,20;BYMINUTE=15;BYSECOND=0", "every day at 08:15 and 20:15"),
        ("0 8 * * Sat,sun", "every Saturday and Sunday at 08:00"),
        ("*/30 9-16 * * *", "every 30 minutes from 09:00 to 16:30"),
        ("15 8-18/4 * * 1-5", "every 4 hours from 08:15 to 16:15, every weekday"),
        ("*/7 9-16 * * *", "*/7 9-16 * * *"),
        ("*/5 * * * *", "*/5 * * * *"),
        ("0 9-17 * * *", "every hour from 09:00 to 17:00"),
        ("30 8-20/5 * * 1-5", "every 5 hours from 08:30 to 18:30, every weekday"),
        ("*/30 9-11 * * *", "every 30 minutes from 09:00 to 11:30"),
        ("*/7 9-11 * * *", "*/7 9-11 * * *"),
        ("RRULE:FREQ=HOURLY;INTERVAL=3;BYDAY=SA,SU", "every 3 hours, every Saturday and Sunday"),
        ("RRULE:FREQ=MINUTELY;INTERVAL=90;BYHOUR=8,9,10", "every 90 minutes from 08:00 to 10:59"),
        ("RRULE:FREQ=HOURLY;BYHOUR=8,12", "RRULE:FREQ=HOURLY;BYHOUR=8,12"),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=20", "RRULE:FREQ=YEARLY;BYWEEKNO=20"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, words: str) -> None:
    assert rule_in_words(rule) == words


@pytest.mark.parametrize(
    "said",
    [
        *("every other thursday at 18:00", "first monday of the month at 9", "every 3 days at 8", "every 8 hours"),
        *("on the last day of every month at noon", "every day at 9 until 24 december", "every 29 february"),
    ],
)
def test_the_first_time_that_words_give_is_a_time_of_their_rule(said: str) -> None:
    now = datetime(2026, 12, 2, 10, 15, tzinfo=BERLIN)
    when = when_in(said, now, BERLIN)
    assert when.recurrence
    assert is_rrule(when.recurrence)
    if not isinstance(when.start, datetime):
        return
    local = when.start.replace(tzinfo=None)
    check_rule(when.recurrence, local)
    assert next_after(when.recurrence, when.start - timedelta(seconds=1), BERLIN, first=local) == when.start
