"""Taking back what was done: which action is meant, and the goal whose plan is the calls that take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import JsonValue

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.plan import Plan, PlannedTask, PlanResult, WorkKind
from senter.components.task_engine.contract.tool import TAKINGS_BACK, TO_TAKE_BACK, InverseCall, TakingBack
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.actions import ActionRecord
from senter.components.task_engine.journal.audit import USER
from senter.components.task_engine.journal.goals import NewGoal
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.permissions.decide import grant_for
from senter.errors import Conflict, NotFound
from senter.messages.acts import ThingKind
from senter.messages.envelope import current
from senter.messages.goals import FINAL, Amounts, GoalId, Grant, Status
from senter.messages.needs import Need, OfPath, ReadPath
from senter.messages.undo import ActionsReply, ActionView, Undo
from senter.sentences import told
from senter.store.stamps import from_stamp
from senter.text import cut

REACH = timedelta(days=7)
MOST_ACTIONS = 20
USER_PRIORITY = 9
TEXT_CHARACTERS = 300
NO_INVERSE = "It cannot be taken back."
TOO_LONG_AGO = f"Undo reaches {MOST_ACTIONS} actions or {REACH.days} days back."
SEE = "See what can be taken back with: senter undo --list"


class Undoing:
    """Answers `Undo` and `ListActions`."""

    def __init__(self, journal: EngineJournal, services: EngineServices) -> None:
        self._journal = journal
        self._services = services

    def list(self) -> ActionsReply:
        """The newest first."""
        return ActionsReply(actions=tuple(map(self._view, self._in_reach())))

    def undo(self, command: Undo) -> GoalId:
        """Begin to take an action back; the same request begins once. Raises `NotFound`, `Conflict`."""
        return self._begun(command) or self._begin(self._meant(command), _request_id(command))

    def to_take_back(self, command: Undo) -> Sequence[ActionRecord]:
        """What it would take back; nothing where it is begun. Raises `NotFound`, `Conflict`."""
        return () if self._begun(command) else self._meant(command)

    def before(self, number: int) -> ActionRecord | None:
        """The action before that one that can be taken back."""
        return self._first([action for action in _done(self._in_reach()) if action.number < number])

    def _begun(self, command: Undo) -> GoalId | None:
        return self._journal.goals.made_of(_request_id(command))

    def _meant(self, command: Undo) -> list[ActionRecord]:
        return self._newest() if command.number is None else [self._named(command.number)]

    def _begin(self, actions: Sequence[ActionRecord], request_id: str) -> GoalId:
        """The goal, its plan and grant, and that it takes the actions back, in one commit."""
        text = cut(told(f"Undo: {'; '.join(action.receipt.done for action in actions)}"), TEXT_CHARACTERS)
        calls = [call for action in actions for call in action.calls]
        grant = self._grant(calls)
        lasting = grant.model_copy(update={"expires_at": None})
        new = NewGoal(
            request_id=request_id,
            message_id=current().id,
            correlation_id=current().correlation_id or request_id,
            origin=USER,
            text=text,
            priority=USER_PRIORITY,
            preapproved_grant=lasting,
        )
        with self._journal.ledger.writing("undo_begun") as tx:
            goal_id = self._journal.goals.add_within(tx, new)
            self._journal.plans.begin_within(tx, goal_id)
            for action in actions:
                self._journal.actions.mark(tx, action.number, goal_id)
            self._journal.plans.finish_within(tx, goal_id, _planned(text, actions), grant)
        return goal_id

    def _grant(self, calls: Sequence[InverseCall]) -> Grant:
        """Exactly what the calls need, and to look around there: a person asked for these, and for nothing else."""
        settings = self._services.settings
        until = self._services.clock.now() + timedelta(seconds=settings.wall_seconds)
        budget = Amounts.model_validate(settings.model_dump(include=set(Amounts.model_fields)))
        needs = [need for call in calls for need in self._needs(call)]
        around = [ReadPath(path=need.path.parent) for need in needs if isinstance(need, OfPath)]
        return grant_for([*needs, *around], budget, until)

    def _needs(self, call: InverseCall) -> tuple[Need, ...]:
        tool = self._services.tools.get(call.tool)
        return tool.needs(parsed(tool, call.params), self._services.paths)

    def _in_reach(self) -> list[ActionRecord]:
        """What people and goals did, no more than undo reaches; and what was taken back meanwhile."""
        found = self._journal.actions.since(REACH)
        oldest = next(iter(_done(found)[MOST_ACTIONS - 1 :]), None)
        return [action for action in found if oldest is None or action.number >= oldest.number]

    def _newest(self) -> list[ActionRecord]:
        """The newest that was not taken back, with what else was done for the same sentence, the last first: first of
        what was done, then of what was taken back."""
        found = self._in_reach()
        if action := self._first(_done(found)):
            return [action, *(one for one in _done(found) if _is_beside(one, action) and not self._refusal(one))]
        if self._first(_done(self._journal.actions.since(REACH))):
            raise Conflict(TOO_LONG_AGO, SEE)
        if action := self._first(_taken_back(found)):
            return [action]
        raise NotFound("There is nothing to take back.", SEE)

    def _first(self, actions: Sequence[ActionRecord]) -> ActionRecord | None:
        """The first that can be taken back."""
        return next((action for action in actions if not self._refusal(action)), None)

    def _named(self, number: int) -> ActionRecord:
        action = self._journal.actions.get(number)
        if all(action.number != one.number for one in self._in_reach()):
            raise Conflict(f"Action {number} was too long ago. {TOO_LONG_AGO}", SEE)
        may_fail_again = action.undo_status == Status.FAILED and not action.is_taken_back
        if (refusal := self._refusal(action)) and not may_fail_again:
            raise Conflict(f"Action {number} stays: {refusal}", SEE)
        return action

    def _view(self, action: ActionRecord) -> ActionView:
        return ActionView(
            number=action.number,
            at=from_stamp(action.at),
            receipt=action.receipt,
            undone=action.is_taken_back,
            is_undo=action.undoes > 0,
            refusal=self._refusal(action),
        )

    def _refusal(self, action: ActionRecord) -> str:
        """Why it cannot be taken back; empty when it can."""
        if action.undone_by is not None and action.undo_status != Status.CANCELLED:
            return _how_undoing_went(action)
        if not action.calls:
            return NO_INVERSE
        return self._ended_goal(action)

    def _ended_goal(self, action: ActionRecord) -> str:
        """A goal that was made is taken back by cancelling it, as long as it has not ended."""
        if action.receipt.kind is not ThingKind.GOAL or action.calls[0].params.get("action") != "cancel":
            return ""
        try:
            goal = self._journal.views.record(GoalId(int(action.receipt.id)))
        except NotFound:
            return f"There is no goal {action.receipt.id} any more."
        return f"Goal {goal.id} has ended: {goal.status}." if goal.status in FINAL else ""


def _request_id(command: Undo) -> str:
    return f"undo {command.request_id}"


def _is_beside(one: ActionRecord, other: ActionRecord) -> bool:
    """Whether both were done for the same sentence."""
    return one.request is not None and one.request == other.request and one.number != other.number


def _how_undoing_went(action: ActionRecord) -> str:
    match action.undo_status:
        case _ if action.is_taken_back:
            return f"It was taken back by goal {action.undone_by}."
        case Status.FAILED:
            return f"Goal {action.undone_by} could not take it back: {action.undo_error}"
        case _:
            return f"Goal {action.undone_by} is taking it back."


def _done(actions: Sequence[ActionRecord]) -> list[ActionRecord]:
    return [action for action in actions if not action.undoes]


def _taken_back(actions: Sequence[ActionRecord]) -> list[ActionRecord]:
    return [action for action in actions if action.undoes]


def _planned(text: str, actions: Sequence[ActionRecord]) -> PlanResult:
    several = tuple(TakingBack(action.receipt.done, action.calls) for action in actions)
    params: dict[str, JsonValue] = {TO_TAKE_BACK: TAKINGS_BACK.dump_python(several, mode="json")}
    task = PlannedTask(description=text, work=WorkKind.UNDO, tool_params=params)
    return PlanResult(Plan(tasks=(task,)), note="Made of what takes it back.")
