"""Answers every command about goals, tasks, approvals, tools and the audit log, and takes in goals of jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from senter.component.grants.holding import check_holds
from senter.component.threads import in_thread
from senter.component.tool_talk.arguments import sentence
from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.reading import GoalReader
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.engine.taking_in import TakingIn
from senter.components.task_engine.engine.trying import preview, try_tool
from senter.components.task_engine.engine.waiting import GoalsAtRest
from senter.components.task_engine.journal.audit import TAINTED_MODEL, USER
from senter.components.task_engine.journal.chain import START, ChainEnd
from senter.components.task_engine.journal.goals import NewGoal
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.proof import AuditFindings, Owed, compare
from senter.components.task_engine.work.report_file import result_of
from senter.components.task_engine.work.written import newest_notes, search_written
from senter.errors import Forbidden, InvalidInput, SenterError
from senter.messages.acts import Act, ActKind
from senter.messages.approvals import ApprovalsReply, AuditReply, DecideApproval, GetAudit, ListApprovals
from senter.messages.audit_heads import GetNotedHeads, NotedHeads
from senter.messages.documents import FoldersChanged
from senter.messages.envelope import current
from senter.messages.goals import (
    TASK_ENGINE,
    AskWhy,
    AwaitGoal,
    CarryOut,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GetResult,
    GoalReply,
    GoalsReply,
    GoalText,
    JobTriggered,
    ListGoals,
    Panic,
    PlanGoal,
    ResultReply,
    UpdateTask,
    WhyReply,
    Widening,
)
from senter.messages.message import Done
from senter.messages.tools import ListTools, TestTool, ToolsReply, ToolTested
from senter.messages.written import ListNotes, SearchWritten, WrittenReply
from senter.moments.dates import parse_moment
from senter.moments.zones import user_zone
from senter.store.database import Transaction
from senter.store.stamps import stamp

USUAL_PRIORITY = 5
GOAL = TypeAdapter(GoalText)
NOTED_SECONDS = 5.0
NOT_COMPARED = "The reporter does not answer: the log was not compared with what it noted."


class GoalCommands:
    """One method for each command; what changes something wakes the engine."""

    def __init__(self, journal: EngineJournal, engine: Engine, services: EngineServices) -> None:
        self._journal = journal
        self._engine = engine
        self._services = services
        self._taking_in = TakingIn(journal, engine, services)
        self._reader = GoalReader(journal, services)
        self._at_rest = GoalsAtRest(journal, services.clock)

    async def create(self, command: CreateGoal) -> GoalReply:
        check_holds((command.grant or Widening()).to_grant(), self._services.paths)
        known = self._journal.goals.find(command.request_id, command.text)
        if known is not None:
            return self._journal.views.goal(known)
        acts = await self._reader.read(command.text, self._services.clock.now(), await self._engine.planner.folders())
        return self._taking_in.take_in(self._new(command), acts)

    async def carry_out(self, command: CarryOut) -> GoalReply:
        """Raises `Forbidden` for a goal of the person's own that a tainted model wants kept: no call is asked about."""
        if command.tainted and any(act.kind is ActKind.GOAL for act in command.acts):
            raise Forbidden("Only you can have a goal of your own kept here.", "Say it yourself, in one sentence.")
        origin = TAINTED_MODEL if command.tainted else USER
        return self.take_in(command.request_id, command.text, command.acts, command.asked_at, origin)

    def take_in(
        self, request_id: str, text: str, acts: Sequence[Act], asked_at: datetime, origin: str = USER
    ) -> GoalReply:
        """One goal of what was understood, however often it is asked for."""
        new = NewGoal(
            request_id=request_id,
            message_id=current().id,
            correlation_id=current().correlation_id or request_id,
            origin=origin,
            text=text,
            priority=USUAL_PRIORITY,
            asked_at=asked_at,
        )
        return self._taking_in.take_in(new, tuple(acts))

    async def wait(self, command: AwaitGoal) -> GoalReply:
        return await self._at_rest.wait(command)

    async def plan(self, command: PlanGoal) -> GoalReply:
        check_holds((command.grant or Widening()).to_grant(), self._services.paths)
        folders = await self._engine.planner.folders()
        acts = await self._reader.read(command.text, self._services.clock.now(), folders)
        return await preview(command, acts, self._engine.planner, self._services)

    async def list(self, command: ListGoals) -> GoalsReply:
        return self._journal.views.goals(include_finished=command.all, limit=command.limit)

    async def get(self, command: GetGoal) -> GoalReply:
        return self._journal.views.goal(command.goal_id)

    async def result(self, command: GetResult) -> ResultReply:
        goal_id = self._journal.views.done_last() if command.goal_id is None else command.goal_id
        return result_of(self._journal.views.goal(goal_id), self._journal.views.outputs(goal_id))

    async def change(self, command: ChangeGoal) -> GoalReply:
        goals, goal_id, by_tool = self._journal.goals, command.goal_id, current().source == TASK_ENGINE
        match command.action:
            case "pause":
                goals.pause(goal_id, paused=True)
            case "resume":
                goals.pause(goal_id, paused=False)
            case "cancel":
                goals.cancel(goal_id, by_tool=by_tool)
                await self._engine.stop_goal(goal_id)
            case "retry":
                goal = self._journal.views.record(goal_id)
                folders = await self._engine.planner.folders()
                goals.retry(goal_id, self._engine.planner.regrant(goal, folders) if goal.planned_by else None)
            case "prioritise":
                goals.prioritise(goal_id, _priority(command))
            case "move":
                moved = self._deadline(command.deadline) if command.deadline.strip() else None
                self._journal.verdicts.move(goal_id, moved, by_tool=by_tool)
            case "rename":
                self._journal.verdicts.rename(goal_id, _name(command), by_tool=by_tool)
            case "accept":
                self._journal.verdicts.accept(goal_id, by_tool=by_tool)
                await self._engine.stop_goal(goal_id)
            case "reopen":
                self._journal.verdicts.reopen(goal_id, _missing(command), by_tool=by_tool)
        self._engine.wake()
        return self._journal.views.goal(goal_id)

    async def update(self, command: UpdateTask) -> GoalReply:
        goal_id = self._journal.tasks.update(command.task_id, command.action, command.text)
        self._engine.wake()
        return self._journal.views.goal(goal_id)

    async def panic(self, command: Panic) -> Done:
        if command.release:
            self._engine.release()
        else:
            await self._engine.panic()
        return Done()

    async def why(self, command: AskWhy) -> WhyReply:
        return WhyReply(lines=self._journal.story.tell(command.about))

    async def approvals(self, command: ListApprovals) -> ApprovalsReply:
        return ApprovalsReply(approvals=tuple(self._journal.approvals.list(include_decided=command.all)))

    async def decide(self, command: DecideApproval) -> ApprovalsReply:
        decided = self._journal.approvals.decide(command.approval_id, command.decision)
        self._engine.wake()
        return ApprovalsReply(approvals=(decided,))

    async def audit(self, command: GetAudit) -> AuditReply:
        reply = self._journal.audit.page(command.after, command.limit)
        if not command.verify:
            return reply
        heads = await self._noted_heads()  # before the log is gone through: it only grows
        owed = Owed.read(self._journal.ledger.database)
        verdict = await self._verified(owed)
        findings = self._findings(verdict, owed, heads)
        found = {"intact": verdict.intact, "broken_at": verdict.broken_at, "head": verdict.head}
        total = verdict.entries if verdict.intact else reply.total  # more may have come while it was looked at
        words = {"missing": findings.missing, "notes": findings.notes}
        return reply.model_copy(update={**found, **words, "total": total})

    async def _noted_heads(self) -> NotedHeads | None:
        try:
            return await self._services.bus.request(GetNotedHeads(), timeout_seconds=NOTED_SECONDS)
        except SenterError as error:
            self._services.log.info("noted_heads_not_compared", reason=error.message)
            return None

    def _findings(self, verdict: ChainEnd, owed: Owed, heads: NotedHeads | None) -> AuditFindings:
        if not verdict.intact:
            return AuditFindings()
        found = compare(self._journal.audit, verdict, owed, heads.heads if heads else ())
        return found if heads else AuditFindings(found.missing, (*found.notes, NOT_COMPARED))

    async def _verified(self, owed: Owed) -> ChainEnd:
        """Page by page, so that work goes on meanwhile."""
        before, end = None, START
        while end.intact and end != before:
            before, end = end, self._journal.audit.verify_page(end, owed.see)
            await asyncio.sleep(0)
        return end

    async def tools(self, _: ListTools) -> ToolsReply:
        await self._services.tools.complete()
        return ToolsReply(tools=self._services.tools.views())

    async def test(self, command: TestTool) -> ToolTested:
        folders = await self._engine.planner.folders()
        return await try_tool(command, self._services.default_grant(folders), self._journal, self._services)

    async def search_written(self, command: SearchWritten) -> WrittenReply:
        paths = self._services.paths
        return WrittenReply(texts=tuple(await in_thread(search_written, paths, command.words, command.limit)))

    async def list_notes(self, command: ListNotes) -> WrittenReply:
        return WrittenReply(texts=tuple(await in_thread(newest_notes, self._services.paths, command.limit)))

    def triggered(self, transaction: Transaction, event: JobTriggered) -> None:
        """One goal for each job and due time. Raises `InvalidInput`, which ends as a dead letter."""
        if event.component != TASK_ENGINE:
            return
        new = NewGoal(
            request_id=f"job {event.job_id} {stamp(event.due_at)}",
            message_id=current().id,
            correlation_id=current().correlation,
            origin=f"job {event.job_id}",
            text=_checked(event.goal),
            priority=event.priority,
            preapproved_grant=event.grant,
        )
        self._journal.goals.add_within(transaction, new)
        self._engine.wake()

    def folders_changed(self, transaction: Transaction, event: FoldersChanged) -> None:
        self._journal.facts.set_folders(transaction, event.paths)

    def _new(self, command: CreateGoal) -> NewGoal:
        return NewGoal(
            request_id=command.request_id,
            message_id=current().id,
            correlation_id=current().correlation_id or command.request_id,
            origin=USER,
            text=command.text,
            priority=command.priority,
            deadline=self._deadline(command.deadline) if command.deadline.strip() else None,
            budget=command.budget,
            preapproved_grant=command.grant.to_grant() if command.grant else None,
        )

    def _deadline(self, text: str) -> datetime:
        return parse_moment(text, self._services.clock.now(), user_zone(self._services.settings.timezone))


def _checked(goal: str) -> str:
    """Raises `InvalidInput` for what a person could not ask for either."""
    try:
        return GOAL.validate_python(goal)
    except ValidationError as error:
        raise InvalidInput(f"Cannot take the job's goal: {sentence(error)}.") from error


def _missing(command: ChangeGoal) -> str:
    if not any(letter.isalnum() for letter in command.text):
        raise InvalidInput("What is missing?", f'Say it: senter goal reopen {command.goal_id} "what is missing"')
    return command.text


def _name(command: ChangeGoal) -> str:
    if not any(letter.isalnum() for letter in command.text):
        raise InvalidInput("What is it called?", "Say what the goal is, such as: paint the bathroom and the hall")
    return _checked(command.text)


def _priority(command: ChangeGoal) -> int:
    if command.priority is None:
        raise InvalidInput("Prioritise to what?", "Give a priority from 1 to 10, higher first.")
    return command.priority
