"""What of a goal waits for a person, in sentences that say how it is settled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from senter.components.task_engine.journal.records import GoalRecord, TaskRecord
from senter.messages.approvals import Approval
from senter.messages.goals import Status
from senter.messages.needs import words_of
from senter.sentences import phrase
from senter.text import one_line

LONGEST_CALL = 500
LONGEST_NEEDS = 300

YOURS = "Yours to do: {what}. Say when it is done: senter goal accept {id}"
LOOK_AT_IT = (
    'Look at the result of goal {id}, then say: senter goal accept {id}, or: senter goal reopen {id} "what is missing"'
)


def waits_of(goal: GoalRecord, tasks: Sequence[TaskRecord], approvals: Sequence[Approval]) -> Iterator[str]:
    """One sentence for each thing."""
    if goal.status == Status.PLEASE_LOOK:
        yield phrase(LOOK_AT_IT, id=goal.id)
    for approval in approvals:
        if not approval.decision:
            yield approval_in_words(approval)
    for task in tasks:
        if task.is_waited_for:
            yield phrase(YOURS, what=one_line(task.plan.about), id=goal.id)


def approval_in_words(approval: Approval) -> str:
    """The exact call, what it needs, and how it is decided."""
    arguments = json.dumps(approval.arguments, ensure_ascii=False)
    call = one_line(f"{approval.tool} {arguments}", LONGEST_CALL)
    if approval.kind == "unknown_outcome":
        why = f"may have been carried out. {approval.known}".strip()
    else:
        why = f"needs to {one_line(words_of(approval.needs), LONGEST_NEEDS)}."
    return f"{call} {why} Decide with: senter approvals approve {approval.id} (or deny)"
