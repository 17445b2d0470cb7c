"""The rows of schedule.db as Python sees them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue, TypeAdapter

from senter.components.scheduler.triggers import Trigger, in_words, left_out_in, stored, zone_of
from senter.messages.goals import Grant
from senter.messages.message import MessageId
from senter.messages.schedule import FiringOutcome, JobView, TriggerType
from senter.store.stamps import from_stamp

VERSION_CHARACTERS = 16
FIELDS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class Job:
    """One row of jobs."""

    id: int
    name: str
    job_type: str
    component: str
    trigger_type: str
    trigger_config: str
    payload: str
    enabled: int
    misfire: str
    grace_seconds: float
    overlap: int
    only_when_idle: int
    daily_limit: int | None
    built_in: int
    last_run: str | None
    next_run: str | None
    held_run: str | None
    run_count: int
    run_event: str | None
    run_began: str | None
    created_at: str
    preapproved_grant: str | None
    change_request: str | None
    before: str | None
    told_due: str | None
    told_at: str | None
    snoozed_until: str | None

    @property
    def version(self) -> str:
        """The same as long as it says the same and has the same times, whether or not it is paused."""
        content = json.dumps([self.name, self.job_type, self.trigger_type, self.trigger_config, self.payload])
        return hashlib.sha256(content.encode()).hexdigest()[:VERSION_CHARACTERS]

    @property
    def over(self) -> bool:
        """Whether nothing of it is to come, and nothing waits; `queries.OVER` says the same."""
        left = (self.next_run, self.held_run, self.told_at, self.run_event)
        return self.trigger_type != TriggerType.EVENT and not any(left)

    def trigger(self, zone: ZoneInfo) -> Trigger:
        return stored(self.trigger_type, FIELDS.validate_json(self.trigger_config), zone)

    def times_until(self, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Those that are to come before `end`, as it is now; none while it is paused."""
        trigger = self.trigger(zone)
        at = from_stamp(self.next_run) if self.next_run else None
        while at is not None and at < end:
            yield at
            at = trigger.next_after(at)

    def details(self) -> dict[str, JsonValue]:
        return FIELDS.validate_json(self.payload)

    def led_on(self, chain: str, *, skipped: bool = False) -> str:
        """The jobs whose work leads to what comes of this one: those of `chain`, and this one; `-` stands before one
        that was skipped."""
        return f"{chain or '/'}{'-' if skipped else ''}{self.id}/"

    def is_in(self, chain: str) -> bool:
        return f"/{self.id}/" in chain.replace("-", "")

    @property
    def grant(self) -> Grant | None:
        return Grant.model_validate_json(self.preapproved_grant) if self.preapproved_grant else None

    def view(self, zone: ZoneInfo) -> JobView:
        config = FIELDS.validate_json(self.trigger_config)
        changed = {
            "trigger_config": config,
            "left_out": self._left_out(config, zone),
            "trigger": in_words(self.trigger(zone), zone),
            "payload": self.details(),
            "running": self.run_event is not None,
            "grant": self.grant,
            "version": self.version,
            "over": self.over,
        }
        return JobView.model_validate({**vars(self), **changed})

    def _left_out(self, config: dict[str, JsonValue], zone: ZoneInfo) -> list[str]:
        """Since it ran last: what is before that is past."""
        clock = zone_of(self.trigger(zone), zone)
        ran = from_stamp(self.last_run).astimezone(clock).date().isoformat() if self.last_run else ""
        return [each for each in left_out_in(config) if each > ran]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One row of calls."""

    number: int
    job_id: int
    due_at: str
    request_id: str | None
    chain: str
    reason: str


@dataclass(frozen=True)
class Firing:
    """One row of firings, as it is written."""

    job_id: int
    job_name: str
    due_at: str
    at: str
    outcome: FiringOutcome
    reason: str
    event_id: MessageId
    chain: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The due time that an event came of."""

    outcome: str = FiringOutcome.FIRED
    chain: str = ""

    @property
    def links(self) -> int:
        """How many jobs led to it."""
        return max(0, self.chain.count("/") - 1)

    @property
    def skips(self) -> int:
        """How many of them were skipped, so that only the word of it led on."""
        return self.chain.count("-")
