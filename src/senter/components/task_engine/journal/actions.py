"""What was done, and what takes it back: one row for each call that made or changed something, written in the commit
that writes down the call's result. What people did by a command themselves is there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from senter.components.task_engine.contract.tool import INVERSE, InverseCall
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.errors import NotFound
from senter.messages.acts import Receipt
from senter.messages.goals import GoalId, Status
from senter.messages.message import MessageId
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

RECEIPTS = TypeAdapter(tuple[Receipt, ...])


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """One row of actions, with how the goal that takes it back stands."""

    number: int
    at: str
    goal_id: GoalId | None
    receipts: str
    inverse: str
    undone_by: GoalId | None
    undoes: int
    request: str | None
    """The sentence that it goes back to: what was done for the same is taken back together."""
    undo_status: str | None
    undo_error: str | None
    undo_receipts: str | None
    """What that goal took back, where it did."""

    @property
    def calls(self) -> tuple[InverseCall, ...]:
        """What takes it back."""
        return INVERSE.validate_json(self.inverse)

    @property
    def receipt(self) -> Receipt:
        """The last stands for all."""
        return RECEIPTS.validate_json(self.receipts)[-1]

    @property
    def is_taken_back(self) -> bool:
        """Also where others of its group could not be, and the goal failed on these."""
        if self.undone_by is None or self.undo_status in (None, Status.COMPLETED):
            return self.undone_by is not None
        told = RECEIPTS.validate_json(self.undo_receipts or "[]")
        is_over = self.undo_status == Status.FAILED
        return is_over and any((one.kind, one.id) == (self.receipt.kind, self.receipt.id) for one in told)


@dataclass(frozen=True, slots=True)
class _Content:
    """What an action says."""

    receipts: str
    inverse: str

    @property
    def told(self) -> tuple[Receipt, ...]:
        return RECEIPTS.validate_json(self.receipts)

    @property
    def calls(self) -> tuple[InverseCall, ...]:
        return INVERSE.validate_json(self.inverse)


def add_action(
    tx: Transaction,
    now: str,
    receipts: Sequence[Receipt],
    inverse: Sequence[InverseCall],
    *,
    goal_id: GoalId | None = None,
    event_id: MessageId | None = None,
) -> None:
    """Write down what was done; nothing where there is no receipt. An event does so once. The calls that take an action
    back are one action together."""
    if not receipts:
        return
    told = [one.model_copy(update={"goal_id": goal_id, "undoable": bool(inverse)}) for one in receipts]
    before = tx.row(queries.UNDOING_ACTION, {"goal_id": goal_id}, _Content)
    values = {
        "at": now,
        "goal_id": goal_id,
        "event_id": event_id,
        "receipts": RECEIPTS.dump_json((*(before.told if before else ()), *told)).decode(),
        "inverse": INVERSE.dump_json((*inverse, *(before.calls if before else ()))).decode(),
    }
    tx.execute(queries.EXTEND_ACTION if before else queries.ADD_ACTION, values)


def receipts_of(rows: Database | Transaction, goal_id: GoalId) -> tuple[Receipt, ...]:
    """What a goal made or changed, in order."""
    found = rows.rows(queries.RECEIPTS_OF_GOAL, {"goal_id": goal_id}, str)
    return tuple(receipt for row in found for receipt in RECEIPTS.validate_json(row))


class ActionJournal:
    """Reads what was done, and marks what is being taken back."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    def since(self, ago: timedelta) -> list[ActionRecord]:
        """Those of so long ago at most, the newest first."""
        oldest = stamp(self._ledger.clock.now() - ago)
        return self._ledger.database.rows(queries.ACTIONS_SINCE, {"oldest": oldest}, ActionRecord)

    def get(self, number: int) -> ActionRecord:
        """Raises `NotFound`."""
        found = self._ledger.database.row(queries.ACTION, {"number": number}, ActionRecord)
        if found is None:
            raise NotFound(f"There is no action {number}.", "See them with: senter undo --list")
        return found

    def mark(self, tx: Transaction, number: int, undone_by: GoalId) -> None:
        """A goal takes it back from now on."""
        tx.execute(queries.MARK_UNDONE, {"number": number, "goal_id": undone_by})

    def forget(self, ago: timedelta) -> None:
        """What no goal did, of longer ago; the rest goes with its goal."""
        oldest = stamp(self._ledger.clock.now() - ago)
        with self._ledger.database.transaction() as tx:
            tx.execute(queries.FORGET_ACTIONS, {"oldest": oldest})
