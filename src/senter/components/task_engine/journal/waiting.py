"""What of a goal waits for a person, in sentences that say how it is settled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from senter.components.task_engine.journal.records import GoalRecord, TaskRecord
from senter.messages.approvals import Approval
from senter.messages.goals import Status
from senter.messages.needs import words_of
from senter.text import one_line

LONGEST_CALL = 500


def waits_of(goal: GoalRecord, tasks: Sequence[TaskRecord], approvals: Sequence[Approval]) -> Iterator[str]:
    """One sentence for each thing."""
    if goal.status == Status.PLEASE_LOOK:
        yield (
            f"Look at the result of goal {goal.id}, then say: senter goal accept {goal.id}, or: "
            f'senter goal reopen {goal.id} "what is missing"'
        )
    for approval in approvals:
        if not approval.decision:
            yield _of_approval(approval)
    for task in tasks:
        if task.is_waited_for:
            yield f"Yours to do: {one_line(task.plan.about)}. Say when it is done: senter goal accept {goal.id}"


def _of_approval(approval: Approval) -> str:
    arguments = json.dumps(approval.arguments, ensure_ascii=False)
    call = one_line(f"{approval.tool} {arguments}", LONGEST_CALL)
    if approval.kind == "unknown_outcome":
        why = f"may have been carried out. {approval.known}".strip()
    else:
        why = f"needs to {words_of(approval.needs)}."
    return f"{call} {why} Decide with: senter approvals approve {approval.id} (or deny)"
