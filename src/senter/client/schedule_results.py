"""What the client returns about jobs: JSON objects as dictionaries with known keys; times are ISO 8601, UTC."""

from __future__ import annotations

from typing import TypedDict

from senter.client.goal_results import Grant, Widening


class Job(TypedDict):
    """One job."""

    id: int
    name: str
    job_type: str
    component: str
    trigger_type: str
    trigger_config: dict[str, object]
    trigger: str
    payload: dict[str, object]
    enabled: bool
    running: bool
    last_run: str | None
    next_run: str | None
    run_count: int
    created_at: str
    misfire: str
    grace_seconds: float
    overlap: bool
    only_when_idle: bool
    daily_limit: int | None
    built_in: bool
    grant: Grant | None


class JobDetails(TypedDict):
    job: Job
    zone: str


class JobList(TypedDict):
    jobs: list[Job]
    total: int
    zone: str


class Firing(TypedDict):
    """What became of one due time of one job."""

    number: int
    job_id: int
    job: str
    due_at: str
    at: str
    outcome: str
    reason: str
    ended_at: str | None
    status: str


class History(TypedDict):
    firings: list[Firing]


class NewJob(TypedDict, total=False):
    """A job to be added; what is left out is as usual."""

    name: str
    job_type: str
    component: str
    payload: dict[str, object]
    cron: str | None
    zone: str | None
    every_seconds: float
    at: str | None
    in_seconds: float
    event: str | None
    where: dict[str, str]
    misfire: str
    grace_seconds: float
    overlap: bool
    only_when_idle: bool
    daily_limit: int
    grant: Widening
    request_id: str
