"""What setting a job off says to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from senter.component.spec import COMPONENT_NAME
from senter.components.scheduler.records import Job
from senter.errors import InvalidInput
from senter.messages.activity import REMINDER, ActivityLogged
from senter.messages.goals import MAX_GOAL_CHARACTERS, TASK_ENGINE, JobTriggered
from senter.messages.message import ComponentName, Event
from senter.messages.reports import REPORTER, DigestRequested
from senter.messages.schedule import AddJob, JobType

LEARNING = ComponentName("learning")
WORKERS = {
    JobType.RESEARCH: TASK_ENGINE,
    JobType.GOAL: TASK_ENGINE,
    JobType.DIGEST: REPORTER,
    JobType.LEARNING: LEARNING,
}


def work_of(job: Job, due: datetime, interests: Sequence[str], *, by_hand: bool) -> Event:
    """The event that has the work of `job` begun."""
    details, job_type = job.details(), JobType(job.job_type)
    if job_type is JobType.DIGEST:
        return DigestRequested(job=job.name, due_at=due, by_hand=by_hand or not job.built_in)
    if REMINDER in details:
        summary = f"Reminder: {details[REMINDER]}"
        return ActivityLogged(kind=REMINDER, summary=summary, details={"job": job.name}, importance="high")
    if job_type is JobType.GOAL:
        return _for_engine(job, due, str(details["goal"]))
    if job_type is JobType.RESEARCH:
        topic = str(details.get("topic") or interests[job.run_count % len(interests)])
        return _for_engine(job, due, f"Research {topic}")
    return JobTriggered(
        job_id=str(job.id), due_at=due, component=ComponentName(job.component), job_type=job_type, payload=details
    )


def skip_of(job: Job, due: datetime, reason: str) -> ActivityLogged:
    """Tells that a due time came to nothing."""
    details: dict[str, JsonValue] = {"job": job.name, "reason": reason, "due_at": due.isoformat()}
    return ActivityLogged(
        kind="job_skipped", summary=f"Skipped {job.name}: {reason}.", details=details, importance="low"
    )


def worker_of(command: AddJob) -> str:
    """Who does a job's work. Raises `InvalidInput` where that is not said, or the work is not."""
    if REMINDER in command.payload:
        _check_text(command.payload[REMINDER], "The reminder")
        return REPORTER
    worker = WORKERS.get(command.job_type)
    if command.grant and worker != TASK_ENGINE:
        raise InvalidInput("A grant is for goals and research.", "Leave it out for a job of another type.")
    if worker and command.component not in ("", worker):
        raise InvalidInput(f"Jobs of type {command.job_type} are done by {worker}.", "Leave the component out.")
    if command.job_type is JobType.GOAL:
        _check_text(command.payload.get("goal"), "The goal")
    if not worker and not command.component:
        hint = "Name it with --component; see them with: senter status"
        raise InvalidInput(f"A job of type {command.job_type} needs a component that does it.", hint)
    if not worker and not COMPONENT_NAME.fullmatch(command.component):
        raise InvalidInput(f'No component is called "{command.component[:80]}".', "See them with: senter status")
    return worker or command.component


def is_handed_over(job: Job) -> bool:
    """Whether its component must take jobs: digests and reminders go other ways."""
    return job.job_type != JobType.DIGEST and REMINDER not in job.details()


def is_followed(job: Job) -> bool:
    """Whether the end of its runs is told."""
    return job.component == TASK_ENGINE


def _for_engine(job: Job, due: datetime, goal: str) -> JobTriggered:
    return JobTriggered(
        job_id=str(job.id), due_at=due, job_type=job.job_type, goal=goal[:MAX_GOAL_CHARACTERS], grant=job.grant
    )


def _check_text(value: JsonValue, what: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{what} is empty.", 'Say what is wanted: --goal "Research new papers on bread"')
    if len(value) > MAX_GOAL_CHARACTERS or "\x00" in value:
        raise InvalidInput(f"{what} must be text of at most {MAX_GOAL_CHARACTERS:,} characters.")
