"""Works due times out anew where they no longer hold: after the clock went back, and in another time zone."""

from __future__ import annotations

from senter.components.scheduler import queries
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore, stamp_or_none
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp

ZONE = "zone"


class DueTimes:
    """Goes through all jobs, in pieces. Times at which a job ran already are left out."""

    def __init__(self, store: ScheduleStore) -> None:
        self._store = store

    async def catch_up(self) -> None:
        """At the beginning: what happened to clock and zone while nobody looked?"""
        database, zone = self._store.database, self._store.zone.key
        last = database.row(queries.LAST_DECIDED, (), str)
        went_back = last is not None and from_stamp(last) > self._store.now()
        moved = database.row(queries.FACT, (ZONE,), str) != zone
        if went_back or moved:
            await self.recompute()
        if moved:
            with database.transaction() as tx:
                tx.execute(queries.SET_FACT, (ZONE, zone))

    async def recompute(self) -> None:
        """Every job that is due by the clock, and is not due yet, is due when it should be from now on."""
        after, changed = 0, 0
        while jobs := self._store.database.rows(queries.BY_CLOCK_AFTER, {"after": after}, Job):
            with self._store.database.transaction() as tx:
                changed += sum(self._mend(tx, job) for job in jobs)
            after = jobs[-1].id
            await self._store.clock.sleep(0)
        if changed:
            self._store.log.warning("due_times_worked_out_anew", jobs=changed, zone=self._store.zone.key)

    def _mend(self, tx: Transaction, job: Job) -> bool:
        now = self._store.now()
        if job.next_run is None or job.next_run <= stamp(now):
            return False
        following = stamp_or_none(self._store.first_not_fired(tx, job, now))
        if following == job.next_run:
            return False
        tx.execute(queries.SET_NEXT, {"id": job.id, "next_run": following})
        return True
