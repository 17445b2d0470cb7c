from __future__ import annotations

import pytest

from senter.components.assistant.question import MAX_ID_CHARACTERS, check_query
from senter.components.assistant.settings import AssistantSettings
from senter.errors import InvalidInput
from senter.messages.query import ConversationId, QueryId, UserQuery


def query(text: str = "What is Python?", **changes: str) -> UserQuery:
    """As it might come from a client that checks nothing."""
    return UserQuery(query_id=QueryId("q1"), text="?").model_copy(update={"text": text, **changes})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (query(""), "The question is empty"),
        (query(" \n\t "), "The question is empty"),
        (query("a\x00b"), "NUL byte"),
        (query("half \ud800 a character"), "half a character at position 5"),
        (query("x" * 120_000), "120,000 characters; at most 100,000"),
        (query("word " * 10_000), "50,000 characters, and a prompt has room for about 4,"),
        (query(query_id=""), "request id has 1 to 200 characters"),
        (query(query_id="x" * (MAX_ID_CHARACTERS + 1)), "request id has 1 to 200 characters"),
        (query(query_id="a\x00"), "The request id holds a NUL byte"),
        (query(focus="f" * 65), "focus has 1 to 64 characters"),
        (query(conversation_id=ConversationId("\udfff")), "The conversation id holds half a character"),
    ],
)
def test_what_nobody_could_answer_is_refused_with_a_sentence(wrong: UserQuery, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        check_query(wrong, AssistantSettings())
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("text", ["?", "naïve 漢字 😀 👩‍👩‍👧", "line\nline\r\n\ttab", "\x1b[31mred\x1b[0m"])
def test_any_other_text_is_taken(text: str) -> None:
    check_query(query(text), AssistantSettings())


def test_a_question_too_long_for_a_prompt_is_taken_when_it_may_be_cut() -> None:
    check_query(query("word " * 10_000), AssistantSettings(oversized_question="cut"))


def test_a_larger_prompt_takes_a_longer_question() -> None:
    check_query(query("word " * 10_000), AssistantSettings(prompt_tokens=40_000))
