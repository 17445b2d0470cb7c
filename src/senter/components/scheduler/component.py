"""The scheduler: owns schedule.db, answers about jobs, and has their work begun at its time."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.components.scheduler import queries
from senter.components.scheduler.defaults import add_defaults
from senter.components.scheduler.due_jobs import DueJobs
from senter.components.scheduler.event_triggers import NOT_TOLD, EventTriggers
from senter.components.scheduler.job_changes import JobChanges
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.schedule_commands import ScheduleCommands
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.scheduler_loop import SchedulerLoop
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.components.scheduler.system_state import SystemState
from senter.messages.health import Health
from senter.messages.query import QueryAnswered
from senter.moments.zones import user_zone
from senter.store.database import Transaction
from senter.store.stamps import stamp


class Scheduler(Component[SchedulerSettings]):
    """Has work begun at its time, once."""

    async def open(self, stack: AsyncExitStack) -> None:
        zone = user_zone(self.settings.timezone)
        self.events = EventLog.open(self.context, SPEC, stack)
        database = self.events.database
        add, settings = self.events.add, self.settings
        self._store = ScheduleStore(database, add, self.clock, zone, settings, self.log, lambda: self._loop.wake())
        self._due_jobs = DueJobs(self._store)
        self._system_state = SystemState(self.bus, self._store)
        self._loop = SchedulerLoop(self._due_jobs, self._system_state, self._store)
        jobs = Jobs(self._store)
        self.event_triggers = event_triggers = EventTriggers(self._store, jobs)
        with waiting_for_space():
            add_defaults(jobs, self._store)
            if self.events.fell_back:
                event_triggers.forget_runs()
        changes = JobChanges(self._store, jobs)
        self.events.each_hour(partial(keep_house, self._store, jobs, changes, event_triggers))
        self.commands = ScheduleCommands(jobs, changes, self._store, self.paths, self._loop.decide_due, self.bus)

    async def run(self) -> None:
        await self.events.run(self._loop.run)

    def health(self) -> Health:
        due = self._due_jobs.next_due()
        return self.events.health(self._loop.problem, next_due=due.isoformat() if due else None)

    def question_answered(self, transaction: Transaction, event: QueryAnswered) -> None:
        """Senter is not idle, and jobs may wait for it."""
        self._system_state.question_answered()
        self.event_triggers.happened(transaction, event)


async def keep_house(store: ScheduleStore, jobs: Jobs, changes: JobChanges, event_triggers: EventTriggers) -> None:
    """Every hour: give up on runs of whose end nobody told; forget old history and once jobs.

    In pieces, so that others are answered meanwhile.
    """
    oldest_run = stamp(store.now() - timedelta(hours=store.settings.longest_run_hours))
    with store.database.transaction() as tx:
        for event_id in tx.rows(queries.LONG_RUNS, (oldest_run,), str):
            event_triggers.ended(tx, event_id, NOT_TOLD)
        tx.execute(queries.GIVE_UP_WAITING, (stamp(store.now() - timedelta(hours=store.settings.waiting_hours)),))
    changes.forget_removed()
    while _forget(store, jobs):
        await store.clock.sleep(0)


def _forget(store: ScheduleStore, jobs: Jobs) -> int:
    oldest = store.now() - timedelta(days=store.settings.keep_days)
    with store.database.transaction() as tx:
        old = tx.execute(queries.FORGET_OLD, (stamp(oldest),))
        old += tx.execute(queries.FORGET_MANY, (store.settings.max_history,))
    return old + jobs.forget_over(oldest)
