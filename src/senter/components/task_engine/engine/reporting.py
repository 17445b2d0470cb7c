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


async def deliver(goal: GoalRecord, journal: EngineJournal, services: EngineServices) -> None:
    """Write the report and end the goal; again after an interruption. A report that cannot be written makes the goal
    fail, but for want of space. Raises `StorageFull`."""
    outputs = journal.views.outputs(goal.id)
    reply = journal.views.goal(goal.id)
    status = journal.goals.outcome(goal.id)
    ended = {"status": status, "state": SHOWN[status], "finished_at": services.clock.now(), "delivered": True}
    view = reply.goal.model_copy(update=ended)
    try:
        with file_errors(services.folder(view.focus)):
            path = await in_thread(services.report, view, reply.tasks, outputs, goal.plan_note)
    except StorageFull:
        raise
    except StoreError as error:
        services.log.error("report_not_written", goal_id=goal.id, reason=error.message)  # noqa: TRY400 - says it all
        journal.goals.deliver(goal.id, (), f"Its report could not be written: {error.message}")
        return
    journal.ledger.boundary("report_written")
    files = [file for output in outputs.values() for file in output.files]
    journal.goals.deliver(goal.id, list(dict.fromkeys([str(path), *files]))[:MOST_RESULTS], "")
    services.log.info("goal_ended", goal_id=goal.id, status=status.value)
