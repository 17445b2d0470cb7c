"""/api/goals/{goal_id}/events: one goal as it goes on, its events, and the goal itself whenever it changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Response

from senter.component.asking import Asker
from senter.components.api.channel import KEEP_ALIVE, EventQueue, EventStream, StreamEvent, add_stream_route
from senter.components.api.live_events import LiveEvents
from senter.components.api.problems import problem_of
from senter.components.api.route_group import route_group
from senter.components.api.settings import ApiSettings
from senter.errors import SenterError
from senter.messages.activity import ActivityLogged
from senter.messages.envelope import current
from senter.messages.goals import ENDED, GetGoal, GoalId, GoalNumber, GoalReply, TaskFinished
from senter.messages.message import Message, MessageId, new_message_id


class Concerns:
    """Tells what is about one goal. Some of its activities name only the request that all of them share."""

    def __init__(self, goal_id: GoalId) -> None:
        self._goal_id = goal_id
        self._request: MessageId | None = None

    def __call__(self, message: Message) -> bool:
        if not isinstance(message, TaskFinished | ActivityLogged):
            return False
        named = message.goal_id if isinstance(message, TaskFinished) else message.details.get("goal_id")
        if named == self._goal_id:
            self._request = current().correlation_id
            return True
        return named is None and self._request is not None and current().correlation_id == self._request


class GoalProgress:
    """Reads the goal again after each of its events, and now and then for what no event tells."""

    def __init__(self, asker: Asker, live_events: LiveEvents, settings: ApiSettings) -> None:
        self._asker = asker
        self._live_events = live_events
        self._settings = settings

    def router(self) -> APIRouter:
        router = route_group("task_engine")
        add_stream_route(
            router, "/api/goals/{goal_id}/events", self.stream, "A goal's progress until it ends, as server-sent events"
        )
        return router

    async def stream(self, goal_id: Annotated[GoalNumber, Path(description="The goal's number.")]) -> Response:
        """Raises `NotFound`, and `Busy` when too many are watching."""
        channel = self._live_events.watch(Concerns(goal_id))
        try:
            goal = await self._goal(goal_id)
        except BaseException:
            self._live_events.forget(channel)
            raise
        return EventStream(self._events(channel, goal), lambda: self._live_events.forget(channel))

    async def _events(self, channel: EventQueue, goal: GoalReply) -> AsyncIterator[bytes]:
        yield _shown(goal)
        if goal.goal.status in ENDED:
            return
        async for line in channel.encoded(self._settings.goal_refresh_seconds):
            if line is not KEEP_ALIVE:
                yield line
            try:
                now = await self._goal(goal.goal.id)
            except SenterError as error:
                yield StreamEvent("error", problem_of(error, new_message_id()).model_dump_json()).encode()
                return
            yield _shown(now) if now != goal else KEEP_ALIVE
            goal = now
            if goal.goal.status in ENDED:
                return

    async def _goal(self, goal_id: GoalId) -> GoalReply:
        return await self._asker.ask(GetGoal(goal_id=goal_id))


def _shown(goal: GoalReply) -> bytes:
    return StreamEvent("goal", goal.model_dump_json()).encode()
