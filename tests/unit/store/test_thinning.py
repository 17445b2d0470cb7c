from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from senter.store.snapshots import NEWEST_KEPT, worth_keeping

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLENTY = 10**12


def after_hours(hours: int, size_bytes: int = 1, space_bytes: int = PLENTY) -> tuple[set[datetime], datetime]:
    """What is left when a snapshot is taken each hour, and the time then."""
    kept: set[datetime] = set()
    now = BEGUN
    for number in range(hours):
        now = BEGUN + HOUR * number
        kept = worth_keeping(dict.fromkeys(kept | {now}, size_bytes), now, space_bytes)
    return kept, now


def test_all_of_the_last_day_stay_then_one_a_day_then_one_a_week() -> None:
    kept, now = after_hours(24 * 70)
    ages = sorted(now - moment for moment in kept)
    assert [age for age in ages if age < DAY] == [HOUR * number for number in range(24)]
    days = [age for age in ages if DAY <= age < 14 * DAY]
    assert 12 <= len(days) <= 14
    weeks = [age for age in ages if age >= 14 * DAY]
    assert 3 <= len(weeks) <= 5
    assert max(ages) < 43 * DAY


def test_large_ones_are_kept_at_longer_distances_within_their_space() -> None:
    kept, now = after_hours(24 * 40, size_bytes=100, space_bytes=1_000)
    assert NEWEST_KEPT < len(kept) <= 10
    assert now - min(kept) > 7 * DAY
    kept, _ = after_hours(24 * 40, size_bytes=100, space_bytes=50)
    assert len(kept) == NEWEST_KEPT


@given(st.lists(st.integers(0, 10_000), unique=True), st.integers(0, 10_000))
def test_the_newest_stay_and_the_number_is_bounded_whatever_the_clock_did(hours: list[int], now: int) -> None:
    sizes = {BEGUN + HOUR * hour: 1 for hour in hours}
    kept = worth_keeping(sizes, BEGUN + HOUR * now)
    assert set(sorted(sizes)[-NEWEST_KEPT:]) <= kept <= sizes.keys()
