"""Wall times as the store writes them: text of one width in UTC, so that SQL can compare it."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_stamp(text: str) -> datetime:
    return datetime.fromisoformat(text)


def file_stamp(moment: datetime) -> str:
    """The same moment for a file name: no colons, sorts by time."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def from_file_stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
