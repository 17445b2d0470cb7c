"""What the scheduler does every hour: forgets old history and once jobs, gives up on runs of whose end nobody told."""

from __future__ import annotations

from datetime import timedelta

from senter.components.scheduler import queries
from senter.components.scheduler.event_triggers import NOT_TOLD, EventTriggers
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.store.stamps import stamp


class Housekeeping:
    def __init__(self, store: ScheduleStore, jobs: Jobs, event_triggers: EventTriggers) -> None:
        self._store = store
        self._jobs = jobs
        self._event_triggers = event_triggers

    async def do(self) -> None:
        self._end_long_runs()
        while self._forget():
            await self._store.clock.sleep(0)

    def _end_long_runs(self) -> None:
        oldest = stamp(self._store.now() - timedelta(hours=self._store.settings.longest_run_hours))
        with self._store.database.transaction() as tx:
            for event_id in tx.rows(queries.LONG_RUNS, (oldest,), str):
                self._event_triggers.ended(tx, event_id, NOT_TOLD)

    def _forget(self) -> int:
        oldest = self._store.now() - timedelta(days=self._store.settings.keep_days)
        with self._store.database.transaction() as tx:
            old = tx.execute(queries.FORGET_OLD, (stamp(oldest),))
            old += tx.execute(queries.FORGET_MANY, (self._store.settings.max_history,))
        return old + self._jobs.forget_over(oldest)
