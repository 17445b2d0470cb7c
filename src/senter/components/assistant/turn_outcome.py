"""What an answer is made of, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from senter.messages.acts import Clarification, Receipt
from senter.messages.model import CONTENT_FILTER, LENGTH, RULES, ModelResponse
from senter.messages.query import GENERAL_FOCUS, MAX_ANSWER_CHARACTERS, Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """The text, and what goes with it. `model` is `rules` where no model wrote any of it."""

    text: str
    model: str = RULES
    tokens: int = 0
    focus: str = GENERAL_FOCUS
    receipts: tuple[Receipt, ...] = ()
    sources: tuple[Quoted, ...] = ()
    asks: Clarification | None = None
    degraded: bool = False
    degraded_reason: str = ""
    cut_off: str = ""


def written_by_model(response: ModelResponse) -> TurnOutcome:
    return TurnOutcome(
        text=response.text,
        model=response.model,
        tokens=response.completion_tokens,
        degraded=response.degraded,
        degraded_reason=response.degraded_reason,
        cut_off=_cut_off(response),
    )


def joined(parts: list[TurnOutcome]) -> TurnOutcome:
    """One answer of several parts, in their order. A model that wrote any of it is named."""
    written = next((part for part in parts if part.model != RULES), parts[0])
    return TurnOutcome(
        text="\n\n".join(part.text for part in parts if part.text)[:MAX_ANSWER_CHARACTERS],
        model=written.model,
        tokens=sum(part.tokens for part in parts),
        focus=next((part.focus for part in parts if part.focus != GENERAL_FOCUS), GENERAL_FOCUS),
        receipts=tuple(receipt for part in parts for receipt in part.receipts),
        sources=tuple(source for part in parts for source in part.sources),
        asks=next((part.asks for part in parts if part.asks), None),
        degraded=written.degraded,
        degraded_reason=written.degraded_reason,
        cut_off=next((part.cut_off for part in parts if part.cut_off), ""),
    )


def _cut_off(response: ModelResponse) -> str:
    """Why the answer is not whole; empty where it is."""
    return response.finish_reason if response.finish_reason in (LENGTH, CONTENT_FILTER) else ""
