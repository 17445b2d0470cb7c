"""POST /api/query: a question, its progress, its answer."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic import Field

from senter.components.api.answer_feed import AnswerFeed
from senter.components.api.bodies import Body
from senter.components.api.channel import STREAM_RESPONSE, EventStream, StreamEvent
from senter.components.api.problems import problem_of
from senter.components.api.query_caller import QueryCaller
from senter.components.api.requests import request_id_of, unless_gone
from senter.components.api.route_group import route_group
from senter.components.api.settings import ApiSettings
from senter.errors import SenterError
from senter.messages.fields import Id
from senter.messages.message import new_message_id
from senter.messages.query import GENERAL_FOCUS, ConversationId, Focus, QueryAnswer, QueryId, QuestionText, UserQuery

EVENT_STREAM = "text/event-stream"


class QueryBody(Body):
    """A question."""

    text: QuestionText
    conversation_id: Id | None = Field(default=None, description="The conversation to go on with; null begins one.")
    request_id: Id | None = Field(
        default=None, description="The same id is never answered twice; asking again returns the same answer."
    )
    focus: Focus = GENERAL_FOCUS
    stream: bool = Field(
        default=False, strict=True, description="Answer with server-sent events, as Accept: text/event-stream does."
    )


class QueryRoutes:
    def __init__(self, caller: QueryCaller, settings: ApiSettings) -> None:
        self._caller = caller
        self._settings = settings

    def router(self) -> APIRouter:
        router = route_group("query")
        router.add_api_route(
            "/api/query",
            self.ask,
            methods=["POST"],
            summary="Ask a question",
            response_model=QueryAnswer,
            responses={200: STREAM_RESPONSE},
        )
        return router

    async def ask(self, body: QueryBody, request: Request) -> Response:
        query = UserQuery(
            query_id=QueryId(body.request_id or new_message_id()),
            text=body.text,
            conversation_id=ConversationId(body.conversation_id) if body.conversation_id else None,
            focus=body.focus,
        )
        if body.stream or EVENT_STREAM in request.headers.get("accept", ""):
            return self._stream(query, request_id_of(request))
        answer = await unless_gone(request, self._caller.start(query))
        return Response(answer.model_dump_json(by_alias=True), media_type="application/json")

    def _stream(self, query: UserQuery, request_id: str) -> EventStream:
        feed = AnswerFeed()
        feed.join(0, "")
        asked = self._caller.start(query, feed.take)
        asked.add_done_callback(feed.end)
        lines = feed.encoded(self._settings.stream_comment_seconds, lambda: [last_event(asked, request_id)])
        return EventStream(lines, asked.cancel)


def last_event(asked: asyncio.Task[QueryAnswer], request_id: str) -> StreamEvent:
    """The answer, or what became of it. The task is done."""
    try:
        return StreamEvent("answer", asked.result().model_dump_json(by_alias=True))
    except SenterError as error:
        return StreamEvent("error", problem_of(error, request_id).model_dump_json())
