"""Local times as moments: what a zone's clock skips or shows twice, and which zone is the user's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from senter.errors import SettingsError


def user_zone(name: str) -> ZoneInfo:
    """The zone called `name`, such as Europe/London; the machine's for an empty name. Raises `SettingsError`."""
    try:
        if name:
            return ZoneInfo(name)
        import tzlocal  # reads the machine's settings; needed only where none is set

        return ZoneInfo(tzlocal.get_localzone_name())
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"There is no time zone {name!r}.", "Use a name such as Europe/London.") from error


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def zone_named(name: str) -> tzinfo:
    """Of a name as the grammar has it: `America/New_York`, `+01:00`."""
    if name[0] not in "+-":
        return ZoneInfo(name)
    hours, _, minutes = name[1:].partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(offset if name[0] == "+" else -offset)


def in_utc(local: datetime, now: datetime, zone: tzinfo) -> datetime:
    """A naive local time as a moment: before a gap goes on through it, twice means the first still to come."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first <= now < second else first
