"""Days on which what comes again is left out, for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from senter.moments.shown import shown_day
from senter.sentences import phrase


def days_left_out(times: Sequence[str]) -> str:
    """Of days and moments in ISO 8601, in order: `not on Tue 1 Dec 2026, Fri 4 Dec 2026`, `not from Mon 30 Nov 2026 to
    Sun 6 Dec 2026`; empty where there are none."""
    days = list(dict.fromkeys(datetime.fromisoformat(each).date() for each in times))
    runs = _runs(days)
    alone = [shown_day(first) for first, last in runs if first == last]
    ranges = [
        phrase("not from {first} to {last}", first=shown_day(first), last=shown_day(last))
        for first, last in runs
        if first != last
    ]
    return ", ".join([*([phrase("not on {days}", days=", ".join(alone))] if alone else []), *ranges])


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other as one."""
    runs = list[tuple[date, date]]()
    for day in days:
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
