"""What setting a job off says to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from senter.components.scheduler.records import Job
from senter.errors import InvalidInput
from senter.messages.activity import REMINDER, TIMER, ActivityLogged
from senter.messages.goals import MAX_GOAL_CHARACTERS, TASK_ENGINE, JobTriggered
from senter.messages.message import ComponentName, Event, MessageId, named_after
from senter.messages.reports import REPORTER, DigestRequested
from senter.messages.schedule import AddJob, JobType, TriggerType
from senter.store.stamps import stamp

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
    if _is_reminder(job_type, details):
        is_timer, told = TIMER in details, {"job": job.name, "job_id": job.id, "due_at": due.isoformat()}
        text = f"{'Time is up' if is_timer else 'Reminder'}: {details[REMINDER]}"
        importance = "critical" if is_timer else "high"
        return ActivityLogged(kind=REMINDER, summary=text, details={**told}, importance=importance)
    if job_type is JobType.GOAL:
        return _for_engine(job, due, str(details["goal"]))
    if job_type is JobType.RESEARCH:
        topic = str(details.get("topic") or interests[job.run_count % len(interests)])
        return _for_engine(job, due, f"Research {topic}")
    component = ComponentName(job.component)
    return JobTriggered(job_id=str(job.id), due_at=due, component=component, job_type=job_type, payload=details)


def skip_of(job: Job, due: datetime, reason: str) -> ActivityLogged:
    """Tells that a due time came to nothing."""
    details: dict[str, JsonValue] = {"job": job.name, "reason": reason, "due_at": due.isoformat()}
    summary = f"Skipped {job.name}: {reason}."
    return ActivityLogged(kind="job_skipped", summary=summary, details=details, importance="low")


def name_of(what: str, job: Job, due: datetime) -> MessageId:
    """The id of an event about one due time of a job: made twice, it is the same."""
    return named_after(what, job.id, job.created_at, stamp(due))


def worker_of(command: AddJob) -> str:
    """Who does a job's work. Raises `InvalidInput` where that is not said."""
    reminds = _is_reminder(command.job_type, command.payload)
    worker = REPORTER if reminds else WORKERS.get(command.job_type)
    if command.grant and worker != TASK_ENGINE:
        raise InvalidInput("A grant is for goals and research.", "Leave it out for a job of another type.")
    if worker and command.component not in ("", worker):
        what = "Reminders" if reminds else f"Jobs of type {command.job_type}"
        raise InvalidInput(f"{what} are done by {worker}.", "Leave the component out.")
    if not worker and not command.component:
        hint = "Name it with --component; see them with: senter status"
        raise InvalidInput(f"A job of type {command.job_type} needs a component that does it.", hint)
    return worker or command.component


def text_part(job: Job) -> str:
    """The part of a job's payload that says what it is about. Raises `InvalidInput` where it has none."""
    parts = (REMINDER, "goal", "topic")
    found = next((part for part in parts if part in job.details()), None)
    if found is None:
        raise InvalidInput(f"A job of type {job.job_type} has no text to change.")
    return found


def is_handed_over(job: Job) -> bool:
    """Whether its component must take jobs: digests and reminders go other ways."""
    return job.job_type != JobType.DIGEST and not is_reminder(job)


def is_reminder(job: Job) -> bool:
    """Whether a person is to be told something: that is kept for whoever tells it, and told late rather than never."""
    return _is_reminder(job.job_type, job.details())


def is_paused(job: Job) -> bool:
    """Whether it comes again, and a person let it wait."""
    return not job.enabled and job.trigger_type != TriggerType.ONCE


def is_followed(job: Job) -> bool:
    """Whether the end of its runs is told."""
    return job.component == TASK_ENGINE


def _for_engine(job: Job, due: datetime, goal: str) -> JobTriggered:
    return JobTriggered(
        job_id=str(job.id), due_at=due, job_type=job.job_type, goal=goal[:MAX_GOAL_CHARACTERS], grant=job.grant
    )


def _is_reminder(job_type: str, payload: Mapping[str, JsonValue]) -> bool:
    return job_type == JobType.CUSTOM and REMINDER in payload
