"""The zone and the language of the command line: `user.timezone` and `user.language`, without the settings' types.

What is wrong with the settings is said by the daemon and by `senter config check`, not here.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

VARIABLE = "SENTER_USER__TIMEZONE"
LANGUAGE_VARIABLE = "SENTER_USER__LANGUAGE"
KEY, LANGUAGE_KEY = "user.timezone", "user.language"
FORMER_KEYS = (
    "task_engine.timezone",
    "scheduler.timezone",
    "assistant.timezone",
    "reporter.timezone",
    "models.primary.timezone",
    "models.research.timezone",
)
"""Where earlier versions had the zone; what stands there still counts, the first first."""


def user_zone() -> ZoneInfo:
    """The machine's where none is set, or what is set is none."""
    from senter.paths import from_environment

    return _zone(os.environ.get(VARIABLE), from_environment().settings)


def user_language() -> str:
    """Such as `de`; empty where none is set, and where there is no home to look in."""
    from senter.errors import StartError
    from senter.paths import from_environment

    if (given := os.environ.get(LANGUAGE_VARIABLE)) is not None:
        return given
    try:
        return _set_in(from_environment().settings, LANGUAGE_KEY)
    except StartError:
        return ""


@lru_cache(maxsize=1)
def _zone(given: str | None, settings: Path) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    from senter.errors import SettingsError
    from senter.moments.zones import user_zone

    for name in (_set_in(settings, KEY, *FORMER_KEYS) if given is None else given, ""):
        try:
            return user_zone(name)
        except SettingsError:
            continue
    return ZoneInfo("UTC")


def _set_in(settings: Path, *keys: str) -> str:
    try:
        text = settings.read_text(encoding="utf-8")
        values = _parsed(text) if keys[0].rpartition(".")[2] in text else {}
    except (OSError, ValueError, RecursionError):
        values = {}
    return next(filter(None, (_value_at(values, key) for key in keys)), "")


def _value_at(values: object, key: str) -> str:
    for name in key.split("."):
        values = cast("dict[str, object]", values).get(name) if isinstance(values, dict) else None
    return values if isinstance(values, str) else ""


def _parsed(text: str) -> dict[str, object]:
    import tomllib  # most commands of most people need none of it

    return cast("dict[str, object]", tomllib.loads(text))
