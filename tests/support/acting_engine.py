"""A task engine that does at once what it is told: it keeps reminders, events, goals and actions in lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.errors import NotFound, SenterError
from senter.messages.acts import Act, ActKind, Receipt, ThingKind
from senter.messages.calendar import EventsReply, EventView, ListEvents
from senter.messages.goals import (
    AwaitGoal,
    CarryOut,
    ChangeGoal,
    GetGoal,
    GetResult,
    GoalId,
    GoalReply,
    GoalsReply,
    GoalView,
    ListGoals,
    ResultReply,
    Shown,
    Status,
)
from senter.messages.message import Command, ComponentName
from senter.messages.undo import ActionsReply, ActionView, ListActions, Undo
from tests.support.scripted import Answer, Scripted

DONE_AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
COMMANDS = (CarryOut, Undo, AwaitGoal, GetGoal, GetResult, ChangeGoal, ListGoals, ListActions, ListEvents)
KINDS = {ActKind.EVENT: ThingKind.EVENT, ActKind.SCHEDULE: ThingKind.JOB, ActKind.NOTE: ThingKind.NOTE}


class ActingEngine(Scripted):
    """One goal for each request id, however often it is sent; each with a receipt, except work."""

    def __init__(self, bus: Bus) -> None:
        answers: dict[type[Command[Any]], Answer] = {
            CarryOut: self.carry_out,
            Undo: self._undo,
            AwaitGoal: self._await,
            GetGoal: self._get,
            GetResult: self._result,
            ChangeGoal: self._change,
            ListGoals: self._list,
            ListActions: self._actions,
            ListEvents: self._events,
        }
        super().__init__(bus, answers)
        self.goals: dict[GoalId, GoalReply] = {}
        self.done: list[tuple[str, Act]] = []
        """What was carried out, with its request id, in order."""
        self.events: tuple[EventView, ...] = ()
        self.waits: tuple[str, ...] = ()
        self.result = ""
        """What came of each goal."""
        self.actions: list[ActionView] = []
        self.changes: list[ChangeGoal] = []
        self.failure: SenterError | None = None
        self.becomes: Callable[[GoalView], GoalView] = lambda goal: goal
        """What is to become of the next goals."""
        self.release = asyncio.Event()
        self.release.set()
        self._requests: dict[str, GoalId] = {}

    @classmethod
    def on(cls, broker: MemoryBroker) -> Self:
        return cls(broker.bus(ComponentName("task_engine"), Manifest(receives=COMMANDS)))

    def acts(self) -> list[Act]:
        return [act for _, act in self.done]

    async def carry_out(self, command: CarryOut) -> GoalReply:
        """Once for each request id."""
        if self.failure:
            raise self.failure
        if command.request_id not in self._requests:
            self.done.append((command.request_id, command.acts[0]))
        return self._goal(command.request_id, command.text, command.acts[0])

    async def _undo(self, command: Undo) -> GoalReply:
        open_ones = [action for action in self.actions if not action.undone]
        wanted = [action for action in open_ones if command.number in (None, action.number)]
        if command.request_id in self._requests:
            return self.goals[self._requests[command.request_id]]
        if not wanted:
            raise NotFound("There is nothing to take back.")
        taken = wanted[-1]
        self.actions[self.actions.index(taken)] = taken.model_copy(update={"undone": True})
        receipt = taken.receipt.model_copy(update={"done": f"Taken back: {taken.receipt.title}"})
        return self._add(command.request_id, "undo", (receipt,), Status.COMPLETED)

    def _goal(self, request_id: str, text: str, act: Act) -> GoalReply:
        if known := self._requests.get(request_id):
            return self.goals[known]
        if act.kind is ActKind.WORK:
            return self._add(request_id, text, (), Status.IN_PROGRESS)
        number = len(self.actions) + 1
        kind = act.things[0].kind if act.things else KINDS.get(act.kind, ThingKind.REMINDER)
        done = f"{kind.capitalize()} {number}: {act.gist}, {act.due or 'no time'}"
        receipt = Receipt(kind=kind, id=str(number), title=act.gist, done=done, goal_id=number, undoable=True)
        self.actions.append(ActionView(number=number, at=DONE_AT, receipt=receipt, undone=False))
        return self._add(request_id, text, (receipt,), Status.COMPLETED)

    def _add(self, request_id: str, text: str, receipts: tuple[Receipt, ...], status: Status) -> GoalReply:
        number = self._requests[request_id] = GoalId(len(self.goals) + 1)
        goal = goal_view(number, text, status).model_copy(update={"receipts": receipts})
        self.goals[number] = GoalReply(goal=self.becomes(goal), planned_by="rules", waits=self.waits)
        return self.goals[number]

    async def _await(self, command: AwaitGoal) -> GoalReply:
        await self.release.wait()
        if self.goals[command.goal_id].goal.status is Status.IN_PROGRESS:
            await asyncio.Event().wait()
        return self.goals[command.goal_id]

    async def _get(self, command: GetGoal) -> GoalReply:
        return self.goals[command.goal_id]

    async def _result(self, command: GetResult) -> ResultReply:
        assert command.goal_id
        return ResultReply(goal=self.goals[command.goal_id].goal, text=self.result, whole=True)

    async def _change(self, command: ChangeGoal) -> GoalReply:
        self.changes.append(command)
        return self.goals[command.goal_id]

    async def _list(self, _: ListGoals) -> GoalsReply:
        found = tuple(reply.goal for reply in self.goals.values() if reply.goal.finished_at is None)
        return GoalsReply(goals=found, total=len(found))

    async def _actions(self, _: ListActions) -> ActionsReply:
        return ActionsReply(actions=tuple(reversed(self.actions)))

    async def _events(self, command: ListEvents) -> EventsReply:
        assert command.start
        assert command.end
        found = [event for event in self.events if _begins(event) < command.end and _ends(event) > command.start]
        return EventsReply(events=tuple(found), calendars=("home",))


def goal_view(number: int, text: str = "Finish the deck", status: Status = Status.IN_PROGRESS) -> GoalView:
    """Of Senter's work; completed, or in progress."""
    done = status is Status.COMPLETED
    return GoalView(
        id=GoalId(number),
        text=text,
        priority=5,
        status=status,
        state=Shown.COMPLETED if done else Shown.ACTIVE,
        progress_percent=100 if done else 0,
        focus="general" if done else "research",
        created_at=DONE_AT,
        finished_at=DONE_AT if done else None,
    )


def _begins(event: EventView) -> datetime:
    return _moment(event.start)


def _ends(event: EventView) -> datetime:
    return _moment(event.end)


def _moment(iso: str) -> datetime:
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def event(title: str, start: str, end: str, **more: str) -> EventView:
    whole_day = len(start) == len("2026-12-24")
    return EventView.model_validate(
        {"uid": f"{title.replace(' ', '-')}@test", "calendar": "home", "title": title}
        | {"start": start, "end": end, "all_day": whole_day, **more}
    )
