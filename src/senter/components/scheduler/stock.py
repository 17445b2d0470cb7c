"""Works due times out anew where they no longer hold: after the clock went back, and in another time zone."""

from __future__ import annotations

from senter.clock import Clock
from senter.components.scheduler import queries
from senter.components.scheduler.ledger import Ledger, stamp_or_none
from senter.components.scheduler.records import Job
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp

ZONE = "zone"


class Stock:
    """Goes through all jobs, in pieces. Times at which a job was set off already are left out."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def take(self) -> None:
        """At the beginning: what happened to clock and zone while nobody looked?"""
        database, zone = self._ledger.database, self._ledger.zone.key
        last = database.row(queries.LAST_DECIDED, (), str)
        went_back = last is not None and from_stamp(last) > self._ledger.now()
        moved = database.row(queries.FACT, (ZONE,), str) != zone
        if went_back or moved:
            await self.take_anew()
        if moved:
            with database.transaction() as tx:
                tx.execute(queries.SET_FACT, (ZONE, zone))

    async def take_anew(self) -> None:
        """Every job that is due by the clock, and is not due yet, is due when it should be from now on."""
        after, changed = 0, 0
        while jobs := self._ledger.database.rows(queries.BY_CLOCK_AFTER, {"after": after}, Job):
            with self._ledger.database.transaction() as tx:
                changed += sum(self._mend(tx, job) for job in jobs)
            after = jobs[-1].id
            await self._clock.sleep(0)
        if changed:
            self._ledger.log.warning("due_times_worked_out_anew", jobs=changed, zone=self._ledger.zone.key)

    def _mend(self, tx: Transaction, job: Job) -> bool:
        now = self._ledger.now()
        if job.next_run is None or job.next_run <= stamp(now):
            return False
        following = stamp_or_none(self._ledger.first_not_fired(tx, job, now))
        if following == job.next_run:
            return False
        tx.execute(queries.SET_NEXT, {"id": job.id, "next_run": following})
        return True
