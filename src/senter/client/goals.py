"""Goals and their tasks: asked for, looked at, followed, changed."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Literal, cast

from senter.client.asking import Asking
from senter.client.calls import Calls, quoted
from senter.client.connection import Exchange, Lost
from senter.client.deadline import Deadline
from senter.client.goal_results import GoalDetails, GoalEvent, GoalList, Limits, Why, Widening
from senter.errors import SenterError

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDED = frozenset({"completed", "failed", "cancelled"})
PLAN_SECONDS = 300.0
# As long as the system lets a socket wait.
FOLLOW_SECONDS = 20 * 86_400.0

Change = Literal["pause", "resume", "cancel", "retry"]


class Goals:
    """What may be said twice is: each of these changes nothing more when it is repeated."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def create(
        self,
        text: str,
        *,
        deadline: str = "",
        priority: int = 5,
        request_id: str | None = None,
        budget: Limits | None = None,
        grant: Widening | None = None,
    ) -> GoalDetails:
        """Have something done. Returns when it is stored, which is before it is planned.

        Raises `InvalidInput` for what cannot be a goal, `Conflict` for a request id that was used for another.
        """
        body: dict[str, object] = {"text": text, "deadline": deadline, "priority": priority}
        body["request_id"] = request_id or os.urandom(16).hex()
        if budget is not None:
            body["budget"] = budget
        if grant:
            body["grant"] = grant
        return _details(self._calls.repeat("POST", "/api/goals", body, "the goal"))

    def plan(self, text: str, *, grant: Widening | None = None) -> GoalDetails:
        """The plan of a goal that is neither stored nor carried out; its number is 0."""
        body: dict[str, object] = {"text": text, "grant": grant} if grant else {"text": text}
        return _details(self._calls.repeat("POST", "/api/goals/plan", body, "the plan", PLAN_SECONDS))

    def list(self, *, include_finished: bool = False, limit: int = 50) -> GoalList:
        path = f"/api/goals?all={str(include_finished).lower()}&limit={limit}"
        return cast(GoalList, self._calls.get(path))

    def get(self, goal_id: int) -> GoalDetails:
        return _details(self._calls.get(f"/api/goals/{goal_id}"))

    def change(self, goal_id: int, action: Change) -> GoalDetails:
        return _details(self._calls.repeat("POST", f"/api/goals/{goal_id}/{action}", None, "the change"))

    def prioritise(self, goal_id: int, priority: int) -> GoalDetails:
        body = {"priority": priority}
        return _details(self._calls.repeat("POST", f"/api/goals/{goal_id}/prioritise", body, "the change"))

    def update_task(self, task_id: int, action: Literal["done", "fail", "feed"], text: str = "") -> GoalDetails:
        """Complete, fail or feed a task from outside; returns its goal."""
        body = {"action": action, "text": text}
        return _details(self._calls.repeat("POST", f"/api/tasks/{task_id}", body, "the change"))

    def why(self, about: str) -> Why:
        return cast(Why, self._calls.get(f"/api/why?about={quoted(about)}"))

    def panic(self, *, release: bool = False) -> None:
        """Stop all autonomous work at once, or let it go on again."""
        self._calls.repeat("POST", "/api/panic", {"release": release}, "the stop")

    def follow(self, goal_id: int, *, timeout_seconds: float = FOLLOW_SECONDS) -> Generator[GoalDetails | GoalEvent]:
        """The goal as it is, then its events and the goal again whenever it changed, until it ends.

        A restart of the daemon is sat out. Raises `DeadlineExceeded`; the goal goes on whatever happens here.
        """
        deadline = Deadline("The goal", timeout_seconds)
        asking = Asking(self._calls.paths, self._calls.reconnect_seconds, deadline, "the goal's progress")
        return asking.read(_events, "GET", f"/api/goals/{goal_id}/events")


def _events(opened: Exchange) -> Generator[GoalDetails | GoalEvent]:
    for event in opened.events():
        if event.name == "goal":
            goal = _details(event.data)
            yield goal
            if goal["goal"]["status"] in ENDED:
                return
        elif event.name == "error":
            problem = cast("dict[str, str]", event.data)
            raise SenterError.from_wire(problem["code"], problem["detail"], problem["hint"])
        else:
            yield GoalEvent(event.name, event.data)
    raise Lost  # a stream that ends before its goal broke off


def _details(found: Mapping[str, object]) -> GoalDetails:
    return cast(GoalDetails, found)
