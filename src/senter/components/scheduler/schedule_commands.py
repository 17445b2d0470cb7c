"""Answers every command about jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from senter.component.grants.holding import check_holds
from senter.components.scheduler.event_triggers import check_event
from senter.components.scheduler.job_changes import JobChanges
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.errors import Conflict, Forbidden
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
    ListJobs,
    RemoveJob,
    RunJob,
)
from senter.paths import Paths


class ScheduleCommands:
    """One method for each command."""

    def __init__(
        self,
        jobs: Jobs,
        changes: JobChanges,
        store: ScheduleStore,
        paths: Paths,
        decide_due: Callable[[], Awaitable[int]],
    ) -> None:
        self._jobs = jobs
        self._changes = changes
        self._zone = store.zone
        self._paths = paths
        self._decide_due = decide_due

    async def add(self, command: AddJob) -> JobReply:
        if command.grant and current().source == TASK_ENGINE:
            raise Forbidden("A goal cannot widen what goals may do.", "Add the job yourself: senter schedule add")
        check_holds((command.grant or Widening()).to_grant(), self._paths)
        if command.event is not None:
            check_event(command.event, command.where)
        job = self._jobs.add(command, by_person=_by_person())
        added = self._jobs.was_added_by(job, command.request_id)
        return self._reply(job).model_copy(update={"known": not added})

    async def list(self, command: ListJobs) -> JobsReply:
        found, total = self._jobs.list(command.limit, kind=command.kind, over=command.over)
        return JobsReply(jobs=tuple(job.view(self._zone) for job in found), total=total, zone=self._zone.key)

    async def get(self, command: GetJob) -> JobReply:
        return self._reply(self._jobs.find(command.job))

    async def change(self, command: ChangeJob) -> JobReply:
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

    def _reply(self, job: Job) -> JobReply:
        return JobReply(job=job.view(self._zone), zone=self._zone.key)


def _by_person() -> bool:
    """What the task engine asks for it has on record itself."""
    return current().source != TASK_ENGINE
