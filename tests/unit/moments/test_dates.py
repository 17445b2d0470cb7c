"""Moments in words: the table of conventions, what clocks do twice a year, and that no text breaks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senter.errors import InvalidInput, SettingsError
from senter.moments.dates import DayMeans, parse_moment
from senter.moments.shown import shown
from senter.moments.words import words_of
from senter.moments.zones import user_zone
from senter.sentences import ENGLISH

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
WEEKDAYS = words_of(ENGLISH).shown.weekdays_short
ZONES = (LONDON, NEW_YORK, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Apia"))
# A Friday.
NOW = datetime(2026, 11, 20, 10, 47, tzinfo=UTC)


def local(text: str, *, zone: ZoneInfo = LONDON, now: datetime = NOW, day_means: DayMeans = "deadline") -> str:
    return parse_moment(text, now, zone, day_means=day_means).astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday", "2026-11-27 23:59"),
        ("by friday", "2026-11-27 23:59"),
        ("this saturday", "2026-11-21 23:59"),
        ("next monday", "2026-11-23 23:59"),
        ("Monday", "2026-11-23 23:59"),
        ("today", "2026-11-20 23:59"),
        ("tonight", "2026-11-20 23:59"),
        ("tomorrow", "2026-11-21 23:59"),
        ("tomorrow 9:00", "2026-11-21 09:00"),
        ("tomorrow at 9", "2026-11-21 09:00"),
        ("tomorrow at 9am", "2026-11-21 09:00"),
        ("friday at 5pm", "2026-11-27 17:00"),
        ("monday at 9", "2026-11-23 09:00"),
        ("monday morning", "2026-11-23 09:00"),
        ("this evening", "2026-11-20 18:00"),
        ("in the afternoon", "2026-11-20 15:00"),
        ("9:00", "2026-11-21 09:00"),
        ("23:00", "2026-11-20 23:00"),
        ("noon", "2026-11-20 12:00"),
        ("in 2 hours", "2026-11-20 12:47"),
        ("in half an hour", "2026-11-20 11:17"),
        ("in an hour", "2026-11-20 11:47"),
        ("in 90 minutes", "2026-11-20 12:17"),
        ("in 1h30m", "2026-11-20 12:17"),
        ("in twenty minutes", "2026-11-20 11:07"),
        ("2 weeks from now", "2026-12-04 23:59"),
        ("in 2 days", "2026-11-22 23:59"),
        ("in two weeks", "2026-12-04 23:59"),
        ("in 2 months", "2027-01-20 23:59"),
        ("next week", "2026-11-27 23:59"),
        ("next month", "2026-12-31 23:59"),
        ("december", "2026-12-31 23:59"),
        ("2027", "2027-12-31 23:59"),
        ("2026-12-24", "2026-12-24 23:59"),
        ("2026-12-24 18:30", "2026-12-24 18:30"),
        ("2026-12-24T18:30:00+02:00", "2026-12-24 16:30"),
        ("2026-12-24T18:30:00Z", "2026-12-24 18:30"),
        ("24.12.", "2026-12-24 23:59"),
        ("24.12", "2026-12-24 23:59"),
        ("24.12.2027", "2027-12-24 23:59"),
        ("24.12. 18:00", "2026-12-24 18:00"),
        ("24.12. at 18", "2026-12-24 18:00"),
        ("20.11.", "2026-11-20 23:59"),
        ("20 november", "2026-11-20 23:59"),
        ("19.11.", "2027-11-19 23:59"),
        ("29.2.", "2028-02-29 23:59"),
        ("1/2/2027", "2027-02-01 23:59"),
        ("dec 24 at 8pm", "2026-12-24 20:00"),
        ("the 15th", "2026-12-15 23:59"),
        ("31st", "2026-12-31 23:59"),
        ("end of day", "2026-11-20 23:59"),
        ("the end of the week", "2026-11-22 23:59"),
        ("end of next month", "2026-12-31 23:59"),
        ("end of the year", "2026-12-31 23:59"),
        ("tomorrow 9:00 CET", "2026-11-21 08:00"),
        ("tomorrow 9", "2026-11-21 09:00"),
        ("9:30 tomorrow", "2026-11-21 09:30"),
        ("tomorrow 7:30 pm", "2026-11-21 19:30"),
        ("tomorrow in the morning", "2026-11-21 09:00"),
        ("this evening", "2026-11-20 18:00"),
        ("tonight at 10pm", "2026-11-20 22:00"),
        ("in eleven minutes", "2026-11-20 10:58"),
        ("in 2 hours and 5 minutes", "2026-11-20 12:52"),
        ("in 1 hour, 10 minutes and 20 minutes", "2026-11-20 12:17"),
        ("the day after tomorrow at 8", "2026-11-22 08:00"),
        ("friday the 13th", "2027-08-13 23:59"),
        ("friday 27 november 14:00", "2026-11-27 14:00"),
        ("30/11", "2026-11-30 23:59"),
        ("1/2/27", "2027-02-01 23:59"),
        ("soon", None),
        ("tomorrow 25:00", None),
        ("tomorrow 24:00", None),
        ("tomorrow 23:60", None),
        ("tomorrow 13pm", None),
        ("friday 25:00", None),
        ("tonight 25:00", None),
        ("tomorrow 25", None),
        ("tomorrow 9.30", None),
        ("tomorrow yesterday", None),
        ("tomorrow friday", None),
        ("tomorrow 24 december", None),
        ("in 2 days friday", None),
        ("next week 9", None),
        ("friday 9", None),
        ("friday 28 november", None),
        ("13/30", None),
        ("31/30/2026", None),
        ("9, 12 and 15", None),
        ("monday and tuesday", None),
        ("11-30", None),
        ("12", None),
        ("25:00", None),
        ("30.2.", None),
        ("31.13.", None),
        ("", None),
        ("   ", None),
        ("fri\x00day", None),
        ("\u202eyadirf", None),
        ("in 99999999 years", None),
        ("in 9999999 hours", None),
        ("2026-13-01", None),
        ("x" * 10_000, None),
    ],
)
def test_words_mean_what_the_conventions_say_of_a_deadline(text: str, expected: str | None) -> None:
    if expected:
        assert local(text) == expected
        return
    with pytest.raises(InvalidInput) as error:
        local(text)
    assert "as a time" in error.value.message
    assert "friday" in error.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday", "2026-11-27 09:00"),
        ("tomorrow", "2026-11-21 09:00"),
        ("tonight", "2026-11-20 20:00"),
        ("20.11.", "2027-11-20 09:00"),
        ("next month", "2026-12-01 09:00"),
        ("2027", "2027-01-01 09:00"),
        ("in 2 days", "2026-11-22 09:00"),
        ("2026-12-24", "2026-12-24 09:00"),
        ("in 2 hours", "2026-11-20 12:47"),
    ],
)
def test_a_day_without_a_time_begins_at_nine_as_a_moment(text: str, expected: str) -> None:
    assert local(text, day_means="moment") == expected


@pytest.mark.parametrize(
    "text", ["yesterday", "2 days ago", "24.12.2025", "2020-01-01", "today 9:00", "now", "last friday"]
)
def test_what_is_not_in_the_future_is_refused_with_what_it_means(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not in the future: it means"):
        local(text)


@pytest.mark.parametrize(
    "text",
    ["in a year", "in one year", "in 1 year", "in 12 months", "in 365 days", "365 days from now", "a year from now"],
)
def test_a_year_from_now_is_in_a_year(text: str) -> None:
    assert local(text) == "2027-11-20 23:59"
    assert local(text, day_means="moment") == "2027-11-20 09:00"


@pytest.mark.parametrize(
    "text",
    ["9:00-10:00", "friday 9:00-10:00", "tomorrow 14:00-15:30", "from friday to sunday", "tomorrow at 9 for 2 hours"],
)
def test_a_range_is_no_moment(text: str) -> None:
    with pytest.raises(InvalidInput, match="is a range"):
        local(text)


@pytest.mark.parametrize("text", ["every monday at 9", "daily at 8", "tuesdays at 18:00", "every 8 hours", "weekly"])
def test_what_comes_again_is_no_moment_and_the_way_to_say_it_is_told(text: str) -> None:
    with pytest.raises(InvalidInput, match="senter schedule add"):
        local(text)


@pytest.mark.parametrize(("text", "expected"), [("17h", "2026-11-20 17:00"), ("8h", "2026-11-21 08:00")])
def test_an_hour_with_its_letter_is_a_clock_time(text: str, expected: str) -> None:
    assert local(text) == expected


def test_a_day_that_no_month_has_is_told() -> None:
    with pytest.raises(InvalidInput, match="February has no day 31"):
        local("31 february")


def test_words_are_read_in_the_users_zone() -> None:
    late = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # still Friday in New York
    assert local("tomorrow", zone=NEW_YORK, now=late) == "2026-11-21 23:59"
    assert local("tomorrow", zone=LONDON, now=late) == "2026-11-22 23:59"


@pytest.mark.parametrize(
    ("zone", "now", "text", "expected"),
    [
        (NEW_YORK, "2027-03-13 12:00", "tomorrow 02:30", "2027-03-14 03:30"),
        (LONDON, "2027-03-27 12:00", "tomorrow 01:30", "2027-03-28 02:30"),
        (LORD_HOWE, "2026-10-03 12:00", "tomorrow 02:15", "2026-10-04 02:45"),
    ],
)
def test_a_time_that_clocks_skip_counts_on_from_before_the_gap(
    zone: ZoneInfo, now: str, text: str, expected: str
) -> None:
    assert local(text, zone=zone, now=datetime.fromisoformat(now).replace(tzinfo=zone)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "text", "first"),
    [
        (NEW_YORK, "2026-10-31", "tomorrow 01:30", "2026-11-01T05:30:00+00:00"),
        (LONDON, "2026-10-24", "tomorrow 01:30", "2026-10-25T00:30:00+00:00"),
        (LORD_HOWE, "2027-04-03", "tomorrow 01:45", "2027-04-03T14:45:00+00:00"),
    ],
)
def test_a_time_that_comes_twice_is_the_first_still_to_come(zone: ZoneInfo, day: str, text: str, first: str) -> None:
    before = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone)
    found = parse_moment(text, before, zone)
    assert found.isoformat() == first
    assert shown(found, zone)[-6] in "+-"
    gap = timedelta(minutes=30 if zone is LORD_HOWE else 60)
    between = found + timedelta(minutes=5)
    clock = text.split()[1]
    day_of_change = found.astimezone(zone).date().isoformat()
    assert parse_moment(f"{day_of_change} {clock}", between, zone) == found + gap


def test_hours_from_now_pass_whatever_clocks_do() -> None:
    for zone in (NEW_YORK, LONDON, LORD_HOWE):
        before = datetime(2026, 10, 31, 23, 0, tzinfo=zone)
        for said in ("in 24 hours", "in 24h", "in twenty hours, 4 hours"):
            assert parse_moment(said, before, zone) - before.astimezone(UTC) == timedelta(hours=24)


moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(moments, st.sampled_from(ZONES))
@settings(max_examples=150)
def test_what_is_shown_is_read_back_as_the_same_moment(moment: datetime, zone: ZoneInfo) -> None:
    assert parse_moment(shown(moment, zone), moment - timedelta(days=400), zone) == moment


@given(moments, st.sampled_from(ZONES), st.sampled_from(WEEKDAYS))
@settings(max_examples=100)
def test_a_weekday_is_within_the_next_seven_days_and_never_today(now: datetime, zone: ZoneInfo, day: str) -> None:
    found = parse_moment(day, now, zone).astimezone(zone)
    assert WEEKDAYS[found.weekday()] == day
    assert 1 <= (found.date() - now.astimezone(zone).date()).days <= 7


@given(st.text(max_size=60), moments, st.sampled_from(ZONES))
@settings(max_examples=200)
def test_any_text_is_a_moment_to_come_or_refused(text: str, now: datetime, zone: ZoneInfo) -> None:
    try:
        assert parse_moment(text, now, zone) > now
    except InvalidInput as error:
        assert error.message.isprintable()


def test_a_zone_is_named_or_the_machines() -> None:
    assert user_zone("Europe/London") == LONDON
    assert user_zone("").key
    with pytest.raises(SettingsError, match="no time zone 'Mars/Olympus'"):
        user_zone("Mars/Olympus")
    with pytest.raises(SettingsError):
        user_zone("../../etc/passwd")
