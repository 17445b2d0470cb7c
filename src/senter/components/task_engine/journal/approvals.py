"""Approvals: what waits for a person's word, bound to one call and one run of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

from pydantic import JsonValue, TypeAdapter

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.announcing import announce_approval
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import Claim, StepName
from senter.components.task_engine.journal.settling import goal_of, settle_goal
from senter.components.task_engine.journal.steps import StepCall, spend
from senter.components.task_engine.journal.waiting import approval_in_words
from senter.errors import Conflict, NotFound
from senter.messages.approvals import Approval
from senter.messages.goals import Amounts, GoalId
from senter.messages.needs import NEEDS, Need, words_of
from senter.store.database import Database, Transaction, Value

Kind = Literal["permission", "unknown_outcome"]
Decision = Literal["", "approved", "denied", "expired", "withdrawn"]
ARGUMENTS = TypeAdapter(dict[str, JsonValue])
SECONDS_PER_HOUR = 3_600
MOST_SHOWN = 1_000
REPLY_CHARACTERS = 1_000_000
DECISIONS = {
    "approved": "yes",
    "denied": "no",
    "expired": "no, for want of an answer",
    "withdrawn": "its task ended without it",
}


class ApprovalJournal:
    """Asks, decides and expires."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    def of(self, claim: Claim, step: StepName, run: int, kind: Kind) -> Approval | None:
        """What was asked about this very run of a step, if anything was."""
        values = {**asdict(claim), **asdict(step), "run": run, "kind": kind}
        return self._ledger.database.row(queries.APPROVAL_OF, values, _approval)

    def ask(self, claim: Claim, call: StepCall, run: int, kind: Kind, needs: Sequence[Need], known: str = "") -> None:
        """Ask a person; asking again changes nothing. Raises `Fenced` for a claim that no longer holds."""
        with self._ledger.writing("approval_asked") as tx:
            spend(tx, claim, Amounts(), "what it asks a person")
            values = {
                **asdict(claim),
                **asdict(call.step),
                "run": run,
                "kind": kind,
                "tool": call.name,
                "arguments": call.as_json(),
                "needs": NEEDS.dump_json(tuple(needs)).decode(),
                "known": known,
                "now": self._ledger.now(),
                "expires_at": self._ledger.after(self._ledger.settings.approval_hours * SECONDS_PER_HOUR),
            }
            approval_id = tx.row(queries.ASK, values, int)
            if approval_id is not None:
                text = f"{kind}: {call.name} {call.as_json()}; {words_of(needs)} {known}"
                self._ledger.note(tx, ENGINE, "approval_asked", f"approval {approval_id}", text)
                said = approval_in_words(_approval_of(tx, approval_id))
                announce_approval(self._ledger, tx, goal_of(tx, claim.goal_id), approval_id, said, call.step.digest)

    def decide(self, approval_id: int, decision: Literal["approved", "denied"]) -> Approval:
        """A person's word. The same word again changes nothing; another is a `Conflict`."""
        with self._ledger.writing("approval_decided") as tx:
            approval = _approval_of(tx, approval_id)
            if approval.decision == decision:
                return approval
            if approval.decision:
                raise self._decided(approval)
            if approval.expires_at <= self._ledger.clock.now():
                decided = self._decide(tx, approval, "expired", ENGINE)
            else:
                decided = self._decide(tx, approval, decision, USER)
        if decided.decision == "expired":
            raise Conflict(f"Approval {approval_id} expired.", f"Ask again with: senter goal retry {approval.goal_id}")
        return decided

    def _decided(self, approval: Approval) -> Conflict:
        anew = self._ledger.database.row(queries.ASKED_ANEW, {"approval_id": approval.id}, int)
        if approval.decision == "withdrawn" and anew:
            return Conflict(
                f"Approval {approval.id} was asked anew, as approval {anew}.",
                f"Decide with: senter approvals approve {anew} (or deny)",
            )
        return Conflict(
            f"Approval {approval.id} was decided before: {DECISIONS[approval.decision]}.",
            f"See: senter goal show {approval.goal_id}",
        )

    def expire(self) -> None:
        """Deny what nobody answered in time."""
        found = self._ledger.database.rows(queries.EXPIRED_APPROVALS, {"now": self._ledger.now()}, _approval)
        if found:
            with self._ledger.writing("approvals_expired") as tx:
                for approval in found:
                    self._decide(tx, approval, "expired", ENGINE)

    def list(self, *, include_decided: bool) -> list[Approval]:
        """The oldest first; of very many, the newest that fit into a reply."""
        values = {"include_decided": int(include_decided), "limit": MOST_SHOWN}
        left, newest_first = REPLY_CHARACTERS, list[Approval]()
        for approval in self._ledger.database.rows(queries.APPROVALS, values, _approval):
            left -= len(approval.model_dump_json())
            if left < 0 and newest_first:
                break
            newest_first.append(approval)
        return newest_first[::-1]

    def get(self, approval_id: int) -> Approval:
        """Raises `NotFound`."""
        return _approval_of(self._ledger.database, approval_id)

    def of_goal(self, goal_id: GoalId) -> list[Approval]:
        return self._ledger.database.rows(queries.APPROVALS_OF_GOAL, {"goal_id": goal_id}, _approval)

    def refused(self, claim: Claim) -> int:
        """How often what a task asked for was refused, by a person's no or by silence."""
        return self._ledger.database.row(queries.REFUSED_OF_TASK, {"task_id": claim.task_id}, int) or 0

    def waiting(self) -> int:
        return self._ledger.database.row(queries.APPROVALS_WAITING, (), int) or 0

    def first_waiting(self) -> str:
        """The oldest one in words; empty where nothing waits."""
        found = self._ledger.database.row(queries.FIRST_APPROVAL, (), _approval)
        return approval_in_words(found) if found else ""

    def _decide(self, tx: Transaction, approval: Approval, decision: Decision, actor: str) -> Approval:
        tx.execute(queries.DECIDE, {"approval_id": approval.id, "decision": decision, "now": self._ledger.now()})
        text = f"{approval.tool} {approval.arguments}"
        self._ledger.note(tx, actor, f"approval_{decision}", f"approval {approval.id}", text)
        if tx.row(queries.OPEN_APPROVAL_OF_TASK, {"task_id": approval.task_id}, int) is None:
            tx.execute(queries.WAKE, {"task_id": approval.task_id})
            settle_goal(self._ledger, tx, approval.goal_id)
        return approval.model_copy(update={"decision": decision})


def _approval(arguments: str, needs: str, **columns: Value) -> Approval:
    read = {"arguments": ARGUMENTS.validate_json(arguments), "needs": NEEDS.validate_json(needs)}
    return Approval.model_validate({**columns, **read})


def _approval_of(rows: Database | Transaction, approval_id: int) -> Approval:
    """Raises `NotFound`."""
    found = rows.row(queries.APPROVAL, {"approval_id": approval_id}, _approval)
    if found is None:
        raise NotFound(f"There is no approval {approval_id}.", "See them with: senter approvals")
    return found
