"""Takes goals in: from people, and from jobs that are due."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from senter.components.task_engine.contract.call_arguments import sentence
from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.audit import USER
from senter.components.task_engine.journal.goals import NewGoal
from senter.components.task_engine.journal.journal import EngineJournal
from senter.errors import Busy, InvalidInput
from senter.messages.documents import FoldersChanged
from senter.messages.envelope import current
from senter.messages.goals import TASK_ENGINE, CreateGoal, GoalId, GoalText, JobTriggered
from senter.moments.dates import parse_moment, user_zone
from senter.store.database import Transaction
from senter.store.stamps import stamp

MAX_OPEN_GOALS = 10_000
GOAL = TypeAdapter(GoalText)


class GoalIntake:
    """Checks what is asked for, and writes it down before it is answered."""

    def __init__(self, journal: EngineJournal, engine: Engine, services: EngineServices) -> None:
        self._journal = journal
        self._engine = engine
        self._services = services

    def create(self, command: CreateGoal) -> GoalId:
        """Raises `InvalidInput`, `Conflict`, `Busy`."""
        known = self._journal.goals.find(command.request_id, command.text)
        if known is not None:
            return known
        if self._journal.goals.open_count() >= MAX_OPEN_GOALS:
            raise Busy(f"{MAX_OPEN_GOALS:,} goals are open.", "Cancel some with: senter goal cancel N")
        goal_id = self._journal.goals.add(self._new(command))
        self._engine.wake()
        return goal_id

    def triggered(self, transaction: Transaction, event: JobTriggered) -> None:
        """One goal for each job and due time. Raises `InvalidInput`, which ends as a dead letter."""
        if event.component != TASK_ENGINE:
            return
        new = NewGoal(
            request_id=f"job {event.job_id} {stamp(event.due_at)}",
            message_id=current().id,
            correlation_id=current().correlation,
            origin=f"job {event.job_id}",
            text=_checked(event.goal),
            priority=event.priority,
            preapproved_grant=event.grant,
        )
        self._journal.goals.add_within(transaction, new)
        self._engine.wake()

    def folders_changed(self, transaction: Transaction, event: FoldersChanged) -> None:
        self._journal.facts.set_folders(transaction, event.paths)

    def _new(self, command: CreateGoal) -> NewGoal:
        return NewGoal(
            request_id=command.request_id,
            message_id=current().id,
            correlation_id=current().correlation_id or command.request_id,
            origin=USER,
            text=command.text,
            priority=command.priority,
            deadline=self._deadline(command.deadline) if command.deadline.strip() else None,
            budget=command.budget,
            preapproved_grant=command.grant.to_grant() if command.grant else None,
        )

    def _deadline(self, text: str) -> datetime:
        return parse_moment(text, self._services.clock.now(), user_zone(self._services.settings.timezone))


def _checked(text: str) -> str:
    """Raises `InvalidInput` for what a person could not ask for either."""
    try:
        return GOAL.validate_python(text)
    except ValidationError as error:
        raise InvalidInput(f"Cannot take the job's goal: {sentence(error)}.") from error
