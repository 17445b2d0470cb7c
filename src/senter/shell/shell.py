"""The shell itself: reads an entry, asks it or runs it, and goes on whatever becomes of it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple

from senter.client import Client
from senter.client.types import GoalReply
from senter.errors import DaemonNotRunning, InvalidInput, SenterError
from senter.paths import Paths
from senter.sentences import phrase, told
from senter.shell.answer_view import BlockView
from senter.shell.bottom_line import BottomLine
from senter.shell.entries import TypedCommand, TypedQuestion, read_entry
from senter.shell.foot import foot
from senter.shell.news import News
from senter.shell.prompting import PlainPrompt, Prompt
from senter.shell.typed_ahead import TypedAhead, typing_ahead
from senter.terminal import output
from senter.terminal.turns import TurnSession

if TYPE_CHECKING:
    import click

    from senter.client.types import GoalView, QueryAnswer

WELCOME = "Senter Interactive Shell"
WELCOME_LINES = ("Type queries or commands. Use /help for available commands.",)
GOODBYE = "Goodbye."
TIPS = (
    "In the shell every command has a slash before it: /goals, /status. Also /focus, /new, /exit and /quit.",
    "Just type. Goals, reminders and dates are found in what you say.",
    "Arrow keys bring back what you typed; Tab completes commands, goals and files.",
    "Esc Enter begins a new line. Ctrl-C stops an answer.",
)
BEGUN = ("Background work has begun.", "See how far it is: /goals. Take it back: /undo")
GENERAL = "general"
QUESTION_SECONDS = 600.0


def _leave_in_order() -> None:
    """What ends the shell lets it put the terminal back first."""
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


class Commands(NamedTuple):
    """What the command line hands in: its commands, what runs one line of them, and what has the daemon at hand."""

    group: click.Command
    run: Callable[[Sequence[str]], int]
    reach: Callable[[], object]


class _Stopped(Exception):
    """The person stopped the answer."""


class _Left(Exception):
    """The person leaves."""


class Shell:
    """One person's conversation, with the commands in reach."""

    def __init__(self, paths: Paths, commands: Commands) -> None:
        self._paths = paths
        self._commands = commands
        self._client = Client(paths)
        self._typed = TypedAhead()
        self._news = News(paths, self._came)
        self._prompt = self._make_prompt()
        self._conversation: str | None = None
        self._focus = GENERAL
        self._choices: list[str] = []

    def run(self) -> int:
        """Until the person leaves; the exit code."""
        _leave_in_order()
        self._commands.reach()
        output.print_panel(WELCOME, WELCOME_LINES)
        self._news.begin()
        while self._goes_on():
            pass
        output.say(GOODBYE)
        return 0

    def _goes_on(self) -> bool:
        try:
            self._take(self._next())
        except (EOFError, _Left):
            return False
        except KeyboardInterrupt:
            output.say("Use /exit to quit.")
        except _Stopped:
            output.say("Stopped.")
        except SenterError as error:
            output.print_error(error.code, error.message, error.hint, as_json=False)
        return True

    def _make_prompt(self) -> Prompt:
        if not output.draws():
            return PlainPrompt(self._message, self._news.take)
        from senter.shell.completing import ShellCompleter
        from senter.shell.drawn_prompt import DrawnPrompt

        completer = ShellCompleter(self._client, self._commands.group)
        return DrawnPrompt(self._message, self._news.take, self._paths.shell_history, completer)

    def _came(self) -> None:
        self._prompt.came()

    def _message(self) -> str:
        middle = "\N{MIDDLE DOT}" if output.speaks_unicode() else "-"
        waiting = f" {middle} {self._news.waiting:,} waiting" if self._news.waiting else ""
        return f"[{output.one_line(self._focus)}{waiting}] > "

    def _next(self) -> str:
        """What was typed while the last answer was made comes first."""
        lines, begun = self._typed.take()
        if not lines:
            return self._prompt.read(begun)
        self._typed.lines, self._typed.line = lines[1:], begun
        output.say(output.printable(f"{self._message()}{lines[0]}"))
        return lines[0]

    def _take(self, typed: str) -> None:
        match read_entry(typed):
            case TypedQuestion(text):
                self._ask(self._chosen(text))
            case TypedCommand(words):
                self._run(words)
            case None:
                pass

    def _run(self, words: tuple[str, ...]) -> None:
        match words:
            case ("exit" | "quit",):
                raise _Left
            case ("focus",):
                output.say(f"The focus is {output.one_line(self._focus)}.")
            case ("new",):
                self._conversation = None
                output.say("The next question begins a new conversation.")
            case ("shell", *_):
                raise InvalidInput("You are in the shell.", "Leave it with: /exit")
            case _:
                with suppress(KeyboardInterrupt):
                    self._commands.run(words)
                if words == ("help",):
                    output.say()
                    output.say("Tips:")
                    for tip in TIPS:
                        output.say(f"  {told(tip)}")

    def _chosen(self, text: str) -> str:
        """What a number means where the last answer asked back with choices."""
        choices, self._choices = self._choices, []
        number = int(text) if text.isascii() and text.isdigit() else 0
        return choices[number - 1] if 1 <= number <= len(choices) else text

    def _ask(self, text: str) -> None:
        turn_id = os.urandom(16).hex()
        try:
            answer = self._answer(turn_id, text)
        except DaemonNotRunning:  # it was stopped under the shell
            self._commands.reach()
            answer = self._answer(turn_id, text)
        except KeyboardInterrupt:
            raise _Stopped from None
        self._conversation = answer["conversation_id"]
        self._show_below(turn_id, answer)

    def _answer(self, turn_id: str, text: str) -> QueryAnswer:
        line = BottomLine()
        view = BlockView(line)
        session = TurnSession(self._client, turn_id, QUESTION_SECONDS)
        with typing_ahead(self._typed, lambda: line.show_typed(self._typed.line)), session.withdrawn_if_given_up():
            with view.open():
                session.begin(text, self._conversation)
                answer = session.read(view)
            session.done()
        return answer

    def _begun_goals(self, answer: QueryAnswer) -> Iterator[GoalView]:
        """Those that were made and are worked on now."""
        for number in dict.fromkeys(receipt["goal_id"] for receipt in answer["receipts"]):
            with suppress(SenterError):  # the answer itself says what was made
                goal = self._client.get("/api/goals/{goal_id}", GoalReply, goal_id=number)["goal"] if number else None
                if goal and not goal["finished_at"] and (goal["kind"] != "own" or goal["focus"] != GENERAL):
                    yield goal

    def _show_below(self, turn_id: str, answer: QueryAnswer) -> None:
        self._focus = answer["focus"]
        begun = list(self._begun_goals(answer))
        self._news.answered(turn_id, [goal["id"] for goal in begun])
        for goal in begun:
            output.print_panel(phrase("Goal {id}", id=goal["id"]), (f'"{goal["text"]}"', *BEGUN))
        for line in foot(answer, shutil.get_terminal_size().columns):
            output.say(output.styled(line, output.FAINT))
        if asks := answer["asks"]:
            self._choices = [choice["says"] for choice in asks["alternatives"]]
