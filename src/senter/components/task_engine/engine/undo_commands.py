"""Answers what people say about what was done: list it, take it back. Notes what they did themselves by a command."""

from __future__ import annotations

from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.engine.undoing import Undoing
from senter.components.task_engine.journal.actions import add_action
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.tools.job_receipts import inverse_of, receipt_of
from senter.messages.envelope import current
from senter.messages.goals import GoalReply
from senter.messages.schedule import JobChanged
from senter.messages.undo import ActionsReply, ListActions, Undo
from senter.moments.zones import user_zone
from senter.sentences import speaking, spoken
from senter.store.database import Transaction


class UndoCommands:
    """One method for each command, and one for the event."""

    def __init__(self, journal: EngineJournal, engine: Engine, services: EngineServices) -> None:
        self._journal = journal
        self._engine = engine
        self._services = services
        self._undoing = Undoing(journal, services)

    async def undo(self, command: Undo) -> GoalReply:
        goal_id = self._undoing.undo(command)
        self._engine.wake()
        return self._journal.views.goal(goal_id)

    async def actions(self, _: ListActions) -> ActionsReply:
        return self._undoing.list()

    def job_changed(self, transaction: Transaction, event: JobChanged) -> None:
        with speaking(self._services.settings.user_language or spoken()):
            receipt = receipt_of(event.before, event.after, user_zone(event.zone))
        inverse = inverse_of(event.before, event.after)
        add_action(transaction, self._journal.ledger.now(), (receipt,), inverse, event_id=current().id)
