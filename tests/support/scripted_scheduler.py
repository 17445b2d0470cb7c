"""The scheduler as tests of the API script it: it remembers jobs, and none is ever due."""

from __future__ import annotations

from datetime import UTC, datetime

from senter.bus.bus import Bus
from senter.errors import Conflict, NotFound
from senter.messages.message import Done
from senter.messages.schedule import (
    AddJob,
    ChangeJob,
    FiringOutcome,
    FiringView,
    GetJob,
    HistoryReply,
    JobHistory,
    JobReply,
    JobsReply,
    JobView,
    ListJobs,
    RemoveJob,
    RunJob,
    TriggerType,
)
from tests.support.scripted import Scripted

ADDED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ZONE = "Europe/London"


class ScriptedScheduler(Scripted):
    """Keeps jobs in a dictionary."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                AddJob: self._add,
                ListJobs: self._list,
                GetJob: self._get,
                ChangeJob: self._change,
                RunJob: self._run,
                RemoveJob: self._remove,
                JobHistory: self._history,
            },
        )
        self.jobs: dict[str, JobView] = {}
        self.requests: dict[str, str] = {}
        self.firings: list[FiringView] = []

    async def _add(self, command: AddJob) -> JobReply:
        name = self.requests.get(command.request_id)
        if name is None and command.name in self.jobs:
            raise Conflict(f'There is a job "{command.name}" already.')
        if name is None:
            name = self.requests[command.request_id] = command.name
            self.jobs[name] = job_view(command, len(self.jobs) + 1)
        return JobReply(job=self._find(name), zone=ZONE)

    async def _list(self, command: ListJobs) -> JobsReply:
        return JobsReply(jobs=tuple(self.jobs.values())[: command.limit], total=len(self.jobs), zone=ZONE)

    async def _get(self, command: GetJob) -> JobReply:
        return JobReply(job=self._find(command.job), zone=ZONE)

    async def _change(self, command: ChangeJob) -> JobReply:
        job = self._find(command.job)
        self.jobs[job.name] = job.model_copy(update={"enabled": command.action == "resume"})
        return JobReply(job=self.jobs[job.name], zone=ZONE)

    async def _run(self, command: RunJob) -> JobReply:
        job = self._find(command.job)
        self.firings.append(
            FiringView(
                number=len(self.firings) + 1,
                job_id=job.id,
                job=job.name,
                due_at=ADDED,
                at=ADDED,
                outcome=FiringOutcome.FIRED,
            )
        )
        return JobReply(job=job, zone=ZONE)

    async def _remove(self, command: RemoveJob) -> Done:
        del self.jobs[self._find(command.job).name]
        return Done()

    async def _history(self, command: JobHistory) -> HistoryReply:
        job = self._find(command.job).id if command.job.strip() else None
        found = [firing for firing in reversed(self.firings) if job in (None, firing.job_id)]
        return HistoryReply(firings=tuple(found[: command.limit]))

    def _find(self, named: str) -> JobView:
        for job in self.jobs.values():
            if named in (job.name, str(job.id)):
                return job
        raise NotFound(f'There is no job "{named}".')


def job_view(command: AddJob, number: int) -> JobView:
    return JobView(
        id=number,
        name=command.name,
        job_type=command.job_type,
        component=command.component or "task_engine",
        trigger_type=TriggerType.CRON if command.cron else TriggerType.INTERVAL,
        trigger_config={"cron": command.cron, "zone": command.zone},
        trigger=command.cron or "every hour",
        payload=command.payload,
        enabled=True,
        running=False,
        run_count=0,
        created_at=ADDED,
        misfire=command.misfire,
        grace_seconds=60.0,
        overlap=command.overlap,
        only_when_idle=command.only_when_idle,
        daily_limit=command.daily_limit,
        built_in=False,
        grant=command.grant.to_grant() if command.grant else None,
    )
