"""Cron expressions against a plain reference: every minute of the time in question, looked at one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from senter.components.scheduler.cron import Cron, parse_cron
from senter.errors import InvalidInput

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# Where clocks jump in 2026, and the days around: forward and back, by an hour and by half of one.
JUMPS = {
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "UTC": (date(2026, 3, 8), date(2026, 11, 1)),
}


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("61 * * * *", 'The minute "61"'),
        ("* 24 * * *", 'The hour "24"'),
        ("0 0 32 * *", 'The day of the month "32"'),
        ("0 0 * 13 *", 'The month "13"'),
        ("0 0 * jann *", 'The month "jann"'),
        ("0 0 * * 8", 'The day of the week "8"'),
        ("0 0 * * L", 'The day of the week "L"'),
        ("*/0 * * * *", 'The minute "*/0"'),
        ("9-5 * * * *", 'The minute "9-5"'),
        ("0 8 * * fri-mon", "where 0 and 7 are Sunday; a range goes up: fri-sat,sun-mon and not fri-mon."),
        ("*/100 * * * *", 'The minute "*/100" of the cron expression "*/100 * * * *" is wrong: a step is at most 60.'),
        ("0 1,*/25 * * *", "a step is at most 24"),
        ("0 8 */40 * *", "a step is at most 31"),
        ("0 0 1,,2 * *", 'The day of the month "1,,2"'),
        ("* * * *", "has 4 fields; it takes five"),
        ("* * * * * *", "has 6 fields; it takes five"),
        ("x", "has 1 field; it takes five"),
        ("0 0 31 2 *", "never fires"),
        ("0 0 30 2 *", "never fires"),
        ("0 0 31 4,6,9,11 *", "never fires"),
        ("\u0661 * * * *", "as a cron expression"),
        ("1 " * 500, "as a cron expression"),
    ],
)
def test_nonsense_is_refused_with_the_field_that_is_wrong(expression: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_cron(expression, ZoneInfo("UTC"), NOW)
    assert says in refused.value.message
    assert "Five fields" in refused.value.hint


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        ("0 8 * * mon-fri", datetime(2026, 1, 1, 8, tzinfo=UTC)),
        ("0 8 * * SAT", datetime(2026, 1, 3, 8, tzinfo=UTC)),
        ("*/20 * * * *", datetime(2026, 1, 1, 0, 20, tzinfo=UTC)),
        ("5 4 29 feb *", datetime(2028, 2, 29, 4, 5, tzinfo=UTC)),
        ("0 0 13 * 5", datetime(2026, 1, 2, tzinfo=UTC)),
        ("0 12 L * *", datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_names_ranges_and_steps_are_read(expression: str, first: datetime) -> None:
    assert parse_cron(expression, ZoneInfo("UTC"), NOW).next_after(NOW) == first


@pytest.mark.parametrize(
    ("zone", "expression", "day", "fires"),
    [
        # Skipped: 02:00 becomes 03:00. A fixed time fires when the gap is over, once.
        ("America/New_York", "30 2 * * *", date(2026, 3, 8), ["07:00"]),
        ("America/New_York", "0,30 2 * * *", date(2026, 3, 8), ["07:00"]),
        # Twice: 02:00 becomes 01:00. A fixed time fires the first time only.
        ("America/New_York", "30 1 * * *", date(2026, 11, 1), ["05:30"]),
        # Real time goes on through both.
        ("America/New_York", "30 * * * *", date(2026, 11, 1), ["04:30", "05:30", "06:30", "07:30"]),
        ("Australia/Lord_Howe", "15 2 * * *", date(2026, 10, 4), ["15:30"]),
        ("Australia/Lord_Howe", "45 1 * * *", date(2026, 4, 5), ["14:45"]),
        ("Australia/Lord_Howe", "*/15 2 * * *", date(2026, 10, 4), ["15:30", "15:45"]),
        ("Australia/Lord_Howe", "*/15 3 * * *", date(2026, 10, 4), ["16:00", "16:15", "16:30", "16:45"]),
    ],
)
def test_clocks_that_jump_neither_lose_nor_double_a_time(
    zone: str, expression: str, day: date, fires: list[str]
) -> None:
    start = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    found = times(Cron(expression, ZoneInfo(zone)), start - MINUTE, start + timedelta(hours=24))
    assert [f"{moment:%H:%M}" for moment in found][: len(fires)] == fires


def pieces(most: int, least: int = 0) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    return st.one_of(
        st.just("*"),
        st.integers(1, most).map("*/{}".format),
        number.map(str),
        st.lists(number, min_size=1, max_size=3).map(lambda some: ",".join(map(str, some))),
        st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}"),
    )


@settings(max_examples=60)
@given(minute=pieces(59), hour=pieces(5), weekday=pieces(7), zone=st.sampled_from(sorted(JUMPS)), spring=st.booleans())
def test_around_every_jump_it_agrees_with_looking_at_every_minute(
    minute: str, hour: str, weekday: str, zone: str, spring: bool
) -> None:
    expression = f"{minute} {hour} * * {weekday}"
    day = JUMPS[zone][0 if spring else 1]
    start = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=2)
    end = start + timedelta(hours=14)
    expected = list(reference(expression, ZoneInfo(zone), start, end))
    assert times(Cron(expression, ZoneInfo(zone)), start, end) == expected


@settings(max_examples=100)
@given(
    minute=pieces(59), hour=pieces(23), offset=st.integers(0, 6 * 3_600), zone=st.sampled_from(sorted(JUMPS)),
    spring=st.booleans(),
)  # fmt: skip
def test_wherever_one_begins_the_next_time_is_the_same(
    minute: str, hour: str, offset: int, zone: str, spring: bool
) -> None:
    """What matters after a restart: no time between two is passed over, and none comes again."""
    cron = Cron(f"{minute} {hour} * * *", ZoneInfo(zone))
    day = JUMPS[zone][0 if spring else 1]
    begin = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    moment = begin + timedelta(seconds=offset)
    following = cron.next_after(moment)
    assert following is not None
    assert following > moment
    assert following in times(cron, begin - MINUTE, following)
    assert not [time for time in times(cron, begin - MINUTE, following) if moment < time < following]


def times(cron: Cron, after: datetime, until: datetime) -> list[datetime]:
    found: list[datetime] = []
    while (following := cron.next_after(after)) is not None and following <= until:
        found.append(following)
        after = following
    return found


def reference(expression: str, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Every minute looked at: real time where minute or hour begins with `*`, else each local time once."""
    sim = CronSim(expression, datetime(2026, 1, 1))  # noqa: DTZ001 - read for its fields
    real = any(field.startswith("*") for field in expression.split()[:2])

    def matches(local: datetime) -> bool:
        return local.minute in sim.minutes and local.hour in sim.hours and sim.match_day(local.date())

    seen: set[datetime] = set()
    moment = after - timedelta(hours=5)
    before = (moment - MINUTE).astimezone(zone).replace(tzinfo=None, fold=0)
    while moment <= until:
        local = moment.astimezone(zone).replace(tzinfo=None, fold=0)
        skipped = [before + MINUTE * step for step in range(1, max(1, (local - before) // MINUTE))]
        fires = matches(local) and (real or local not in seen)
        fires = fires or (not real and any(map(matches, skipped)))
        seen.add(local)
        if fires and moment > after:
            yield moment
        before, moment = local, moment + MINUTE


@pytest.mark.parametrize("zone", sorted(JUMPS))
@pytest.mark.parametrize("expression", ["30 1 * * *", "*/30 1-3 * * *", "15 2 * * 0", "0 9 1,15 * *"])
def test_a_year_is_the_reference_year(zone: str, expression: str) -> None:
    start, end = NOW, NOW + timedelta(days=366)
    found = times(Cron(expression, ZoneInfo(zone)), start, end)
    assert max(Counter(found).values()) == 1
    year = plain_year(zone)
    sim = CronSim(expression, datetime(2026, 1, 1))  # noqa: DTZ001
    real = any(field.startswith("*") for field in expression.split()[:2])
    expected: list[datetime] = []
    taken: set[datetime] = set()
    for moment, local, gap in year:
        hits = [
            shown
            for shown in (*gap, local)
            if shown.minute in sim.minutes and shown.hour in sim.hours and sim.match_day(shown.date())
        ]
        hits = [shown for shown in hits if shown == local] if real else [shown for shown in hits if shown not in taken]
        taken.update(hits)
        if hits and moment > start:
            expected.append(moment)
    assert found == expected


YEARS: dict[str, list[tuple[datetime, datetime, list[datetime]]]] = {}


def plain_year(name: str) -> list[tuple[datetime, datetime, list[datetime]]]:
    """Each quarter of an hour of 366 days: the moment, what clocks show, and what they skipped just before."""
    if name not in YEARS:
        zone, quarter = ZoneInfo(name), timedelta(minutes=15)
        rows: list[tuple[datetime, datetime, list[datetime]]] = []
        before = (NOW - quarter).astimezone(zone).replace(tzinfo=None, fold=0)
        for step in range(366 * 96 + 1):
            moment = NOW + quarter * step
            local = moment.astimezone(zone).replace(tzinfo=None, fold=0)
            gap = [before + quarter * number for number in range(1, max(1, (local - before) // quarter))]
            rows.append((moment, local, gap))
            before = local
        YEARS[name] = rows
    return YEARS[name]
