"""Settings of the reporter: section `reporter`."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from senter.component.spec import ComponentSettings
from senter.settings.shared import TakenFrom

MAX_TARGETS = 16
TARGET = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/{0,2}\S+")


class ReporterSettings(ComponentSettings):
    """What is told, when and where."""

    digest_hour: int = Field(default=9, ge=0, le=23)
    """The local hour of the daily digest."""
    timezone: Annotated[str, TakenFrom("user.timezone")] = ""
    """The zone of days and quiet hours."""
    notifications: bool = True
    """Whether notifications are made at all."""
    targets: tuple[SecretStr, ...] = Field(default=(), max_length=MAX_TARGETS)
    """Where notifications go, as Apprise URLs, such as ntfy://HOST/TOPIC. They are secrets."""
    desktop: bool = True
    """Whether notifications are shown on this machine's desktop, where there is one."""
    threshold: Literal["low", "normal", "high", "critical"] = "high"
    """From which importance on an activity is told at once."""
    quiet_from: str = Field(default="", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d$")
    """When quiet hours begin, local time, HH:MM; only what is critical is told in them. Empty for none."""
    quiet_to: str = Field(default="", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d$")
    """When quiet hours end, local time, HH:MM."""
    retry_seconds: float = Field(default=10.0, gt=0, le=3_600)
    """How long to wait after a target failed first; twice as long after each further time, up to 15 minutes."""
    give_up_after_hours: float = Field(default=6.0, gt=0, le=168)
    """How long a target that fails is tried before a notification is given up."""
    keep_days: int = Field(default=365, ge=1, le=36_500)
    """How long activities, notifications and the files about them are kept, in days."""

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
