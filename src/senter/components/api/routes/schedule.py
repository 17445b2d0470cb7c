"""/api/schedule: jobs, what sets them off, and what became of each of their times."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from senter.component.asking import Asker
from senter.components.api.schedule_bodies import HistoryBody, JobBody, JobsBody, NewJobBody, RunBody
from senter.messages.fields import check_unicode
from senter.messages.message import new_message_id
from senter.messages.schedule import (
    MAX_LISTED,
    ChangeJob,
    GetJob,
    JobHistory,
    ListJobs,
    RemoveJob,
    RunJob,
)

Job = Annotated[
    str, AfterValidator(check_unicode), Path(min_length=1, max_length=100, description="Its number or its name.")
]
JobFilter = Annotated[
    str, AfterValidator(check_unicode), Query(max_length=100, description="A job's number or name; empty for all.")
]
Limit = Annotated[int, Query(ge=1, le=MAX_LISTED, description="How many at most.")]


class ScheduleRoutes:
    """Everything here may be said twice, but a removal: the second one finds nothing."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def router(self) -> APIRouter:
        router = APIRouter(tags=["schedule"])
        add = router.add_api_route
        add("/api/schedule/jobs", self.list, summary="List jobs")
        add("/api/schedule/jobs", self.add, methods=["POST"], status_code=201, summary="Have work done at its time")
        add("/api/schedule/history", self.history, summary="What became of every due time")
        add("/api/schedule/jobs/{job}", self.get, summary="Show a job")
        add("/api/schedule/jobs/{job}", self.remove, methods=["DELETE"], status_code=204, summary="Remove a job")
        add("/api/schedule/jobs/{job}/run", self.run, methods=["POST"], summary="Set a job off now")
        add("/api/schedule/jobs/{job}/{action}", self.change, methods=["POST"], summary="Pause or resume a job")
        return router

    async def list(self, limit: Limit = 100) -> JobsBody:
        return JobsBody.of(await self._asker.ask(ListJobs(limit=limit)))

    async def add(self, body: NewJobBody) -> JobBody:
        return JobBody.of(await self._asker.ask(body.to_command(body.request_id or new_message_id())))

    async def history(self, job: JobFilter = "", limit: Limit = 50) -> HistoryBody:
        return HistoryBody.of(await self._asker.ask(JobHistory(job=job, limit=limit)))

    async def get(self, job: Job) -> JobBody:
        return JobBody.of(await self._asker.ask(GetJob(job=job)))

    async def remove(self, job: Job) -> None:
        await self._asker.ask(RemoveJob(job=job), repeat=False)

    async def run(self, job: Job, body: RunBody | None = None) -> JobBody:
        request_id = (body.request_id if body else None) or new_message_id()
        return JobBody.of(await self._asker.ask(RunJob(job=job, request_id=request_id)))

    async def change(self, job: Job, action: Literal["pause", "resume"]) -> JobBody:
        return JobBody.of(await self._asker.ask(ChangeJob(job=job, action=action)))
