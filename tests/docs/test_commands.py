"""Every command that the documents and the hints of errors name exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from senter.cli.main import LazyGroup, senter

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SOURCES = sorted((ROOT / "src").glob("**/*.py"))

MISTYPED_ON_PURPOSE = {"stauts"}

_SHELL_LINE = re.compile(r"^\s*[$>] (?:.*?[\s/|;&(])?(?:bin/)?senter (?P<rest>.+)$", re.MULTILINE)
_CODE_SPAN = re.compile(r"`(?:bin/)?senter (?P<rest>[^`]+)`")
_HINT = re.compile(r"(?:[Ss]ee|with|[Uu]se|[Tt]ry|from)(?: it)?(?: with)?: senter (?P<rest>[a-z][a-z -]*)")


def mentioned(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    patterns = (_HINT,) if path.suffix == ".py" else (_SHELL_LINE, _CODE_SPAN)
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found["rest"]


def check(words: list[str]) -> str:
    """What is wrong with a command line, or nothing."""
    context = click.Context(senter)
    command: click.Command | None = senter
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        parent, name, *words = command, *words
        command = parent.get_command(context, name)
        if command is None:
            return f"{parent.name} has no {name}"
    options = {option for parameter in command.params for option in parameter.opts} if command else set[str]()
    known = options | {"--help", "-h", "--version", "-V", "-"}
    unknown = [word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word) and word not in known]
    return f"unknown: {', '.join(unknown)}" if unknown else ""


def wrong_mentions(path: Path) -> list[str]:
    lines = [line for line in mentioned(path) if line not in MISTYPED_ON_PURPOSE]
    return [f"senter {line}: {reason}" for line in lines if (reason := check(_words(line)))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_document_exists(path: Path) -> None:
    assert wrong_mentions(path) == []


def test_every_command_in_the_hint_of_an_error_exists() -> None:
    assert any(True for path in SOURCES for _ in mentioned(path))
    assert {str(path): wrong for path in SOURCES if (wrong := wrong_mentions(path))} == {}


def _words(line: str) -> list[str]:
    """The command line up to what belongs to the shell."""
    return re.split(r"[|;&<>)]", line)[0].replace('"', " ").replace(",", " ").split()


def test_a_command_that_does_not_exist_is_found() -> None:
    assert check(["stauts"])
    assert check(["logs", "--tail"])
    assert check(["conversations", "burn"])
    assert not check(["logs", "assistant", "-n", "5", "--level", "error"])
    assert isinstance(senter, LazyGroup)
