"""What every prompt says of its user: a name and what there is, in a few words that stay the same for a while.

The worker puts its own prompt before it and the day after it (components/models/prompt.py): what changes comes last,
so that a prompt goes on from the one before.
"""

from __future__ import annotations

from pathlib import PurePath

from senter.clock import Clock
from senter.components.assistant.inventory import Snapshot
from senter.text import one_line

HELD_SECONDS = 600.0
MOST_NAMED = 5
LONGEST_NAME = 30


class PromptContext:
    """Holds the words for ten minutes: a model that has read them need not read them again."""

    def __init__(self, clock: Clock, user_name: str) -> None:
        self._clock = clock
        self.user_name = user_name
        self._words = ""
        self._made_at = float("-inf")

    def words(self, snapshot: Snapshot) -> str:
        """Empty where nothing is known."""
        if self._clock.monotonic() - self._made_at >= HELD_SECONDS:
            self._words = context_words(self.user_name, snapshot)
            self._made_at = self._clock.monotonic() if self._words else float("-inf")
        return self._words


def context_words(user_name: str, snapshot: Snapshot) -> str:
    name = f"The user's name is {one_line(user_name, LONGEST_NAME)}." if user_name.strip() else ""
    have = [
        _named("folders of documents", [PurePath(folder).name for folder in snapshot.folders]),
        _named("calendars", snapshot.calendars),
        _counted(len(snapshot.goals), "open goal"),
        _counted(len(snapshot.reminders), "reminder"),
    ]
    there = "; ".join(filter(None, have))
    return " ".join(filter(None, (name, f"There are: {there}." if there else "")))


def _named(what: str, names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(one_line(name, LONGEST_NAME) for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{what} {shown}{more}" if names else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}" if count else ""
