"""Refuses a question that no prompt has room for, with a sentence, before anything is stored."""

from __future__ import annotations

from senter.components.assistant.prompt import cut_question, question_fits
from senter.components.assistant.settings import AssistantSettings
from senter.errors import InvalidInput
from senter.messages.query import UserQuery


def check_query(query: UserQuery, settings: AssistantSettings) -> None:
    """Raises `InvalidInput`."""
    if settings.oversized_question == "refuse" and not question_fits(query.text, settings.prompt_tokens):
        raise InvalidInput(
            f"The question is too long for the model: {len(query.text):,} characters, and a prompt has "
            f"room for about {len(cut_question(query.text, settings.prompt_tokens)):,} of them.",
            "Ask about a shorter text, or raise assistant.prompt_tokens for a model with a larger window.",
        )
