"""The plan of a goal of the person's own: Senter's part begins at once, the person's waits for their word.

No model is needed, and none writes about what is the person's: Senter's part finds and quotes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import Plan, PlannedTask, PlanResult, WorkKind
from senter.components.task_engine.offline.door import focus_of, helping_tasks
from senter.components.task_engine.work.act_times import ActTimes
from senter.messages.acts import Act, ActKind
from senter.moments.dates import MOMENT_TIME
from senter.moments.shown import shown
from senter.sentences import told
from senter.text import cut, one_line

LONGEST_GIST = 300


def own_plan(asked: Asked, tools: Collection[str], folders: Sequence[str], zone: ZoneInfo) -> PlanResult:
    """Senter's part, and the person's as one task; of a goal that was reopened what is missing is the person's."""
    if asked.missing:
        return PlanResult(Plan(tasks=(_yours(asked.missing),)))
    act = own_act(asked)
    gist = cut(one_line(act.gist if act else "") or one_line(asked.text), LONGEST_GIST)
    helping = tuple(helping_tasks(gist, tools, folders))
    plan, note = Plan(tasks=(*helping, _yours(gist))), _offer(act, gist, asked.at, zone)
    return PlanResult(plan, note=note, focus=focus_of(plan)) if len(helping) > 1 else PlanResult(plan, note=note)


def own_act(asked: Asked) -> Act | None:
    """What says that it is the person's own."""
    return next((act for act in asked.acts or () if act.kind is ActKind.GOAL), None)


def _yours(gist: str) -> PlannedTask:
    """Waited for, and never ticked off by Senter."""
    return PlannedTask(
        description=cut(told(f"Yours: {one_line(gist)}"), 500), work=WorkKind.PERSON, about=cut(gist, LONGEST_GIST)
    )


def _offer(act: Act | None, gist: str, now: datetime, zone: ZoneInfo) -> str:
    """A reminder before the deadline is offered, not set."""
    deadline = ActTimes(act, zone).deadline if act else None
    if deadline is None:
        return ""
    before = datetime.combine(deadline.astimezone(zone).date() - timedelta(days=1), MOMENT_TIME, zone)
    if before <= now:
        return ""
    said = shown(before, zone)
    return f"To be told the day before, say: Remind me on {said.replace(',', ' at')} to {gist}"
