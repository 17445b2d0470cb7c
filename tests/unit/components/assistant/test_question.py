from __future__ import annotations

import pytest
from pydantic import ValidationError

from senter.components.assistant.question import check_query
from senter.components.assistant.settings import AssistantSettings
from senter.errors import InvalidInput
from senter.messages.query import UserQuery


def query(text: str = "What is Python?", **changes: str) -> UserQuery:
    return UserQuery.model_validate({"query_id": "q1", "text": text, **changes})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "The question is empty"),
        ({"text": " \n\t "}, "The question is empty"),
        ({"text": "a\x00b"}, "NUL character"),
        ({"text": "half \ud800 a character"}, "half a surrogate pair"),
        ({"text": "x" * 120_000}, "120000 characters; at most 100000"),
        ({"query_id": ""}, "query_id"),
        ({"query_id": "x" * 65}, "query_id"),
        ({"query_id": "a\x00"}, "query_id"),
        ({"focus": "f" * 65}, "focus"),
        ({"conversation_id": "\udfff"}, "conversation_id"),
    ],
)
def test_what_nobody_could_answer_is_no_question(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        query(**wrong)


def test_a_question_that_no_prompt_has_room_for_is_refused_with_a_sentence() -> None:
    sentence = r"50,000 characters, and a prompt has room for about 4,.*\."
    with pytest.raises(InvalidInput, match=sentence):
        check_query(query("word " * 10_000), AssistantSettings())


@pytest.mark.parametrize("text", ["?", "naïve 漢字 😀 👩‍👩‍👧", "line\nline\r\n\ttab", "\x1b[31mred\x1b[0m"])
def test_any_other_text_is_taken(text: str) -> None:
    check_query(query(text), AssistantSettings())


def test_a_question_too_long_for_a_prompt_is_taken_when_it_may_be_cut() -> None:
    check_query(query("word " * 10_000), AssistantSettings(oversized_question="cut"))


def test_a_larger_prompt_takes_a_longer_question() -> None:
    check_query(query("word " * 10_000), AssistantSettings(prompt_tokens=40_000))
