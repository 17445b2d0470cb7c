"""Builds what the model is asked: the question, and as much of what was said before as fits. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from senter.component.tokens import estimate_tokens, fitting_beginning
from senter.components.assistant.ask_model import ToolRound
from senter.errors import InvalidInput
from senter.messages.model import ChatMessage, ModelRequest

# What a chat template puts around each message, and what the worker's own system prompt takes.
TOKENS_PER_MESSAGE = 8
SYSTEM_PROMPT_TOKENS = 160


@dataclass(frozen=True, slots=True)
class PastExchange:
    """An earlier question with its answer."""

    question: str
    answer: str

    def messages(self) -> tuple[ChatMessage, ChatMessage]:
        return ChatMessage(role="user", content=self.question), ChatMessage(role="assistant", content=self.answer)


def build_prompt(
    question: str, newest_first: Iterable[PastExchange], budget_tokens: int, context: str = ""
) -> list[ChatMessage]:
    """The question last, before it the newest exchanges that fit, whole and without a gap, in order; the context first,
    where it fits.

    The question is always there; see `check_fits` and `cut_question` for one that is too long.
    """
    left = room_for_question(budget_tokens) - estimate_tokens(question, enough=budget_tokens)
    if left < (context_tokens := estimate_tokens(context)):
        context, context_tokens = "", 0
    left -= context_tokens
    kept: list[PastExchange] = []
    for exchange in newest_first:
        left -= _cost(exchange.question, left) + _cost(exchange.answer, left)
        if left < 0:
            break
        kept.append(exchange)
    earlier = [message for exchange in reversed(kept) for message in exchange.messages()]
    first = [ChatMessage(role="system", content=context)] if context else []
    return [*first, *earlier, ChatMessage(role="user", content=question)]


def with_tools(request: ModelRequest, tool_round: ToolRound) -> ModelRequest:
    """What is told of tools joins the system message, before what changes more often; what was called comes last."""
    first, rest = request.messages[0], request.messages
    told = tool_round.told
    if first.role == "system":
        told, rest = f"{told}\n\n{first.content}", rest[1:]
    messages = [ChatMessage(role="system", content=told), *rest, *tool_round.exchanges]
    return request.model_copy(update={"messages": messages, "options": tool_round.options(request.options)})


def prompt_tokens(messages: Iterable[ChatMessage]) -> int:
    """What the prompt takes, the worker's system prompt included."""
    return SYSTEM_PROMPT_TOKENS + sum(_cost(message.content) for message in messages)


def room_for_question(budget_tokens: int) -> int:
    """Tokens that the text of a question may have when nothing was said before."""
    return budget_tokens - SYSTEM_PROMPT_TOKENS - TOKENS_PER_MESSAGE


def check_fits(question: str, budget_tokens: int) -> None:
    """Raises `InvalidInput` for a question that would have to be cut."""
    cut = cut_question(question, budget_tokens)
    if cut != question:
        raise InvalidInput(
            f"The question is too long for the model: {len(question):,} characters, and a prompt has "
            f"room for about {len(cut):,} of them.",
            "Ask about a shorter text, or raise assistant.prompt_tokens for a model with a larger window.",
        )


def cut_question(question: str, budget_tokens: int) -> str:
    """The question, or as much of its beginning as fits."""
    return fitting_beginning(question, room_for_question(budget_tokens))


def _cost(text: str, enough: float = float("inf")) -> int:
    return TOKENS_PER_MESSAGE + estimate_tokens(text, enough=enough)
