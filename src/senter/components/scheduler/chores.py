"""What the scheduler does every hour: forgets old history and once jobs, gives up on runs of whose end nobody told."""

from __future__ import annotations

from datetime import timedelta

from senter.components.scheduler import queries
from senter.components.scheduler.happenings import NOT_TOLD, Happenings
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.ledger import Ledger
from senter.store.stamps import stamp


class Chores:
    def __init__(self, ledger: Ledger, jobs: Jobs, happenings: Happenings) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._happenings = happenings

    async def do(self) -> None:
        self._end_long_runs()
        while self._forget():
            await self._ledger.clock.sleep(0)

    def _end_long_runs(self) -> None:
        oldest = stamp(self._ledger.now() - timedelta(hours=self._ledger.settings.longest_run_hours))
        with self._ledger.database.transaction() as tx:
            for event_id in tx.rows(queries.LONG_RUNS, (oldest,), str):
                self._happenings.ended(tx, event_id, NOT_TOLD)

    def _forget(self) -> int:
        oldest = self._ledger.now() - timedelta(days=self._ledger.settings.keep_days)
        with self._ledger.database.transaction() as tx:
            old = tx.execute(queries.FORGET_OLD, (stamp(oldest),))
            old += tx.execute(queries.FORGET_MANY, (self._ledger.settings.max_history,))
        return old + self._jobs.forget_over(oldest)
