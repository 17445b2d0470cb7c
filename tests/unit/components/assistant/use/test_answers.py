"""Questions about the use of Senter are answered without a model, and settings that are said are really changed."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.use_room import UseRoom, use_room, use_sentences

FEWEST_RIGHT = 0.95


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UseRoom]:
    async with use_room(tmp_path) as opened:
        yield opened


def settings_of(home: Path) -> dict[str, object]:
    file = home / "settings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


async def test_the_sentences_of_the_set_are_answered_and_no_others(room: UseRoom) -> None:
    rows = [row for row in use_sentences() if "daily_digest" not in str(row.right)]
    answers = [(row, await room.ask(row.text, row.language)) for row in rows]
    wrong = [(row.text, answer) for row, answer in answers if row.right and not row.is_right(answer)]
    caught = [(row.text, answer) for row, answer in answers if not row.right and answer]
    assert caught == []
    assert len(wrong) <= (1 - FEWEST_RIGHT) * sum(bool(row.right) for row in rows), wrong


@pytest.mark.parametrize(
    ("said", "language", "section", "name", "value"),
    [
        ("call me rob", "en", "user", "name", "Rob"),
        ("My name is Ann-Marie O'Neill", "en", "user", "name", "Ann-Marie O'Neill"),
        ("nenn mich Rob", "de", "user", "name", "Rob"),
        ("set my timezone to berlin", "en", "user", "timezone", "Europe/Berlin"),
        ("I moved to Lisbon", "en", "user", "timezone", "Europe/Lisbon"),
        ("ich bin nach Wien gezogen", "de", "user", "timezone", "Europe/Vienna"),
        ("speak german", "en", "user", "language", "de"),
        ("my interests are bread and old maps", "en", "user", "interests", ["bread", "old maps"]),
        ("send the digest at 6", "en", "reporter", "digest_time", "06:00"),
        ("send me the digest at 6:30 pm", "en", "reporter", "digest_time", "18:30"),
        ("make the digest shorter", "en", "reporter", "digest_length", "short"),
        ("no digest on weekends", "en", "reporter", "digest_days", "weekdays"),
    ],
)
async def test_a_setting_that_is_said_stands_in_the_file(
    room: UseRoom, tmp_path: Path, said: str, language: str, section: str, name: str, value: object
) -> None:
    answer = await room.ask(said, language)
    assert f"{section}.{name}" in answer
    assert f"senter config unset {section}.{name}" in answer
    assert settings_of(tmp_path)[section] == {name: value}


async def test_undo_takes_a_said_setting_back_to_what_it_was(room: UseRoom, tmp_path: Path) -> None:
    await room.ask("call me Anna")
    changed = await room.ask("call me Rob")
    back = await room.take_back("call me Rob", "de")
    assert "senter config set user.name Anna" in changed
    assert "Anna" in back
    assert settings_of(tmp_path) == {"user": {"name": "Anna"}}
    assert await room.take_back("what is the capital of Peru") == ""


@pytest.mark.parametrize(
    "said",
    [
        "set my timezone to Atlantis",
        "speak french",
        "send the digest at 26",
        "call me back",
        "call me at 5",
        "call me a cab",
    ],
)
async def test_what_cannot_be_changes_nothing(room: UseRoom, tmp_path: Path, said: str) -> None:
    await room.ask(said)
    assert settings_of(tmp_path) == {}


async def test_the_digest_is_paused_and_resumed_by_its_job(room: UseRoom) -> None:
    assert "There is no job daily_digest." in await room.ask("turn off the daily digest")
    await room.ask("turn on the daily digest")
    assert room.jobs_changed == [("daily_digest", "pause"), ("daily_digest", "resume")]


async def test_what_is_set_is_told_as_the_file_says_now(room: UseRoom) -> None:
    before = await room.ask("who am i")
    await room.ask("call me Rob")
    assert "call me NAME" in before
    assert "You are Rob" in await room.ask("who am i")
    assert "Hello, Rob." in await room.ask("hello")
    shown = await room.ask("how do I change the digest")
    assert 'reporter.digest_time = "07:30": When the daily digest comes' in shown


async def test_a_folder_that_is_named_stands_in_the_command(room: UseRoom) -> None:
    assert "senter documents add ~/papers" in await room.ask("read my documents in ~/papers too")
    assert "senter documents remove ~/old" in await room.ask("stop reading ~/old")
    assert await room.ask("read ~/papers/contract.pdf") == ""


async def test_few_words_after_a_question_back_are_the_answer_to_that(room: UseRoom) -> None:
    assert await room.ask("no thanks", was_asked=True) == ""
    assert await room.ask("call me Rob", was_asked=True) == ""
    assert "senter undo" in await room.ask("how do I undo", was_asked=True)
