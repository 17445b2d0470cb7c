"""What a goal asks for, as its planner is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from senter.messages.acts import Act, ActKind

PLANNED_BY_WORDS = frozenset({ActKind.WORK, ActKind.QUESTION, ActKind.TALK})
"""Acts whose words the planner reads; each of the others is calls of tools."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A goal's words, and what was understood of them."""

    text: str
    at: datetime
    """When it was asked for."""
    acts: tuple[Act, ...] | None = None
    """None where nobody has read the words so far."""
    own: bool = False
    """Whether it is the person's own doing, which Senter keeps and helps with."""
    missing: str = ""
    """What a person said is missing of what was done; empty for a goal that is new."""
    topic: str = ""
    """What was found out before, where something is missing."""


def is_work(acts: Sequence[Act] | None) -> bool:
    """Whether something is Senter's to produce; so it is where nobody has read the words."""
    return acts is None or any(act.kind in PLANNED_BY_WORDS for act in acts)
