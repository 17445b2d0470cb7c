"""What exists when a sentence is said, as far as it can speak of it."""

from __future__ import annotations

from dataclasses import dataclass

from senter.messages.acts import Clarification, Thing


@dataclass(frozen=True, slots=True)
class Known:
    """All that an interpreter is told beside the text, the moment and the zone."""

    things: tuple[Thing, ...] = ()
    """Reminders, jobs, events to come, open goals, notes."""
    folders: tuple[str, ...] = ()
    """Absolute."""
    calendars: tuple[str, ...] = ()
    """Their names."""
    latest: tuple[Thing, ...] = ()
    """What the conversation spoke of, the last one first: what `it` may be."""
    together: int = 0
    """How many of the first of these were made or told of at once: what `them` are."""
    is_fresh: bool = True
    """Whether the first of these was made or told of in the turn before, in the same conversation."""
    language: str = ""
    """That of the conversation, else the user's, by its two letters; for a text that nothing tells one of."""
    asked: Clarification | None = None
    """What Senter asked back in the turn before, which the sentence may answer."""


NOTHING = Known()
