"""Requests runs that no clock asks for: an event came, or a person said so."""

from __future__ import annotations

from datetime import datetime, timedelta

from senter.components.scheduler import queries
from senter.components.scheduler.records import Job
from senter.store.database import Transaction
from senter.store.stamps import stamp

MAX_CALLS = 1_000


def call(tx: Transaction, job: Job, now: str, *, reason: str, request_id: str | None = None, chain: str = "") -> bool:
    """Request a run of `job`; false where too many requests wait. No two have one due time."""
    if (tx.row(queries.CALLS_OF_JOB, (job.id,), int) or 0) >= MAX_CALLS:
        return False
    latest = tx.row(queries.LATEST_CALL, (job.id,), str)
    due_at = after(max(now, latest)) if latest else now
    while tx.row(queries.HAS_FIRED, (job.id, due_at), int):
        due_at = after(due_at)
    values = {"job_id": job.id, "due_at": due_at, "request_id": request_id, "chain": chain, "reason": reason}
    tx.execute(queries.CALL, values)
    return True


def after(moment: str) -> str:
    """The next moment there can be."""
    return stamp(datetime.fromisoformat(moment) + timedelta(microseconds=1))
