"""Plans goals and fixes their grants; each try is counted before it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from senter.component.grants.roots import settled
from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.plan import Plan, PlanResult
from senter.components.task_engine.contract.steps import Ask
from senter.components.task_engine.engine.finality import with_finality
from senter.components.task_engine.engine.reading import GoalReader
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.audit import ENGINE, TAINTED_MODEL, USER
from senter.components.task_engine.journal.failures import failure_of
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.records import GoalRecord
from senter.components.task_engine.journal.steps import check_budget, within_tokens
from senter.components.task_engine.permissions.decide import allowing, widened
from senter.errors import StorageFull
from senter.messages.acts import ActKind
from senter.messages.envelope import continuing
from senter.messages.goals import Amounts, GoalId, GoalLimits, Grant
from senter.messages.model import ModelRequest, ModelResponse
from senter.sentences import speaking
from senter.store.stamps import from_stamp

LEAST_RENEWAL_SECONDS = 60.0
WAITS = "A model asked for this after it had read text of others, so what it would change waits for you."


class GoalPlanner:
    """From a goal to its plan and grant."""

    def __init__(self, journal: EngineJournal, services: EngineServices) -> None:
        self._journal = journal
        self._services = services
        self._reader = GoalReader(journal, services)

    async def plan(self, goal: GoalRecord) -> None:
        """Plan one goal. Its failure is written down; raises `StorageFull`."""
        try:
            folders = await self.folders()
            await self._services.tools.complete()
            grant = self._grant(goal, folders)
            asked = await self._asked(goal, folders)
            with speaking(goal.language):
                found = await self._services.plan(asked, folders, self._asking(goal), grant)
            planned = with_finality(_as_asked_by(goal.origin, found), self._services.tools)
            if goal.missing:
                planned = replace(planned, focus=goal.focus, topic=goal.topic)
                self._journal.plans.finish(goal.id, planned, self.regrant(goal, folders))
            else:
                said = self.with_asked(grant, planned.plan) if goal.origin == USER else grant
                self._journal.plans.finish(goal.id, planned, self._with_own_folder(said, goal.id, planned.focus))
        except asyncio.CancelledError:
            self._journal.plans.interrupt(goal.id)
            raise
        except StorageFull:
            raise
        except Exception as error:  # whatever planning does must end as this goal's failure, never as the engine's
            failure = failure_of(error)
            if not failure.understood:
                self._services.log.exception("planning_broke", goal_id=goal.id)
            self._journal.plans.fail(goal.id, failure)

    async def folders(self) -> tuple[str, ...]:
        """The folders the user named."""
        known = self._journal.facts.folders
        return tuple(await self._services.list_folders()) if known is None else known

    def regrant(self, goal: GoalRecord, folders: tuple[str, ...]) -> Grant:
        """The grant of a goal that a person tries again: as if planned now, on top of what it has used."""
        grant = self._with_own_folder(self._grant(goal, folders), goal.id, goal.focus)
        used = goal.cost.model_dump()
        more = {name: used[name] + amount for name, amount in grant.budget.model_dump().items()}
        return grant.model_copy(update={"budget": Amounts.model_validate(more)})

    def current_grant(self, goal: GoalRecord) -> Grant:
        """The goal's grant. One that ended while the goal was waiting for its turn, a person or the machine is
        renewed for the time the goal may still run; what it allows stays the same, and never beyond the end that
        a person fixed."""
        grant = self._journal.plans.grant(goal.id)
        now = self._services.clock.now()
        if grant.expires_at is None or grant.expires_at > now:
            return grant
        left_seconds = max(grant.budget.wall_seconds - goal.wall_seconds, LEAST_RENEWAL_SECONDS)
        renewed = _until(grant, now + timedelta(seconds=left_seconds), goal)
        if renewed.expires_at is not None and renewed.expires_at > now:
            self._journal.plans.renew_grant(goal.id, renewed, ENGINE)
        return renewed

    def with_asked(self, grant: Grant, plan: Plan) -> Grant:
        """The grant, and what those calls need that the person's own words ask for."""
        tools = self._services.tools
        calls = [(tools.get(task.tool), task.tool_params) for task in plan.tasks if task.asked and not task.tainted]
        needs = [need for tool, params in calls for need in tool.needs(parsed(tool, params), self._services.paths)]
        return allowing(grant, needs)

    async def _asked(self, goal: GoalRecord, folders: Sequence[str]) -> Asked:
        """A job's words are read now: what is a person's own elsewhere is Senter's work in a job. Raises `Unclear`."""
        at, acts = from_stamp(goal.created_at), goal.understood
        if acts is None and not goal.missing:
            read = await self._reader.read(goal.text, at, folders)
            acts = tuple(
                act.model_copy(update={"kind": ActKind.WORK}) if act.kind is ActKind.GOAL else act for act in read
            )
        return Asked(goal.text, at, acts, own=goal.is_own, missing=goal.missing, topic=goal.topic)

    def _with_own_folder(self, grant: Grant, goal_id: GoalId, focus: str) -> Grant:
        """Where the goal lies shows when it is planned: with the results of its focus, in a folder of its own."""
        own = self._services.folder(focus) / f"{goal_id:04d}"
        return grant.model_copy(update={"write_roots": (*settled((own,)), *grant.write_roots)})

    def _grant(self, goal: GoalRecord, folders: tuple[str, ...]) -> Grant:
        """The default grant, and what a person allowed beforehand."""
        grant = self._services.default_grant(folders)
        if goal.preapproved_grant:
            grant = widened(grant, Grant.model_validate_json(goal.preapproved_grant))
            grant = _until(grant, grant.expires_at, goal)
        return grant.model_copy(update={"budget": _limited(grant.budget, goal)})

    def _asking(self, goal: GoalRecord) -> Ask:
        """Planning uses the goal's budget too."""

        async def ask(request: ModelRequest) -> ModelResponse:
            used = self._journal.views.record(goal.id).cost
            budget = _limited(self._services.default_grant(()).budget, goal)
            check_budget(budget, used, Amounts(model_calls=1), 0.0)
            held = within_tokens(request, budget, used)
            self._journal.plans.spend(goal.id, Amounts(model_calls=1))
            with continuing(goal.correlation_id), speaking(goal.language):
                response = await self._services.ask(held)
            self._journal.plans.spend(goal.id, Amounts(tokens=response.prompt_tokens + response.completion_tokens))
            return response

        return ask


def _as_asked_by(origin: str, found: PlanResult) -> PlanResult:
    """What a model asked for after it had read text of others may be what that text asks for."""
    if origin != TAINTED_MODEL:
        return found
    return replace(found, plan=found.plan.as_tainted(), note=f"{found.note} {WAITS}".strip())


def _limited(usual: Amounts, goal: GoalRecord) -> Amounts:
    """The usual budget with what a person said of this goal."""
    said = GoalLimits.model_validate_json(goal.budget) if goal.budget else GoalLimits()
    return usual.model_copy(update=said.model_dump(exclude_none=True))


def _until(grant: Grant, moment: datetime | None, goal: GoalRecord) -> Grant:
    """The grant until `moment`, and not beyond the end of the one that a person fixed."""
    fixed = Grant.model_validate_json(goal.preapproved_grant).expires_at if goal.preapproved_grant else None
    ends = [end for end in (moment, fixed) if end is not None]
    return grant.model_copy(update={"expires_at": min(ends, default=None)})
