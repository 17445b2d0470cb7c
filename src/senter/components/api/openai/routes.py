"""The routes of /v1: what is asked goes to the assistant or to a model, and what comes is put as its clients read it.

Nothing of a chat is kept: the caller sends all of it each time.
"""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from senter.clock import Clock
from senter.components.api.channel import STREAM_RESPONSE
from senter.components.api.in_flight import InFlight
from senter.components.api.openai.answers import ChatCompletion, ModelCard, ModelCards, TextCompletion
from senter.components.api.openai.chat_body import ChatBody
from senter.components.api.openai.chat_caller import MODELS, ChatCaller, OnPiece
from senter.components.api.openai.chunks import ChatChunks, TextChunks
from senter.components.api.openai.completion_body import CompletionBody
from senter.components.api.openai.failures import OpenAIFailure
from senter.components.api.openai.response_events import ResponseEvents
from senter.components.api.openai.responses_answers import InputAnswer
from senter.components.api.openai.responses_body import ResponsesBody
from senter.components.api.openai.streams import StreamFormat, Work, answer_stream
from senter.components.api.requests import unless_gone
from senter.components.api.route_group import Responses, route_group
from senter.components.api.settings import ApiSettings
from senter.errors import ModelNotFound, NotFound, PromptTooLong
from senter.messages.model import ModelRequest, ModelResponse

ModelPath = Annotated[str, Path(max_length=200, description="The model's name.")]


class OpenAIRoutes:
    def __init__(self, caller: ChatCaller, settings: ApiSettings, clock: Clock, in_flight: InFlight) -> None:
        self._caller = caller
        self._settings = settings
        self._clock = clock
        self._in_flight = in_flight
        self._started = self._now()

    def router(self) -> APIRouter:
        failures: Responses = {"default": {"model": OpenAIFailure, "description": "What went wrong."}}
        router = route_group("openai", "/v1", failures)
        posts = (
            ("/chat/completions", self.complete_chat, ChatCompletion, "Go on with a chat"),
            ("/completions", self.complete_text, TextCompletion, "Go on from a prompt"),
            ("/responses", self.respond, InputAnswer, "Answer an input"),
        )
        for path, route, answer, summary in posts:
            router.add_api_route(
                path,
                route,
                methods=["POST"],
                summary=summary,
                response_model=answer,
                responses={200: STREAM_RESPONSE},
            )
        router.add_api_route("/embeddings", embed, methods=["POST"], summary="Refused: there is no embedder yet")
        router.add_api_route("/models", self.list, summary="The names a chat may ask for")
        router.add_api_route("/models/{model}", self.get, summary="One of them")
        return router

    async def complete_chat(self, body: ChatBody, request: Request) -> Response:
        completion_id, work = self._begin("chatcmpl-", body.model, body.to_request(), "messages")
        if body.stream:
            return self._stream(ChatChunks(completion_id, self._now(), body.model, body.wants_usage), work)
        found = await self._whole(request, work)
        return _json(ChatCompletion.of(found, completion_id, self._now()))

    async def complete_text(self, body: CompletionBody, request: Request) -> Response:
        completion_id, work = self._begin("cmpl-", body.model, body.to_request(), "prompt")
        if body.stream:
            return self._stream(TextChunks(completion_id, self._now(), body.model, body.wants_usage), work)
        found = await self._whole(request, work)
        return _json(TextCompletion.of(found, completion_id, self._now()))

    async def respond(self, body: ResponsesBody, request: Request) -> Response:
        response_id, work = self._begin("resp_", body.model, body.to_request(), "input")
        begun = InputAnswer.begun(body, response_id, self._now())
        if body.stream:
            return self._stream(ResponseEvents(begun), work)
        return _json(begun.ended(await self._whole(request, work)))

    async def list(self) -> ModelCards:
        return ModelCards(data=[ModelCard(id=name, created=self._started) for name in MODELS])

    async def get(self, model: ModelPath) -> ModelCard:
        check_model(model)
        return ModelCard(id=model, created=self._started)

    def _begin(self, prefix: str, model: str, asked: ModelRequest, said: str) -> tuple[str, Work]:
        """What the answer is called, and what is to be done for it. `said` is the parameter that may be too long."""
        check_model(model)
        answer_id = f"{prefix}{uuid4().hex}"

        async def work(on_delta: OnPiece | None) -> ModelResponse:
            try:
                return await self._caller.ask(model, asked, answer_id, on_delta)
            except PromptTooLong as error:
                error.parameter = said
                raise

        return answer_id, work

    def _stream(self, form: StreamFormat, work: Work) -> Response:
        return answer_stream(form, work, self._settings, self._in_flight)

    async def _whole(self, request: Request, work: Work) -> ModelResponse:
        return await unless_gone(request, self._in_flight.start(work(None)))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


async def embed() -> None:
    """Where an embedder will answer."""
    raise NotFound("Senter cannot make embeddings yet.", "Ask a server that has a model for them.")


def check_model(model: str) -> None:
    if model not in MODELS:
        raise ModelNotFound(MODELS)


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
