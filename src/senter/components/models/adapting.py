"""A request as a server with certain quirks takes it, and its answer in the form it was asked for.

What a server does not take is left out, renamed, folded into the messages or done on our side; what the asker wanted
and nobody else can do is an error that names it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import JsonValue

from senter.components.models.chunks import STOP
from senter.components.models.held import StopWords
from senter.components.models.quirks import (
    ALTERNATION,
    JSON_OBJECT,
    MAX_COMPLETION_TOKENS,
    MAX_TOKENS,
    ONLY_THERE,
    RESPONSE_FORMAT,
    STREAM,
    SYSTEM,
    TEMPERATURE,
    THINKS,
    TOOLS,
    Quirks,
)
from senter.components.models.told_schema import checked_json, telling_schema
from senter.components.models.tools_by_schema import call_in, offering_by_schema
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ParameterRefused
from senter.messages.model import ChatMessage


@dataclass(frozen=True, slots=True)
class Adapted:
    """A request as a server with certain quirks takes it."""

    call: ChatRequest
    body: dict[str, JsonValue]
    by_schema: bool
    """Whether a tool call would come as JSON of a schema."""
    tells_schema: bool
    """Whether the model was told the schema in words."""
    tokens: int | None
    """The longest answer without thoughts, where the server is not told it."""
    left_out: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether the answer must be whole before anything of it can be shown."""
        return self.by_schema or self.tells_schema


def adapted(call: ChatRequest, quirks: Quirks, model: str, title: str) -> Adapted:
    """Raises `ParameterRefused` where the request wants what the server is known to refuse."""
    by_schema = TOOLS in quirks and bool(call.tools)
    asked = offering_by_schema(call) if TOOLS in quirks else call
    tells_schema = RESPONSE_FORMAT in quirks and asked.schema is not None
    if tells_schema:
        asked = telling_schema(asked)
    thinks = THINKS in quirks and call.thinking_tokens > 0
    longest = call.max_tokens + call.thinking_tokens if thinks else call.max_tokens
    asked = replace(asked, messages=_told(asked.messages, quirks), max_tokens=longest)
    if by_schema or tells_schema:  # stop words are about the answer, not about the JSON it comes in
        asked = replace(asked, options=asked.options.model_copy(update={"stop": ()}))
    body = asked.body(model)
    if refused := next((name for name in ONLY_THERE if name in quirks and name in body), ""):
        raise ParameterRefused(title, refused)
    return Adapted(
        call=asked,
        body=_within(body, quirks),
        by_schema=by_schema,
        tells_schema=tells_schema,
        tokens=call.max_tokens if thinks or MAX_COMPLETION_TOKENS in quirks else None,
        left_out=(TEMPERATURE,) if TEMPERATURE in quirks else (),
    )


def _within(body: dict[str, JsonValue], quirks: Quirks) -> dict[str, JsonValue]:
    """The body without what is refused."""
    left_out = set(quirks)
    if MAX_TOKENS in quirks:
        body = {**body, MAX_COMPLETION_TOKENS: body[MAX_TOKENS]}
    if MAX_COMPLETION_TOKENS in quirks:
        left_out.add(MAX_TOKENS)
    if STREAM in quirks:
        left_out.add("stream_options")
    kept = {name: value for name, value in body.items() if name not in left_out}
    if RESPONSE_FORMAT in body and RESPONSE_FORMAT in quirks and JSON_OBJECT not in quirks:
        kept[RESPONSE_FORMAT] = {"type": "json_object"}
    return kept


def _told(messages: tuple[ChatMessage, ...], quirks: Quirks) -> tuple[ChatMessage, ...]:
    if SYSTEM in quirks:
        messages = _folded(messages)
    return _merged(messages) if ALTERNATION in quirks else messages


def _folded(messages: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
    """What the system says becomes the beginning of the first question."""
    said = "\n\n".join(message.content for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    if not said:
        return messages
    first = next((place for place, message in enumerate(others) if message.role == "user"), None)
    if first is None:
        return (ChatMessage(role="user", content=said), *others)
    others[first] = ChatMessage(role="user", content=f"{said}\n\n{others[first].content}")
    return tuple(others)


def _merged(messages: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
    merged: list[ChatMessage] = []
    for message in messages:
        if merged and same_voice(merged[-1], message):
            message = message.model_copy(update={"content": f"{merged.pop().content}\n\n{message.content}"})
        merged.append(message)
    return tuple(merged)


def same_voice(one: ChatMessage, other: ChatMessage) -> bool:
    return one.role == other.role != "tool" and not one.tool_calls and not other.tool_calls


def in_form(answer: ChatAnswer, sent: Adapted, call: ChatRequest, title: str) -> ChatAnswer:
    """The answer in the form of the chat API, where the server was asked another way. Raises `UnusableAnswer`."""
    if call.options.top_logprobs is not None and answer.text and answer.logprobs is None:
        raise ParameterRefused(title, "logprobs", "it told none")
    if sent.tells_schema and sent.call.schema is not None:
        answer = checked_json(answer, sent.call.schema, title)
    if sent.by_schema:
        answer = call_in(answer, call, title)
    if sent.whole:
        answer = _stopped(answer, call.options.stop)
    calls = answer.calls if call.tools else ()
    if call.options.parallel_tool_calls is False:
        calls = calls[:1]
    return replace(answer, calls=calls, left_out=sent.left_out)


def _stopped(answer: ChatAnswer, words: tuple[str, ...]) -> ChatAnswer:
    stops = StopWords(words)
    text = stops.feed(answer.text) + stops.finish()
    return replace(answer, text=text, finish_reason=STOP) if stops.found else answer
