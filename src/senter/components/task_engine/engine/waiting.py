"""Waits for goals to come to rest: ended, kept, or waiting for a person."""

from __future__ import annotations

import asyncio

from senter.clock import Clock, set_within
from senter.components.task_engine.journal.journal import EngineJournal
from senter.messages.envelope import current
from senter.messages.goals import ENDED, AwaitGoal, GoalKind, GoalReply, Status

FOR_A_PERSON = frozenset({Status.WAITING, Status.QUARANTINED})
UNPLANNED = frozenset({Status.PENDING, Status.PLANNING})
BEFORE_THE_DEADLINE_SECONDS = 0.2
LONGEST_SECONDS = 600.0
"""Where the asker names no deadline."""


class GoalsAtRest:
    """Looks again after every commit of the journal; whoever stops waiting stops nothing."""

    def __init__(self, journal: EngineJournal, clock: Clock) -> None:
        self._views = journal.views
        self._clock = clock
        self._changed = asyncio.Event()
        journal.ledger.database.on_commit(self._look_again)

    async def wait(self, command: AwaitGoal) -> GoalReply:
        """The goal at rest; as it is, where the asker would not wait longer. Raises `NotFound`."""
        until = self._clock.monotonic() + self._seconds_left()
        while not is_at_rest(reply := self._views.goal(command.goal_id)):
            left = until - self._clock.monotonic()
            if left <= 0:
                break
            await set_within(self._changed, self._clock, left)
        return reply

    def _seconds_left(self) -> float:
        deadline = current().deadline
        left = (deadline - self._clock.now()).total_seconds() if deadline else LONGEST_SECONDS
        return left - BEFORE_THE_DEADLINE_SECONDS

    def _look_again(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def is_at_rest(reply: GoalReply) -> bool:
    """Whether nothing more comes of a goal by itself, or it is the person's own and is kept."""
    goal = reply.goal
    kept = goal.kind is GoalKind.OWN and goal.status not in UNPLANNED
    return goal.status in ENDED | FOR_A_PERSON or kept or goal.paused or reply.stopped
