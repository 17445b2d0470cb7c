"""Tasks made of acts by rule, without a model: each act is the calls of tools that do it, its moment resolved.

What is Senter's to produce has no row here: its words go to the planner as they always did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from zoneinfo import ZoneInfo

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
from senter.components.task_engine.work.act_changes import change_calls, completion_calls
from senter.components.task_engine.work.act_times import ActTimes, is_day
from senter.errors import PlanError
from senter.messages.acts import Act, ActKind
from senter.text import cut
from senter.understanding.references import is_timer


def call_tasks(act: Act, tools: Collection[str], zone: ZoneInfo) -> list[PlannedTask]:
    """The tasks of one act, which is none of `PLANNED_BY_WORDS` and no goal. Raises `PlanError` where it cannot be
    done, and says why."""
    tasks = list(_ROWS[act.kind](act, ActTimes(act, zone)))
    missing = next((task.tool for task in tasks if task.tool not in tools), None)
    if missing is not None:
        raise PlanError(f"Cannot do this: the tool {missing} cannot be used now.", "See: senter tools")
    return tasks


def _reminder(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    text = gist(act)
    if act.due is None and act.recurrence is None:
        note = f"Reminder: {text}\n\nThis is a note, nothing will ring. To be told: senter remind TEXT --at TIME"
        yield tool_call(
            "note", f"Note the reminder (no time is said, so nothing rings): {text}", _note_params(text, note)
        )
        return
    params: Params = {"text": text, **trigger_params(act, times)}
    if act.recurrence is None and is_timer(text):
        params["timer"] = True
    yield tool_call("remind", f"Remind {when_words(act, times)}: {text}", params)


def _event(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if times.start is None:
        raise PlanError(f"When is this: {gist(act)}?", "Say the day, such as: on Friday at 10")
    said: Params = {"title": gist(act), "start": times.start, "all_day": act.all_day or is_day(times.start)}
    more: Params = {"end": times.end, "recurrence": act.recurrence, "location": act.place or None}
    more["calendar"] = act.calendar or None
    where = f", at {act.place}" if act.place else ""
    told = f"Add to the calendar {when_words(act, times)}: {gist(act)}{where}"
    yield tool_call("calendar_add", told, {**said, **without_nothing(more)})


def _schedule(act: Act, times: ActTimes) -> Iterator[PlannedTask]:
    if act.due is None and act.recurrence is None:
        raise PlanError(f"When is this to be done: {gist(act)}?", "Say when, such as: every Monday at 9")
    params: Params = {"name": cut(gist(act), LONGEST_TITLE), "goal": gist(act), **trigger_params(act, times)}
    yield tool_call("schedule_add", f"Schedule {when_words(act, times)}: {gist(act)}", params)


def _note(act: Act, _: ActTimes) -> Iterator[PlannedTask]:
    yield tool_call("note", f"Note: {gist(act)}", _note_params(gist(act), gist(act)))


def _undo(_: Act, __: ActTimes) -> Iterator[PlannedTask]:
    raise PlanError("Only the undo command takes things back.", "Take back the last thing with: senter undo")
    yield  # pragma: no cover - a generator, as the others


def _note_params(title: str, text: str) -> Params:
    return {"title": cut(title, LONGEST_TITLE), "text": text}


_ROWS: Mapping[ActKind, Callable[[Act, ActTimes], Iterator[PlannedTask]]] = {
    ActKind.REMINDER: _reminder,
    ActKind.EVENT: _event,
    ActKind.SCHEDULE: _schedule,
    ActKind.NOTE: _note,
    ActKind.COMPLETION: completion_calls,
    ActKind.CHANGE: change_calls,
    ActKind.UNDO: _undo,
}
