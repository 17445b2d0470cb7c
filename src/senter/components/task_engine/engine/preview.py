"""The plan of a goal without the goal: nothing is stored, nothing is carried out."""

from __future__ import annotations

from senter.components.task_engine.contract.plan import PlannedTask
from senter.components.task_engine.engine.goal_planner import GoalPlanner
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.states import SHOWN
from senter.components.task_engine.permissions.decide import widened
from senter.messages.goals import Check, GoalId, GoalReply, GoalView, PlanGoal, Status, TaskId, TaskView, Widening

NOT_STORED = GoalId(0)
USUAL_PRIORITY = 5


async def preview(command: PlanGoal, planner: GoalPlanner, services: EngineServices) -> GoalReply:
    """Raises `PlanError`."""
    folders = await planner.folders()
    await services.tools.complete()
    grant = widened(services.default_grant(folders), (command.grant or Widening()).to_grant())
    planned = await services.plan(command.text, folders, services.ask, grant)
    goal = GoalView(
        id=NOT_STORED,
        text=command.text,
        priority=USUAL_PRIORITY,
        status=Status.PENDING,
        state=SHOWN[Status.PENDING],
        progress_percent=0,
        focus=planned.focus,
        created_at=services.clock.now(),
    )
    tasks = tuple(_shown(number, task) for number, task in enumerate(planned.plan.tasks, 1))
    return GoalReply(goal=goal, tasks=tasks, grant=grant, planned_by=planned.planned_by, note=planned.note)


def _shown(number: int, task: PlannedTask) -> TaskView:
    own = {"id": TaskId(0), "number": number, "status": Status.PENDING, "state": SHOWN[Status.PENDING]}
    checks = tuple(Check(what=condition.words) for condition in task.postconditions)
    return TaskView.model_validate({**dict(task), **own, "checks": checks})
