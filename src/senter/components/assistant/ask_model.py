"""How an answer is had from a model: of the whole text as it streams, of a part of it, or in a loop with tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


class AskModel(Protocol):
    """Puts the whole text to a model, as it streams; or only what is given, and nothing of the answer is shown before.

    The receipts are of what was done: the answer may speak of that. A model that is trusted with less than `least` is
    not asked; the answer is empty then. `beside` is told beside the text: how it is to be answered. The answer is held
    against its `grounds`. In a `tool_round` the response may hold calls instead; they are as the model wrote them.
    """

    async def __call__(
        self,
        only: str | None,
        receipts: tuple[Receipt, ...],
        least: Capability = Capability.BASIC,
        beside: str = "",
        grounds: Grounds | None = None,
        tool_round: ToolRound | None = None,
    ) -> ModelResponse: ...
