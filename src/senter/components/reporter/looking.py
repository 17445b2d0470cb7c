"""Looks at what is to come and what waits: each owner is asked at once, with a deadline, and who is silent is named."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from senter.bus.bus import Bus
from senter.errors import SenterError
from senter.messages.acts import Missing
from senter.messages.approvals import Approval, ListApprovals
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.conversations import TurnState
from senter.messages.goals import GetGoal, GoalKind, GoalView, ListGoals, Status
from senter.messages.message import Command, Reply
from senter.messages.query import ConversationId, QueryId
from senter.messages.reports import DigestPart
from senter.messages.schedule import JobView, ListJobs
from senter.messages.turns import GetTurn, ListTurns, TurnRow
from senter.sentences import phrase
from senter.text import one_line

ReplyT = TypeVar("ReplyT", bound=Reply)

LOOK_SECONDS = 3.0
CALENDAR_SECONDS = 5.0
"""A slow calendar server never holds up a digest for longer."""
MOST_GOALS, MOST_JOBS, MOST_TURNS, MOST_ASKED = 500, 1_000, 20, 5
NO_ANSWER = "Could not look at {what} now."
PROBLEM_CHARACTERS = 200
ASKED_BACK_FOR = timedelta(days=2)
"""A question back that is older is no longer waited for."""


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question of Senter's that nobody answered."""

    conversation: str
    about: str
    """What the person had said."""
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What stands in the user's day, and what waits for them."""

    events: EventsReply | None = None
    jobs: Sequence[JobView] = ()
    goals: Sequence[GoalView] = ()
    approvals: Sequence[Approval] = ()
    waits: Sequence[str] = ()
    """What goals wait for beside approvals, and how it is settled."""
    asked_back: Sequence[AskedBack] = ()
    unknown: Sequence[tuple[DigestPart, str]] = ()
    """What could not be looked at, a sentence each, and the part that lacks it."""

    def unknown_of(self, parts: Collection[DigestPart]) -> tuple[str, ...]:
        """The sentences about those parts."""
        return tuple(dict.fromkeys(said for part, said in self.unknown if part in parts))


class Lookout:
    """Asks others; never raises, never takes longer than its deadlines."""

    def __init__(self, bus: Bus, log: structlog.stdlib.BoundLogger) -> None:
        self._bus = bus
        self._log = log

    async def look(self, begin: datetime, end: datetime, now: datetime) -> Ahead:
        """At the calendar between two moments, and at all else as it is now."""
        events, jobs, goals, approvals, turns = await asyncio.gather(
            self._ask(ListEvents(start=begin, end=end), CALENDAR_SECONDS),
            self._ask(ListJobs(limit=MOST_JOBS)),
            self._ask(ListGoals(limit=MOST_GOALS)),
            self._ask(ListApprovals()),
            self._ask(ListTurns(state=TurnState.ANSWERED, limit=MOST_TURNS)),
        )
        open_goals = goals.goals if goals else ()
        waiting = approvals.approvals if approvals else ()
        return Ahead(
            events=events,
            jobs=jobs.jobs if jobs else (),
            goals=open_goals,
            approvals=waiting,
            waits=await self._waits(open_goals, waiting),
            asked_back=await self._asked_back(turns.turns if turns else (), now - ASKED_BACK_FOR),
            unknown=tuple(_unknown(events, jobs, goals, approvals, turns)),
        )

    async def _waits(self, goals: Sequence[GoalView], approvals: Sequence[Approval]) -> list[str]:
        """Of goals of Senter's that wait for a person; those with an approval say so by it."""
        told = {approval.goal_id for approval in approvals}
        waiting = [each for each in goals if each.status is Status.WAITING and each.kind is GoalKind.WORK]
        asked = [goal for goal in waiting if goal.id not in told][:MOST_ASKED]
        replies = await asyncio.gather(*(self._ask(GetGoal(goal_id=goal.id)) for goal in asked))
        return [f"{phrase('Goal')} {reply.goal.id}: {wait}" for reply in replies if reply for wait in reply.waits]

    async def _asked_back(self, rows: Sequence[TurnRow], since: datetime) -> list[AskedBack]:
        """Questions of Senter's with which a conversation ended; the newest turns come first."""
        newest: dict[ConversationId, QueryId] = {}
        for row in rows:
            if row.asked_at >= since:
                newest.setdefault(row.conversation_id, row.id)
        turns = await asyncio.gather(*(self._ask(GetTurn(turn_id=turn)) for turn in newest.values()))
        asked = ((turn, turn.asks) for turn in turns if turn and turn.asks)
        return [
            AskedBack(turn.conversation_id, turn.text, asks.question)
            for turn, asks in asked
            if asks.lacks is not Missing.LANGUAGE
        ]

    async def _ask(self, command: Command[ReplyT], seconds: float = LOOK_SECONDS) -> ReplyT | None:
        try:
            return await self._bus.request(command, timeout_seconds=seconds)
        except SenterError as error:
            self._log.info("not_looked_at", asked=command.wire_name, reason=error.message)
            return None


def _unknown(
    events: EventsReply | None, jobs: Reply | None, goals: Reply | None, approvals: Reply | None, turns: Reply | None
) -> Iterator[tuple[DigestPart, str]]:
    if events is None:
        yield "agenda", phrase(NO_ANSWER, what=phrase("your calendar"))
    elif events.problem:
        yield "agenda", phrase("Your calendar: {problem}", problem=one_line(events.problem, PROBLEM_CHARACTERS))
    if jobs is None:
        yield "agenda", phrase(NO_ANSWER, what=phrase("your reminders"))
    if goals is None:
        yield "deadlines", phrase(NO_ANSWER, what=phrase("your goals"))
        yield "waiting", phrase(NO_ANSWER, what=phrase("your goals"))
    if approvals is None:
        yield "waiting", phrase(NO_ANSWER, what=phrase("your approvals"))
    if turns is None:
        yield "waiting", phrase(NO_ANSWER, what=phrase("your conversations"))
