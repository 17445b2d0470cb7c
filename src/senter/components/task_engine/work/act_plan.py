"""Tasks made of acts by rule, without a model: each act is the calls of tools that do it, its moment resolved.

What is Senter's to produce has no row here: its words go to the planner as they always did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import PlannedTask, TextAtLeast
from senter.components.task_engine.work.act_times import ActTimes, is_day
from senter.errors import PlanError
from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.messages.goals import TaskType
from senter.moments.recurrence import rule_in_words
from senter.moments.zones import is_zone
from senter.text import cut, one_line

LONGEST_TITLE = 100
LONGEST_LINE = 400
OWN_CALENDAR = frozenset({"calendar_add", "calendar_change", "calendar_remove"})
"""What is said in so many words, and can be taken back, needs no further yes."""
DONE = (TextAtLeast(characters=1),)
Params = dict[str, JsonValue]


def call_tasks(act: Act, tools: Collection[str], zone: ZoneInfo) -> list[PlannedTask]:
    """The tasks of one act, which is none of `PLANNED_BY_WORDS` and no goal. Raises `PlanError` where it cannot be
    done, and says why."""
    tasks = list(_ROWS[act.kind](act, ActTimes(act, zone)))
    missing = next((task.tool for task in tasks if task.tool not in tools), None)
    if missing is not None:
        raise PlanError(f"Cannot do this: the tool {missing} cannot be used now.", "See: senter tools")
    return tasks


def _reminder(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    text = _gist(act)
    if act.due is None and act.recurrence is None:
        note = f"Reminder: {text}\n\nThis is a note, nothing will ring. To be told: senter remind TEXT --at TIME"
        yield _call("note", f"Note the reminder (no time is said, so nothing rings): {text}", _note_params(text, note))
        return
    yield _call("remind", f"Remind {_when(act, times)}: {text}", {"text": text, **_trigger(act, times)})


def _event(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if times.start is None:
        raise PlanError(f"When is this: {_gist(act)}?", "Say the day, such as: on Friday at 10")
    said: Params = {"title": _gist(act), "start": times.start, "all_day": act.all_day or is_day(times.start)}
    more: Params = {"end": times.end, "recurrence": act.recurrence, "location": act.place or None}
    where = f", at {act.place}" if act.place else ""
    told = f"Add to the calendar {_when(act, times)}: {_gist(act)}{where}"
    yield _call("calendar_add", told, {**said, **_without_nothing(more)})


def _schedule(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if act.due is None and act.recurrence is None:
        raise PlanError(f"When is this to be done: {_gist(act)}?", "Say when, such as: every Monday at 9")
    params: Params = {"name": cut(_gist(act), LONGEST_TITLE), "goal": _gist(act), **_trigger(act, times)}
    yield _call("schedule_add", f"Schedule {_when(act, times)}: {_gist(act)}", params)


def _note(act: Act, _: ActTimes) -> Iterator[PlannedTask]:
    yield _call("note", f"Note: {_gist(act)}", _note_params(_gist(act), _gist(act)))


def _completion(act: Act, _: ActTimes) -> Iterator[PlannedTask]:
    for thing in _things(act):
        if thing.kind is not ThingKind.GOAL:
            yield from _cancelled(thing, f"Done, so no longer needed: {thing.title}")
            continue
        params: Params = {"goal": int(thing.id), "action": "accept"}
        yield _call("goal_change", f"Mark goal {thing.id} as done: {thing.title}", params)


def _change(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    for thing in _things(act):
        match act.change:
            case ChangeKind.CANCEL | None:
                yield from _cancelled(thing, f"Cancel {named(thing)}")
            case ChangeKind.MOVE:
                yield from _moved(thing, act, times)
            case ChangeKind.RENAME:
                yield from _renamed(thing, _gist(act))
            case ChangeKind.PAUSE | ChangeKind.RESUME:
                yield from _switched(thing, act.change)
            case ChangeKind.REOPEN:
                yield from _reopened(thing, _gist(act))


def _cancelled(thing: Thing, told: str) -> Iterator[PlannedTask]:
    match thing.kind:
        case ThingKind.REMINDER:
            yield _call("reminder_change", told, {"reminder": int(thing.id), "cancel": True})
        case ThingKind.JOB:
            yield _call("job_change", told, {"job": int(thing.id), "cancel": True})
        case ThingKind.EVENT:
            yield _call("calendar_remove", told, {"uid": thing.id})
        case ThingKind.GOAL:
            yield _call("goal_change", told, {"goal": int(thing.id), "action": "cancel"})
        case ThingKind.NOTE | ThingKind.FILE:
            yield _call("file_trash", told, {"path": thing.id})


def _moved(thing: Thing, act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if act.due is None and act.recurrence is None:
        raise PlanError(f"To when shall {named(thing)} be moved?", "Say the time, such as: to 17:00")
    told = f"Move {named(thing)} to {_when(act, times).removeprefix('on ')}"
    match thing.kind:
        case ThingKind.REMINDER:
            yield _call("reminder_change", told, {"reminder": int(thing.id), **_trigger(act, times)})
        case ThingKind.JOB:
            yield _call("job_change", told, {"job": int(thing.id), **_trigger(act, times)})
        case ThingKind.EVENT:
            moved: Params = {"start": times.start, "end": times.end, "recurrence": act.recurrence}
            yield _call("calendar_change", told, {"uid": thing.id, **_without_nothing(moved)})
        case ThingKind.GOAL if times.deadline:
            params: Params = {"goal": int(thing.id), "action": "move", "deadline": times.deadline.isoformat()}
            yield _call("goal_change", told, params)
        case _:
            raise _cannot("move", thing)


def _renamed(thing: Thing, name: str) -> Iterator[PlannedTask]:
    told = f"Call {named(thing)} from now on: {name}"
    match thing.kind:
        case ThingKind.REMINDER:
            yield _call("reminder_change", told, {"reminder": int(thing.id), "text": name})
        case ThingKind.JOB:
            yield _call("job_change", told, {"job": int(thing.id), "name": name})
        case ThingKind.EVENT:
            yield _call("calendar_change", told, {"uid": thing.id, "title": name})
        case _:
            raise _cannot("rename", thing)


def _switched(thing: Thing, change: ChangeKind) -> Iterator[PlannedTask]:
    told, action = f"{change.value.capitalize()} {named(thing)}", change.value
    match thing.kind:
        case ThingKind.JOB:
            yield _call("job_change", told, {"job": int(thing.id), "paused": change is ChangeKind.PAUSE})
        case ThingKind.GOAL:
            yield _call("goal_change", told, {"goal": int(thing.id), "action": action})
        case _:
            raise _cannot(action, thing)


def _reopened(thing: Thing, missing: str) -> Iterator[PlannedTask]:
    if thing.kind is not ThingKind.GOAL:
        raise _cannot("reopen", thing)
    params: Params = {"goal": int(thing.id), "action": "reopen", "text": missing}
    yield _call("goal_change", f"Reopen {named(thing)}, because this is missing: {missing}", params)


def _undo(_: Act, __: ActTimes) -> Iterator[PlannedTask]:
    raise PlanError("Only the undo command takes things back.", "Take back the last thing with: senter undo")
    yield  # pragma: no cover - a generator, as the others


_ROWS: Mapping[ActKind, Callable[[Act, ActTimes], Iterator[PlannedTask]]] = {
    ActKind.REMINDER: _reminder,
    ActKind.EVENT: _event,
    ActKind.SCHEDULE: _schedule,
    ActKind.NOTE: _note,
    ActKind.COMPLETION: _completion,
    ActKind.CHANGE: _change,
    ActKind.UNDO: _undo,
}


def named(thing: Thing) -> str:
    """What people call it, and its number: `reminder 12 (call mom)`."""
    number = "" if thing.kind in (ThingKind.EVENT, ThingKind.NOTE, ThingKind.FILE) else f" {thing.id}"
    return f"{thing.kind.value}{number} ({one_line(thing.title, LONGEST_TITLE)})"


def _when(act: Act, times: ActTimes) -> str:
    """`on Mon 14 Dec 2026, 10:30, Europe/Berlin`; of what repeats, how and when first."""
    words = times.words()
    if act.recurrence is None:
        return f"on {words}"
    return f"{rule_in_words(act.recurrence)}{f', first on {words}' if words else ''}"


def _trigger(act: Act, times: ActTimes) -> Params:
    """What tools take: a moment, or a recurrence and where a rule needs it its first time."""
    if act.recurrence is None:
        return {"at": times.start}
    zone = act.zone if is_zone(act.zone) else None
    return _without_nothing({"recurrence": act.recurrence, "at": times.start, "zone": zone})


def _call(tool: str, description: str, params: Params) -> PlannedTask:
    return PlannedTask(
        description=cut(one_line(description), 500),
        type=TaskType.ORGANIZE,
        tool=tool,
        tool_params=params,
        postconditions=DONE,
        asked=tool in OWN_CALENDAR,
    )


def _note_params(title: str, text: str) -> Params:
    return {"title": cut(title, LONGEST_TITLE), "text": text}


def _gist(act: Act) -> str:
    return cut(one_line(act.gist), LONGEST_LINE) or "this"


def _things(act: Act) -> tuple[Thing, ...]:
    if not act.things:
        raise PlanError(
            f"There is nothing like this to change: {_gist(act)}.", "See: senter goals, senter schedule list"
        )
    return act.things


def _without_nothing(params: Params) -> Params:
    return {name: value for name, value in params.items() if value is not None}


def _cannot(what: str, thing: Thing) -> PlanError:
    return PlanError(f"Cannot {what} {named(thing)}.", "Say what you want instead.")
