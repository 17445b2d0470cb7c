from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from senter.component.tokens import LONGEST_PIECE, estimate_tokens
from senter.components.assistant.prompt import (
    SYSTEM_PROMPT_TOKENS,
    TOKENS_PER_MESSAGE,
    USUAL_QUESTION_TOKENS,
    PastExchange,
    build_prompt,
    cut_question,
    prompt_tokens,
)

texts = st.text(max_size=300)
exchanges = st.lists(st.builds(PastExchange, texts, texts), max_size=12)
budgets = st.integers(min_value=SYSTEM_PROMPT_TOKENS + TOKENS_PER_MESSAGE, max_value=2_000)


@given(question=texts, newest_first=exchanges, budget=budgets)
def test_the_question_is_always_last_and_whole(question: str, newest_first: list[PastExchange], budget: int) -> None:
    prompt = build_prompt(question, newest_first, budget)
    assert (prompt[-1].role, prompt[-1].content) == ("user", question)


@given(question=texts, newest_first=exchanges, budget=budgets)
def test_a_prompt_stays_within_the_budget_when_its_question_does(
    question: str, newest_first: list[PastExchange], budget: int
) -> None:
    prompt = build_prompt(question, newest_first, budget)
    if cut_question(question, budget) == question:
        assert prompt_tokens(prompt) <= budget
    else:
        assert len(prompt) == 1


@given(question=texts, newest_first=exchanges, budget=budgets)
def test_the_newest_exchanges_are_kept_whole_without_a_gap_and_in_order(
    question: str, newest_first: list[PastExchange], budget: int
) -> None:
    earlier = build_prompt(question, newest_first, budget)[:-1]
    kept = [PastExchange(said.content, heard.content) for said, heard in zip(earlier[::2], earlier[1::2], strict=True)]
    assert kept == newest_first[: len(kept)][::-1]
    assert [message.role for message in earlier] == ["user", "assistant"] * len(kept)


@given(newest_first=exchanges, budget=budgets)
def test_no_exchange_is_left_out_while_half_of_the_room_is_free(newest_first: list[PastExchange], budget: int) -> None:
    prompt = build_prompt("", newest_first, budget)
    kept = len(prompt) // 2
    if kept < len(newest_first):
        with_one_more = prompt_tokens(build_prompt("", newest_first[: kept + 1], 10**9))
        assert 2 * (with_one_more - SYSTEM_PROMPT_TOKENS) > budget - SYSTEM_PROMPT_TOKENS - USUAL_QUESTION_TOKENS


def test_most_prompts_of_a_conversation_go_on_from_the_one_before() -> None:
    said = [
        PastExchange(f"Question {number}?", "An answer of a dozen words or so, as they come. " * 3)
        for number in range(40)
    ]
    prompts = [build_prompt("And?", said[:count][::-1], 900)[:-1] for count in range(len(said))]
    anew = sum(after[: len(before)] != before for before, after in pairwise(prompts))
    assert 0 < anew <= len(said) // 3


@given(question=st.text(max_size=3_000), budget=budgets)
def test_a_cut_question_is_as_much_of_the_beginning_as_fits(question: str, budget: int) -> None:
    cut = cut_question(question, budget)
    assert question.startswith(cut)
    if cut:
        assert cut_question(cut, budget) == cut
    if cut != question:
        longer = question[: len(cut) + LONGEST_PIECE]
        assert cut_question(longer, budget) != longer


@given(text=texts, enough=st.integers(min_value=0, max_value=500))
def test_counting_only_so_far_tells_the_same_from_a_text_that_fits(text: str, enough: int) -> None:
    counted, whole = estimate_tokens(text, enough=enough), estimate_tokens(text)
    assert (counted > enough) == (whole > enough)
    if whole <= enough:
        assert counted == whole


@given(texts, texts)
def test_a_longer_text_is_never_estimated_at_much_less(start: str, rest: str) -> None:
    assert estimate_tokens(start + rest) >= estimate_tokens(start) - 1


def test_estimates_are_above_what_the_embedded_models_tokenizer_counts() -> None:
    """Counts by SmolLM2's own tokenizer."""
    counted = {
        "1234567890" * 100: 1_000,
        "Die Donaudampfschifffahrtsgesellschaft sowie Krankenversicherungsbeiträge werden jährlich überprüft. "
        * 20: 821,
        "これは日本語の文章です。" * 50: 1_000,
        "Привет, как дела сегодня? " * 50: 951,
        " " * 500: 9,
    }
    for text, tokens in counted.items():
        assert tokens <= estimate_tokens(text) <= 3 * tokens + 200, text[:20]
