"""What goes in and out over HTTP for jobs and their history, with the limits on it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from senter.components.api.bodies import Body
from senter.components.api.grant_bodies import GrantBody
from senter.components.api.texts import check_arguments, text_of
from senter.messages.fields import Id, check_unicode
from senter.messages.schedule import (
    MAX_NAME_CHARACTERS,
    AddJob,
    FiringView,
    HistoryReply,
    JobReply,
    JobsReply,
    JobType,
    JobView,
    Misfire,
)

MAX_SECONDS = 3_200_000_000.0
MAX_DAILY = 1_000_000

Name = Annotated[str, AfterValidator(text_of("the name", MAX_NAME_CHARACTERS))]
Words = Annotated[str, AfterValidator(text_of("the text", 200, may_be_empty=True)), Field(strict=True)]
Payload = Annotated[dict[str, JsonValue], AfterValidator(check_arguments)]
FilterValue = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(check_unicode)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=MAX_SECONDS, allow_inf_nan=False)]


class NewJobBody(Body):
    """A job to be added, with one trigger; without one it is due every hour."""

    name: Name = Field(description="What to call it; no two have the same.")
    job_type: JobType = Field(default=JobType.GOAL, description="What kind of work it is.")
    component: Words = Field(default="", description="Who does the work; empty takes the one for the type.")
    payload: Payload = Field(
        default_factory=dict[str, JsonValue],
        description="What it is about: goal, topic, reminder, or what the component reads.",
    )
    cron: Words | None = Field(default=None, description="Five fields: minute hour day-of-month month day-of-week.")
    zone: Words | None = Field(default=None, description="The time zone of cron; none takes the user's.")
    every_seconds: Seconds | None = Field(default=None, description="An interval, in seconds.")
    at: Words | None = Field(default=None, description="A moment, in words or ISO 8601.")
    in_seconds: Seconds | None = Field(default=None, description="Once, so many seconds from now.")
    event: Words | None = Field(default=None, description="The wire name of a durable event.")
    where: dict[FilterValue, FilterValue] = Field(
        default_factory=dict[str, str], description="Values that fields of the event must have."
    )
    misfire: Misfire = Field(default=Misfire.RUN_ONCE, description="What becomes of missed times.")
    grace_seconds: Seconds | None = Field(default=None, description="None takes the settings'.")
    overlap: bool = Field(default=False, description="Whether to set it off although its last run is not over.")
    only_when_idle: bool = Field(default=False, description="Whether to skip it while something else is done.")
    daily_limit: int | None = Field(
        default=None, strict=True, ge=1, le=MAX_DAILY, description="How often a day at most."
    )
    grant: GrantBody | None = Field(default=None, description="What its goals may do beyond the default grant.")
    request_id: Id | None = Field(default=None, description="The same id adds one job, however often it is sent.")

    def to_command(self, request_id: str) -> AddJob:
        return AddJob(
            request_id=request_id,
            name=self.name,
            job_type=self.job_type,
            component=self.component,
            payload=self.payload,
            cron=self.cron,
            zone=self.zone,
            every_seconds=self.every_seconds,
            at=self.at,
            in_seconds=self.in_seconds,
            event=self.event,
            where=self.where,
            misfire=self.misfire,
            grace_seconds=self.grace_seconds,
            overlap=self.overlap,
            only_when_idle=self.only_when_idle,
            daily_limit=self.daily_limit,
            grant=self.grant.to_grant() if self.grant else None,
        )


class RunBody(Body):
    request_id: Id | None = Field(default=None, description="The same id sets it off once, however often it is sent.")


class JobBody(Body):
    """What `senter schedule show --json` prints."""

    job: JobView = Field(description="The job as it is now.")
    zone: str = Field(description="The time zone that its times are read in.")

    @staticmethod
    def of(reply: JobReply) -> JobBody:
        return JobBody(job=reply.job, zone=reply.zone)


class JobsBody(Body):
    """What `senter schedule list --json` prints."""

    jobs: tuple[JobView, ...] = Field(description="The next due first, then those that are not due.")
    total: int = Field(description="How many there are in all.")
    zone: str = Field(description="The time zone that times are read in.")

    @staticmethod
    def of(reply: JobsReply) -> JobsBody:
        return JobsBody(jobs=reply.jobs, total=reply.total, zone=reply.zone)


class HistoryBody(Body):
    """What `senter schedule history --json` prints."""

    firings: tuple[FiringView, ...] = Field(description="The newest first.")

    @staticmethod
    def of(reply: HistoryReply) -> HistoryBody:
        return HistoryBody(firings=reply.firings)
