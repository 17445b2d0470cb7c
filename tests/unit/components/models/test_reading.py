"""Which part of a prompt is left out where to read it all would take long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.reading import ReadPrompts, tokens_of
from senter.messages.model import ChatMessage

SYSTEM = ChatMessage(role="system", content="Be kind.")
LONG = "word " * 200


def said(role: str, text: str) -> ChatMessage:
    return ChatMessage.model_validate({"role": role, "content": text})


def chat(*exchanges: str) -> tuple[ChatMessage, ...]:
    """A conversation, of which the last question is not answered."""
    turns = [(said("user", text), said("assistant", f"About {text}")) for text in exchanges[:-1]]
    return (SYSTEM, *(message for turn in turns for message in turn), said("user", exchanges[-1]))


def test_a_prompt_that_is_read_in_time_stays_as_it_is() -> None:
    prompt = chat("one", "two", "three")
    assert ReadPrompts(2).shortened(prompt, 1_000) == prompt


def test_the_oldest_exchanges_go_first_and_as_few_as_possible() -> None:
    prompt = chat(LONG, LONG, "three", "four")
    assert ReadPrompts(2).shortened(prompt, 600) == (SYSTEM, *prompt[3:])
    assert ReadPrompts(2).shortened(prompt, 100) == (SYSTEM, *prompt[5:])


def test_system_prompt_and_question_always_stay() -> None:
    prompt = chat("one", "two", LONG)
    assert ReadPrompts(2).shortened(prompt, 10) == (SYSTEM, prompt[-1])
    assert ReadPrompts(2).shortened((said("user", LONG),), 10) == (said("user", LONG),)
    assert ReadPrompts(2).shortened((SYSTEM,), 1) == (SYSTEM,)


def test_what_a_tool_answered_stays_with_its_question() -> None:
    prompt = (SYSTEM, *chat(LONG, "q")[1:], said("assistant", "calls"), said("tool", LONG))
    assert ReadPrompts(2).shortened(prompt, 10) == (SYSTEM, *prompt[3:])


def test_what_was_read_before_does_not_count() -> None:
    read = ReadPrompts(2)
    first = (SYSTEM, said("user", LONG))
    read.remember(first, "Well.")
    on = (*first, said("assistant", "Well."), said("user", "And then?"))
    assert read.unread_tokens(on) == tokens_of(on[-1:])
    assert read.shortened(on, 50) == on


def test_a_conversation_that_was_shortened_goes_on_where_it_was() -> None:
    read = ReadPrompts(1)
    prompt = chat(LONG, f"2 {LONG}", "three")
    shorter = read.shortened(prompt, 600)
    assert len(shorter) == 4
    read.remember(shorter, "About three")
    on = read.shortened(chat(LONG, f"2 {LONG}", "three", "four"), 600)
    assert on[: len(shorter)] == shorter
    assert read.unread_tokens(on) < 30


def test_only_so_many_prompts_are_taken_to_be_known() -> None:
    read = ReadPrompts(1)
    one, other = (SYSTEM, said("user", "one")), (said("user", "other"),)
    read.remember(one, "1")
    read.remember(other, "2")
    assert read.unread_tokens(one) == tokens_of(one)


roles = st.sampled_from(["system", "user", "assistant", "tool"])
messages = st.lists(st.builds(said, roles, st.text(max_size=40)), min_size=1, max_size=12).map(tuple)


@given(messages, st.integers(min_value=0, max_value=200))
def test_what_is_left_is_a_beginning_and_an_end_of_the_prompt(prompt: tuple[ChatMessage, ...], most: int) -> None:
    shorter = ReadPrompts(1).shortened(prompt, most)
    assert shorter[-1] == prompt[-1]
    assert shorter in [prompt, *((*prompt[:begin], *prompt[at:]) for begin in (0, 1) for at in range(len(prompt)))]
    if prompt[0].role == "system":
        assert shorter[0] == prompt[0]
