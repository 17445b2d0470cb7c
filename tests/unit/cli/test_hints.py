"""What the hints of errors tell people to type exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from senter.cli.main import senter

SOURCES = sorted((Path(__file__).parents[3] / "src").glob("**/*.py"))

_HINT = re.compile(
    r"\b(?:[Ss]ee|[Ww]ith|[Uu]se|[Tt]ry|[Ll]ater|instead|first)\b[a-z ]*:? senter (?P<rest>[a-z-]+( [a-z-]+)*)"
)


def mentioned(path: Path) -> Iterator[list[str]]:
    for found in _HINT.finditer(path.read_text(encoding="utf-8")):
        yield found["rest"].split()


def problem(words: list[str]) -> str:
    """What is wrong with a command line, or nothing."""
    context = click.Context(senter)
    command: click.Command | None = senter
    while isinstance(command, click.Group) and words:
        parent, name, *words = command, *words
        command = parent.get_command(context, name)
        if command is None:
            return f"{parent.name} has no {name}"
    options = {option for parameter in command.params for option in parameter.opts} if command else set[str]()
    unknown = [word for word in words if word.startswith("-") and word not in {*options, "--help"}]
    return f"unknown: {', '.join(unknown)}" if unknown else ""


def test_every_command_that_an_error_names_exists() -> None:
    found = [(path, words) for path in SOURCES for words in mentioned(path)]
    assert len(found) > 10
    assert [(path.name, words, wrong) for path, words in found if (wrong := problem(words))] == []


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert problem(["stauts"])
    assert problem(["logs", "--tail"])
    assert problem(["conversations", "burn"])
    assert not problem(["logs", "assistant", "--follow"])
