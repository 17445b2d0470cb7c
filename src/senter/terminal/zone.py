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
        values = cast("dict[str, object]", tomllib.loads(settings.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return ""
    user = values.get("user")
    name = cast("dict[str, object]", user).get("timezone") if isinstance(user, dict) else None
    return name if isinstance(name, str) else ""
