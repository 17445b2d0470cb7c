"""What the worker puts around a chat, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.components.models.prompt import with_moment, with_system_prompt
from senter.messages.model import ChatMessage

NOW = datetime(2026, 11, 30, 13, 5, tzinfo=ZoneInfo("Europe/London"))
SYSTEM = ChatMessage(role="system", content="Be kind.")


def asked(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


def test_the_day_stands_behind_what_never_changes() -> None:
    first, question = with_moment((SYSTEM, asked("What is Python?")), NOW)
    assert first.content == "Be kind.\n\nToday is Monday, 30 November 2026 (time zone Europe/London)."
    assert question.content == "What is Python?"


def test_over_a_day_a_conversation_begins_with_the_same_words() -> None:
    begun = (SYSTEM, asked("What is Python?"))
    later = (*begun, ChatMessage(role="assistant", content="A language."), asked("Who made it?"))
    assert with_moment(later, NOW.replace(hour=23))[: len(begun)] == with_moment(begun, NOW)


@pytest.mark.parametrize("question", ["What time is it?", "Is it too late to call?", "Wie spät haben wir?"])
def test_who_asks_the_time_gets_it_told_before_the_question(question: str) -> None:
    assert with_moment((SYSTEM, asked(question)), NOW)[-1].content == f"(It is 13:05.) {question}"


def test_the_time_stands_with_the_newest_question_only() -> None:
    chat = (SYSTEM, asked("What time is it?"), ChatMessage(role="assistant", content="13:04."), asked("Thanks!"))
    assert with_moment(chat, NOW)[1:] == chat[1:]


def test_who_brings_a_prompt_of_their_own_and_wants_none_of_ours_is_told_nothing() -> None:
    assert with_moment((asked("What time is it?"),), NOW) == (asked("What time is it?"),)
    assert with_system_prompt("", (asked("Hi"),)) == (asked("Hi"),)


def test_a_zone_without_a_name_is_told_by_its_letters() -> None:
    assert "(time zone UTC)" in with_moment((SYSTEM, asked("Hi")), NOW.astimezone(UTC))[0].content
