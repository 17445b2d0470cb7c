"""Steps that are journaled: `Steps` as tasks see it.

A call is named by what it is (kind, tool, exact arguments) and by how many equal ones came before, so that
code that runs again from its beginning finds its own calls. One that was finished returns what it returned
before. What happens to one that was cut off is decided by its tool's effect class, before the task's code
runs again (see recovering.py).
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from pydantic import BaseModel, JsonValue, ValidationError

from senter.clock import Clock
from senter.components.task_engine.journal.journal import Journal
from senter.components.task_engine.journal.records import Claim, StepName, StepRecord
from senter.components.task_engine.journal.steps import Call, digest_of, within_tokens
from senter.components.task_engine.parts import Parts
from senter.components.task_engine.permissions.access import Access
from senter.components.task_engine.permissions.decide import outside, widen
from senter.components.task_engine.permissions.defusing import addresses_in, defused
from senter.components.task_engine.permissions.taint import found_addresses, restrained
from senter.components.task_engine.results import decode_result, encode_result, shortened
from senter.components.task_engine.tools.tool import Tool, ToolCall, ToolResult
from senter.errors import PermissionDenied, PermissionNeeded, ToolError
from senter.messages.approvals import Approval
from senter.messages.goals import Grant
from senter.messages.message import MessageId
from senter.messages.model import ModelRequest, ModelResponse
from senter.messages.tools import EffectClass

MODEL = "model"
TAINTED = "The task has read text from outside, which may be what asks for this."
SAME_REQUEST = {
    "messages",
    "use_system_prompt",
    "priority",
    "max_tokens",
    "temperature",
    "response_schema",
    "capable_only",
}


class WaitsForPerson(Exception):
    """The attempt ends here; its task goes on when a person has decided. Not for tasks to catch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the steps of one attempt have in common."""

    claim: Claim
    correlation_id: MessageId
    grant: Grant
    begun_at: float
    """Monotonic."""
    asked_at: datetime
    own_words: str
    """What the user asked for."""


@dataclass(slots=True)
class JournaledSteps:
    """The steps of one attempt."""

    attempt: Attempt
    journal: Journal
    parts: Parts
    clock: Clock
    log: structlog.stdlib.BoundLogger
    tainted: bool = False
    """Whether text from outside is in the task's context: from there on only a person widens what it may do."""
    found: set[str] = field(default_factory=set[str])
    """The web addresses that tools found."""
    _seen: Counter[str] = field(default_factory=Counter[str])

    async def tool(self, name: str, arguments: Mapping[str, JsonValue], *, may_wait: bool = True) -> ToolResult:
        tool = self.parts.tools.get(name)
        call = self._call("tool", name, arguments, tool.effect)
        known = self.journal.steps.find(self.attempt.claim, call.step)
        if known and known.state == "finished":
            return self._noted(decode_result(known.result or ""))
        reason = tool.unavailable()
        if reason:
            raise ToolError(f"{name} cannot be used: {reason}")
        exact = parsed(tool, arguments)
        access = self.permitted(tool, exact, call, may_wait=may_wait)
        self._start(call)
        result = await self._carry_out(tool, exact, call, access, may_wait=may_wait)
        self.journal.ledger.boundary("effect_done")
        kept = shortened(result)
        self.journal.steps.finish(self.attempt.claim, call, encode_result(kept))
        return self._noted(kept)

    async def model(self, request: ModelRequest) -> ModelResponse:
        same: dict[str, JsonValue] = request.model_dump(mode="json", include=SAME_REQUEST)
        call = self._call("model", MODEL, same, EffectClass.PURE)
        known = self.journal.steps.find(self.attempt.claim, call.step)
        if known and known.state == "finished":
            return ModelResponse.model_validate_json(known.result or "")
        used = self.journal.views.record(self.attempt.claim.goal_id).cost
        held = within_tokens(request, self.attempt.grant.budget, used)
        self._start(call)
        asked = held.model_copy(update={"correlation_id": self.attempt.correlation_id})
        response = await self.parts.ask(asked)
        tokens = response.prompt_tokens + response.completion_tokens
        kept = response.model_dump_json()
        self.journal.steps.finish(self.attempt.claim, call, kept, tokens=tokens)
        return response

    def tool_call(self, call: Call, access: Access) -> ToolCall:
        """What a tool is given beside its arguments."""
        return ToolCall(
            call.key,
            access,
            self.attempt.asked_at,
            self.parts.paths,
            self.parts.bus,
            self.clock,
            self.log,
            self._defused,
            self.tainted,
        )

    def _defused(self, text: str) -> str:
        own = self.attempt.own_words
        return text if text in own else defused(text, self.found | addresses_in(own))

    def permitted(self, tool: Tool[BaseModel], exact: BaseModel, call: Call, *, may_wait: bool = True) -> Access:
        """The access for one call. Raises `WaitsForPerson`, `PermissionNeeded` where it may not wait, and
        `PermissionDenied` after a person's no."""
        needs = tool.needs(exact, self.parts.paths)
        now = self.clock.now()
        grant = restrained(self.attempt.grant, self.found) if self.tainted else self.attempt.grant
        beyond = outside(grant, needs, now)
        if self.tainted and tool.changes:
            beyond.append(f"change your {tool.changes}")
        approval = self._approval(call)
        if approval is not None:
            self._check_word(approval)
            grant = widen(grant, approval, tool.name, call.arguments, needs, now)
        elif beyond and not may_wait:
            raise PermissionNeeded(beyond)
        elif beyond:
            self._ask_person(call, beyond)
        return self.parts.access(grant, found=self.found if self.tainted else None)

    def _approval(self, call: Call) -> Approval | None:
        """What was asked about this call, if anything was."""
        return self.journal.approvals.of(self.attempt.claim, call.step, 0, "permission")

    def _ask_person(self, call: Call, beyond: Sequence[str]) -> None:
        """Ask for what lies outside the grant. Raises `WaitsForPerson`."""
        known = TAINTED if self.tainted else ""
        self.journal.approvals.ask(self.attempt.claim, call, 0, "permission", beyond, known)
        raise WaitsForPerson(f"It waits for a person to allow: {'; '.join(beyond)}.")

    def _check_word(self, approval: Approval) -> None:
        if approval.decision == "":
            raise WaitsForPerson(f"It waits for a person to allow: {'; '.join(approval.needs)}.")
        if approval.decision != "approved":
            raise PermissionDenied(approval.needs, expired=approval.decision == "expired")

    def _noted(self, result: ToolResult) -> ToolResult:
        self.tainted = self.tainted or not result.trusted
        self.found |= found_addresses(result.sources)
        return result

    def _call(self, kind: str, name: str, arguments: Mapping[str, JsonValue], effect: EffectClass) -> Call:
        digest = digest_of(kind, name, arguments)
        self._seen[digest] += 1
        step = StepName(digest, self._seen[digest])
        return Call(kind, name, arguments, effect, step, self._key(step))

    def _key(self, step: StepName) -> str:
        exact = (self.attempt.correlation_id, str(self.attempt.claim.task_id), step.digest, str(step.occurrence))
        return digest_of("key", "", {"exact": list(exact)})[:32]

    def _start(self, call: Call) -> None:
        running_seconds = self.clock.monotonic() - self.attempt.begun_at
        self.journal.steps.start(self.attempt.claim, call, self.attempt.grant.budget, running_seconds)

    async def _carry_out(
        self, tool: Tool[BaseModel], exact: BaseModel, call: Call, access: Access, *, may_wait: bool
    ) -> ToolResult:
        """Call the tool. What raises anything but a clear no leaves the step started: nobody knows what it did.

        A need that shows only in the middle, a redirect to another host say, is asked for once.
        """
        steps, claim = self.journal.steps, self.attempt.claim
        try:
            async with asyncio.timeout(tool.timeout_seconds):
                return await tool.run(exact, self.tool_call(call, access))
        except TimeoutError as error:
            text = f"{tool.name} took longer than {tool.timeout_seconds:g} s."
            raise ToolError(text, retryable=True) from error
        except ToolError as error:
            steps.end(claim, call.step, "failed", error.message)
            raise
        except PermissionNeeded as error:
            steps.end(claim, call.step, "refused", error.message)
            if may_wait and self._approval(call) is None:
                self._ask_person(call, error.needs)
            raise


def parsed(tool: Tool[BaseModel], arguments: Mapping[str, JsonValue]) -> BaseModel:
    """The arguments as the tool types them. Raises `ToolError`."""
    try:
        return tool.arguments.model_validate(arguments)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ToolError(f"{tool.name} cannot take these arguments: {place}: {first['msg']}.") from error


def call_of(record: StepRecord) -> Call:
    """A call as it was written down."""
    arguments: dict[str, JsonValue] = json.loads(record.arguments)
    effect = EffectClass(record.effect)
    return Call(record.kind, record.name, arguments, effect, record.step, record.idempotency_key)
