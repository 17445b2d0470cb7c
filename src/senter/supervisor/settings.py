"""Settings of the supervisor: section `supervisor`."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from senter.moments.zones import is_zone

# As many as are remembered of one unit, and so the most a limit may be.
MOST_FAILURES = 1_000
SHARE_FOR_WORK_IN_FLIGHT = 0.75
LONGEST_TOPIC = 200


class SupervisorSettings(BaseModel):
    """How components are watched and restarted."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    heartbeat_seconds: float = Field(default=3.0, ge=0.1, le=10)
    """How often each component says that it is well, in seconds."""
    hung_after_seconds: float = Field(default=10.0, ge=0.5, le=30)
    """A component that said nothing for so long is hung and is replaced, in seconds; three heartbeats at least."""
    start_timeout_seconds: float = Field(default=60.0, ge=1, le=600)
    """A component that is not ready after so long is ended and counts as failed, in seconds."""
    stop_grace_seconds: float = Field(default=8.0, ge=0.5, le=60)
    """How long what is in flight may take to finish at a stop, in seconds; then processes are ended."""
    fast_limit: int = Field(default=5, ge=1, le=MOST_FAILURES)
    """Failures within the fast window after which a component is given up."""
    fast_window_seconds: float = Field(default=300.0, gt=0)
    """The fast window, in seconds."""
    slow_limit: int = Field(default=20, ge=1, le=MOST_FAILURES)
    """Failures within the slow window after which a component is given up."""
    slow_window_seconds: float = Field(default=3_600.0, gt=0)
    """The slow window, in seconds."""
    first_wait_seconds: float = Field(default=0.5, ge=0, le=60)
    """The wait before the second restart in a row, in seconds; it doubles from there."""
    longest_wait_seconds: float = Field(default=60.0, ge=0)
    """No wait before a restart is longer than this, in seconds."""
    quiet_seconds: float = Field(default=300.0, ge=0)
    """A failure after so long without one restarts at once, in seconds."""
    sample_seconds: float = Field(default=10.0, ge=0.2, le=300)
    """How often CPU, memory, threads and open files of each component are read, in seconds."""

    @model_validator(mode="after")
    def _heartbeats_fit(self) -> Self:
        """Two may be late or lost, and a silent bus must be told from silent components."""
        if self.hung_after_seconds < 3 * self.heartbeat_seconds:
            raise ValueError(
                f"hung_after_seconds ({self.hung_after_seconds:g}) must be at least three times "
                f"heartbeat_seconds ({self.heartbeat_seconds:g})"
            )
        return self

    @property
    def finish_seconds(self) -> float:
        """The part of the grace for work in flight; the rest is for components to commit and end."""
        return SHARE_FOR_WORK_IN_FLIGHT * self.stop_grace_seconds


class UserSettings(BaseModel):
    """Who Senter works for."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(default="", max_length=80)
    """What Senter calls its user, such as Anna."""
    interests: tuple[str, ...] = ()
    """Topics to research while nothing else is done, such as ["bread", "local-first software"]."""
    timezone: str = ""
    """The zone in which times are read and shown, such as Europe/London; empty takes the machine's."""
    language: Literal["", "en", "de"] = ""
    """The language Senter answers in: en or de; empty takes that in which the person writes."""

    @field_validator("interests")
    @classmethod
    def _are_topics(cls, interests: tuple[str, ...]) -> tuple[str, ...]:
        if any(not topic.strip() or len(topic) > LONGEST_TOPIC for topic in interests):
            raise ValueError(f"an interest is 1 to {LONGEST_TOPIC} characters long")
        return tuple(dict.fromkeys(topic.strip() for topic in interests))

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, timezone: str) -> str:
        if timezone and not is_zone(timezone):
            from senter.moments.zones_of_places import near_zone, zone_of_place  # slow, and needed for a mistake only

            near = zone_of_place(timezone) or near_zone(timezone)
            guess = f"did you mean {near}?" if near else "use a name such as Europe/London"
            raise ValueError(f"there is no time zone {timezone!r}; {guess}")
        return timezone
