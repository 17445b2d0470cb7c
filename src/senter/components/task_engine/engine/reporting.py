"""Delivers goals whose tasks have all ended: writes the report, then ends the goal."""

from __future__ import annotations

from senter.component.threads import in_thread
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.records import GoalRecord
from senter.components.task_engine.journal.states import SHOWN
from senter.errors import StorageFull, StoreError
from senter.store.failures import file_errors

MOST_RESULTS = 200


class GoalReporter:
    """The last step of a goal. Done again after an interruption, it writes the same file again."""

    def __init__(self, journal: EngineJournal, services: EngineServices) -> None:
        self._journal = journal
        self._services = services
        self._log = services.log

    async def deliver(self, goal: GoalRecord) -> None:
        """Write the report and end the goal. One that cannot be written makes the goal fail, but for want of space.

        Raises `StorageFull`.
        """
        outputs = self._journal.views.outputs(goal.id)
        reply = self._journal.views.goal(goal.id)
        status = self._journal.goals.outcome(goal.id)
        ended = {"status": status, "state": SHOWN[status], "finished_at": self._services.clock.now(), "delivered": True}
        view = reply.goal.model_copy(update=ended)
        try:
            with file_errors(self._services.folder(view.focus)):
                path = await in_thread(self._services.report, view, reply.tasks, outputs, goal.plan_note)
        except StorageFull:
            raise
        except StoreError as error:
            self._log.error("report_not_written", goal_id=goal.id, reason=error.message)
            self._journal.goals.deliver(goal.id, (), f"Its report could not be written: {error.message}")
            return
        self._journal.ledger.boundary("report_written")
        files = [file for output in outputs.values() for file in output.files]
        self._journal.goals.deliver(goal.id, list(dict.fromkeys([str(path), *files]))[:MOST_RESULTS], "")
        self._log.info("goal_ended", goal_id=goal.id, status=status.value)
