"""Calendars that keep each entry as a resource of its own: changes of one are made to all of its text."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange, EntryEdit
from senter.components.task_engine.tools.calendar_source import Calendar
from senter.components.task_engine.tools.calendar_texts import CalendarTexts, EntryAbsent
from senter.components.task_engine.tools.children.calendar_entries import version_of


@dataclass(frozen=True, slots=True)
class CalendarResource:
    """Where an entry is, and its text; no place and no text where there is none so far."""

    calendar: str
    """The calendar it is in, or would be, as people know it."""
    place: str = ""
    tag: str = ""
    """Differs once somebody else stored it, where the keeper says so."""
    text: bytes = b""


class ResourceCalendar(Calendar):
    """Finds, then stores; what was stored by others in between stays."""

    def __init__(self, name: str, texts: CalendarTexts) -> None:
        super().__init__(name)
        self._texts = texts

    @abstractmethod
    async def find(self, uid: str, part: str, call: ToolCall) -> CalendarResource:
        """The resource of an entry in any part; where there is none, where it would be: in `part` where that is
        named."""

    @abstractmethod
    async def store(self, uid: str, resource: CalendarResource, text: bytes, call: ToolCall) -> None:
        """Make its text another, or remove it with none. Raises `ToolError` where it is no longer what was found."""

    async def add(self, event: CalendarEvent, part: str, call: ToolCall) -> Added:
        found = await self.find(event.uid, part, call)
        if found.text:
            return Added(False, version_of(found.text, event.uid), found.calendar)
        await self.store(event.uid, found, (await self._texts.new(event, b"", call)).content, call)
        return Added(True, await self._version(event.uid, part, call), found.calendar)

    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        found = await self.find(edit.uid, "", call)
        if not found.text:
            raise EntryAbsent
        change = await self._texts.edit("resource", edit, found.text)
        return change.model_copy(update={"calendar": found.calendar})

    async def restoring(self, uid: str, entry: str, version: str, part: str, call: ToolCall) -> EntryChange:
        found = await self.find(uid, part, call)
        change = await self._texts.restoring("resource", uid, entry, version, found.text)
        return change.model_copy(update={"calendar": found.calendar})

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        """Keepers may write an entry in their own way: what it is then is what they hold."""
        found = await self.find(change.uid, change.calendar, call)
        text = await self._texts.put("resource", change, found.text)
        if text is None:
            return change.model_copy(update={"after_version": version_of(found.text, change.uid)})
        await self.store(change.uid, found, text, call)
        version = await self._version(change.uid, change.calendar, call)
        return change.model_copy(update={"after_version": version})

    async def _version(self, uid: str, part: str, call: ToolCall) -> str:
        return version_of((await self.find(uid, part, call)).text, uid)
