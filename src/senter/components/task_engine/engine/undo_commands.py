"""Answers what people say about what was done: list it, take it back. Notes what they did themselves by a command."""

from __future__ import annotations

from collections.abc import Sequence

from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.over_since import why_over
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.engine.undoing import SEE, Undoing
from senter.components.task_engine.journal.actions import ActionRecord, add_action
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.tools.job_receipts import inverse_of, receipt_of
from senter.errors import Conflict
from senter.messages.envelope import current
from senter.messages.goals import GoalReply
from senter.messages.schedule import JobChanged
from senter.messages.undo import ActionsReply, ListActions, Undo
from senter.moments.zones import user_zone
from senter.sentences import phrase, speaking, spoken
from senter.store.database import Transaction


class UndoCommands:
    """One method for each command, and one for the event."""

    def __init__(self, journal: EngineJournal, engine: Engine, services: EngineServices) -> None:
        self._journal = journal
        self._engine = engine
        self._services = services
        self._undoing = Undoing(journal, services)

    async def undo(self, command: Undo) -> GoalReply:
        """Raises `NotFound`, `Conflict` where nothing can be taken back any more."""
        services = self._services
        zone = user_zone(services.settings.timezone)
        actions = self._undoing.to_take_back(command)
        if why := await why_over(actions, services.bus, services.clock.now(), zone):
            raise Conflict(why, self._hint(actions))
        goal_id = self._undoing.undo(command)
        self._engine.wake()
        return self._journal.views.goal(goal_id)

    def _hint(self, refused: Sequence[ActionRecord]) -> str:
        """What can be taken back in its place."""
        before = self._undoing.before(min(action.number for action in refused))
        if before is None:
            return SEE
        sentence = "Before that: {done}. Take it back with: senter undo {number}"
        return phrase(sentence, done=before.receipt.done, number=before.number)

    async def actions(self, _: ListActions) -> ActionsReply:
        return self._undoing.list()

    def job_changed(self, transaction: Transaction, event: JobChanged) -> None:
        with speaking(self._services.settings.user_language or spoken()):
            receipt = receipt_of(event.before, event.after, user_zone(event.zone))
        inverse = inverse_of(event.before, event.after)
        add_action(transaction, self._journal.ledger.now(), (receipt,), inverse, event_id=current().id)
