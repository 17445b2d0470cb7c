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

from pydantic import BaseModel, JsonValue

from senter.component.tool_talk.defusing import addresses_in, defused
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.call_arguments import digest_of, parsed
from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.finality import CANNOT_BE_TAKEN_BACK
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.records import Claim, GoalRecord, StepName, StepRecord, TaskRecord
from senter.components.task_engine.journal.result_codec import decode_result, encode_result, shortened
from senter.components.task_engine.journal.steps import StepCall, within_tokens
from senter.components.task_engine.permissions.decide import outside, to_change, to_make, widen
from senter.components.task_engine.permissions.taint import (
    as_own,
    at_risk,
    found_addresses,
    names_more,
    restrained,
    with_own,
    with_undoing,
)
from senter.errors import PermissionDenied, PermissionNeeded, ToolError, TooOftenDenied
from senter.messages.approvals import Approval
from senter.messages.goals import Grant
from senter.messages.model import ModelRequest, ModelResponse
from senter.messages.needs import NEEDS, ChangeOwn, Need, Owned, words_of
from senter.messages.tools import EffectClass
from senter.store.stamps import from_stamp

MODEL = "model"
MOST_DENIALS = 2
"""After which a tainted task ends: who misled it would have it ask until somebody tires."""
TAINTED = "The task has read text from outside, which may be what asks for this."
SAME_REQUEST = {
    "messages",
    "use_system_prompt",
    "priority",
    "max_tokens",
    "temperature",
    "response_schema",
    "least",
    "options",
}


class WaitsForPerson(Exception):
    """The attempt ends here; its task goes on when a person has decided. Not for tasks to catch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    """One task to carry out, as the journal has it."""

    claim: Claim
    goal: GoalRecord
    task: TaskRecord
    inputs: Mapping[int, TaskOutput]
    grant: Grant


@dataclass(slots=True)
class JournaledSteps:
    """The steps of one attempt."""

    claimed: ClaimedTask
    begun_at: float
    """Monotonic."""
    journal: EngineJournal
    services: EngineServices
    tainted: bool = False
    """Whether text from outside is in the task's context: from there on only a person widens what it may do."""
    found: set[str] = field(default_factory=set[str])
    """The web addresses that tools found."""
    _seen: Counter[str] = field(default_factory=Counter[str])

    async def tool(self, name: str, arguments: Mapping[str, JsonValue], *, may_wait: bool = True) -> ToolResult:
        tool = self.services.tools.get(name)
        call = self._call("tool", name, arguments, tool.effect)
        known = self.journal.steps.find(self.claimed.claim, call.step)
        if known and known.state == "finished":
            self._remember(known)
            return self._noted(decode_result(known.result or ""))
        reason = tool.unavailable()
        if reason:
            raise ToolError(f"{name} cannot be used: {reason}", trusted=True)
        exact = parsed(tool, arguments)
        try:
            access = self.permitted(tool, exact, call, may_wait=may_wait)
        except PermissionNeeded:
            self._remember(known)  # what is refused may have been met on the way
            raise
        makes = to_make(tool.needs(exact, self.services.paths))
        self._start(call, makes)
        self._remember(known)
        resumed = known is not None and known.state == "started"
        own = self._own_of(tool, exact, resumed=resumed)
        fresh = frozenset(self._made()[1] if resumed else makes)
        result = await self._carry_out(tool, exact, call, access, fresh, may_wait=may_wait)
        self.journal.ledger.boundary("effect_done")
        kept = shortened(result)
        made = [*map(str, access.made), *own]
        self.journal.steps.finish(
            self.claimed.claim,
            call,
            encode_result(kept),
            made=made,
            receipts=kept.receipts,
            inverse=kept.inverse,
        )
        return self._noted(kept)

    async def model(self, request: ModelRequest) -> ModelResponse:
        same: dict[str, JsonValue] = request.model_dump(mode="json", include=SAME_REQUEST)
        call = self._call("model", MODEL, same, EffectClass.PURE)
        known = self.journal.steps.find(self.claimed.claim, call.step)
        if known and known.state == "finished":
            return ModelResponse.model_validate_json(known.result or "")
        used = self.journal.views.record(self.claimed.claim.goal_id).cost
        held = within_tokens(request, self.claimed.grant.budget, used)
        self._start(call)
        response = await self.services.ask(held)
        tokens = response.prompt_tokens + response.completion_tokens
        kept = response.model_dump_json()
        self.journal.steps.finish(self.claimed.claim, call, kept, tokens=tokens)
        return response

    def taint(self) -> None:
        """Text from outside was read. What takes things back chooses nothing by it: its calls were kept when they were
        done, and no model plans such a task."""
        self.tainted = self.claimed.task.plan.work is not WorkKind.UNDO

    def tool_call(self, call: StepCall, access: Access, fresh: frozenset[str] = frozenset()) -> ToolCall:
        """What a tool is given beside its arguments."""
        return ToolCall(
            call.key,
            access,
            from_stamp(self.claimed.goal.created_at),
            self.services.paths,
            self.services.bus,
            self.services.clock,
            self.services.log,
            self._defused,
            self.tainted,
            fresh,
        )

    def _defused(self, text: str) -> str:
        own = self.claimed.goal.text
        return text if text in own else defused(text, self.found | addresses_in(own))

    def permitted(
        self, tool: Tool[BaseModel], exact: BaseModel, call: StepCall, *, may_wait: bool = True, undoes: bool = False
    ) -> Access:
        """The access for one call, or for undoing it after it was cut off.

        Raises `WaitsForPerson`, `PermissionNeeded` where it may not wait, `PermissionDenied` after a person's no, and
        `TooOftenDenied` for a tainted task after several.
        """
        own, to_come = self._made()
        needs, now = as_own(self._needs(tool, exact), [*own, *to_come]), self.services.clock.now()
        grant = restrained(self.claimed.grant, self.found) if self.tainted else self.claimed.grant
        beyond = outside(grant, needs, now)
        approval = self._approval(call)
        if (beyond or approval) and self._says_more(tool, exact, call):
            self.taint()
        if approval is not None:
            self._check_word(approval)
            grant = widen(grant, approval, tool.name, call.arguments, needs, now)
        elif beyond and not may_wait:
            raise PermissionNeeded(beyond)
        elif beyond:
            self._ask_person(tool, call, beyond)
        given = with_own(grant, own)
        given = with_undoing(given, needs) if undoes and tool.owner is None else given
        return self.services.access(given, self.found if self.tainted else None)

    def _made(self) -> tuple[list[str], list[str]]:
        """The files that the goal made and nobody else changed since, and those that calls under way are to make: what
        one of these finds there may be its own from before it was cut off, and is replaced by no call."""
        made = self.journal.steps.made(self.claimed.claim.goal_id)
        return [one.path for one in made if one.stands()], [one.path for one in made if one.is_to_come]

    def _own_of(self, tool: Tool[BaseModel], exact: BaseModel, *, resumed: bool) -> list[str]:
        """The goal's own among the files that a call may leave changed. What a tool of Senter's own made before it
        was cut off counts where it was made again and did not mind."""
        own, to_come = self._made()
        mine = {*own, *(to_come if resumed and tool.owner is None else ())}
        return [path for path in to_change(tool.needs(exact, self.services.paths)) if path in mine]

    def _needs(self, tool: Tool[BaseModel], exact: BaseModel) -> tuple[Need, ...]:
        needs = tool.needs(exact, self.services.paths)
        if not self.tainted:
            return needs
        changed = self._changed(tool)
        changes = (ChangeOwn(what=changed),) if changed else ()
        return (*needs, *at_risk(self.claimed.grant, needs), *changes)

    def _changed(self, tool: Tool[BaseModel]) -> Owned | None:
        """What of the user's a tainted task would change by this without anyone having asked for it: what goes beyond
        files always, files where the call was not planned before text from outside was read."""
        if tool.changes or self._planned(tool):
            return tool.changes
        own = tool.owner is None and tool.effect is not EffectClass.PURE
        return "files" if own else None

    def _planned(self, tool: Tool[BaseModel]) -> bool:
        """Whether the plan, made from the goal's own words, has this call: it names the tool, or a kind of work whose
        calls are ours. In all other work a model chooses the calls."""
        planned = self.claimed.task.plan
        ours = not planned.tool and planned.work is not WorkKind.ANSWER
        return not planned.tainted and (ours or planned.tool == tool.name)

    def _approval(self, call: StepCall) -> Approval | None:
        """What was asked about this call, if anything was."""
        return self.journal.approvals.of(self.claimed.claim, call.step, 0, "permission")

    def _ask_person(self, tool: Tool[BaseModel], call: StepCall, beyond: Sequence[Need]) -> None:
        """Ask for what lies outside the grant. Raises `WaitsForPerson`, `TooOftenDenied`."""
        self._check_patience()
        known = " ".join(filter(None, (TAINTED if self.tainted else "", CANNOT_BE_TAKEN_BACK if tool.final else "")))
        self.journal.approvals.ask(self.claimed.claim, call, 0, "permission", beyond, known)
        raise WaitsForPerson(f"It waits for a person to allow: {words_of(beyond)}.")

    def _check_patience(self) -> None:
        if self.tainted and self.journal.approvals.refused(self.claimed.claim) >= MOST_DENIALS:
            raise TooOftenDenied(MOST_DENIALS)

    def _check_word(self, approval: Approval) -> None:
        if approval.decision == "approved":
            return
        self._check_patience()
        if approval.decision == "":
            raise WaitsForPerson(f"It waits for a person to allow: {words_of(approval.needs)}.")
        raise PermissionDenied(approval.needs, expired=approval.decision == "expired")

    def _noted(self, result: ToolResult) -> ToolResult:
        if not result.trusted:
            self.taint()
        self.found |= found_addresses(result.sources)
        return result

    def note_failure(self, error: ToolError, tool: Tool[BaseModel], exact: BaseModel, call: StepCall) -> None:
        """A call that failed in others' words brought them into the task's context."""
        if not error.trusted or self._says_more(tool, exact, call):
            self._taint_by(call)

    def _remember(self, known: StepRecord | None) -> None:
        """What a call brought when it was made before."""
        if known and known.tainted:
            self.taint()

    def _taint_by(self, call: StepCall) -> None:
        """Kept with the call, so that it taints when it is made again too, however it ends then."""
        self.taint()
        self.journal.steps.taint(self.claimed.claim, call.step)

    def _says_more(self, tool: Tool[BaseModel], exact: BaseModel, call: StepCall) -> bool:
        """Whether what is said of a call that is refused or fails has more in it than the call itself."""
        paths = self.services.paths
        return names_more(tool.needs(exact, paths), call.as_json(), paths.home)

    def _call(self, kind: str, name: str, arguments: Mapping[str, JsonValue], effect: EffectClass) -> StepCall:
        digest = digest_of(kind, name, arguments)
        self._seen[digest] += 1
        step = StepName(digest, self._seen[digest])
        return StepCall(kind, name, arguments, effect, step, self._key(step))

    def _key(self, step: StepName) -> str:
        claimed = self.claimed
        exact: list[JsonValue] = [claimed.goal.correlation_id, str(claimed.task.id), step.digest, str(step.occurrence)]
        return digest_of("key", "", {"exact": exact})[:32]

    def _start(self, call: StepCall, makes: Sequence[str] = ()) -> None:
        seconds = self.services.clock.monotonic() - self.begun_at
        self.journal.steps.start(self.claimed.claim, call, self.claimed.grant.budget, seconds, makes=makes)

    async def _carry_out(
        self,
        tool: Tool[BaseModel],
        exact: BaseModel,
        call: StepCall,
        access: Access,
        fresh: frozenset[str],
        *,
        may_wait: bool,
    ) -> ToolResult:
        """Call the tool. What raises anything but a clear no leaves the step started: nobody knows what it did.

        A need that shows only in the middle, a redirect to another host say, is asked for once.
        """
        steps, claim = self.journal.steps, self.claimed.claim
        try:
            async with asyncio.timeout(tool.timeout_seconds):
                return await tool.run(exact, self.tool_call(call, access, fresh))
        except TimeoutError as error:
            text = f"{tool.name} took longer than {tool.timeout_seconds:g} s."
            raise ToolError(text, retryable=True, trusted=True) from error
        except ToolError as error:
            self.note_failure(error, tool, exact, call)
            steps.end(claim, call.step, "failed", error.message)
            raise
        except PermissionNeeded as error:
            self._taint_by(call)  # what led there was met on the way
            steps.end(claim, call.step, "refused", error.message)
            if may_wait and self._approval(call) is None:
                self._ask_person(tool, call, NEEDS.validate_python(error.needs))
            raise
        except Exception:  # its text is that of libraries and of what they read
            self._taint_by(call)
            raise


def call_of(record: StepRecord) -> StepCall:
    """A call as it was written down."""
    arguments: dict[str, JsonValue] = json.loads(record.arguments)
    effect = EffectClass(record.effect)
    return StepCall(record.kind, record.name, arguments, effect, record.step, record.idempotency_key)
