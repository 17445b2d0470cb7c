"""Changes of what exists, as calls of the tools that make them: moved, cancelled, renamed, reopened, done. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from senter.components.task_engine.contract.plan import PlannedTask
from senter.components.task_engine.work.act_calls import (
    LONGEST_TITLE,
    Params,
    gist,
    tool_call,
    trigger_params,
    when_words,
    without_nothing,
)
from senter.components.task_engine.work.act_times import DAY_CHARACTERS, ActTimes
from senter.errors import PlanError
from senter.messages.acts import Act, ChangeKind, Thing, ThingKind
from senter.moments.shown import shown_day
from senter.sentences import phrase, told
from senter.text import one_line


def completion_calls(act: Act, _: ActTimes) -> Iterator[PlannedTask]:
    for thing in _things(act):
        if thing.kind is ThingKind.REMINDER and (thing.waits_since or thing.repeats):
            yield tool_call("reminder_change", f"Done: {named(thing)}", {"reminder": int(thing.id), "done": True})
            continue
        if thing.kind is not ThingKind.GOAL:
            yield from _cancelled(thing, f"Done, so no longer needed: {thing.title}")
            continue
        params: Params = {"goal": int(thing.id), "action": "accept"}
        yield tool_call("goal_change", f"Mark goal {thing.id} as done: {thing.title}", params)


def change_calls(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    for thing in _things(act):
        match act.change:
            case ChangeKind.CANCEL | None:
                yield from _cancelled(thing, f"Cancel {named(thing)}", _occurrence(thing, act, times))
            case ChangeKind.MOVE:
                yield from _moved(thing, act, times)
            case ChangeKind.RENAME:
                yield from _renamed(thing, gist(act), _occurrence(thing, act, times))
            case ChangeKind.PAUSE | ChangeKind.RESUME:
                yield from _switched(thing, act.change)
            case ChangeKind.REOPEN:
                yield from _reopened(thing, gist(act))
            case ChangeKind.SKIP:
                yield from _left_out(thing, act, times)
            case ChangeKind.SNOOZE:
                yield from _snoozed(thing, act, times)


def _occurrence(thing: Thing, act: Act, times: ActTimes) -> str | None:
    """Of an event that comes again the one that is meant, or on the day that is named; none is all of it."""
    if thing.kind is not ThingKind.EVENT or not (thing.repeats or thing.shares_id) or thing.at is None:
        return None
    local = thing.at.astimezone(times.zone)
    day = local.date().isoformat() if act.one_alone else act.due and act.due[:DAY_CHARACTERS]
    if not day:
        return None
    if local.time() == time():
        return day
    return datetime.combine(date.fromisoformat(day), local.time(), times.zone).isoformat()


def _cancelled(thing: Thing, told: str, occurrence: str | None = None) -> Iterator[PlannedTask]:
    match thing.kind:
        case ThingKind.REMINDER:
            yield tool_call("reminder_change", told, {"reminder": int(thing.id), "cancel": True})
        case ThingKind.JOB:
            yield tool_call("job_change", told, {"job": int(thing.id), "cancel": True})
        case ThingKind.EVENT:
            removed: Params = {"uid": thing.id, "occurrence": occurrence}
            yield tool_call("calendar_remove", told, without_nothing(removed))
        case ThingKind.GOAL:
            yield tool_call("goal_change", told, {"goal": int(thing.id), "action": "cancel"})
        case ThingKind.NOTE:  # in Senter's own folder, and taken back by undo
            yield tool_call("file_trash", told, {"path": thing.id}).model_copy(update={"asked": True})
        case ThingKind.FILE:
            yield tool_call("file_trash", told, {"path": thing.id})


def _moved(thing: Thing, act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if act.due is None and act.recurrence is None:
        raise PlanError(f"To when shall {named(thing)} be moved?", "Say the time, such as: to 17:00")
    occurrence = _occurrence(thing, act, times) if act.one_alone else None
    if act.one_alone and occurrence is None:
        text = f"{named(thing).capitalize()} comes again: one time of it cannot be moved by itself."
        raise PlanError(text, "Say how it is to come again, or ask for another one on that day.")
    alone = f" of {shown_day(thing.at.astimezone(times.zone))}" if occurrence and thing.at else ""
    told = f"Move {named(thing)}{alone} to {when_words(act, times).removeprefix(phrase('on {when}', when=''))}"
    match thing.kind:
        case ThingKind.REMINDER:
            yield tool_call("reminder_change", told, {"reminder": int(thing.id), **trigger_params(act, times)})
        case ThingKind.JOB:
            yield tool_call("job_change", told, {"job": int(thing.id), **trigger_params(act, times)})
        case ThingKind.EVENT:
            moved: Params = {"start": times.start, "end": times.end, "recurrence": act.recurrence}
            moved["occurrence"] = occurrence
            yield tool_call("calendar_change", told, {"uid": thing.id, **without_nothing(moved)})
        case ThingKind.GOAL if times.deadline:
            params: Params = {"goal": int(thing.id), "action": "move", "deadline": times.deadline.isoformat()}
            yield tool_call("goal_change", told, params)
        case _:
            raise _cannot("move", thing)


def _renamed(thing: Thing, name: str, occurrence: str | None) -> Iterator[PlannedTask]:
    told = f"Call {named(thing)} from now on: {name}"
    match thing.kind:
        case ThingKind.REMINDER:
            yield tool_call("reminder_change", told, {"reminder": int(thing.id), "text": name})
        case ThingKind.JOB:
            yield tool_call("job_change", told, {"job": int(thing.id), "name": name})
        case ThingKind.EVENT:
            renamed: Params = {"uid": thing.id, "title": name, "occurrence": occurrence}
            yield tool_call("calendar_change", told, without_nothing(renamed))
        case ThingKind.GOAL:
            yield tool_call("goal_change", told, {"goal": int(thing.id), "action": "rename", "text": name})
        case _:
            raise _cannot("rename", thing)


def _switched(thing: Thing, change: ChangeKind) -> Iterator[PlannedTask]:
    told, action = f"{change.value.capitalize()} {named(thing)}", change.value
    match thing.kind:
        case ThingKind.REMINDER if not thing.repeats:
            raise PlanError(f"Cannot {action} {named(thing)}: it comes once.", "Move it, or cancel it and set another.")
        case ThingKind.JOB | ThingKind.REMINDER:
            yield tool_call("job_change", told, {"job": int(thing.id), "paused": change is ChangeKind.PAUSE})
        case ThingKind.GOAL:
            yield tool_call("goal_change", told, {"goal": int(thing.id), "action": action})
        case _:
            raise _cannot(action, thing)


def _left_out(thing: Thing, act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    """Single times of what comes again."""
    if thing.kind is ThingKind.EVENT or not thing.repeats:
        yield from _cancelled(thing, f"Cancel {named(thing)}", _occurrence(thing, act, times))
        return
    when: Params = {"skip": True, "at": times.start, "until": times.end}
    told = f"Leave out {named(thing)}: {times.words() if act.due else 'the next time'}"
    match thing.kind:
        case ThingKind.REMINDER:
            yield tool_call("reminder_change", told, without_nothing({"reminder": int(thing.id), **when}))
        case ThingKind.JOB:
            yield tool_call("job_change", told, without_nothing({"job": int(thing.id), **when}))
        case _:
            raise _cannot("leave out one time of", thing)


def _snoozed(thing: Thing, act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if thing.kind is not ThingKind.REMINDER:
        raise _cannot("snooze", thing)
    until = f" until {times.words()}" if act.due else ""
    params: Params = {"reminder": int(thing.id), "snooze": True, "at": times.start}
    yield tool_call("reminder_change", f"Snooze {named(thing)}{until}", without_nothing(params))


def _reopened(thing: Thing, missing: str) -> Iterator[PlannedTask]:
    if thing.kind is not ThingKind.GOAL:
        raise _cannot("reopen", thing)
    params: Params = {"goal": int(thing.id), "action": "reopen", "text": missing}
    yield tool_call("goal_change", f"Reopen {named(thing)}, because this is missing: {missing}", params)


def named(thing: Thing) -> str:
    """What people call it, and its number: `reminder 12 (call mom)`."""
    number = "" if thing.kind in (ThingKind.EVENT, ThingKind.NOTE, ThingKind.FILE) else f" {thing.id}"
    return f"{told(thing.kind.value)}{number} ({one_line(thing.title, LONGEST_TITLE)})"


def _things(act: Act) -> tuple[Thing, ...]:
    if not act.things:
        raise PlanError(
            f"There is nothing like this to change: {gist(act)}.", "See: senter goals, senter schedule list"
        )
    return act.things


def _cannot(what: str, thing: Thing) -> PlanError:
    return PlanError(f"Cannot {what} {named(thing)}.", "Say what you want instead.")
