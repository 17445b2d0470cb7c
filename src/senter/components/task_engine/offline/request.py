"""What a text asks for, as far as rules see it: acts, each with its kind, its topic and what else was said. Data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

LAST_TEXT = "{{last}}"
"""Stands in the parameters of a call for the last text that the acts before came to."""


class ActKind(StrEnum):
    """What kind of thing is wanted."""

    RESEARCH = "research"
    WRITE = "write"
    COMPARE = "compare"
    ORGANISE = "organise"
    REMIND = "remind"
    ACTION = "action"
    """Something is to be done in the world, which no text stands in for."""
    LOOK = "look"
    """Something that lies here is to be looked at."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Action:
    """One call of a tool whose arguments the words say."""

    tool: str
    params: dict[str, JsonValue]
    description: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is asked for."""

    kind: ActKind
    text: str
    topic: str = ""
    """Empty where the words only point back ("write it up")."""
    form: str = ""
    """What is to be written: summary, email, poem ..."""
    items: tuple[str, ...] = ()
    """What is to be compared."""
    named: tuple[str, ...] = ()
    """Files and pages that are to be read."""
    addresses: tuple[str, ...] = ()
    """E-mail addresses that what is to be written is for."""
    folder: str = ""
    """What is to be put in order."""
    by: str = ""
    """What decides the order: kind, month or year."""
    what: str = ""
    """What to be reminded of."""
    when: str = ""
    """The person's own words for the time; what moment they mean is read when something is set for it."""
    actions: tuple[Action, ...] = ()
    """The calls of tools that the words come to; none where they leave something open."""

    @property
    def missing(self) -> str:
        """What was not said without which this cannot be done; empty where nothing is."""
        needed = {ActKind.ORGANISE: "folder", ActKind.REMIND: "when", ActKind.COMPARE: "items"}.get(self.kind, "")
        return needed if needed and not getattr(self, needed) else ""


@dataclass(frozen=True, slots=True)
class Request:
    """The acts of a text, in order; at least one."""

    text: str
    """On one line."""
    acts: tuple[Act, ...]

    @property
    def topic(self) -> str:
        """What it wants found out or compared; the whole text where rules do not see that."""
        wanted = (act for act in self.acts if act.kind in (ActKind.RESEARCH, ActKind.COMPARE))
        topics = (", ".join(act.items) or act.topic for act in wanted)
        return next((topic for topic in topics if topic), self.text)
