"""GET /api/turns/{turn_id}/events: an answer while it is made, for readers who may come and go."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from senter.components.api.answer_feed import AnswerFeed
from senter.components.api.channel import EventStream, StreamEvent, add_stream_route
from senter.components.api.place import BEGINNING, Place
from senter.components.api.problems import problem_of
from senter.components.api.query_caller import QueryCaller
from senter.components.api.requests import LastEventId, request_id_of, unless_gone
from senter.components.api.route_group import route_group
from senter.components.api.settings import ApiSettings
from senter.errors import DeadlineExceeded, SenterError, Stopping
from senter.messages.fields import Id
from senter.messages.query import QueryId
from senter.messages.turns import TurnReply

TurnPath = Annotated[Id, Path(description="The turn's whole id.")]


class TurnEvents:
    def __init__(self, caller: QueryCaller, settings: ApiSettings) -> None:
        self._caller = caller
        self._settings = settings

    def router(self) -> APIRouter:
        router = route_group("assistant")
        add_stream_route(
            router, "/api/turns/{turn_id}/events", self.stream, "A turn's answer until it ends, as server-sent events"
        )
        return router

    async def stream(self, turn_id: TurnPath, request: Request, last_event_id: LastEventId = "") -> Response:
        """Raises `NotFound`, `Busy` when too many are waiting, and what keeps the assistant from being asked."""
        feed = AnswerFeed(Place.parse(last_event_id) if last_event_id else BEGINNING)
        followed = self._caller.follow(QueryId(turn_id), feed)
        followed.add_done_callback(feed.end)
        try:
            await unless_gone(request, asyncio.create_task(feed.joined.wait()))
            if followed.done():
                followed.result()
        except BaseException:
            followed.cancel()
            raise
        request_id = request_id_of(request)
        lines = feed.encoded(self._settings.stream_comment_seconds, lambda: _last_events(followed, request_id))
        return EventStream(lines, followed.cancel)


def _last_events(followed: asyncio.Task[TurnReply], request_id: str) -> list[StreamEvent]:
    """How the turn ended, or why it cannot be followed; nothing where the reader should come again."""
    try:
        turn = followed.result()
    except (Stopping, DeadlineExceeded):
        return []
    except SenterError as error:
        return [StreamEvent("error", problem_of(error, request_id).model_dump_json())]
    try:
        return [StreamEvent("answer", turn.answer().model_dump_json(by_alias=True))]
    except SenterError as failure:
        return [StreamEvent("failed", problem_of(failure, request_id).model_dump_json())]
