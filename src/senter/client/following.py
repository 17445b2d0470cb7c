"""A goal followed until it ends."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import NamedTuple

from senter.client.asking import Asking
from senter.client.connection import OpenedAnswer
from senter.client.types import GoalReply

ENDED = frozenset({"completed", "failed", "cancelled", "please_look"})
# As long as the system lets a socket wait.
FOLLOW_SECONDS = 20 * 86_400.0


class GoalEvent(NamedTuple):
    """Something that happened on the way: `task_complete`, or `activity_log`."""

    name: str
    data: dict[str, object]


def follow(asking: Asking, goal_id: int) -> Generator[GoalReply | GoalEvent]:
    """The goal as it is, then its events and the goal again whenever it changed, until it ends or is kept.

    A restart of the daemon is sat out. Raises `DeadlineExceeded`; the goal goes on whatever happens here.
    """
    for event in asking.read(_events, "GET", f"/api/goals/{goal_id}/events"):
        yield event
        if not isinstance(event, GoalEvent) and (event["goal"]["status"] in ENDED or is_kept(event)):
            return


def is_kept(found: GoalReply) -> bool:
    """Whether it is the person's own, and nothing but their word is waited for."""
    return found["goal"]["kind"] == "own" and found["goal"]["status"] == "waiting"


def _events(opened: OpenedAnswer) -> Generator[GoalReply | GoalEvent]:
    for event in opened.events():
        if event.name == "goal":
            goal: GoalReply = json.loads(event.data)
            yield goal
        else:
            yield GoalEvent(event.name, json.loads(event.data))
