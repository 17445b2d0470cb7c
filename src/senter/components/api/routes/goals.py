"""/api/goals, /api/tasks, /api/why and /api/panic: what is to be done, and how far it is."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from senter.component.asking import Asker
from senter.components.api.bodies import MAX_NUMBER
from senter.components.api.channel import STREAM_RESPONSE
from senter.components.api.goal_bodies import (
    About,
    GoalBody,
    GoalsBody,
    NewGoalBody,
    PanicBody,
    PlanBody,
    PriorityBody,
    TaskUpdateBody,
    WhyBody,
)
from senter.components.api.goal_progress import GoalProgress
from senter.messages.goals import (
    AskWhy,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GoalId,
    Limits,
    ListGoals,
    Panic,
    PlanGoal,
    TaskId,
    UpdateTask,
)
from senter.messages.message import new_message_id

Change = Literal["pause", "resume", "cancel", "retry"]
GoalNumber = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="The goal's number.")]
TaskNumber = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="The task's id, not its place in the plan.")]
ChangePath = Annotated[Change, Path(description="What to do with it.")]
All = Annotated[bool, Query(alias="all", description="Whether to show ended ones too.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]
AboutQuery = Annotated[
    About, Query(description="A goal's number, a kind and number such as `task N`, a message's id, or a result's path.")
]


class GoalRoutes:
    """A plan may take a model's time; everything else is quick."""

    def __init__(self, asker: Asker, progress: GoalProgress, plan_timeout_seconds: float) -> None:
        self._asker = asker
        self._progress = progress
        self._plan_timeout_seconds = plan_timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(tags=["goals"])
        add = router.add_api_route
        add("/api/goals", self.list, summary="List goals")
        add("/api/goals", self.create, methods=["POST"], status_code=201, summary="Have something done")
        add("/api/goals/plan", self.plan, methods=["POST"], summary="Show the plan of a goal without carrying it out")
        add("/api/goals/{goal_id}", self.get, summary="Show a goal, its plan and its grant")
        add(
            "/api/goals/{goal_id}/events",
            self.events,
            summary="A goal's progress until it ends, as server-sent events",
            response_class=StreamingResponse,
            responses={200: STREAM_RESPONSE},
        )
        add("/api/goals/{goal_id}/prioritise", self.prioritise, methods=["POST"], summary="Give a goal a priority")
        add("/api/goals/{goal_id}/{action}", self.change, methods=["POST"], summary="Pause, resume, cancel or retry")
        add("/api/tasks/{task_id}", self.update_task, methods=["POST"], summary="Complete, fail or feed a task")
        add("/api/why", self.why, summary="How something came about")
        add("/api/panic", self.panic, methods=["POST"], status_code=204, summary="Stop all autonomous work at once")
        return router

    async def list(self, include_finished: All = False, limit: Limit = 50) -> GoalsBody:
        return GoalsBody.of(await self._asker.ask(ListGoals(include_finished=include_finished, limit=limit)))

    async def create(self, body: NewGoalBody) -> GoalBody:
        command = CreateGoal(
            request_id=body.request_id or new_message_id(),
            text=body.text,
            deadline=body.deadline,
            priority=body.priority,
            budget=body.budget.to_limits() if body.budget else Limits(),
            grant=body.grant.to_grant() if body.grant else None,
        )
        return GoalBody.of(await self._asker.ask(command))

    async def plan(self, body: PlanBody) -> GoalBody:
        command = PlanGoal(text=body.text, grant=body.grant.to_grant() if body.grant else None)
        return GoalBody.of(await self._asker.ask(command, self._plan_timeout_seconds))

    async def get(self, goal_id: GoalNumber) -> GoalBody:
        return GoalBody.of(await self._asker.ask(GetGoal(goal_id=GoalId(goal_id))))

    async def events(self, goal_id: GoalNumber) -> Response:
        return await self._progress.stream(GoalId(goal_id))

    async def prioritise(self, goal_id: GoalNumber, body: PriorityBody) -> GoalBody:
        command = ChangeGoal(goal_id=GoalId(goal_id), action="prioritise", priority=body.priority)
        return GoalBody.of(await self._asker.ask(command))

    async def change(self, goal_id: GoalNumber, action: ChangePath) -> GoalBody:
        return GoalBody.of(await self._asker.ask(ChangeGoal(goal_id=GoalId(goal_id), action=action)))

    async def update_task(self, task_id: TaskNumber, body: TaskUpdateBody) -> GoalBody:
        command = UpdateTask(task_id=TaskId(task_id), action=body.action, text=body.text)
        return GoalBody.of(await self._asker.ask(command))

    async def why(self, about: AboutQuery) -> WhyBody:
        return WhyBody.of(await self._asker.ask(AskWhy(about=about)))

    async def panic(self, body: PanicBody | None = None) -> None:
        await self._asker.ask(Panic(release=body is not None and body.release))
