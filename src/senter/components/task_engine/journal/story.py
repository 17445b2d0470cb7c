"""How a thing came about: from a result, a task, an approval or a message back to the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.announcing import short
from senter.components.task_engine.journal.approvals import ApprovalJournal
from senter.components.task_engine.journal.records import (
    AttemptRecord,
    GoalRecord,
    StepRecord,
    TaskRecord,
    moment,
)
from senter.components.task_engine.journal.result_paths import from_data, whole_paths
from senter.components.task_engine.journal.views import Views
from senter.errors import NotFound
from senter.messages.approvals import Approval
from senter.messages.goals import GoalId, Grant, TaskId, WhyLine
from senter.messages.needs import words_of
from senter.messages.tools import EffectClass
from senter.store.database import Database, Value
from senter.store.stamps import from_stamp

T = TypeVar("T")
MOST_LINES = 1_000
MOST_STEPS = 200
NUMBERED = re.compile(
    r"(?:(goal|plan|task|attempt|approval|grant|tool[ _]call|model[ _]call)\s+)?#?(\d{1,18})", re.IGNORECASE | re.ASCII
)
NAMED = re.compile(r"^(?:request|message|result)\s+", re.IGNORECASE)
WHERE_NUMBERS_ARE = "Its number is in: senter why N"


@dataclass(frozen=True, slots=True)
class Story:
    """Reads the journal backwards."""

    database: Database
    views: Views
    approvals: ApprovalJournal

    def tell(self, about: str) -> tuple[WhyLine, ...]:
        """The thing itself first, then what led to it. Raises `NotFound`."""
        lines = self._lines(about.strip())
        return tuple(line for line, _ in zip(lines, range(MOST_LINES), strict=False))

    def _lines(self, about: str) -> Iterator[WhyLine]:
        if named := NUMBERED.fullmatch(about):
            return self._of_numbered("_".join((named[1] or "goal").lower().split()), int(named[2]))
        return self._of_message_or_result(NAMED.sub("", about))

    def _of_numbered(self, kind: str, number: int) -> Iterator[WhyLine]:
        """A line of another story, by its kind and number."""
        match kind:
            case "task":
                return self._of_task(self.views.task(TaskId(number)), 0)
            case "approval":
                return self._of_approval(number)
            case "attempt":
                return self._of_attempt(number)
            case "tool_call" | "model_call":
                return self._of_step(kind.removesuffix("_call"), number)
            case "grant":
                return self._of_grant(number)
            case "plan":
                return self._of_plan(self.views.record(GoalId(number)))
            case _:
                return self._of_goal(self.views.record(GoalId(number)), 0)

    def _of_message_or_result(self, about: str) -> Iterator[WhyLine]:
        goal_id = self.database.row(queries.GOAL_BY_MESSAGE, {"id": about}, int) if about else None
        if goal_id is not None:
            return self._of_goal(self.views.record(GoalId(goal_id)), 0)
        data = self.database.path.parent
        sought = "".join(from_data([about], data)) if about else ""
        found = self.database.rows(queries.GOALS_BY_RESULT, {"path": sought}, GoalRecord) if sought else []
        for goal in found:
            path = next((path for path in whole_paths(goal.results, data) if sought in path), None)
            if path:
                return self._of_result(goal, path)
        raise NotFound(
            f"Nothing is known of {about[:200]!r}.",
            "Ask about a goal's number, task N, approval N, another line's kind and number, a message's id or a "
            "result's path.",
        )

    def _of_result(self, goal: GoalRecord, path: str) -> Iterator[WhyLine]:
        text = f"The result of goal {goal.id}"
        yield WhyLine(depth=0, kind="result", id=path, text=text, at=moment(goal.finished_at))
        yield from self._of_goal(goal, 1)

    def _of_goal(self, goal: GoalRecord, depth: int) -> Iterator[WhyLine]:
        text = f"{goal.status}: {short(goal.text)}" + (f" ({short(goal.error)})" if goal.error else "")
        yield WhyLine(depth=depth, kind="goal", id=str(goal.id), text=text, at=from_stamp(goal.created_at))
        for task in self.database.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord):
            yield from self._itself(task, depth + 1)
        yield from self._origin(goal, depth + 1)

    def _of_task(self, task: TaskRecord, depth: int) -> Iterator[WhyLine]:
        yield from self._itself(task, depth)
        goal = self.views.record(task.goal_id)
        text = f"{goal.status}: {short(goal.text)}"
        yield WhyLine(depth=depth + 1, kind="goal", id=str(goal.id), text=text, at=from_stamp(goal.created_at))
        yield from self._origin(goal, depth + 2)

    def _of_approval(self, approval_id: int) -> Iterator[WhyLine]:
        approval = self.approvals.get(approval_id)
        yield _approval_line(approval, 0)
        yield from self._of_task(self.views.task(approval.task_id), 1)

    def _of_attempt(self, number: int) -> Iterator[WhyLine]:
        attempt = self._row(queries.ATTEMPT, {"fence": number}, AttemptRecord, f"attempt {number}")
        yield _attempt_line(attempt, 0)
        yield from self._of_task(self.views.task(attempt.task_id), 1)

    def _of_step(self, kind: str, number: int) -> Iterator[WhyLine]:
        step = self._row(queries.STEP_BY_ID, {"step_id": number, "kind": kind}, StepRecord, f"{kind} call {number}")
        yield _step_line(step, 0)
        yield from self._of_task(self.views.task(step.task_id), 1)

    def _of_grant(self, number: int) -> Iterator[WhyLine]:
        goal_id = self._row(queries.GRANT_OF_GOAL, {"grant_id": number}, int, f"grant {number}")
        grants = self.database.rows(queries.GRANTS, {"goal_id": goal_id}, _grant_line)
        yield from (line for line in grants if line.id == str(number))
        yield from self._of_goal(self.views.record(GoalId(goal_id)), 1)

    def _of_plan(self, goal: GoalRecord) -> Iterator[WhyLine]:
        if not goal.planned_by:
            raise NotFound(f"Goal {goal.id} has no plan.", f"See: senter goal show {goal.id}")
        yield _plan_line(goal, 0)
        yield from self._of_goal(goal, 1)

    def _row(self, query: str, values: Mapping[str, Value], into: Callable[..., T], name: str) -> T:
        found = self.database.row(query, values, into)
        if found is None:
            raise NotFound(f"There is no {name}.", WHERE_NUMBERS_ARE)
        return found

    def _itself(self, task: TaskRecord, depth: int) -> Iterator[WhyLine]:
        text = f"task {task.number}, {task.status}: {short(task.plan.description)}"
        text += f" ({short(task.error)})" if task.error else ""
        yield WhyLine(depth=depth, kind="task", id=str(task.id), text=text, at=moment(task.started_at))
        for attempt in self.database.rows(queries.ATTEMPTS, {"task_id": task.id}, AttemptRecord):
            yield _attempt_line(attempt, depth + 1)
        for step in self.database.rows(queries.STEPS, {"task_id": task.id}, StepRecord)[:MOST_STEPS]:
            yield _step_line(step, depth + 1)
        for approval in self.approvals.of_goal(task.goal_id):
            if approval.task_id == task.id:
                yield _approval_line(approval, depth + 1)

    def _origin(self, goal: GoalRecord, depth: int) -> Iterator[WhyLine]:
        if goal.planned_by:
            yield _plan_line(goal, depth)
        for line in self.database.rows(queries.GRANTS, {"goal_id": goal.id}, _grant_line):
            yield line.model_copy(update={"depth": depth})
        text = f"asked for by {goal.origin} with priority {goal.priority}, as {goal.request_id}"
        yield WhyLine(depth=depth, kind="request", id=goal.message_id, text=text, at=from_stamp(goal.created_at))


def _plan_line(goal: GoalRecord, depth: int) -> WhyLine:
    text = f"planned by {goal.planned_by}. {goal.plan_note}".strip()
    return WhyLine(depth=depth, kind="plan", id=str(goal.id), text=text)


def _attempt_line(attempt: AttemptRecord, depth: int) -> WhyLine:
    outcome = attempt.outcome or "being carried out"
    text = f"attempt {attempt.number}: {outcome}" + (f" ({short(attempt.error)})" if attempt.error else "")
    return WhyLine(depth=depth, kind="attempt", id=str(attempt.id), text=text, at=from_stamp(attempt.begun_at))


def _step_line(step: StepRecord, depth: int) -> WhyLine:
    what = f"{step.name} {short(step.arguments)}" if step.kind == "tool" else f"{step.tokens} tokens"
    times = f", begun {step.runs} times" if step.runs > 1 else ""
    text = f"{what}: {in_words(step)}{times}" + (f" ({short(step.error)})" if step.error else "")
    return WhyLine(depth=depth, kind=f"{step.kind}_call", id=str(step.id), text=text, at=from_stamp(step.started_at))


def in_words(step: StepRecord) -> str:
    """How a step stands; one that was cut off may have had its effect."""
    if step.state == "started" and step.effect in (EffectClass.COMPENSABLE, EffectClass.ONCE_ONLY):
        return "begun; whether it was carried out is not known"
    return "begun" if step.state == "started" else step.state


def _approval_line(approval: Approval, depth: int) -> WhyLine:
    needs = f": {words_of(approval.needs)}" if approval.needs else ""
    text = f"{approval.kind} for {approval.tool}{needs}, {approval.decision or 'waits'}"
    return WhyLine(depth=depth, kind="approval", id=str(approval.id), text=text, at=approval.asked_at)


def _grant_line(id: int, content: str, given_by: str, given_at: str) -> WhyLine:
    grant, text = Grant.model_validate_json(content), f"given by {given_by}"
    return WhyLine(depth=0, kind="grant", id=str(id), text=text, at=from_stamp(given_at), grant=grant)
