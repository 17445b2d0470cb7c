"""What is sent with each turn: it begins as the last prompt did, until much has to go at once."""

from __future__ import annotations

from itertools import pairwise

from senter.component.tokens import estimate_tokens
from senter.components.task_engine.agent.dialogue import MESSAGE_TOKENS, Dialogue
from senter.messages.model import ChatMessage

ROOM = 600
WORDS = "word " * 40


def added(dialogue: Dialogue, number: int) -> list[ChatMessage]:
    """The prompt after one more exchange."""
    said = ChatMessage(role="assistant", content=f"call {number}")
    dialogue.add(said, [ChatMessage(role="user", content=f"{number} {WORDS}")], f"gone before {number}")
    return dialogue.prompt()


def tokens(prompt: list[ChatMessage]) -> int:
    return sum(MESSAGE_TOKENS + estimate_tokens(message.content) for message in prompt)


def test_what_is_new_stands_after_all_that_was_sent_and_what_must_go_goes_in_large_steps() -> None:
    dialogue = Dialogue("rules", "the task", ROOM)
    before, steps = dialogue.prompt(), list[int]()
    for number in range(60):
        prompt = added(dialogue, number)
        assert prompt[:1] == before[:1]
        assert prompt[-1].content.startswith(str(number))
        if prompt[: len(before)] != before:
            steps.append(number)
            assert tokens(prompt) < ROOM * 0.8
        assert tokens(prompt) <= ROOM + 10
        before = prompt
    assert steps
    assert all(later - sooner >= 3 for sooner, later in pairwise(steps))


def test_of_what_went_the_model_is_told_in_its_task() -> None:
    dialogue = Dialogue("rules", "the task", ROOM)
    for number in range(20):
        added(dialogue, number)
    assert dialogue.prompt()[1].content.startswith("the task\n\ngone before ")
    assert [message.role for message in dialogue.prompt()[:2]] == ["system", "user"]


def test_the_newest_exchange_stays_whatever_its_size() -> None:
    dialogue = Dialogue("rules", "the task", 10)
    assert [message.content[:6] for message in added(dialogue, 1)[2:]] == ["call 1", "1 word"]


def test_a_closing_word_stands_under_the_last_message() -> None:
    dialogue = Dialogue("rules", "the task", ROOM)
    assert dialogue.prompt("Answer now.")[-1].content == "the task\n\nAnswer now."
    assert len(dialogue.prompt("Answer now.")) == 2
