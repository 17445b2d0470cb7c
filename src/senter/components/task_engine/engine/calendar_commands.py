"""Answers what people say about calendars: what stands in them, which there are; connected, disconnected, added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from senter.component.threads import in_thread
from senter.components.task_engine.engine.calendar_page import asked_time, calendar_page, plain_call
from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.goal_commands import GoalCommands
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.settings import ConnectedCalendar
from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.components.task_engine.tools.calendar_trying import TriedPlace, WantedPlace, free_name, tried
from senter.errors import Conflict, InvalidInput, ToolError, Unclear
from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.messages.calendar import (
    AddEvent,
    CalendarConnected,
    CalendarsReply,
    ConnectCalendar,
    DisconnectCalendar,
    EventsReply,
    ListCalendars,
    ListEvents,
    RemoveEvent,
)
from senter.messages.goals import GoalReply
from senter.messages.message import Done
from senter.messages.understanding import Understanding
from senter.moments.zones import user_zone
from senter.settings.editing import write_value
from senter.settings.places import at_home
from senter.understanding.known import Known

CALENDARS = "task_engine.calendars"
MAIN = ("calendar_file", "caldav_url", "caldav_user", "caldav_password")
FOR_NEW = "task_engine.calendar_for_new"
PLACES = ("file", "address", "caldav")
SHOWN = timedelta(days=1)
EXAMPLE = 'Say it like: "dentist friday 14:00"'


class CalendarCommands:
    """One method for each command."""

    def __init__(self, goals: GoalCommands, engine: Engine, services: EngineServices) -> None:
        self._goals = goals
        self._engine = engine
        self._services = services

    async def events(self, command: ListEvents) -> EventsReply:
        start, end = asked_time(command, self._services)
        return await calendar_page(start, end, await self._folders(), self._services, command.wait_seconds)

    async def list(self, command: ListCalendars) -> CalendarsReply:
        call, now = plain_call(await self._folders(), self._services), self._services.clock.now()
        span = CalendarSpan(now, now + SHOWN)
        return CalendarsReply(calendars=await self._services.calendars.views(span, call, command.wait_seconds))

    async def keep_fresh(self) -> None:
        """Have copies read anew that are old, so that they are there whenever somebody asks."""
        call, now = plain_call((), self._services), self._services.clock.now()
        await self._services.calendars.keep_fresh(CalendarSpan(now, now + SHOWN), call)

    async def connect(self, command: ConnectCalendar) -> CalendarConnected:
        """Raises `InvalidInput` where there is no calendar, `Conflict` for one that is connected already."""
        wanted = WantedPlace(_expanded(command.place.strip()), command.user, command.password)
        place = await tried(wanted, plain_call(await self._folders(wanted.place), self._services))
        self._check_new(place)
        taken = {*self._services.settings.calendars, *self._services.calendars.names}
        name = free_name(command.name or place.called, taken)
        setting, is_for_new = {**place.setting}, place.can_write and self._services.calendars.take_no_new
        await in_thread(write_value, self._services.paths.settings, f"{CALENDARS}.{name}", setting)
        if is_for_new:  # so that the next one does not take its place
            await in_thread(write_value, self._services.paths.settings, FOR_NEW, name)
        return CalendarConnected(
            name=name, kind=place.kind, found=place.found, can_write=place.can_write, is_for_new=is_for_new
        )

    async def disconnect(self, command: DisconnectCalendar) -> Done:
        settings, path = self._services.settings, self._services.paths.settings
        name = self._name_of(command.name.strip())
        if name.casefold() in settings.calendars:
            was_for_new = settings.calendar_for_new.partition("/")[0].casefold() == name.casefold()
            keys = [*(["calendar_for_new"] if was_for_new else []), f"calendars.{name.casefold()}"]
        elif name.casefold() == self._services.calendars.names[0].casefold():
            keys = [key for key in MAIN if key in settings.model_fields_set]
        else:
            keys = []
        if not keys:
            connected = ", ".join(settings.calendars)
            raise InvalidInput(f'No calendar "{name}" is connected.', f"There are: {connected}" if connected else "")
        for key in keys:
            await in_thread(write_value, path, f"task_engine.{key}", None)
        await in_thread(self._services.calendars.forget, name, self._services.paths)
        return Done()

    def _name_of(self, named: str) -> str:
        """Of a calendar that is named by its place."""
        known = self._services.settings.calendars.items()
        return next((name for name, calendar in known if named in _places_of(calendar)), named)

    async def add(self, command: AddEvent) -> GoalReply:
        """Raises `Unclear` with the question where something is left open, `InvalidInput` for another calendar."""
        now = self._services.clock.now()
        try:
            await self._services.calendars.check_takes_new(command.calendar, plain_call((), self._services))
        except ToolError as error:
            raise InvalidInput(error.message, error.hint) from error
        act = await self._event(command.text, now)
        act = act.model_copy(update={"calendar": command.calendar})
        return self._goals.take_in(command.request_id, f"Put in my calendar: {command.text}", (act,), now)

    async def remove(self, command: RemoveEvent) -> GoalReply:
        at = _moment(command.occurrence, self._services) if command.occurrence else None
        thing = Thing(
            kind=ThingKind.EVENT, id=command.uid, title=command.title, at=at, repeats=bool(command.occurrence)
        )
        text = f"Remove from my calendar: {command.title}"
        act = Act(
            kind=ActKind.CHANGE,
            gist=command.title,
            span=(0, len(text)),
            confidence=1,
            change=ChangeKind.CANCEL,
            things=(thing,),
            one_alone=bool(command.occurrence),
        )
        return self._goals.take_in(command.request_id, text, (act,), self._services.clock.now())

    async def _event(self, text: str, now: datetime) -> Act:
        """As it stands where that is an event by itself, else as what somebody wants in their calendar."""
        zone = user_zone(self._services.settings.timezone)
        for said in (text, f"Put {text} in my calendar"):
            found = await self._services.understand(said, now, zone, Known())
            if _is_event(found) and found.question is None:
                return found.acts[0]
        if found.question is not None:
            raise Unclear(found.question.question, EXAMPLE)
        raise Unclear("What is to be in the calendar, and when?", f"{EXAMPLE}; one event at a time.")

    def _check_new(self, place: TriedPlace) -> None:
        for name, known in self._services.settings.calendars.items():
            if not _places_of(known).isdisjoint(place.setting[key] for key in PLACES if key in place.setting):
                raise Conflict(f"It is connected already, as {name}.", "See: senter calendar list")

    async def _folders(self, more: str = "") -> Sequence[str]:
        """What may be read: the user named these, and now that place."""
        return [*await self._engine.planner.folders(), *([more] if more.startswith("/") else [])]


def _expanded(place: str) -> str:
    """With the home in place of `~`. Raises `InvalidInput` where there is no such user."""
    try:
        return str(at_home(Path(place))) if place.startswith("~") else place
    except ValueError as error:
        raise InvalidInput(f"Cannot find {place}: {error}.") from error


def _is_event(found: Understanding) -> bool:
    return [act.kind for act in found.acts] == [ActKind.EVENT]


def _places_of(calendar: ConnectedCalendar) -> set[str]:
    """Where it is; one of the three, and none of them is empty."""
    told = (str(calendar.file or ""), calendar.address.get_secret_value(), calendar.caldav.get_secret_value())
    return set(filter(None, told))


def _moment(text: str, services: EngineServices) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        hint = "Give it in ISO 8601, as the calendar tells it."
        raise InvalidInput(f'Cannot read "{text}" as a moment.', hint) from error
    return found if found.tzinfo else found.replace(tzinfo=user_zone(services.settings.timezone))
