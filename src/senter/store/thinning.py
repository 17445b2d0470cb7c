"""Which snapshots to keep: many of the last day, fewer of the weeks before, and never more than there is room for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

# One for each span of the first length, as far back as the second.
TIERS = (
    (timedelta(hours=1), timedelta(days=1)),
    (timedelta(days=1), timedelta(weeks=2)),
    (timedelta(weeks=1), timedelta(weeks=6)),
)
NEWEST_KEPT = 3
SPACE_BYTES = 512 * 1024 * 1024
COARSER = (1, 2, 4, 8, 16, 32)
EPOCH = datetime(1970, 1, 5, tzinfo=UTC)


def worth_keeping(sizes: Mapping[datetime, int], now: datetime, space_bytes: int = SPACE_BYTES) -> set[datetime]:
    """Of snapshots by their moments. The newest three stay, whatever they take."""
    newest = set(sorted(sizes, reverse=True)[:NEWEST_KEPT])
    for factor in COARSER:
        kept = newest | _thinned(sizes, now, factor)
        if sum(sizes[moment] for moment in kept) <= space_bytes:
            return kept
    return newest


def _thinned(moments: Mapping[datetime, int], now: datetime, factor: int) -> set[datetime]:
    return {moment for spacing, reach in TIERS for moment in _newest_of_each(moments, now - reach, spacing * factor)}


def _newest_of_each(moments: Mapping[datetime, int], since: datetime, spacing: timedelta) -> set[datetime]:
    """Spans lie fast in time, so that what is kept once is kept until it is out of reach."""
    return set({(moment - EPOCH) // spacing: moment for moment in sorted(moments) if moment > since}.values())
