"""The call of a tool that an act comes to, and what it says of when. Pure."""

from __future__ import annotations

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import PlannedTask, TextAtLeast
from senter.components.task_engine.work.act_times import ActTimes
from senter.messages.acts import Act
from senter.messages.goals import TaskType
from senter.moments.recurrence import rule_in_words
from senter.moments.zones import is_zone
from senter.sentences import phrase, told
from senter.text import cut, one_line

LONGEST_TITLE = 100
LONGEST_LINE = 400
OWN_CALENDAR = frozenset({"calendar_add", "calendar_change", "calendar_remove"})
"""What is said in so many words, and can be taken back, needs no further yes."""
DONE = (TextAtLeast(characters=1),)
Params = dict[str, JsonValue]


def when_words(act: Act, times: ActTimes) -> str:
    """`on Mon 14 Dec 2026, 10:30, Europe/Berlin`; of what repeats, how and when first."""
    words = times.words()
    if act.recurrence is None:
        return phrase("on {when}", when=words)
    first = phrase(", first on {when}", when=words) if words else ""
    return f"{rule_in_words(act.recurrence)}{first}"


def trigger_params(act: Act, times: ActTimes) -> Params:
    """What tools take: a moment, or a recurrence and where a rule needs it its first time."""
    if act.recurrence is None:
        return {"at": times.start}
    zone = act.zone if is_zone(act.zone) else None
    return without_nothing({"recurrence": act.recurrence, "at": times.start, "zone": zone})


def tool_call(tool: str, description: str, params: Params) -> PlannedTask:
    return PlannedTask(
        description=cut(told(one_line(description)), 500),
        type=TaskType.ORGANIZE,
        tool=tool,
        tool_params=params,
        postconditions=DONE,
        asked=tool in OWN_CALENDAR,
    )


def gist(act: Act) -> str:
    return cut(one_line(act.gist), LONGEST_LINE) or "this"


def without_nothing(params: Params) -> Params:
    return {name: value for name, value in params.items() if value is not None}
