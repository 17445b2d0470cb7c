"""What a calendar is, wherever it is kept: its texts, and changes of its entries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange, EntryEdit
from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.errors import ToolError
from senter.messages.calendar import CalendarKind
from senter.messages.needs import Need
from senter.paths import Paths


class CalendarPart(NamedTuple):
    """The text of one calendar; an account on a server has several."""

    name: str
    text: bytes
    can_write: bool = True


class CalendarContents(NamedTuple):
    """What there is to be read."""

    parts: Sequence[CalendarPart]
    read_at: datetime | None = None
    """When it was read, where that is a copy."""
    problem: str = ""
    """What is to be said of it: why it could not be read, or how old it is."""
    lasting: bool = False
    """Whether trying again changes nothing."""


class Calendar(ABC):
    """One that the settings name. What it cannot do raises `ToolError`."""

    kind: CalendarKind
    can_write = True

    def __init__(self, name: str) -> None:
        self.name = name
        """What people call it."""

    @abstractmethod
    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]: ...

    @abstractmethod
    def needs_to_write(self, paths: Paths) -> tuple[Need, ...]: ...

    @abstractmethod
    async def contents(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> CalendarContents:
        """Its texts, with all that takes place in the time. What does not come by then is a problem, and no error."""

    @abstractmethod
    async def add(self, event: CalendarEvent, part: str, call: ToolCall) -> Added:
        """Add an event, once, by its UID; to the part that is named, else the first that can be written."""

    @abstractmethod
    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        """Work out what an edit makes of an entry. Raises `EntryAbsent`."""

    @abstractmethod
    async def restoring(self, uid: str, entry: str, version: str, part: str, call: ToolCall) -> EntryChange:
        """Work out what putting a kept entry back makes of it. Raises `EntryAbsent`."""

    @abstractmethod
    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        """Make an entry what it is to be, where it still is what it was, or is that already."""

    def forget(self, paths: Paths) -> None:  # noqa: B027 - most keep nothing
        """Remove what is kept of it here."""

    async def close(self) -> None:  # noqa: B027 - most do nothing in the background
        """Stop what it does in the background."""


def read_only(name: str) -> ToolError:
    text = f"The calendar {name} can only be read."
    return ToolError(text, "Change it where it comes from, or name another with --calendar.", trusted=True)
