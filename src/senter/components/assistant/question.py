"""Refuses what nobody could answer, with a sentence, before anything is stored."""

from __future__ import annotations

from senter.components.assistant.prompt import cut_question, question_fits
from senter.components.assistant.settings import AssistantSettings
from senter.errors import InvalidInput
from senter.messages.query import MAX_QUERY_CHARACTERS, UserQuery

MAX_ID_CHARACTERS = 200
MAX_FOCUS_CHARACTERS = 64


def check_query(query: UserQuery, settings: AssistantSettings) -> None:
    """Raises `InvalidInput`."""
    check_name("request id", query.query_id, MAX_ID_CHARACTERS)
    check_name("focus", query.focus, MAX_FOCUS_CHARACTERS)
    if query.conversation_id is not None:
        check_name("conversation id", query.conversation_id, MAX_ID_CHARACTERS)
    _check_text(query.text)
    if settings.oversized_question == "refuse" and not question_fits(query.text, settings.prompt_tokens):
        raise InvalidInput(
            f"The question is too long for the model: {len(query.text):,} characters, and a prompt has "
            f"room for about {len(cut_question(query.text, settings.prompt_tokens)):,} of them.",
            "Ask about a shorter text, or raise assistant.prompt_tokens for a model with a larger window.",
        )


def check_name(what: str, name: str, limit: int) -> None:
    """Raises `InvalidInput` for a name that is empty, too long or not plain text."""
    if not name.strip() or len(name) > limit:
        raise InvalidInput(f"A {what} has 1 to {limit} characters; this one has {len(name)}.")
    _check_characters(f"The {what}", name)


def _check_text(text: str) -> None:
    if not text.strip():
        raise InvalidInput("The question is empty.", 'Ask something, for example: senter ask "What is Python?"')
    if len(text) > MAX_QUERY_CHARACTERS:
        raise InvalidInput(
            f"The question has {len(text):,} characters; at most {MAX_QUERY_CHARACTERS:,} are taken.",
            "Ask about a shorter part of the text.",
        )
    _check_characters("The question", text)


def _check_characters(what: str, text: str) -> None:
    if "\x00" in text:
        raise InvalidInput(f"{what} holds a NUL byte.", "Send text, not binary data.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"{what} holds half a character at position {error.start}.", "Send valid Unicode.") from None
