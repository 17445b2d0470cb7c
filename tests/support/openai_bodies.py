"""What tests of /v1 send and read, and how its model is told to answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, ValidationError

from senter.components.api.complaints import Complaint
from senter.components.api.openai.failures import FailureDetails, failure_for
from senter.errors import SenterError
from senter.messages.model import ModelRequest, ModelResponse, ModelToolCall
from tests.support.api_stage import Scene

CALL = ModelToolCall(id="c1", name="weather", arguments='{"place": "Oslo"}')


def refusal_of(body: type[BaseModel], given: Mapping[str, object]) -> FailureDetails | None:
    """What a caller who sends this is told, where it is refused."""
    try:
        body.model_validate(given)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        return failure_for(cast("list[Complaint]", found)).error
    return None


def choices_of(chunks: list[dict[str, object]]) -> list[dict[str, object]]:
    return [choice for chunk in chunks for choice in cast("list[dict[str, object]]", chunk["choices"])]


def chunks_of(text: str) -> list[dict[str, object]]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def deltas_of(chunks: list[dict[str, object]]) -> list[dict[str, object]]:
    return [cast("dict[str, object]", choice["delta"]) for choice in choices_of(chunks)]


def text_of(chunks: list[dict[str, object]]) -> str:
    return "".join(str(delta.get("content", "")) for delta in deltas_of(chunks))


def wants_call(scene: Scene) -> None:
    async def call(request: ModelRequest) -> ModelResponse:
        return scene.model.response().model_copy(
            update={"text": "", "tool_calls": (CALL, CALL.model_copy(update={"id": "c2"}))}
        )

    scene.model.answer = call


def fails(scene: Scene, error: SenterError) -> None:
    async def fail(request: ModelRequest) -> ModelResponse:
        raise error

    scene.model.answer = fail
