"""The jobs that Senter has from the beginning. They can be paused, and come again at no start."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from senter.components.scheduler import queries
from senter.components.scheduler.cron import parse_cron
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.triggers import Config, Trigger
from senter.messages.reports import DigestDays
from senter.messages.schedule import AddJob, JobType, Misfire

DAILY_DIGEST = "daily_digest"
BACKGROUND_RESEARCH = "background_research"
PROFILE_UPDATE = "profile_update"
DIGEST_TIME = "07:30"
HOUR_SECONDS = 3_600.0
SET_LIMIT = "UPDATE jobs SET daily_limit = ? WHERE name = ? AND built_in = 1"


def add_defaults(jobs: Jobs, store: ScheduleStore) -> None:
    """Add those that are not there; their limits are those of the settings."""
    for command in _defaults(store.settings.research_per_day):
        if not store.database.row(queries.BY_NAME, (command.name,), Job):
            jobs.add(command, built_in=True)
    research = store.database.row(queries.BY_NAME, (BACKGROUND_RESEARCH,), Job)
    if research and research.daily_limit != store.settings.research_per_day:
        with store.database.transaction() as tx:
            tx.execute(SET_LIMIT, (store.settings.research_per_day, BACKGROUND_RESEARCH))


def digest_config(time: str, days: DigestDays, zone: ZoneInfo) -> tuple[Trigger, Config]:
    """The trigger of the daily digest at that time, HH:MM in the user's zone."""
    cron = parse_cron(_digest_cron(time, days), zone, datetime.now(UTC))
    return cron, {"cron": cron.expression, "zone": ""}


def _digest_cron(time: str, days: DigestDays = "daily") -> str:
    hour, minute = map(int, time.split(":"))
    return f"{minute} {hour} * * {'mon-fri' if days == 'weekdays' else '*'}"


def _defaults(research_per_day: int) -> tuple[AddJob, ...]:
    asked: tuple[dict[str, object], ...] = (
        {"name": DAILY_DIGEST, "job_type": JobType.DIGEST, "cron": _digest_cron(DIGEST_TIME)},
        {
            "name": BACKGROUND_RESEARCH,
            "job_type": JobType.RESEARCH,
            "every_seconds": HOUR_SECONDS,
            "misfire": Misfire.SKIP,
            "only_when_idle": True,
            "daily_limit": max(1, research_per_day),
        },
        {
            "name": PROFILE_UPDATE,
            "job_type": JobType.LEARNING,
            "payload": {"what": "profile"},
            "every_seconds": 2 * HOUR_SECONDS,
            "misfire": Misfire.SKIP,
        },
    )
    return tuple(AddJob.model_validate({"request_id": f"default {one['name']}", **one}) for one in asked)
