"""What a change of a calendar is to people, and the call that takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, JsonValue

from senter.components.task_engine.contract.tool import InverseCall
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange
from senter.messages.acts import Receipt, ThingKind
from senter.moments.recurrence import PREFIX, rule_in_words
from senter.moments.shown import shown_when
from senter.sentences import phrase

RESTORE = "calendar_restore"
ID_CHARACTERS = 8
LARGEST_ENTRY_CHARACTERS = 100_000
EventDeed = Literal["made", "changed", "restored", "removed"]
BECAME: dict[EventDeed, str] = {
    "made": "Event {id}: {title}, {when}",
    "changed": "Event {id} is changed: {title}, {when}",
    "restored": "Event {id} is changed back: {title}, {when}",
    "removed": "Event {id} is removed: {title}, {when}",
}


class Telling(BaseModel):
    """What is said to have become of one occurrence."""

    model_config = ConfigDict(frozen=True)

    became: EventDeed
    event: CalendarEvent


def of_occurrence(occurrence: str, became: EventDeed, event: CalendarEvent) -> tuple[Telling, Telling]:
    """What a change of the one that begins then was, and what taking it back is."""
    before = event.model_copy(update={"start": occurrence, "end": _moved_along(event, occurrence)})
    back: EventDeed = "made" if became == "removed" else "restored"
    return Telling(became=became, event=event), Telling(became=back, event=before)


def _moved_along(event: CalendarEvent, start: str) -> str:
    """The end of what lasts as long, and begins then."""
    if event.all_day:
        length = date.fromisoformat(event.end[:10]) - date.fromisoformat(event.start[:10])
        return (date.fromisoformat(start[:10]) + length).isoformat()
    zone = ZoneInfo(event.zone or "UTC")
    return (_aware(start, zone) + (_aware(event.end, zone) - _aware(event.start, zone))).isoformat()


def event_receipt(event: CalendarEvent, zone: ZoneInfo, became: EventDeed = "made") -> Receipt:
    """What became of an event, with its moment in full, and its calendar where that is to be said."""
    where = phrase(" (calendar {name})", name=event.calendar) if event.calendar else ""
    done = phrase(BECAME[became], id=event.uid[:ID_CHARACTERS], title=event.title, when=span_of(event, zone)) + where
    return Receipt(kind=ThingKind.EVENT, id=event.uid, title=event.title, done=done)


def to_remove(uid: str, added: Added) -> InverseCall:
    """Takes out an entry that was added, as long as it is what was added."""
    return InverseCall(RESTORE, {"uid": uid, "entry": "", "version": added.version, "calendar": added.calendar})


def inverse_of(change: EntryChange, tellings: Sequence[Telling] = ()) -> tuple[InverseCall, ...]:
    """Makes the entry what it was, as long as it is what it is now; none for what is too large to keep. `tellings` are
    of one occurrence: first what this change was."""
    if len(change.before) > LARGEST_ENTRY_CHARACTERS:
        return ()
    kept = {"uid": change.uid, "entry": change.before, "version": change.after_version, "calendar": change.calendar}
    back: list[JsonValue] = [telling.model_dump(mode="json") for telling in reversed(tellings)]
    told: dict[str, JsonValue] = {"tellings": back} if back else {}
    return (InverseCall(RESTORE, {**kept, **told}),)


def span_of(event: CalendarEvent, zone: ZoneInfo) -> str:
    """When it is, and how it comes again."""
    again = f", {rule_in_words(PREFIX + event.recurrence)}" if event.recurrence else ""
    if event.all_day:
        start, last = date.fromisoformat(event.start[:10]), date.fromisoformat(event.end[:10]) - timedelta(days=1)
        return shown_when(start, zone, last) + again
    start, end = (_aware(moment, zone) for moment in (event.start, event.end))
    return shown_when(start, zone, end) + again


def _aware(text: str, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=zone) if found.tzinfo is None else found
