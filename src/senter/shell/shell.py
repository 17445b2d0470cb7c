"""The shell itself: reads an entry, asks or runs it, and goes on whatever becomes of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from senter.client import Client
from senter.terminal.turns import TurnSession
from senter.client.types import QueryAnswer
from senter.errors import SenterError
from senter.paths import Paths
from senter.shell.answer_view import BlockView
from senter.shell.bottom_line import BottomLine
from senter.shell.entries import Command, Question, read_entry
from senter.shell.foot import foot
from senter.shell.news import News
from senter.shell.prompting import make_prompt
from senter.shell.typed_ahead import TypedAhead, typing_ahead
from senter.terminal import output

WELCOME = "Senter Interactive Shell"
FIRST_LINES = ("Type queries or commands. Use /help for available commands.",)
GOODBYE = "Goodbye."
LEAVE = frozenset({"exit", "quit"})
TIPS = """
Tips
  Just type: questions, reminders, and what is to be done. Goals are found in what you say.
  Arrow keys bring back what you typed before; Tab completes commands, goals and files.
  Esc Enter begins a new line; Ctrl-C stops an answer; /exit leaves."""
GENERAL = "general"
QUESTION_SECONDS = 600.0


class Stopped(Exception):
    """The person stopped the answer."""


class Shell:
    """One person's conversation, with the commands in reach."""

    def __init__(self, paths: Paths) -> None:
        self._client = Client(paths)
        self._news = News(paths, lambda: self._prompt.came())
        self._prompt = make_prompt(self._message, self._news.take, paths.home / "shell_history", self._client)
        self._typed = TypedAhead()
        self._conversation: str | None = None
        self._focus = GENERAL
        self._choices: list[str] = []

    def run(self) -> int:
        """Until the person leaves."""
        output.print_panel(WELCOME, FIRST_LINES)
        self._news.begin()
        while True:
            try:
                if not self._take(self._next()):
                    break
            except EOFError:
                break
            except KeyboardInterrupt:
                output.say("Use /exit to quit.")
            except Stopped:
                output.say("Stopped.")
            except SenterError as error:
                output.print_error(error.code, error.message, error.hint, as_json=False)
        output.say(GOODBYE)
        return 0

    def _message(self) -> str:
        waiting = f" · {self._news.waiting} waiting" if self._news.waiting else ""
        return f"[{self._focus}{waiting}] > "

    def _next(self) -> str:
        lines, begun = self._typed.take()
        if lines:
            self._typed.lines, self._typed.line = lines[1:], begun
            output.say(f"{self._message()}{lines[0]}")
            return lines[0]
        return self._prompt.read(begun)

    def _take(self, typed: str) -> bool:
        """Whether to go on."""
        match read_entry(typed):
            case Question(text):
                self._ask(self._chosen(text))
            case Command() as command if command.name in LEAVE:
                return False
            case Command() as command:
                self._run(command)
            case None:
                pass
        return True

    def _run(self, command: Command) -> None:
        from senter.cli.main import run

        with suppress(KeyboardInterrupt):
            run(command.words)
        if command.words == ("help",):
            output.say(TIPS)

    def _chosen(self, text: str) -> str:
        number = int(text) if text.isascii() and text.isdigit() else 0
        choices, self._choices = self._choices, []
        return choices[number - 1] if 1 <= number <= len(choices) else text

    def _ask(self, text: str) -> None:
        turn_id = os.urandom(16).hex()
        self._news.is_own(turn_id)
        line = BottomLine()
        view = BlockView(line)
        session = TurnSession(self._client, turn_id, QUESTION_SECONDS)
        try:
            with typing_ahead(self._typed, lambda: line.show_typed(self._typed.line)), session.withdrawn_if_given_up():
                with view.open():
                    session.begin(text, self._conversation)
                    answer = session.read(view)
                session.done()
        except KeyboardInterrupt:
            raise Stopped from None
        self._show_below(answer)

    def _show_below(self, answer: QueryAnswer) -> None:
        self._conversation = answer["conversation_id"]
        self._focus = answer["focus"]
        output.say(output.styled(foot(answer), output.FAINT))
        if asks := answer["asks"]:
            self._choices = [choice["says"] for choice in asks["alternatives"]]


def run_shell(paths: Paths, words: Sequence[str] = ()) -> int:
    """As `Shell.run`."""
    return Shell(paths).run()
