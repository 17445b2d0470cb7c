"""Refuses a question that the model cannot read whole, before anything is stored."""

from __future__ import annotations

from senter.components.assistant.prompt import cut_question, question_fits
from senter.components.assistant.settings import AssistantSettings
from senter.errors import InvalidInput


def check_length(question: str, settings: AssistantSettings) -> None:
    """Raises `InvalidInput`."""
    if settings.oversized_question == "refuse" and not question_fits(question, settings.prompt_tokens):
        raise InvalidInput(
            f"The question is too long for the model: {len(question):,} characters, and a prompt has "
            f"room for about {len(cut_question(question, settings.prompt_tokens)):,} of them.",
            "Ask about a shorter text, or raise assistant.prompt_tokens for a model with a larger window.",
        )
