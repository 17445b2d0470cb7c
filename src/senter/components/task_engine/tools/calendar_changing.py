"""The tools calendar_change, calendar_remove and calendar_restore.

What is about to become of an entry is written down before it is done: a call that was cut off finds out from it whether
it was, and what takes it back stays known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import Arguments, Line, Text
from senter.components.task_engine.contract.tool import ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.calendar_event import EntryChange, EntryEdit
from senter.components.task_engine.tools.calendar_receipts import (
    EventDeed,
    Telling,
    event_receipt,
    inverse_of,
    of_occurrence,
)
from senter.components.task_engine.tools.calendar_recurrence import rule_of
from senter.components.task_engine.tools.calendar_tools import CalendarTool, moment_of, zone_of
from senter.components.task_engine.tools.intents import Intents
from senter.components.task_engine.tools.naming import as_said
from senter.errors import InvalidInput
from senter.messages.needs import Need
from senter.messages.tools import EffectClass
from senter.paths import Paths

EXAMPLE = "Give it as calendar_check tells it, such as 2026-12-14T10:30:00+01:00."
TEXTS = ("title", "location", "description")
Version = Annotated[str, Field(max_length=64)]


class NamedEntry(Arguments):
    uid: Line
    """The entry, as calendar_check names it."""
    calendar: Text = ""
    """The calendar it is in, as calendar_check names it."""


class EntryArguments(NamedEntry):
    version: Version | None = None
    """Only where it is still this version."""
    occurrence: Line | None = None
    """The one that begins then, ISO 8601; all of what repeats by default."""


class CalendarChangeArguments(EntryArguments):
    title: Line | None = None
    """What it is from now on."""
    start: Line | None = None
    """When it begins from now on, in the words of the request or ISO 8601; it lasts as long as before. A day alone is
    another day at the same time."""
    end: Line | None = None
    """When it ends from now on; for whole days the last of them."""
    location: Annotated[Text, Field(max_length=500)] | None = None
    """Where it is."""
    description: Annotated[Text, Field(max_length=5_000)] | None = None
    """What else is to be known."""
    recurrence: Annotated[Text, Field(max_length=200)] | None = None
    """How it comes again: cron or RRULE:...; empty for once."""
    zone: Line | None = None
    """The time zone of the times, where another than the user's is meant."""


class CalendarRemoveArguments(EntryArguments):
    """What to remove."""


class CalendarRestoreArguments(NamedEntry):
    entry: Annotated[Text, Field(max_length=200_000)]
    """Its text; empty for none."""
    version: Version
    """Only where it is this version now; empty where there is none."""
    tellings: tuple[Telling, ...] = ()
    """Of one occurrence: what becomes of it now, and what it was before."""


EntryT = TypeVar("EntryT", bound=NamedEntry)


class EntryTool(CalendarTool[EntryT]):
    """What those that change an entry have in common."""

    effect = EffectClass.IDEMPOTENT
    permission = "writing the calendar"
    undoable = True

    def needs(self, arguments: EntryT, paths: Paths) -> tuple[Need, ...]:
        return self._calendars.needs_to_change(arguments.uid, arguments.calendar, paths)

    async def carry_out(
        self,
        edit: EntryEdit | EntryChange,
        call: ToolCall,
        became: EventDeed,
        named: str = "",
        tellings: Sequence[Telling] = (),
    ) -> ToolResult:
        """Raises `ToolError` where the entry is not there, or not what it was."""
        intents = Intents(call.paths)
        kept = await in_thread(intents.find, call.idempotency_key, EntryChange)
        change = kept or (edit if isinstance(edit, EntryChange) else await self._calendars.edit(edit, named, call))
        if kept is None:
            await in_thread(intents.keep, call.idempotency_key, change)
        done = await self._calendars.put(change, call)
        if isinstance(edit, EntryEdit) and edit.occurrence is not None and not edit.texts:
            tellings = of_occurrence(edit.occurrence, became, done.event)
        event, became = (tellings[0].event, tellings[0].became) if tellings else (done.event, became)
        told = event.model_copy(update={"calendar": done.calendar if self._calendars.are_several else ""})
        receipt = event_receipt(told, zone_of(self._timezone), became)
        return ToolResult(
            text=f"{receipt.done}.",
            data={"uid": done.uid, "version": done.after_version},
            trusted=True,
            receipts=(receipt,),
            inverse=inverse_of(done, tellings),
        )


class CalendarChange(EntryTool[CalendarChangeArguments]):
    name = "calendar_change"
    description = "Moves or changes an event in the user's calendar; of one that repeats, all of it or one occurrence."
    arguments = CalendarChangeArguments
    examples = (ToolExample("Move the event abc@senter to 5 pm", {"uid": "abc@senter", "start": "5 pm"}),)

    async def run(self, arguments: CalendarChangeArguments, call: ToolCall) -> ToolResult:
        zone = zone_of(arguments.zone or self._timezone)
        said = {name: getattr(arguments, name) for name in TEXTS}
        texts = {name: call.defused(text) for name, text in said.items() if text is not None}
        with as_said():
            recurrence = rule_of(arguments.recurrence) if arguments.recurrence else arguments.recurrence
        edit = EntryEdit(
            uid=arguments.uid,
            version=arguments.version,
            stamp=call.clock.now().astimezone(UTC),
            zone=zone.key,
            texts=texts,
            start=_said(arguments.start, call, zone),
            end=_said(arguments.end, call, zone),
            occurrence=_iso(arguments.occurrence, zone),
            recurrence=recurrence,
        )
        return await self.carry_out(edit, call, "changed", arguments.calendar)


class CalendarRemove(EntryTool[CalendarRemoveArguments]):
    name = "calendar_remove"
    description = "Removes an event from the user's calendar; of one that repeats, all of it or one occurrence."
    arguments = CalendarRemoveArguments
    examples = (ToolExample("Remove the event abc@senter", {"uid": "abc@senter"}),)

    async def run(self, arguments: CalendarRemoveArguments, call: ToolCall) -> ToolResult:
        zone = zone_of(self._timezone)
        edit = EntryEdit(
            uid=arguments.uid,
            version=arguments.version,
            stamp=call.clock.now().astimezone(UTC),
            zone=zone.key,
            occurrence=_iso(arguments.occurrence, zone),
            remove=True,
        )
        return await self.carry_out(edit, call, "removed", arguments.calendar)


class CalendarRestore(EntryTool[CalendarRestoreArguments]):
    name = "calendar_restore"
    description = "Takes back a change of an entry of the calendar."
    arguments = CalendarRestoreArguments
    offered: ClassVar[bool] = False

    async def run(self, arguments: CalendarRestoreArguments, call: ToolCall) -> ToolResult:
        change = await self._calendars.restoring(
            arguments.uid, arguments.entry, arguments.version, arguments.calendar, call
        )
        became: EventDeed = "made" if not change.before else "restored" if change.after else "removed"
        return await self.carry_out(change, call, became, tellings=arguments.tellings)


def _said(words: str | None, call: ToolCall, zone: ZoneInfo) -> str | None:
    return None if words is None else moment_of(words, call.asked_at, zone).isoformat()


def _iso(text: str | None, zone: ZoneInfo) -> str | None:
    if text is None:
        return None
    with as_said():
        return _read(text, zone).isoformat()


def _read(text: str, zone: ZoneInfo) -> date | datetime:
    try:
        if len(text) == len("2026-12-24"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f'Cannot read "{text[:100]}" as a moment in ISO 8601.', EXAMPLE) from error
    return found.replace(tzinfo=zone) if found.tzinfo is None else found
