"""What setting a job off says to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from pydantic import JsonValue

from senter.component.spec import COMPONENT_NAME
from senter.components.scheduler.records import Job
from senter.errors import InvalidInput
from senter.messages.activity import REMINDER, TIMER, ActivityLogged
from senter.messages.goals import MAX_GOAL_CHARACTERS, TASK_ENGINE, JobTriggered
from senter.messages.message import ComponentName, Event, MessageId, named_after
from senter.messages.reports import REPORTER, DigestRequested
from senter.messages.schedule import AddJob, JobType, TriggerType
from senter.store.stamps import stamp

LEARNING = ComponentName("learning")
OPTIONAL = {"topic", TIMER}
TAKES = {JobType.GOAL: {"goal"}, JobType.RESEARCH: {"topic"}, JobType.DIGEST: set[str]()}
"""What the payload of a job may hold, for the types whose work Senter does itself."""
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
    """Who does a job's work. Raises `InvalidInput` where that is not said, or the work is not."""
    reminds = _is_reminder(command.job_type, command.payload)
    worker = REPORTER if reminds else WORKERS.get(command.job_type)
    _check_payload(command, {REMINDER, TIMER} if reminds else TAKES.get(command.job_type))
    if command.grant and worker != TASK_ENGINE:
        raise InvalidInput("A grant is for goals and research.", "Leave it out for a job of another type.")
    if worker and command.component not in ("", worker):
        what = "Reminders" if reminds else f"Jobs of type {command.job_type}"
        raise InvalidInput(f"{what} are done by {worker}.", "Leave the component out.")
    return worker or _named_worker(command)


def _named_worker(command: AddJob) -> str:
    if not command.component:
        hint = "Name it with --component; see them with: senter status"
        raise InvalidInput(f"A job of type {command.job_type} needs a component that does it.", hint)
    if not COMPONENT_NAME.fullmatch(command.component):
        raise InvalidInput(f'No component is called "{command.component[:80]}".', "See them with: senter status")
    if command.component == TASK_ENGINE:
        raise InvalidInput(f"{TASK_ENGINE} does jobs of the types goal and research.", "Name one of them as the type.")
    return command.component


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


def _check_payload(command: AddJob, takes: Set[str] | None) -> None:
    """Nothing that a person says is passed over in silence; `takes` is none where the component decides."""
    if takes is None:
        return
    for part in command.payload:
        if part not in takes:
            hint = f"It takes: {', '.join(takes)}." if takes else "Leave it out, or name another type."
            raise InvalidInput(f'Unknown "{part[:80]}" in a job of type {command.job_type}.', hint)
    for part in takes - OPTIONAL | command.payload.keys() - {TIMER}:
        _check_text(command.payload.get(part), f"The {part}")


def _check_text(value: JsonValue, what: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{what} is empty.", 'Say what is wanted: --goal "Research new papers on bread"')
    if len(value) > MAX_GOAL_CHARACTERS or "\x00" in value:
        raise InvalidInput(f"{what} must be text of at most {MAX_GOAL_CHARACTERS:,} characters.")
