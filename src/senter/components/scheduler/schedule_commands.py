"""Answers every command about jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import islice

from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.component.grants.holding import check_holds
from senter.components.scheduler.event_triggers import check_event
from senter.components.scheduler.job_changes import JobChanges, payload_after
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.work import worker_of
from senter.errors import Conflict, Forbidden
from senter.messages.control import CheckJob
from senter.messages.envelope import current
from senter.messages.goals import TASK_ENGINE, Widening
from senter.messages.message import Done
from senter.messages.schedule import (
    AddJob,
    ChangeJob,
    FiringOutcome,
    GetJob,
    HistoryReply,
    JobHistory,
    JobReply,
    JobsReply,
    JobType,
    JobView,
    ListJobs,
    RemoveJob,
    RunJob,
)
from senter.paths import Paths

CHECK_SECONDS = 5.0
MOST_TIMES, MOST_TIMES_OF_ALL = 200, 6_000
"""Of one job, and of all, told at once: a message has room for no more."""


class ScheduleCommands:
    """One method for each command."""

    def __init__(
        self,
        jobs: Jobs,
        changes: JobChanges,
        store: ScheduleStore,
        paths: Paths,
        decide_due: Callable[[], Awaitable[int]],
        bus: Bus,
    ) -> None:
        self._jobs = jobs
        self._changes = changes
        self._zone = store.zone
        self._paths = paths
        self._decide_due = decide_due
        self._bus = bus

    async def add(self, command: AddJob) -> JobReply:
        if command.grant and current().source == TASK_ENGINE:
            raise Forbidden("A goal cannot widen what goals may do.", "Add the job yourself: senter schedule add")
        check_holds((command.grant or Widening()).to_grant(), self._paths)
        if command.event is not None:
            check_event(command.event, command.where)
        await self._check_work(worker_of(command), command.job_type, command.payload)
        job = self._jobs.add(command, by_person=_by_person())
        added = self._jobs.was_added_by(job, command.request_id)
        return self._reply(job).model_copy(update={"known": not added})

    async def list(self, command: ListJobs) -> JobsReply:
        found, total = self._jobs.list(command.limit, kind=command.kind, over=command.over)
        most = min(MOST_TIMES, MOST_TIMES_OF_ALL // max(1, len(found)))
        jobs = tuple(self._with_times(job, command.until, most) for job in found)
        return JobsReply(jobs=jobs, total=total, zone=self._zone.key)

    def _with_times(self, job: Job, until: datetime | None, most: int) -> JobView:
        view = job.view(self._zone)
        times = tuple(islice(job.times_until(until, self._zone), most)) if until else ()
        return view.model_copy(update={"times": times})

    async def get(self, command: GetJob) -> JobReply:
        return self._reply(self._jobs.find(command.job))

    async def change(self, command: ChangeJob) -> JobReply:
        if command.action == "change" and (command.text is not None or command.was is not None):
            job = self._jobs.find(command.job)
            await self._check_work(job.component, JobType(job.job_type), payload_after(job, command))
        changed = self._changes.carry_out(command, by_person=_by_person())
        return JobReply(job=changed.shown, zone=self._zone.key, before=changed.before)

    async def run(self, command: RunJob) -> JobReply:
        job = self._jobs.run(command)
        while (firing := self._jobs.became_of(command.request_id)) is None and await self._decide_due():
            pass
        if firing and firing.outcome is FiringOutcome.SKIPPED:
            raise Conflict(f"{job.name} did not run: {firing.reason}.", f"See: senter schedule history {job.id}")
        return self._reply(self._jobs.find(str(job.id)))

    async def remove(self, command: RemoveJob) -> Done:
        self._jobs.remove(command.job, by_person=_by_person())
        return Done()

    async def history(self, command: JobHistory) -> HistoryReply:
        return HistoryReply(firings=tuple(self._jobs.history(command.job, command.limit)))

    async def _check_work(self, component: str, job_type: JobType, payload: dict[str, JsonValue]) -> None:
        """Raises `InvalidInput` for what its component would refuse when it is due."""
        asked = CheckJob(component=component, job_type=job_type, payload=payload)
        await self._bus.request(asked, timeout_seconds=CHECK_SECONDS)

    def _reply(self, job: Job) -> JobReply:
        return JobReply(job=job.view(self._zone), zone=self._zone.key)


def _by_person() -> bool:
    """What the task engine asks for it has on record itself."""
    return current().source != TASK_ENGINE
