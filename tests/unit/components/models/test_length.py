"""Where an answer whose length is free comes to its end."""

from __future__ import annotations

import pytest

from senter.components.models.length import (
    LONG_TOKENS,
    SHORT_TOKENS,
    EnoughSaid,
    SentenceEnd,
    parts_sentences,
    tokens_that_fit,
)


async def told(pieces: list[str], enough: int) -> tuple[str, bool]:
    """What is handed on, and whether it was ended."""
    said: list[str] = []

    async def on_text(text: str) -> None:
        said.append(text)

    ending = SentenceEnd(on_text, enough)
    try:
        for piece in pieces:
            await ending.take(piece)
    except EnoughSaid:
        return "".join(said), True
    return "".join(said), False


async def test_it_ends_after_the_sentence_in_which_enough_was_said() -> None:
    pieces = ["One", ".", " Two", " words", ".", " Three", "."]
    assert await told(pieces, 3) == ("One. Two words.", True)
    assert await told(pieces, 2) == ("One.", True)
    assert await told(pieces, 99) == ("One. Two words. Three.", False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It is so.", " And"),
        ("Is it?", " No"),
        ("It is!", "\n\nAnd"),
        ("It is.\n", "and"),
        ('He said "yes."', " Then"),
        ("It is **so**.", " - and"),
        ("Das war so.", " Über"),
        ("是的。", "好"),
        ("It is so. ", "And"),
    ],
)
def test_a_sentence_is_over(before: str, after: str) -> None:
    assert parts_sentences(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It costs 3.", "50"),
        ("1.", " First"),
        ("e.g.", " bread"),
        ("www.example.", "org"),
        ("It is so", " And"),
        ("It is so.", " "),
        ("It is so.", ""),
        ("```\nprint.", " Then"),
        ("", " Then"),
    ],
)
def test_a_sentence_goes_on(before: str, after: str) -> None:
    assert not parts_sentences(before, after)


@pytest.mark.parametrize("question", ["What is Python?", "Who are you?", "What is the capital of Australia?"])
def test_a_plain_question_gets_a_short_answer(question: str) -> None:
    assert tokens_that_fit(question) == SHORT_TOKENS


@pytest.mark.parametrize(
    "question",
    ["Write a poem about rain.", "Explain recursion", "List the planets", "Draft an e-mail to Bob", "x" * 500],
)
def test_who_wants_more_gets_more(question: str) -> None:
    assert tokens_that_fit(question) == LONG_TOKENS
