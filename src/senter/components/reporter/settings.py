"""Settings of the reporter: section `reporter`."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from senter.component.spec import ComponentSettings
from senter.messages.reports import CLOCK_TIME, DIGEST_PARTS, DigestDays, DigestLength, DigestPart
from senter.settings.shared import TakenFrom

MAX_TARGETS = 16
TARGET = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/{0,2}\S+")


def _as_text(length: object) -> object:
    """A number of lines may be written as one."""
    return str(length) if isinstance(length, int) else length


def _as_clock_time(time: object) -> object:
    """An hour may be written alone, and without its zero. Raises `ValueError`."""
    hour, colon, minutes = str(time).partition(":")
    clock = f"{hour:0>2}:{minutes if colon else '00'}"
    if not re.fullmatch(CLOCK_TIME, clock):
        raise ValueError("write it as HH:MM, such as 07:30")
    return clock


class ReporterSettings(ComponentSettings):
    """What is told, when and where."""

    digest_time: Annotated[str, BeforeValidator(_as_clock_time)] = "07:30"
    """When the daily digest comes, local time, HH:MM; an hour alone will do."""
    digest_days: DigestDays = "daily"
    """daily, or weekdays for none on Saturdays and Sundays."""
    digest_parts: tuple[DigestPart, ...] = DIGEST_PARTS
    """What is in a digest, in this order."""
    digest_length: Annotated[DigestLength, BeforeValidator(_as_text)] = "normal"
    """How much a digest says: short, normal, long, or how many lines at most."""
    timezone: Annotated[str, TakenFrom("user.timezone")] = ""
    """The zone of days and quiet hours."""
    user_language: Annotated[str, TakenFrom("user.language")] = ""
    """What digests and notifications are in; empty takes that of what they tell of."""
    notifications: bool = True
    """Whether notifications are made at all."""
    targets: tuple[SecretStr, ...] = Field(default=(), max_length=MAX_TARGETS)
    """Where notifications go, as Apprise URLs, such as ntfy://HOST/TOPIC. They are secrets."""
    desktop: bool = True
    """Whether notifications are shown on this machine's desktop, where there is one."""
    threshold: Literal["low", "normal", "high", "critical"] = "high"
    """From which importance on an activity is told at once."""
    quiet_from: str = Field(default="", pattern=f"^$|^{CLOCK_TIME}$")
    """When quiet hours begin, local time, HH:MM; only what is critical is told in them. Empty for none."""
    quiet_to: str = Field(default="", pattern=f"^$|^{CLOCK_TIME}$")
    """When quiet hours end, local time, HH:MM."""
    retry_seconds: float = Field(default=10.0, gt=0, le=3_600)
    """How long to wait after a target failed first; twice as long after each further time, up to 15 minutes."""
    give_up_after_hours: float = Field(default=6.0, gt=0, le=168)
    """How long a target that fails is tried before a notification is given up."""
    keep_days: int = Field(default=365, ge=1, le=36_500)
    """How long activities, notifications and the files about them are kept, in days."""

    @field_validator("digest_parts")
    @classmethod
    def _parts_are_named_once(cls, parts: tuple[DigestPart, ...]) -> tuple[DigestPart, ...]:
        if not parts:
            raise ValueError(f"name at least one of: {', '.join(DIGEST_PARTS)}")
        return tuple(dict.fromkeys(parts))

    @model_validator(mode="after")
    def _quiet_hours_are_whole(self) -> Self:
        if bool(self.quiet_from) != bool(self.quiet_to):
            given, missing = ("quiet_from", "quiet_to") if self.quiet_from else ("quiet_to", "quiet_from")
            raise ValueError(f"{given} needs {missing}, or there are no quiet hours")
        return self

    @field_validator("targets")
    @classmethod
    def _look_like_addresses(cls, targets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for number, target in enumerate(targets, 1):
            if not TARGET.fullmatch(target.get_secret_value()):
                raise ValueError(f"write target {number} as an Apprise URL, such as ntfy://HOST/TOPIC")
        return tuple(dict.fromkeys(targets))
