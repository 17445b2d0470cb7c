"""All the user's calendars, side by side: one that is slow or away hides none of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_copies import NOT_YET
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange, EntryEdit, Told
from senter.components.task_engine.tools.calendar_looking import FoundEvents, Looked, found_in, views_of
from senter.components.task_engine.tools.calendar_source import Calendar, CalendarContents, read_only
from senter.components.task_engine.tools.calendar_texts import (
    CANNOT,
    CalendarSpan,
    CalendarTexts,
    EntryAbsent,
    whole_days,
)
from senter.errors import SenterError, ToolError
from senter.messages.calendar import CalendarKind, CalendarView
from senter.messages.needs import Need
from senter.paths import Paths

NOTHING = Told(())
COPIED = (CalendarKind.SUBSCRIPTION, CalendarKind.CALDAV)
NAMES_SECONDS = 10.0
READING_SECONDS = 10.0
"""On top of what servers are waited for: a text that is here is read, by a child that may have to start first."""


class Calendars:
    """The main one first. `main_is_set`: the settings name it."""

    def __init__(self, every: Sequence[Calendar], texts: CalendarTexts, for_new: str, *, main_is_set: bool) -> None:
        self._every = tuple(every)
        self._texts = texts
        self._for_new = for_new
        self._main_is_set = main_is_set
        self._whose = dict[str, str]()
        """The calendar that each entry was last seen in, by its UID."""
        self._labels = {one.name.casefold(): one for one in reversed(self._every)}
        """Whose each calendar is, by what people call it."""
        self._names = set[str]()

    @property
    def names(self) -> list[str]:
        """Of the settings, the main one first."""
        return [one.name for one in self._every]

    @property
    def are_several(self) -> bool:
        """Whether it needs saying which one something is in."""
        return len(self._every) > 1 or len(set(self._whose.values())) > 1

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return tuple(dict.fromkeys(need for one in self._every for need in one.needs_to_look(paths)))

    def needs_to_add(self, named: str, paths: Paths) -> tuple[Need, ...]:
        """None where nothing can be added, which adding says."""
        try:
            return self._for_adding(named)[0].needs_to_write(paths)
        except ToolError:
            return ()

    def needs_to_change(self, uid: str, named: str, paths: Paths) -> tuple[Need, ...]:
        """Of the calendar that the entry is in; of all that it may be in where that is not known."""
        found = self._of_name(named or self._whose.get(uid, ""))
        places = [found] if found else [one for one in self._every if one.can_write]
        return tuple(dict.fromkeys(need for one in places for need in one.needs_to_write(paths)))

    async def look(self, span: CalendarSpan, zone: ZoneInfo, call: ToolCall, wait_seconds: float) -> FoundEvents:
        """Raises `ToolError` where none at all could be looked at."""
        days = whole_days(span)
        looked = await self._side_by_side(lambda one: self._look(one, days, zone, call, wait_seconds), wait_seconds)
        found = found_in(looked, span, zone)
        if found.problems and not found.calendars:
            raise ToolError(f"{CANNOT}{'; '.join(found.problems)}.", retryable=True)
        self._note_names(looked)
        self._whose |= {event.uid: event.calendar for event in reversed(found.events)}
        return found

    async def views(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> tuple[CalendarView, ...]:
        """Each as people see it, and how it stands."""
        looked = await self._side_by_side(lambda one: self._contents(one, span, call, wait_seconds), wait_seconds)
        self._note_names(looked)
        chosen, part = self._takes_new()
        return tuple(view for each in looked for view in views_of(each, part if each.calendar is chosen else None))

    async def keep_fresh(self, span: CalendarSpan, call: ToolCall) -> None:
        """Have the copies that are old read anew, and wait for none of them."""
        for one in self._every:
            if one.kind in COPIED:
                await one.contents(span, call, wait_seconds=0)

    async def check_takes_new(self, named: str, call: ToolCall) -> None:
        """Raises `ToolError` where there is none of that name, or it is read only."""
        if named and self._of_label(named) is None:  # an account's calendars are known once it was looked at
            now = call.clock.now()
            await self.views(CalendarSpan(now, now), call, NAMES_SECONDS)
            self._check_name(named)
        self._for_adding(named)

    async def add(self, event: CalendarEvent, named: str, call: ToolCall) -> Added:
        await self.check_takes_new(named, call)
        calendar, part = self._for_adding(named)
        added = await calendar.add(event, part, call)
        self._whose[event.uid] = added.calendar
        return added

    async def edit(self, edit: EntryEdit, named: str, call: ToolCall) -> EntryChange:
        change = await self._where_it_is(edit.uid, named, lambda one: one.edit(edit, call))
        self._whose[edit.uid] = change.calendar
        return change

    async def restoring(self, uid: str, entry: str, version: str, named: str, call: ToolCall) -> EntryChange:
        """Into the calendar that is named, which no longer has it where it was removed."""
        return await self._where_it_is(
            uid,
            named,
            lambda one: one.restoring(uid, entry, version, named if self._of_name(named) is one else "", call),
        )

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        try:
            return await (self._of_name(change.calendar) or self._every[0]).put(change, call)
        except EntryAbsent as error:
            raise _absent() from error

    @property
    def take_no_new(self) -> bool:
        """Whether new events go into Senter's own file, since the settings name no other that can be written."""
        own = self._for_new or self._main_is_set or any(one.can_write for one in self._every[1:])
        return not own

    def forget(self, name: str, paths: Paths) -> None:
        """Remove what is kept of a calendar that is no longer the user's."""
        for one in self._every:
            if one.name.casefold() == name.casefold():
                one.forget(paths)

    async def close(self) -> None:
        await self._texts.close()
        for one in self._every:
            await one.close()

    def _takes_new(self) -> tuple[Calendar | None, str]:
        """None where the settings name one that is not there, or cannot be written."""
        try:
            return self._for_adding("")
        except ToolError:
            return None, ""

    def _for_adding(self, named: str) -> tuple[Calendar, str]:
        """A calendar, and which of an account's. Raises `ToolError` where there is none of that name."""
        wanted = named or self._for_new
        if not wanted:
            connected = (one for one in self._every[1:] if one.can_write and not self._main_is_set)
            return next(connected, self._every[0]), ""
        found = self._of_name(wanted)
        if found is None:
            raise self._unknown(wanted)
        if not found.can_write:
            raise read_only(found.name)
        return found, "" if wanted.casefold() == found.name.casefold() else wanted

    def _of_name(self, name: str) -> Calendar | None:
        """The calendar of that name, or the account that has it: `work/Family` is one of `work`."""
        found = self._of_label(name)
        accounts = [one for one in self._every if one.kind is CalendarKind.CALDAV]
        return found or (accounts[0] if name and len(accounts) == 1 else None)

    def _of_label(self, name: str) -> Calendar | None:
        wanted = name.casefold()
        return self._labels.get(wanted) or self._labels.get(wanted.partition("/")[0])

    def _check_name(self, named: str) -> None:
        """Whether it is known by now, as people call it or as its account does."""
        ends = {label.rpartition("/")[2] for label in self._labels}
        if self._of_label(named) is None and named.casefold() not in ends:
            raise self._unknown(named)

    def _unknown(self, named: str) -> ToolError:
        names = sorted({*(one.name for one in self._every), *self._names})
        return ToolError(f"There is no calendar {named}.", f"There are: {', '.join(names)}", trusted=True)

    def _note_names(self, looked: Sequence[Looked]) -> None:
        for each in looked:
            self._names |= {part.name for part in each.contents.parts}
            self._labels |= {part.name.casefold(): each.calendar for part in each.contents.parts}

    async def _where_it_is(
        self, uid: str, named: str, work: Callable[[Calendar], Awaitable[EntryChange]]
    ) -> EntryChange:
        """Raises `ToolError` where no calendar has the entry, or one that is read only."""
        known = self._of_name(named or self._whose.get(uid, ""))
        if known is not None and not known.can_write:
            raise read_only(known.name)
        for one in sorted(self._every, key=lambda one: one is not known):
            if one.can_write:
                with suppress(EntryAbsent):
                    return await work(one)
        raise _absent()

    async def _look(
        self, one: Calendar, days: CalendarSpan, zone: ZoneInfo, call: ToolCall, wait_seconds: float
    ) -> Looked:
        found = await self._contents(one, days, call, wait_seconds)
        events, problems = list[CalendarEvent](), [found.contents.problem]
        for part in found.contents.parts:
            read = await self._texts.events(part.text, days, zone) if part.text.strip() else NOTHING
            events += (event.model_copy(update={"calendar": part.name}) for event in read.events)
            problems.append(read.problem)
        contents = found.contents._replace(problem="; ".join(problem.rstrip(".") for problem in problems if problem))
        return Looked(one, contents, tuple(events))

    async def _contents(self, one: Calendar, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> Looked:
        return Looked(one, await one.contents(span, call, wait_seconds))

    async def _side_by_side(self, look: Callable[[Calendar], Awaitable[Looked]], wait_seconds: float) -> list[Looked]:
        """Each, with what is to be said of one that could not be looked at, or not in time."""
        tasks = [asyncio.ensure_future(look(one)) for one in self._every]
        try:
            await asyncio.wait(tasks, timeout=wait_seconds + READING_SECONDS)
            return [_looked(one, task) for one, task in zip(self._every, tasks, strict=True)]
        finally:
            for task in tasks:
                task.cancel()


def _absent() -> ToolError:
    return ToolError("There is no such entry in the calendar any more.", trusted=True)


def _looked(one: Calendar, task: asyncio.Future[Looked]) -> Looked:
    if not task.done():
        return Looked(one, CalendarContents((), None, NOT_YET))
    error = task.exception()
    if error is None:
        return task.result()
    if not isinstance(error, SenterError):
        raise error
    return Looked(one, CalendarContents((), None, error.message.removeprefix(CANNOT).rstrip(".")))
