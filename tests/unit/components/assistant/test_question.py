from __future__ import annotations

import pytest
from pydantic import ValidationError

from senter.components.assistant.prompt import check_fits
from senter.errors import InvalidInput
from senter.messages.query import UserQuery

LONG = "word " * 10_000


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "The question is empty"),
        ({"text": " \n\t "}, "The question is empty"),
        ({"text": "a\x00b"}, "NUL character"),
        ({"text": "half \ud800 a character"}, "surrogate"),
        ({"text": "x" * 120_000}, "120000 characters; at most 100000"),
        ({"query_id": ""}, "query_id"),
        ({"query_id": "x" * 65}, "query_id"),
        ({"query_id": "a\x00"}, "query_id"),
        ({"focus": "f" * 41}, "focus"),
        ({"conversation_id": "\udfff"}, "conversation_id"),
    ],
)
def test_what_nobody_could_answer_is_no_message(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        UserQuery.model_validate({"query_id": "q1", "text": "What is Python?"} | wrong)


@pytest.mark.parametrize("text", ["?", "naïve 漢字 😀 👩‍👩‍👧", "line\nline\r\n\ttab", "\x1b[31mred\x1b[0m"])
def test_any_other_text_is_taken(text: str) -> None:
    check_fits(UserQuery.model_validate({"query_id": "q1", "text": text}).text, budget_tokens=2_000)


def test_a_question_too_long_for_a_prompt_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidInput, match=r"50,000 characters, and a prompt has room for about 4,.*\.$") as refusal:
        check_fits(LONG, budget_tokens=2_000)
    assert "assistant.prompt_tokens" in refusal.value.hint


def test_a_larger_prompt_takes_a_longer_question() -> None:
    check_fits(LONG, budget_tokens=40_000)
