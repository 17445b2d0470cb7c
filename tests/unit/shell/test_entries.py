from __future__ import annotations

import pytest

from senter.errors import InvalidInput
from senter.shell.entries import TypedCommand, TypedQuestion, read_entry


@pytest.mark.parametrize("nothing", ["", "   ", "\t", "/", " / "])
def test_an_empty_line_is_nothing(nothing: str) -> None:
    assert read_entry(nothing) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/goals", ("goals",)),
        ("  /goal add 'clean up' --priority 3 ", ("goal", "add", "clean up", "--priority", "3")),
        ("senter goals --all", ("goals", "--all")),
        ("/nonsense x", ("nonsense", "x")),
    ],
)
def test_a_slash_or_the_programs_name_makes_a_command(typed: str, words: tuple[str, ...]) -> None:
    assert read_entry(typed) == TypedCommand(words)


@pytest.mark.parametrize(
    "typed",
    [
        "What is Python?",
        "senter, what is up",
        "senter is a nice name",
        "/home/ada/notes.md is where I keep them",
        "/goals\nis what I typed",
        'it\'s "half" done',
    ],
)
def test_all_else_is_a_question_as_it_was_typed(typed: str) -> None:
    assert read_entry(typed) == TypedQuestion(typed)


def test_a_paste_of_many_lines_is_one_question() -> None:
    assert read_entry("first\n\nsecond\n") == TypedQuestion("first\n\nsecond")


def test_a_quotation_mark_that_is_not_closed_is_said() -> None:
    with pytest.raises(InvalidInput, match="quotation mark"):
        read_entry('/goal add "clean up')
