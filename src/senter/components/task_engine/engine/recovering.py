"""Calls that were cut off, decided by effect class before a task's code runs again.

Pure and idempotent ones are simply made again, under the same idempotency key. A compensable one is undone
first. A once-only one is never made again blindly: a person says whether to, with what is known.
"""

from __future__ import annotations

import asyncio

from pydantic import BaseModel

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import Tool, ToolResult
from senter.components.task_engine.engine.journaled import JournaledSteps, WaitsForPerson, call_of
from senter.components.task_engine.journal.records import StepRecord
from senter.components.task_engine.journal.result_codec import encode_result
from senter.errors import ToolError
from senter.messages.tools import EffectClass
from senter.store.stamps import from_stamp

TAKEN_AS_DONE = "A person said to take it as done; what it returned is not known."


async def recover(steps: JournaledSteps) -> None:
    """Account for every call of an earlier attempt whose end is not known.

    Raises `WaitsForPerson`, `ToolError` where something cannot be undone or nobody said what became of it.
    """
    for record in steps.journal.steps.in_flight(steps.claimed.claim):
        match EffectClass(record.effect):
            case EffectClass.PURE | EffectClass.IDEMPOTENT:
                continue
            case EffectClass.COMPENSABLE:
                await _compensate(steps, record)
            case EffectClass.ONCE_ONLY:
                _ask_what_became_of_it(steps, record)


async def _compensate(steps: JournaledSteps, record: StepRecord) -> None:
    tool = steps.services.tools.get(record.name)
    call = call_of(record)
    exact = parsed(tool, call.arguments)
    access = steps.permitted(tool, exact, call, undoes=True)
    try:
        async with asyncio.timeout(tool.timeout_seconds):
            await tool.compensate(exact, steps.tool_call(call, access))
    except TimeoutError as error:
        raise _not_undone(tool, f"it took longer than {tool.timeout_seconds:g} s", retryable=True) from error
    except ToolError as error:
        steps.note_failure(error, tool, exact, call)
        raise _not_undone(tool, error.message, retryable=error.retryable) from error
    steps.journal.ledger.boundary("compensation_done")
    steps.journal.steps.end(steps.claimed.claim, record.step, "compensated", "It was cut off and undone.")


def _ask_what_became_of_it(steps: JournaledSteps, record: StepRecord) -> None:
    claim = steps.claimed.claim
    call = call_of(record)
    approval = steps.journal.approvals.of(claim, record.step, record.runs, "unknown_outcome")
    if approval is None:
        steps.journal.approvals.ask(claim, call, record.runs, "unknown_outcome", (), known(record))
        raise WaitsForPerson(_waits(record))
    match approval.decision:
        case "approved":
            steps.journal.steps.end(claim, record.step, "cleared", "A person said to do it again.")
        case "denied":
            result = ToolResult(text=TAKEN_AS_DONE, trusted=True)
            steps.journal.steps.finish(claim, call, encode_result(result))
        case "expired" | "withdrawn":
            raise ToolError(
                f"Whether {record.name} was carried out is not known, and nobody said.",
                f"Try again with: senter goal retry {claim.goal_id}",
            )
        case _:
            raise WaitsForPerson(_waits(record))


def known(record: StepRecord) -> str:
    """What is known of a call whose end is not."""
    return (
        f"{record.name} was begun at {from_stamp(record.started_at):%Y-%m-%d %H:%M:%S} UTC and cut off before "
        f"anyone knew whether it had been carried out. Its idempotency key is {record.idempotency_key}."
    )


def _waits(record: StepRecord) -> str:
    return f"It waits for a person to say whether {record.name} was carried out."


def _not_undone(tool: Tool[BaseModel], why: str, *, retryable: bool) -> ToolError:
    return ToolError(f"{tool.name} was cut off and could not be undone: {why}", retryable=retryable)
