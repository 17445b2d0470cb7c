"""What failures of an endpoint are called, and which of them another try may mend."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from socket import gaierror

import httpx2

from senter.clock import utc_now
from senter.components.models.chunks import TOOL_CALLS
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ModelError, ModelRefused, ModelUnavailable, PromptTooLong, UnusableAnswer
from senter.messages.model import CONTENT_FILTER, LENGTH

RETRYABLE_STATUSES = frozenset({429, 500, 502, 503, 504})
# What waiting does not mend.
OF_MONEY = re.compile(r"\bquota\b|billing|\bcredits?\b|\bbalance\b|payment", re.IGNORECASE)


def error_of(title: str, *, status: int, said: str, model: str, prompt_too_long: bool, retry_after: str) -> ModelError:
    """The error for an answer with an HTTP status other than 200; `said` may be empty."""
    if prompt_too_long or status == 413:
        return PromptTooLong(title, said)
    told = f" ({status}): {said}." if said else f" ({status})."
    if status in (402, 429) and OF_MONEY.search(said) and not (retry_after or "retry" in said):
        return ModelRefused(f"{title} refuses to go on{told}", "See to your account there, or use another model.")
    if status in RETRYABLE_STATUSES:
        what = "is overloaded" if status == 429 else "failed"
        return ModelUnavailable(
            f"{title} {what}{told}", retryable=True, retry_after_seconds=_seconds_until(retry_after)
        )
    if status in (401, 403):
        return ModelRefused(f"{title} does not accept the key{told}", "Set api_key in the model's settings.")
    if status == 404:
        what = f"know the model {model!r}" if model else "list its models"
        hint = "Check url and name in the model's settings."
        return ModelRefused(f"{title} does not {what}, or its address is wrong{told}", hint)
    if 300 <= status < 400:
        return ModelRefused(f"{title} has moved ({status}).", "Set url to where it is now.")
    return ModelRefused(f"{title} refuses the request ({status}): {said or 'without saying why'}.")


def nothing_said(title: str, answer: ChatAnswer, call: ChatRequest) -> UnusableAnswer:
    """The error for an answer without a word."""
    spent = answer.finish_reason == LENGTH
    if answer.finish_reason == CONTENT_FILTER:
        return UnusableAnswer(f"{title} gave no answer: its content filter stopped it.", "Ask in other words.")
    if answer.thought and spent:
        return UnusableAnswer(
            f"{title} spent all of its {call.max_tokens} tokens on thinking.",
            "Turn its thinking off, use another model, or ask for a longer answer.",
        )
    if answer.thought:
        return UnusableAnswer(f"{title} thought about it, but gave no answer.", "Ask again.")
    if spent:
        return UnusableAnswer(
            f"{title} spent all of its {call.max_tokens} tokens without a word.", "Ask for a longer answer."
        )
    if answer.finish_reason == TOOL_CALLS:
        return UnusableAnswer(f"{title} called a tool that it was not offered, and said nothing.", "Ask again.")
    return UnusableAnswer(f"{title} gave an empty answer.", "Ask again, or ask another model.")


def unreachable(
    title: str, error: httpx2.RequestError | httpx2.InvalidURL, *, connect_seconds: float
) -> ModelUnavailable:
    """The error for a connection that failed or broke."""
    if isinstance(error, httpx2.ConnectTimeout):
        return ModelUnavailable(f"{title} did not accept a connection within {connect_seconds:g} s.")
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
        return _not_connected(title, error)
    if isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError):
        return ModelUnavailable(f"{title} closed the connection before its answer was complete.", retryable=True)
    return ModelUnavailable(f"{title} cannot be used: {type(error).__name__}.")


def _not_connected(title: str, error: BaseException) -> ModelUnavailable:
    causes = list(_causes(error))
    if any(isinstance(cause, gaierror) for cause in causes):
        return ModelUnavailable(f"{title} cannot be found: its host name is not known.", "Check url, and the network.")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return ModelUnavailable(f"{title} has no certificate that this machine trusts.", "Check url, and the clock.")
    return ModelUnavailable(f"{title} accepts no connections.", "Check that it runs.", retryable=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    pending, seen = [error], set[int]()
    while pending:
        found = pending.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            pending.extend(found.exceptions)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        pending.extend(cause for cause in (found.__cause__, found.__context__) if cause)


def _seconds_until(retry_after: str) -> float | None:
    """What a Retry-After header asks for, in seconds: a number or a date."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - utc_now()).total_seconds())
