"""What every prompt of the engine says about its place in the world: the day, the zone, the folders of the grant.

It is made from what is stored with the goal, so that a task that goes on the next day asks what it asked before, and
finds the answers in its journal.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.goals import Grant
from senter.text import one_line

MOST_FOLDERS = 12
LONGEST_FOLDER = 200


def situation(asked_at: datetime, zone: ZoneInfo, grant: Grant) -> str:
    """In a few sentences; `asked_at` is when the goal was asked for. What changes comes last: a model that has read one
    such prompt reads only that of the next."""
    local = asked_at.astimezone(zone)
    day = f"{calendar.day_name[local.weekday()]}, {local.day} {calendar.month_name[local.month]} {local.year}"
    writable = (*grant.write_roots, *grant.create_roots)
    return "\n".join(
        (
            f"Folders that may be read: {_listed(grant.read_roots)}.",
            f"Folders that may be written to: {_listed(writable)}.",
            f"The time zone is {zone.key}. It was asked for on {day} ({local:%Y-%m-%d}) at {local:%H:%M}.",
        )
    )


def _listed(folders: Sequence[str]) -> str:
    known = list(dict.fromkeys(one_line(folder, LONGEST_FOLDER) for folder in folders))
    more = f" and {len(known) - MOST_FOLDERS} more" if len(known) > MOST_FOLDERS else ""
    return ", ".join(known[:MOST_FOLDERS]) + more if known else "none"
