"""How an answer is had from a model: of the whole text as it streams, of a part of it, or in a loop with tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from senter.components.assistant.tool_loop.grounds import Grounds
from senter.messages.acts import Receipt
from senter.messages.model import AnswerOptions, Capability, ChatMessage, ModelResponse, OfferedTool


@dataclass(frozen=True, slots=True)
class ToolRound:
    """One round of a loop: what the model is told of tools, and what was called so far."""

    told: str
    tools: tuple[OfferedTool, ...]
    exchanges: tuple[ChatMessage, ...]
    """What was said and heard since the question."""
    may_call: bool
    left_seconds: float

    @property
    def names(self) -> frozenset[str]:
        return frozenset(tool.name for tool in self.tools)

    def options(self, usual: AnswerOptions) -> AnswerOptions:
        choice = "auto" if self.may_call else "none"
        return usual.model_copy(update={"tools": self.tools, "tool_choice": choice})


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """What is put to a model: the whole text, as the answer streams; or only what is given, and nothing is shown before
    the end."""

    only: str | None = None
    receipts: tuple[Receipt, ...] = ()
    """Of what was done: the answer may speak of that."""
    least: Capability = Capability.BASIC
    """A model that is trusted with less is not asked; the answer is empty then."""
    beside: str = ""
    """Told beside the text: how it is to be answered."""
    grounds: Grounds | None = None
    """What the answer is held against."""
    tool_round: ToolRound | None = None
    """In one the response may hold calls instead of an answer; they are as the model wrote them."""


WHOLE = PutQuestion()
AskModel = Callable[[PutQuestion], Awaitable[ModelResponse]]
"""Asks, and raises what the model fails with."""
