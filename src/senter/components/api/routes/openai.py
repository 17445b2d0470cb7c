"""/v1: the part of the OpenAI API that lets any of its clients talk to Senter's models.

It asks a model worker directly: no conversation is kept and no assistant is in between.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response

from senter.clock import Clock
from senter.component.models import ModelClient, OnDelta
from senter.components.api.channel import STREAM_RESPONSE
from senter.components.api.chat_stream import ChatStream
from senter.components.api.in_flight import InFlight
from senter.components.api.openai_bodies import (
    GROUPS,
    ChatBody,
    ChatChoice,
    ChatCompletion,
    ChatReply,
    ModelCard,
    ModelCards,
    OpenAIFailure,
    TokenUsage,
)
from senter.components.api.requests import unless_gone
from senter.components.api.settings import ApiSettings
from senter.errors import NotFound
from senter.messages.envelope import continuing
from senter.messages.model import ModelResponse

ModelPath = Annotated[str, Path(max_length=200, description="The model's name.")]


class OpenAIRoutes:
    def __init__(self, models: ModelClient, settings: ApiSettings, clock: Clock, in_flight: InFlight) -> None:
        self._models = models
        self._settings = settings
        self._clock = clock
        self._in_flight = in_flight
        self._started = int(clock.now().timestamp())

    def router(self) -> APIRouter:
        router = APIRouter(
            prefix="/v1",
            tags=["openai"],
            responses={"default": {"model": OpenAIFailure, "description": "What went wrong."}},
        )
        router.add_api_route(
            "/chat/completions",
            self.complete,
            methods=["POST"],
            summary="Go on with a chat",
            response_model=ChatCompletion,
            responses={200: STREAM_RESPONSE},
        )
        router.add_api_route("/models", self.list, summary="The names a chat may ask for")
        router.add_api_route("/models/{model}", self.get, summary="One of them")
        return router

    async def complete(self, body: ChatBody, request: Request) -> Response:
        group = group_of(body.model)
        completion_id = f"chatcmpl-{uuid4().hex}"
        asked = body.to_request(group)

        def work(on_delta: OnDelta | None = None) -> Coroutine[Any, Any, ModelResponse]:
            seconds = self._settings.query_timeout_seconds
            return self._models.ask(asked, group, timeout_seconds=seconds, on_delta=on_delta)

        with continuing(completion_id):
            if body.stream:
                stream = ChatStream(completion_id, self._now(), body.model, usage=body.wants_usage)
                return stream.respond(self._settings, self._in_flight, work)
            found = await unless_gone(request, self._in_flight.start(work()))
        completion = ChatCompletion(
            id=completion_id,
            created=self._now(),
            model=found.model,
            choices=[ChatChoice(message=ChatReply(content=found.text), finish_reason=found.finish_reason)],
            usage=TokenUsage.of(found),
        )
        return Response(completion.model_dump_json(), media_type="application/json")

    async def list(self) -> ModelCards:
        return ModelCards(data=[ModelCard(id=name, created=self._started) for name in GROUPS])

    async def get(self, model: ModelPath) -> ModelCard:
        group_of(model)
        return ModelCard(id=model, created=self._started)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def group_of(model: str) -> str:
    """The workers behind a model's name."""
    group = GROUPS.get(model)
    if group is None:
        raise NotFound("There is no such model.", f"Ask for one of: {', '.join(GROUPS)}.")
    return group
