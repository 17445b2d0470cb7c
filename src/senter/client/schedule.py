"""Work at its time: jobs added, looked at, changed, and what became of them."""

from __future__ import annotations

import os
from typing import Literal, cast

from senter.client.calls import Calls, quoted
from senter.client.schedule_results import History, JobDetails, JobList, NewJob


class Schedule:
    """A job is named by its number or its name."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def add(self, job: NewJob) -> JobDetails:
        """Raises `InvalidInput` for a trigger that is wrong or in the past, `Conflict` for a name that is taken."""
        body = {**job, "request_id": job.get("request_id") or os.urandom(16).hex()}
        return cast(JobDetails, self._calls.repeat("POST", "/api/schedule/jobs", body, "the job"))

    def list(self, limit: int = 100) -> JobList:
        return cast(JobList, self._calls.get(f"/api/schedule/jobs?limit={limit}"))

    def get(self, job: str) -> JobDetails:
        return cast(JobDetails, self._calls.get(f"/api/schedule/jobs/{quoted(job)}"))

    def change(self, job: str, action: Literal["pause", "resume"]) -> JobDetails:
        path = f"/api/schedule/jobs/{quoted(job)}/{action}"
        return cast(JobDetails, self._calls.repeat("POST", path, None, "the change"))

    def run(self, job: str) -> JobDetails:
        """Set it off now, once."""
        body = {"request_id": os.urandom(16).hex()}
        path = f"/api/schedule/jobs/{quoted(job)}/run"
        return cast(JobDetails, self._calls.repeat("POST", path, body, "the run"))

    def remove(self, job: str) -> None:
        self._calls.change("DELETE", f"/api/schedule/jobs/{quoted(job)}", "the removal")

    def history(self, job: str = "", limit: int = 50) -> History:
        return cast(History, self._calls.get(f"/api/schedule/history?job={quoted(job)}&limit={limit}"))
