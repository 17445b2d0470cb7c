"""Steps: each call of a tool or a model, written down as started before it is carried out and with its result after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from senter.component.tokens import estimate_tokens
from senter.components.task_engine.contract.tool import InverseCall
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import add_action
from senter.components.task_engine.journal.audit import ENGINE
from senter.components.task_engine.journal.ledger import Fenced, JournalLedger
from senter.components.task_engine.journal.made import MADE, Made, as_json, marked, to_come
from senter.components.task_engine.journal.records import Claim, StepName, StepRecord
from senter.components.task_engine.journal.settling import goal_of
from senter.errors import BudgetSpent
from senter.messages.acts import Receipt
from senter.messages.goals import Amounts, GoalId
from senter.messages.model import ANSWER_TOKENS, ModelRequest
from senter.messages.tools import EffectClass
from senter.store.database import Transaction


@dataclass(frozen=True, slots=True)
class StepCall:
    """One call as it is written down."""

    kind: str
    name: str
    arguments: Mapping[str, JsonValue]
    effect: EffectClass
    step: StepName
    key: str

    def as_json(self) -> str:
        return exact_json(self.arguments)


class StepJournal:
    """The steps of tasks. Everything that writes raises `Fenced` for a claim that no longer holds."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    def find(self, claim: Claim, step: StepName) -> StepRecord | None:
        return self._ledger.database.row(queries.STEP, {**asdict(claim), **asdict(step)}, StepRecord)

    def in_flight(self, claim: Claim) -> list[StepRecord]:
        """Steps that were started and whose end nobody wrote down."""
        return self._ledger.database.rows(queries.STEPS_IN_FLIGHT, {"task_id": claim.task_id}, StepRecord)

    def made(self, goal_id: GoalId) -> list[Made]:
        """The files that calls of a goal made where nothing was, and those that calls whose end is not known are to."""
        rows = self._ledger.database.rows(queries.MADE, {"goal_id": goal_id}, str)
        return [MADE.validate_json(row) for row in rows]

    def start(
        self, claim: Claim, call: StepCall, budget: Amounts, seconds: float, *, makes: Sequence[str] = ()
    ) -> None:
        """Write down that a call begins, and count it. `seconds` is how long the attempt has run, `makes` what the
        call will make where nothing is; of a call that is made again, what was said first holds.

        Raises `BudgetSpent` where the goal may not make another.
        """
        spent = Amounts(model_calls=1) if call.kind == "model" else Amounts(tool_calls=1)
        with self._ledger.writing("step_started", durable=call.effect is not EffectClass.PURE) as tx:
            check_budget(budget, goal_of(tx, claim.goal_id).cost, spent, seconds)
            spend(tx, claim, spent, "the beginning of a step")
            values = {
                **asdict(claim),
                **asdict(call.step),
                "kind": call.kind,
                "name": call.name,
                "effect": call.effect,
                "key": call.key,
                "arguments": call.as_json(),
                "now": self._ledger.now(),
                "makes": as_json(to_come(makes)),
            }
            tx.execute(queries.START_STEP, values)
            text = f"{call.name} {call.as_json()}"
            self._ledger.note(tx, ENGINE, f"{call.kind}_called", f"task {claim.task_id}", text)

    def finish(
        self,
        claim: Claim,
        call: StepCall,
        result: str,
        *,
        tokens: int = 0,
        made: Sequence[str] = (),
        receipts: Sequence[Receipt] = (),
        inverse: Sequence[InverseCall] = (),
    ) -> None:
        """Write down what a call yielded, which files are the goal's own by it, and what it did that can be shown and
        taken back."""
        with self._ledger.writing("step_finished", durable=call.effect is not EffectClass.PURE) as tx:
            spend(tx, claim, Amounts(tokens=tokens), "the result of a step")
            kept = {"result": result, "tokens": tokens, "made": as_json(marked(made))}
            values = {**asdict(claim), **asdict(call.step), **kept, "now": self._ledger.now()}
            if tx.execute(queries.FINISH_STEP, values) != 1:
                raise Fenced("the result of a step")
            add_action(tx, self._ledger.now(), receipts, inverse, goal_id=claim.goal_id)
            self._ledger.note(tx, ENGINE, f"{call.kind}_returned", f"task {claim.task_id}", f"{call.name} {result}")

    def end(self, claim: Claim, step: StepName, state: str, error: str) -> None:
        """Write down that a call had no effect: it failed, was refused, was compensated, or may be made again."""
        with self._ledger.writing(f"step_{state}") as tx:
            spend(tx, claim, Amounts(), "the end of a step")
            ended = {"state": state, "error": error, "now": self._ledger.now()}
            if tx.execute(queries.END_STEP, {**asdict(claim), **asdict(step), **ended}) != 1:
                raise Fenced("the end of a step")
            self._ledger.note(tx, ENGINE, f"step_{state}", f"task {claim.task_id}", error)

    def taint(self, claim: Claim, step: StepName) -> None:
        """Write down that a call brought text from outside, before how it ended is written."""
        with self._ledger.writing("step_tainted", durable=False) as tx:
            spend(tx, claim, Amounts(), "that it read text from outside")
            tx.execute(queries.TAINT_STEP, {**asdict(claim), **asdict(step)})


def exact_json(arguments: Mapping[str, JsonValue]) -> str:
    """Arguments as they are shown and kept; half a character, as in a file name that is not text, stays escaped."""
    return json.dumps(arguments, sort_keys=True, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def spend(tx: Transaction, claim: Claim, spent: Amounts, what: str) -> None:
    """Count what an attempt used, if only nothing. Raises `Fenced` where its claim no longer holds."""
    values = {**asdict(claim), **spent.model_dump()}
    if tx.execute(queries.SPEND_TASK, values) != 1:
        raise Fenced(what)
    tx.execute(queries.SPEND_GOAL, values)


def check_budget(budget: Amounts, cost: Amounts, more: Amounts, seconds: float) -> None:
    """Raises `BudgetSpent` where `more` would be too much."""
    if cost.model_calls + more.model_calls > budget.model_calls:
        raise BudgetSpent("model calls", budget.model_calls)
    if cost.tool_calls + more.tool_calls > budget.tool_calls:
        raise BudgetSpent("tool calls", budget.tool_calls)
    if cost.tokens + more.model_calls > budget.tokens:
        raise BudgetSpent("tokens", budget.tokens)
    if cost.wall_seconds + seconds >= budget.wall_seconds:
        raise BudgetSpent("time, in seconds", budget.wall_seconds)


def within_tokens(request: ModelRequest, budget: Amounts, cost: Amounts) -> ModelRequest:
    """The request, its answer held to the tokens that its prompt leaves. Raises `BudgetSpent` where it leaves none."""
    left = room = max(budget.tokens - cost.tokens, 0)
    for text in _prompt_texts(request):
        room -= estimate_tokens(text, enough=room)
        if room <= 0:
            raise BudgetSpent("tokens", budget.tokens, left)
    longest = request.max_tokens or ANSWER_TOKENS[request.priority]
    return request.model_copy(update={"max_tokens": min(longest, room)})


def _prompt_texts(request: ModelRequest) -> Iterator[str]:
    """All that a model reads."""
    for message in request.messages:
        yield message.content
        yield from (call.arguments for call in message.tool_calls)
    for tool in request.options.tools:
        yield tool.description
        yield json.dumps(tool.parameters)
