"""The zone in which the command line shows times: `user.timezone`, read without the cost of the settings' types.

What is wrong with the settings is said by the daemon and by `senter config check`, not here.
"""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

VARIABLE = "SENTER_USER__TIMEZONE"
KEY = "user.timezone"
FORMER_KEYS = (
    "task_engine.timezone",
    "scheduler.timezone",
    "assistant.timezone",
    "reporter.timezone",
    "models.primary.timezone",
    "models.research.timezone",
)
"""Where earlier versions had it; what stands there still counts, the first first."""


def user_zone() -> ZoneInfo:
    """The machine's where none is set, or what is set is none."""
    from senter.paths import from_environment

    return _zone(os.environ.get(VARIABLE), from_environment().settings)


@lru_cache(maxsize=1)
def _zone(given: str | None, settings: Path) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    from senter.errors import SettingsError
    from senter.moments.zones import user_zone

    for name in (_set_in(settings) if given is None else given, ""):
        try:
            return user_zone(name)
        except SettingsError:
            continue
    return ZoneInfo("UTC")


def _set_in(settings: Path) -> str:
    try:
        values: object = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        values = {}
    return next(filter(None, (_value_at(values, key) for key in (KEY, *FORMER_KEYS))), "")


def _value_at(values: object, key: str) -> str:
    for name in key.split("."):
        values = cast("dict[str, object]", values).get(name) if isinstance(values, dict) else None
    return values if isinstance(values, str) else ""
