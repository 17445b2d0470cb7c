"""Carries out what is due: the history, the event and the next due time of a job are one transaction."""

from __future__ import annotations

from datetime import datetime

from senter.components.scheduler import queries
from senter.components.scheduler.decide import PAUSED, JobDecision, Surroundings, decide
from senter.components.scheduler.records import Firing, Job, RunRequest
from senter.components.scheduler.schedule_store import FOLLOWED_SINCE, ScheduleStore, stamp_or_none
from senter.components.scheduler.work import is_followed, is_paused, is_reminder, name_of, work_of
from senter.messages.schedule import FiringOutcome, TriggerType
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp

# Jobs decided in one transaction; commands are answered between two.
BATCH = 100
SNOOZED = "it was snoozed"


class DueJobs:
    """Decides due times one after the other, each exactly once."""

    def __init__(self, store: ScheduleStore) -> None:
        self._store = store

    def next_due(self) -> datetime | None:
        """When there is something to decide."""
        found = self._store.database.row(queries.NEXT_DUE, (), str)
        return from_stamp(found) if found else None

    def due(self) -> list[Job]:
        """The jobs that are due now, those with calls first; at most a batch of each."""
        database = self._store.database
        calls = database.rows(queries.CALLS, {"limit": BATCH}, RunRequest)
        called = [job for call in calls if (job := database.row(queries.BY_ID, (call.job_id,), Job))]
        now = {"now": stamp(self._store.now()), "limit": BATCH}
        return called + database.rows(queries.DUE, now, Job) + database.rows(queries.SNOOZED_DUE, now, Job)

    def decide_due(self, around: Surroundings) -> int:
        """Decide a batch, and say how much that was. What `around` says too little about waits for the next call."""
        now = stamp(around.now)
        done = 0
        with self._store.database.transaction() as tx:
            for call in tx.rows(queries.CALLS, {"limit": BATCH}, RunRequest):
                job = tx.row(queries.BY_ID, (call.job_id,), Job)
                if job and _known(job, around):
                    self._decide(tx, job, from_stamp(call.due_at), call, around)
                    tx.execute(queries.DROP_CALL, (call.number,))
                    done += 1
            for job in tx.rows(queries.DUE, {"now": now, "limit": BATCH}, Job):
                if job.next_run and _known(job, around):
                    as_it_is_now = tx.row(queries.BY_ID, (job.id,), Job) or job  # calls were just decided
                    self._decide(tx, as_it_is_now, from_stamp(job.next_run), None, around)
                    done += 1
            for job in tx.rows(queries.SNOOZED_DUE, {"now": now, "limit": BATCH}, Job):
                self._tell_again(tx, job, around)
                done += 1
        return done

    def _tell_again(self, tx: Transaction, job: Job, around: Surroundings) -> None:
        """What was snoozed, once; its series is where it was."""
        due = self._store.not_fired_at(tx, job, from_stamp(job.snoozed_until or job.told_at or stamp(around.now)))
        if is_paused(job):
            self._store.skip(tx, job, due, PAUSED)
            tx.execute(queries.TOLD_AGAIN, {"id": job.id, "at": job.told_at})
            return
        at, named = stamp(around.now), name_of("fired", job, due)
        firing = Firing(job.id, job.name, stamp(due), at, FiringOutcome.FIRED, SNOOZED, named, job.led_on(""), None)
        self._store.record(tx, firing, work_of(job, due, around.interests, by_hand=False))
        tx.execute(queries.TOLD_AGAIN, {"id": job.id, "at": at})

    def _decide(self, tx: Transaction, job: Job, due: datetime, call: RunRequest | None, around: Surroundings) -> None:
        if tx.row(queries.HAS_FIRED, (job.id, stamp(due)), int):  # the clock went back to where it was
            decision = JobDecision(next_run=self._store.first_not_fired(tx, job, max(due, around.now)))
        else:
            decision = decide(job, due, call, around, self._fired_today(tx, job, around))
            if not decision.held:
                self._carry_out(tx, job, due, call, decision, around)
        if call is None:
            self._afterwards(tx, job, decision)

    def _carry_out(
        self,
        tx: Transaction,
        job: Job,
        due: datetime,
        call: RunRequest | None,
        decision: JobDecision,
        around: Surroundings,
    ) -> None:
        request_id, chain = (call.request_id, call.chain) if call else (None, "")
        if decision.reason:
            self._store.skip(tx, job, due, decision.reason, request_id=request_id, chain=chain)
        else:
            at, why, outcome = stamp(around.now), call.reason if call else decision.note, FiringOutcome.FIRED
            chain, due_at, named = job.led_on(chain), stamp(due), name_of("fired", job, due)
            firing = Firing(job.id, job.name, due_at, at, outcome, why, named, chain, request_id)
            self._store.record(tx, firing, work_of(job, due, around.interests, by_hand=request_id is not None))
            run = (named, at) if is_followed(job) and self._is_new(tx, due) else (None, None)
            tx.execute(queries.SET_OFF, {"id": job.id, "at": at, "run_event": run[0], "run_began": run[1]})
            if is_reminder(job):
                tx.execute(queries.TOLD, {"id": job.id, "due": due_at, "at": at})
        if decision.missed_after:
            self._store.skip(tx, job, due, decision.missed_after)

    def _is_new(self, tx: Transaction, due: datetime) -> bool:
        """Whether nobody can have been told of it before a fall-back: the end of known work is not told again."""
        since = tx.row(queries.FACT, (FOLLOWED_SINCE,), str)
        return since is None or stamp(due) > since

    def _afterwards(self, tx: Transaction, job: Job, decision: JobDecision) -> None:
        over = job.trigger_type == TriggerType.ONCE
        values = {
            "id": job.id,
            "enabled": int(bool(job.enabled) and not over),
            "next_run": None if over or decision.held else stamp_or_none(decision.next_run),
            "held_run": job.next_run if decision.held else None,
        }
        tx.execute(queries.SET_ENABLED, values)

    def _fired_today(self, tx: Transaction, job: Job, around: Surroundings) -> int:
        if job.daily_limit is None:
            return 0
        midnight = around.now.astimezone(around.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return tx.row(queries.FIRED_SINCE, (job.id, stamp(midnight)), int) or 0


def _known(job: Job, around: Surroundings) -> bool:
    return job.component in around.away and (not job.only_when_idle or around.busy is not None)
