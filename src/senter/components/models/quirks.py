"""What a server does not take as the chat API has it, found out by its refusals, and what is sent to it instead.

A quirk is the name of a parameter that must be left out, or of something else below. What is left out is renamed,
folded into the messages, done on our side, or, where the asker wanted it and nobody else can do it, an error that
names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, starmap
from typing import Final

from pydantic import JsonValue

from senter.components.models.chunks import STOP
from senter.components.models.held import StopWords
from senter.components.models.json_values import as_object
from senter.components.models.refusals import EndpointFault
from senter.components.models.told_schema import checked_json, is_json, telling_schema
from senter.components.models.tools_by_schema import call_in, offering_by_schema
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ParameterRefused
from senter.messages.model import LENGTH, ChatMessage

Quirks = frozenset[str]

NONE: Final[Quirks] = frozenset()
TOOLS: Final = "tools"
"""Tools are offered by a schema of the answer."""
RESPONSE_FORMAT: Final = "response_format"
"""The model is told the schema of its answer; the server is asked for some JSON object."""
JSON_OBJECT: Final = "json_object"
"""Nor can it be asked for that."""
MAX_TOKENS: Final = "max_tokens"
"""It is called max_completion_tokens."""
MAX_COMPLETION_TOKENS: Final = "max_completion_tokens"
"""The length of the answer is kept on our side."""
SYSTEM: Final = "system"
"""A system message is told as part of the first question."""
ALTERNATION: Final = "alternation"
"""Messages of one role that follow each other are told as one."""
THINKS: Final = "thinks"
"""It needs more tokens than those of its answer."""
THINKS_ALOUD: Final = "thinks_aloud"
"""Text before the tag that ends its thoughts is thought; nothing opens them."""

TEMPERATURE: Final = "temperature"
STREAM: Final = "stream"
# What nobody on our side can do for a server that refuses it.
ONLY_THERE = ("top_p", "seed", "frequency_penalty", "presence_penalty", "logprobs")

# How refusals name things; the first that is named is what is refused.
_NAMES: dict[str, str] = {
    MAX_COMPLETION_TOKENS: r"\bmax_completion_tokens\b",
    MAX_TOKENS: r"\bmax_tokens\b",
    TEMPERATURE: r"\btemperature\b",
    "stream_options": r"\bstream_options\b|\binclude_usage\b",
    STREAM: r"\bstream(?:ing)?\b",
    RESPONSE_FORMAT: r"response.?format|json.?schema|structured.?outputs?|json.?(?:mode|object)|\bguided\b|\bgrammar\b",
    "parallel_tool_calls": r"\bparallel_tool_calls\b|parallel (?:tool|function) call",
    TOOLS: r"\btools?\b|\btool.?(?:use|call|choice)|\bfunctions?\b|function.?call",
    "stop": r"\bstop\b",
    "top_p": r"\btop_p\b",
    "seed": r"\bseed\b",
    "frequency_penalty": r"\bfrequency_penalty\b",
    "presence_penalty": r"\bpresence_penalty\b",
    "logprobs": r"\b(?:top_)?logprobs\b",
    ALTERNATION: r"\balternat|\bconsecutive\b",
    SYSTEM: r"\bsystem.{0,12}(?:role|messages?|prompts?|instructions?)|\brole.{0,30}\bsystem\b|developer instruction"
    r"|\bonly.{0,20}user.{0,20}assistant|\balternat",
}
_PATTERNS = {quirk: re.compile(words, re.IGNORECASE | re.DOTALL) for quirk, words in _NAMES.items()}
_REFUSES = re.compile(
    r"unsupported|not.{0,12}support|n't support|not permitted|not allowed|unknown|unrecogni[sz]ed|unexpected|\bextra\b"
    r"|invalid|not available|unavailable|not enabled|requires?\b|deprecated|no longer|\bmust\b|cannot|can't|\bonly\b"
    r"|disabled|not implemented|not recogni[sz]ed|no endpoints|not (?:a )?valid|incompatible|forbidden",
    re.IGNORECASE | re.DOTALL,
)
# A value of this one request was refused, not the parameter.
_OF_VALUE = re.compile(
    r"invalid (?:json )?schema|invalid_function|too (?:large|high|big|low|small)|\brange\b|(?:less|greater) than",
    re.IGNORECASE,
)
NOT_ABOUT_PARAMETERS = frozenset({401, 402, 403, 408, 413, 429})


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
        if merged and _same_voice(merged[-1], message):
            message = message.model_copy(update={"content": f"{merged.pop().content}\n\n{message.content}"})
        merged.append(message)
    return tuple(merged)


def _same_voice(one: ChatMessage, other: ChatMessage) -> bool:
    return one.role == other.role != "tool" and not one.tool_calls and not other.tool_calls


@dataclass(frozen=True, slots=True)
class QuirkFound:
    """A quirk that a server's refusal tells of."""

    quirk: str
    lasting: bool
    """Whether it holds for later requests, too; else only a value of this one was refused."""


def quirk_in(fault: EndpointFault, status: int, sent: Adapted) -> QuirkFound | None:
    """What a refusal says that must not be sent; none where it is about something else."""
    if status in NOT_ABOUT_PARAMETERS or fault.prompt_too_long:
        return None
    if fault.answer_too_long:
        return QuirkFound(MAX_COMPLETION_TOKENS, lasting=False)
    quirk = _first_named(fault.parameter, sent)
    if quirk is None and _REFUSES.search(fault.message):
        quirk = _first_named(fault.message, sent)
    if quirk is None:
        return None
    nested = quirk in (TOOLS, RESPONSE_FORMAT, JSON_OBJECT) and not fault.parameter.isidentifier()
    of_value = bool(_OF_VALUE.search(fault.message)) or (nested and bool(fault.parameter))
    return QuirkFound(quirk, lasting=not of_value)


def quirk_of(answer: ChatAnswer, sent: Adapted, call: ChatRequest) -> QuirkFound | None:
    """What an answer shows that its server did not heed, so that it must be done on our side."""
    whole = answer.finish_reason != LENGTH
    if (
        answer.thought
        and not whole
        and not answer.text
        and sent.call.max_tokens < call.max_tokens + call.thinking_tokens
    ):
        return QuirkFound(THINKS, lasting=True)
    if TOOLS in sent.body and call.must_call and whole and not answer.calls:
        return QuirkFound(TOOLS, lasting=True)
    held_to = as_object(sent.body.get(RESPONSE_FORMAT)).get("type") == "json_schema"
    if held_to and whole and answer.text and not answer.calls and not is_json(answer.text):
        return QuirkFound(RESPONSE_FORMAT, lasting=True)
    return None


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


def _first_named(text: str, sent: Adapted) -> str | None:
    named = [(found.start(), quirk) for quirk, words in _PATTERNS.items() if (found := words.search(text))]
    here = [(place, quirk) for place, quirk in named if _sent(quirk, sent)]
    quirk = min(here, key=lambda one: one[0])[1] if here else None
    if quirk == RESPONSE_FORMAT and sent.body[RESPONSE_FORMAT] == {"type": "json_object"}:
        return JSON_OBJECT
    return quirk


def _sent(quirk: str, sent: Adapted) -> bool:
    messages = sent.call.messages
    if quirk == SYSTEM:
        return any(message.role == "system" for message in messages)
    if quirk == ALTERNATION:
        return any(starmap(_same_voice, pairwise(messages)))
    if quirk == TOOLS:
        return TOOLS in sent.body or any(message.role == "tool" or message.tool_calls for message in messages)
    return quirk in sent.body
