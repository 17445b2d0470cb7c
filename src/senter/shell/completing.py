"""What the tab key offers: commands and their options from the commands' own table, goals by number, files."""

from __future__ import annotations

import time
from collections.abc import Iterator

import click
from click.shell_completion import ShellComplete
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from senter.client import Client
from senter.client.types import GoalsReply
from senter.errors import SenterError
from senter.shell.entries import SLASH
from senter.terminal import output
from senter.terminal.commands import COMMANDS

OWN = {
    "focus": "Show the focus of the last answer.",
    "new": "Begin a new conversation.",
    "exit": "Leave the shell.",
    "quit": "Leave the shell.",
}
"""Commands that there are in the shell alone."""
TAKE_A_GOAL = frozenset({"goal", "result", "why", "task"})
GOALS_SECONDS = 5.0
PLACES = ("~", "/", "./", "../")


class ShellCompleter(Completer):
    """Asks the daemon for goals at most every few seconds."""

    def __init__(self, client: Client, commands: click.Command) -> None:
        self._client = client
        self._of_commands = ShellComplete(commands, {}, "senter", "")
        self._paths = PathCompleter(expanduser=True)
        self._goals: list[tuple[str, str]] = []
        self._goals_at = -GOALS_SECONDS

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        text = document.text_before_cursor
        word = "" if text[-1:].isspace() else (text.split() or [""])[-1]
        if text.startswith(SLASH) and " " not in text:
            yield from _names(text)
        elif text.startswith(SLASH):
            yield from self._arguments(text[1:].split()[: -1 if word else None], word)
        if word.startswith(PLACES) and " " in text:
            yield from self._paths.get_completions(Document(word), complete_event)

    def _arguments(self, words: list[str], word: str) -> Iterator[Completion]:
        for found in self._of_commands.get_completions(words, word):
            if found.type == "plain":
                yield Completion(found.value, -len(word), display_meta=found.help or "")
        if words[0] in TAKE_A_GOAL and (not word or word.isdigit()):
            for number, text in self._known_goals():
                if number.startswith(word):
                    yield Completion(number, -len(word), display_meta=text)

    def _known_goals(self) -> list[tuple[str, str]]:
        if time.monotonic() - self._goals_at >= GOALS_SECONDS:
            self._goals_at = time.monotonic()
            try:
                found = self._client.get("/api/goals", GoalsReply, limit=50)["goals"]
                self._goals = [(str(goal["id"]), output.one_line(goal["text"])[:60]) for goal in found]
            except SenterError:
                self._goals = []
        return self._goals


def _names(text: str) -> Iterator[Completion]:
    known = {**{name: summary for name, (_, summary) in COMMANDS.items()}, **OWN}
    for name in sorted(known):
        if name.startswith(text[1:]):
            yield Completion(SLASH + name, -len(text), display_meta=known[name])
