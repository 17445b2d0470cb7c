"""JSON of a wanted shape from a server that cannot hold a model to a schema: the model is told, its answer checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from pydantic import JsonValue

from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import UnusableAnswer
from senter.messages.model import LENGTH, ChatMessage

_DECODER = json.JSONDecoder()
MOST_TRIES = 100


def telling_schema(call: ChatRequest) -> ChatRequest:
    """The request with the schema in the words of its system message."""
    told = f"Answer with JSON and nothing else. It must fit this JSON schema:\n{json.dumps(call.schema)}"
    return replace(call, messages=with_instructions(call.messages, told))


def with_instructions(messages: tuple[ChatMessage, ...], told: str) -> tuple[ChatMessage, ...]:
    """Added at the end of the system message, so that what stands before it stays as it is."""
    if messages and messages[0].role == "system":
        first = messages[0]
        return (first.model_copy(update={"content": f"{first.content}\n\n{told}"}), *messages[1:])
    return (ChatMessage(role="system", content=told), *messages)


def checked_json(answer: ChatAnswer, schema: dict[str, JsonValue], title: str) -> ChatAnswer:
    """The JSON in the answer, without the words around it. Raises `UnusableAnswer` where none fits the schema."""
    if answer.calls or answer.finish_reason == LENGTH:
        return answer
    for text, value in values_in(answer.text):
        if _fits(value, schema):
            return replace(answer, text=text)
    raise UnusableAnswer(f"{title} did not answer with the JSON it was asked for.")


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def values_in(text: str) -> Iterator[tuple[str, JsonValue]]:
    """The whole text, then whatever begins with a brace or bracket, as far as it is JSON, from left to right."""
    if is_json(text):
        yield text, json.loads(text)
    for place in [place for place, letter in enumerate(text) if letter in "{["][:MOST_TRIES]:
        try:
            value, ends = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            continue
        yield text[place:ends], value


def _fits(value: JsonValue, schema: dict[str, JsonValue]) -> bool:
    """A schema that cannot be used holds nobody to anything. References are never fetched."""
    from jsonschema import Draft202012Validator, SchemaError  # costs 60 ms; few servers need it
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, registry=Registry())
        return validator.is_valid(value)  # pyright: ignore[reportUnknownMemberType]  (its types are partly unknown)
    except (SchemaError, Unresolvable, RecursionError):
        return True
