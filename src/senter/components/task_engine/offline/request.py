"""What a text asks for, as far as rules see it: acts, each with its kind, its topic and what else was said. Data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

LAST_TEXT = "{{last}}"
"""Stands in the parameters of a call for the last text that the acts before came to."""


class ClauseKind(StrEnum):
    """What is wanted. An action happens in the world, and no text stands in for it."""

    RESEARCH = "research"
    WRITE = "write"
    COMPARE = "compare"
    ORGANISE = "organise"
    ACTION = "action"
    LOOK = "look"
    OTHER = "other"


_NEEDED = {ClauseKind.ORGANISE: "folder", ClauseKind.COMPARE: "items"}


@dataclass(frozen=True, slots=True)
class Action:
    """One call of a tool whose arguments the words say."""

    tool: str
    params: dict[str, JsonValue]
    description: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is asked for, and what was said of it; what was not said is empty."""

    kind: ClauseKind
    text: str
    topic: str = ""
    """Also empty where the words only point back ("write it up")."""
    form: str = ""
    """What is to be written: summary, email, poem ..."""
    items: tuple[str, ...] = ()
    """What is to be compared."""
    named: tuple[str, ...] = ()
    """Files and pages that are to be read."""
    addresses: tuple[str, ...] = ()
    """E-mail addresses that what is to be written is for."""
    folder: str = ""
    by: str = ""
    """What is to be put in order, and by what: kind, month or year."""
    actions: tuple[Action, ...] = ()
    """The calls of tools that the words come to."""

    @property
    def missing(self) -> str:
        """The field without which this cannot be done and that was not said; empty where nothing is missing."""
        needed = _NEEDED.get(self.kind, "")
        return "" if not needed or getattr(self, needed) else needed


@dataclass(frozen=True, slots=True)
class Request:
    """The acts of a text, which is on one line, in order; at least one."""

    text: str
    acts: tuple[Clause, ...]

    @property
    def topic(self) -> str:
        """What it wants found out or compared; the whole text where rules do not see that."""
        wanted = (act for act in self.acts if act.kind in (ClauseKind.RESEARCH, ClauseKind.COMPARE))
        topics = (", ".join(act.items) or act.topic for act in wanted)
        return next((topic for topic in topics if topic), self.text)
