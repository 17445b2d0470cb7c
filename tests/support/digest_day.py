"""Whoever a digest looks at: a calendar, reminders, goals, approvals and conversations, as a test writes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import FakeClock
from senter.messages.acts import Clarification, Missing
from senter.messages.approvals import Approval, ApprovalsReply, ListApprovals
from senter.messages.calendar import EventsReply, EventView, ListEvents
from senter.messages.conversations import TurnState
from senter.messages.goals import (
    TASK_ENGINE,
    GetGoal,
    GoalId,
    GoalReply,
    GoalsReply,
    GoalView,
    ListGoals,
    Shown,
    Status,
    TaskId,
)
from senter.messages.message import Command, ComponentName
from senter.messages.needs import ReachHost
from senter.messages.query import ConversationId, QueryId
from senter.messages.schedule import SCHEDULER, JobsReply, JobType, JobView, ListJobs, Misfire, TriggerType
from senter.messages.turns import ASSISTANT, GetTurn, ListTurns, TurnReply, TurnRow, Turns
from tests.support.scripted import Answer, Scripted

DAY = "2026-03-02"
MADE = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class DigestDay:
    """What they answer; `slow_calendar` has the calendar answer never."""

    clock: FakeClock
    events: list[EventView] = field(default_factory=list[EventView])
    calendars: tuple[str, ...] = ("home",)
    problem: str = ""
    slow_calendar: bool = False
    jobs: list[JobView] = field(default_factory=list[JobView])
    goals: list[GoalView] = field(default_factory=list[GoalView])
    waits: dict[int, str] = field(default_factory=dict[int, str])
    approvals: list[Approval] = field(default_factory=list[Approval])
    asked_back: dict[str, str] = field(default_factory=dict[str, str])
    """The last question of each conversation."""

    @asynccontextmanager
    async def told(self, broker: MemoryBroker) -> AsyncGenerator[DigestDay]:
        owners: dict[ComponentName, dict[type[Command[Any]], Answer]] = {
            TASK_ENGINE: {
                ListEvents: self._events,
                ListGoals: self._goals,
                GetGoal: self._goal,
                ListApprovals: self._approvals,
            },
            SCHEDULER: {ListJobs: self._jobs},
            ASSISTANT: {ListTurns: self._turns, GetTurn: self._turn},
        }
        async with AsyncExitStack() as stack:
            for name, answers in owners.items():
                bus = broker.bus(name, Manifest(receives=tuple(answers)))
                stack.push_async_callback(bus.close)
                await Scripted(bus, answers).start()
            yield self

    async def _events(self, _: ListEvents) -> EventsReply:
        if self.slow_calendar:
            await asyncio.Event().wait()
        return EventsReply(events=tuple(self.events), calendars=self.calendars, problem=self.problem)

    async def _goals(self, _: ListGoals) -> GoalsReply:
        return GoalsReply(goals=tuple(self.goals), total=len(self.goals))

    async def _goal(self, command: GetGoal) -> GoalReply:
        goal = next(goal for goal in self.goals if goal.id == command.goal_id)
        return GoalReply(goal=goal, waits=(self.waits[goal.id],))

    async def _approvals(self, _: ListApprovals) -> ApprovalsReply:
        return ApprovalsReply(approvals=tuple(self.approvals))

    async def _jobs(self, _: ListJobs) -> JobsReply:
        return JobsReply(jobs=tuple(self.jobs), total=len(self.jobs), zone="UTC")

    async def _turns(self, _: ListTurns) -> Turns:
        return Turns(turns=[_row(name) for name in self.asked_back])

    async def _turn(self, command: GetTurn) -> TurnReply:
        asks = Clarification(lacks=Missing.WHEN, question=self.asked_back[command.turn_id])
        return TurnReply(
            **dict(_row(command.turn_id)),
            focus="general",
            attempt=1,
            response=asks.question,
            error="",
            error_code="",
            error_hint="",
            model="",
            tokens=0,
            latency_seconds=None,
            degraded=False,
            degraded_reason="",
            asks=asks,
        )


def _row(name: str) -> TurnRow:
    asked_at = datetime(2026, 3, 2, 6, tzinfo=UTC)
    return TurnRow(
        id=QueryId(name),
        conversation_id=ConversationId(name),
        asked_at=asked_at,
        text="Remind me",
        state=TurnState.ANSWERED,
        read=True,
    )


def an_event(title: str, start: str, end: str = "", *, all_day: bool = False, **more: str) -> EventView:
    said = {"uid": title, "calendar": "home", **more}
    return EventView(title=title, start=start, end=end or start, all_day=all_day, **said)


def a_reminder(number: int, text: str, at: datetime) -> JobView:
    return JobView(
        id=number,
        name=f"remind: {text}",
        job_type=JobType.CUSTOM,
        component="reporter",
        trigger_type=TriggerType.ONCE,
        trigger_config={},
        trigger="once",
        payload={"reminder": text},
        enabled=True,
        running=False,
        next_run=at,
        run_count=0,
        created_at=MADE,
        misfire=Misfire.RUN_ONCE,
        grace_seconds=60.0,
        overlap=False,
        only_when_idle=False,
        built_in=False,
    )


def a_goal(
    number: int, text: str, *, deadline: datetime | None = None, status: Status = Status.IN_PROGRESS
) -> GoalView:
    return GoalView(
        id=GoalId(number),
        text=text,
        priority=5,
        status=status,
        state=Shown.ACTIVE,
        progress_percent=0,
        deadline=deadline,
        focus="general",
        created_at=MADE,
    )


def an_approval_of(number: int, goal: int, host: str) -> Approval:
    return Approval(
        id=number,
        goal_id=GoalId(goal),
        task_id=TaskId(1),
        kind="permission",
        tool="web_fetch",
        arguments={},
        needs=(ReachHost(host=host, port=443),),
        asked_at=MADE,
        expires_at=MADE,
    )
