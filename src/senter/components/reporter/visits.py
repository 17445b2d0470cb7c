"""Visits: when a person last looked, and what was done since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from senter.clock import Clock
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities
from senter.messages.message import Done
from senter.messages.reports import Activity, Away, RecordVisit
from senter.sentences import phrase
from senter.store.database import Database
from senter.store.stamps import from_stamp, stamp

SHOWN = 5
NOTHING = "No autonomous activity since last session."
AWAY = "While you were away ({count:,} activities):"


@dataclass(frozen=True, slots=True)
class Visit:
    """Up to where a person was shown things, and when."""

    id: int
    visited_at: str
    activity_id: int


class Visits:
    """Owns the table of visits. `results` is where goals leave theirs."""

    def __init__(self, database: Database, activities: Activities, results: str, clock: Clock) -> None:
        self._database = database
        self._activities = activities
        self._results = results
        self._clock = clock

    def last(self) -> Visit | None:
        return self._database.row(queries.LAST_VISIT, (), Visit)

    def away(self, until_id: int) -> Away:
        """What was done since the last visit."""
        last = self.last()
        after = last.activity_id if last else 0
        count = self._activities.count_between(after, until_id)
        shown = self._activities.last_between(after, until_id, SHOWN)
        since = from_stamp(last.visited_at) if last else None
        return Away(since=since, count=count, text=away_text(count, shown, self._results))

    async def record(self, command: RecordVisit) -> Done:
        """Put a visit on record. Nobody can have seen what is not there yet, nor unsee what was shown."""
        last = self.last()
        before = last.activity_id if last else 0
        activity_id = max(before, min(command.activity_id, self._activities.newest_id()))
        now = stamp(self._clock.now())
        with self._database.transaction() as tx:
            for number in command.notification_ids:
                tx.execute(queries.SHOWN, (number,))
            if last and activity_id == before:
                tx.execute(queries.VISITED_AGAIN, (now, last.id))
            else:
                tx.execute(queries.ADD_VISIT, (now, activity_id, int(activity_id == before)))
        return Done()


def away_text(count: int, newest_first: Sequence[Activity], results: str) -> str:
    """The last few, in the order in which they were done."""
    if not count:
        return phrase(NOTHING)
    title = phrase("While you were away (1 activity):" if count == 1 else AWAY, count=count)
    lines = [f"  - {one.summary}" for one in reversed(newest_first)]
    if more := count - len(newest_first):
        lines.append(f"  ... {phrase('and {count} more', count=more)}")
    return "\n".join([title, *lines, phrase("Results are saved in {folder}", folder=results)])
