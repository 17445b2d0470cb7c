"""Builds what the model is asked: the question, and as much of what was said before as fits. Pure functions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from senter.component.tokens import estimate_tokens, fitting_beginning
from senter.components.assistant.ask_model import ToolRound
from senter.errors import InvalidInput
from senter.messages.model import ChatMessage, ModelRequest

# What a chat template puts around each message, and what the worker's own system prompt takes.
TOKENS_PER_MESSAGE = 8
SYSTEM_PROMPT_TOKENS = 160
USUAL_QUESTION_TOKENS = 60


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
    room = room_for_question(budget_tokens)
    question_tokens = estimate_tokens(question, enough=budget_tokens)
    if room - question_tokens < (context_tokens := estimate_tokens(context)):
        context, context_tokens = "", 0
    room -= context_tokens
    earlier = _kept([*newest_first], room - USUAL_QUESTION_TOKENS, room - question_tokens)
    first = [ChatMessage(role="system", content=context)] if context else []
    said = (message for exchange in earlier for message in exchange.messages())
    return [*first, *said, ChatMessage(role="user", content=question)]


def _kept(newest_first: Sequence[PastExchange], usual_room: int, room: int) -> list[PastExchange]:
    """The newest, the oldest of them first; none where a long question leaves no room.

    Whenever one more does not fit, the oldest leave until half the room is free, so that the prompts of the next turns
    go on from each other: a model that has read one reads what is new.
    """
    kept: deque[tuple[PastExchange, int]] = deque()
    taken, most = 0, max(usual_room, room)
    for exchange in reversed(newest_first):
        cost = _cost(exchange.question, most) + _cost(exchange.answer, most)
        kept.append((exchange, cost))
        taken += cost
        if taken > usual_room:
            taken = _let_go(kept, taken, usual_room // 2, at_least=1)
    _let_go(kept, taken, room)
    return [exchange for exchange, _ in kept]


def _let_go(kept: deque[tuple[PastExchange, int]], taken: int, room: int, at_least: int = 0) -> int:
    """The oldest go until the others fit; returns what those take."""
    while len(kept) > at_least and taken > room:
        taken -= kept.popleft()[1]
    return taken


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
