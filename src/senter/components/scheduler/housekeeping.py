"""What the scheduler does every hour: forgets old history and once jobs, gives up on runs of whose end nobody told."""

from __future__ import annotations

from datetime import timedelta

from senter.components.scheduler import queries
from senter.components.scheduler.event_triggers import NOT_TOLD, EventTriggers
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.store.stamps import stamp


async def keep_house(store: ScheduleStore, jobs: Jobs, event_triggers: EventTriggers) -> None:
    """History and jobs in pieces, so that others are answered meanwhile."""
    oldest_run = stamp(store.now() - timedelta(hours=store.settings.longest_run_hours))
    with store.database.transaction() as tx:
        for event_id in tx.rows(queries.LONG_RUNS, (oldest_run,), str):
            event_triggers.ended(tx, event_id, NOT_TOLD)
    while _forget(store, jobs):
        await store.clock.sleep(0)


def _forget(store: ScheduleStore, jobs: Jobs) -> int:
    oldest = store.now() - timedelta(days=store.settings.keep_days)
    with store.database.transaction() as tx:
        old = tx.execute(queries.FORGET_OLD, (stamp(oldest),))
        old += tx.execute(queries.FORGET_MANY, (store.settings.max_history,))
    return old + jobs.forget_over(oldest)
