"""What a server's refusals, and its answers, tell of its quirks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, starmap

from senter.components.models.adapting import Adapted, same_voice
from senter.components.models.json_values import as_object
from senter.components.models.quirks import (
    ALTERNATION,
    JSON_OBJECT,
    MAX_COMPLETION_TOKENS,
    MAX_TOKENS,
    RESPONSE_FORMAT,
    STREAM,
    SYSTEM,
    TEMPERATURE,
    THINKS,
    TOOLS,
)
from senter.components.models.refusals import EndpointFault
from senter.components.models.told_schema import is_json
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.messages.model import CONTENT_FILTER, LENGTH

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
# A server that fails says many a word.
_REFUSES_PLAINLY = re.compile(
    r"unsupported|not.{0,12}support|n't support|requires\b|must alternate|\bonly.{0,20}user"
    r"|not (?:enabled|implemented)",
    re.IGNORECASE | re.DOTALL,
)
# A value of this one request was refused, not the parameter.
_OF_VALUE = re.compile(
    r"invalid (?:json )?schema|invalid_function|too (?:large|high|big|low|small)|\brange\b|(?:less|greater) than",
    re.IGNORECASE,
)
NOT_ABOUT_PARAMETERS = frozenset({401, 402, 403, 408, 413, 429})


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
    refuses = _REFUSES if 400 <= status < 500 else _REFUSES_PLAINLY
    if quirk is None and refuses.search(fault.message):
        quirk = _first_named(fault.message, sent)
    if quirk is None:
        return None
    nested = quirk in (TOOLS, RESPONSE_FORMAT, JSON_OBJECT) and not fault.parameter.isidentifier()
    of_value = bool(_OF_VALUE.search(fault.message)) or (nested and bool(fault.parameter))
    return QuirkFound(quirk, lasting=not of_value)


def quirk_of(answer: ChatAnswer, sent: Adapted, call: ChatRequest) -> QuirkFound | None:
    """What an answer shows that its server did not heed, so that it must be done on our side."""
    may_think_longer = sent.call.max_tokens < call.max_tokens + call.thinking_tokens
    if answer.thought and answer.finish_reason == LENGTH and not answer.text and may_think_longer:
        return QuirkFound(THINKS, lasting=True)
    whole = answer.finish_reason not in (LENGTH, CONTENT_FILTER)
    if TOOLS in sent.body and call.must_call and whole and not answer.calls:
        return QuirkFound(TOOLS, lasting=True)
    held_to = as_object(sent.body.get(RESPONSE_FORMAT)).get("type") == "json_schema"
    if held_to and whole and answer.text and not answer.calls and not is_json(answer.text):
        return QuirkFound(RESPONSE_FORMAT, lasting=True)
    return None


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
        return any(starmap(same_voice, pairwise(messages)))
    if quirk == TOOLS:
        return TOOLS in sent.body or any(message.role == "tool" or message.tool_calls for message in messages)
    return quirk in sent.body
