"""What a change of a job is to people, and what takes it back: the same whoever made it, a tool or a person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.components.task_engine.contract.tool import InverseCall
from senter.messages.activity import REMINDER
from senter.messages.acts import Receipt, ThingKind
from senter.messages.schedule import JobState, JobView, TriggerType
from senter.moments.rule_words import rule_in_words
from senter.moments.shown import shown, shown_when

RESTORE, CHANGE = "job_restore", "job_change"
STATE = set(JobState.model_fields)
NAMES = {ThingKind.REMINDER: "Reminder", ThingKind.JOB: "Job"}


def receipt_of(before: JobView | None, after: JobView | None, zone: ZoneInfo) -> Receipt:
    """What was done to a job; one of the two is there."""
    job = after or before
    assert job is not None, "a job was there or is"
    kind = kind_of(job)
    done = f"{NAMES[kind]} {job.id}{_became(before, after)}: {title_of(job)}, {when(job, zone)}"
    return Receipt(kind=kind, id=str(job.id), title=title_of(job), done=done)


def inverse_of(before: JobView | None, after: JobView | None) -> tuple[InverseCall, ...]:
    """The call that takes it back."""
    if after is None:
        return (InverseCall(RESTORE, {"job": before.id}),) if before else ()
    here: dict[str, JsonValue] = {"job": after.id, "version": after.version}
    if before is None:
        return (InverseCall(CHANGE, {**here, "cancel": True}),)
    if before.version == after.version:
        return (InverseCall(CHANGE, {**here, "paused": after.enabled}),) if before.enabled != after.enabled else ()
    return (InverseCall(RESTORE, {**here, "was": before.model_dump(mode="json", include=STATE)}),)


def kind_of(job: JobView) -> ThingKind:
    return ThingKind.REMINDER if REMINDER in job.payload else ThingKind.JOB


def title_of(job: JobView) -> str:
    """What people call it: what a reminder says, else the job's name."""
    return str(job.payload.get(REMINDER) or job.name)


def when(job: JobView, zone: ZoneInfo) -> str:
    """Its moment in full; of one that comes again, how and when next."""
    if job.trigger_type is TriggerType.ONCE:
        return shown_when(datetime.fromisoformat(str(job.trigger_config["at"])), zone)
    rule = str(job.trigger_config["cron"]) if job.trigger_type is TriggerType.CRON else ""
    following = f", next {shown(job.next_run, zone)}" if job.next_run else ""
    return f"{rule_in_words(rule) if rule else job.trigger}{following}, {zone.key}"


def _became(before: JobView | None, after: JobView | None) -> str:
    if before is None:
        return ""
    if after is None:
        return " is cancelled"
    if before.version == after.version and before.enabled != after.enabled:
        return " goes on" if after.enabled else " is paused"
    return " is changed"
