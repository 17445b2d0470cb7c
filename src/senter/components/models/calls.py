"""A request as the call of a chat API that it comes to, and what became of the call as the response. Pure."""

from __future__ import annotations

from datetime import datetime

from senter.components.models.chain import Answered
from senter.components.models.prompt import with_moment, with_system_prompt
from senter.components.models.settings import ModelSettings
from senter.components.models.wire import ChatRequest
from senter.errors import NotCapable
from senter.messages.model import ANSWER_TOKENS, DECLINED, AnswerOptions, ModelRequest, ModelResponse

THINKING_TOKENS = 4_000
"""What a model may think besides its answer, where the asker leaves the length of that to the worker."""


def call_for(request: ModelRequest, settings: ModelSettings, now: datetime) -> ChatRequest:
    """`now` is in the person's zone."""
    messages = tuple(request.messages)
    if request.use_system_prompt:
        messages = with_moment(with_system_prompt(settings.system_prompt, messages), now)
    return ChatRequest(
        messages=messages,
        max_tokens=min(request.max_tokens or ANSWER_TOKENS[request.priority], settings.max_tokens),
        temperature=settings.temperature if request.temperature is None else request.temperature,
        schema=request.response_schema,
        least=request.least,
        options=request.options,
        thinking_tokens=THINKING_TOKENS if request.max_tokens is None else 0,
        may_end_early=settings.person_waits and _leaves_length_open(request),
    )


def _leaves_length_open(request: ModelRequest) -> bool:
    return request.max_tokens is None and request.response_schema is None and request.options == AnswerOptions()


def declined(error: NotCapable) -> ModelResponse:
    """An answer, not an error: not being capable is no failure, and the asker goes on without."""
    return ModelResponse(
        text="",
        model="",
        endpoint="",
        prompt_tokens=0,
        completion_tokens=0,
        finish_reason=DECLINED,
        degraded=bool(error.why),
        degraded_reason=error.why,
    )


def response_to(request: ModelRequest, answered: Answered, lesser: str) -> ModelResponse:
    """`lesser` says why a lesser model answered, where it was not the chain that went on to one."""
    completion = answered.completion
    reason = " ".join(filter(None, (answered.degraded_reason or lesser, completion.shortened)))
    return ModelResponse(
        text=completion.text,
        model=answered.model,
        endpoint=answered.link.kind,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        finish_reason=completion.finish_reason,
        tool_calls=completion.calls,
        logprobs=completion.logprobs,
        left_out=() if request.temperature is None else completion.left_out,
        capability=answered.link.capability,
        degraded=bool(reason),
        degraded_reason=reason,
    )
