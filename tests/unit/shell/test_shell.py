"""The shell in a pseudo-terminal, with a daemon that answers as it is told."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.support.terminals import Terminal, terminal

ANSWER: dict[str, object] = {
    "id": "q1",
    "conversation_id": "c1",
    "response": "**Python** is a language.\n\nIt is *old*.",
    "focus": "general",
    "model": "tiny",
    "latency_seconds": 1.234,
    "degraded": False,
    "tokens": 6,
    "receipts": [],
    "sources": [],
    "asks": None,
}
TURN: dict[str, object] = {"id": "q1", "conversation_id": "c1", "text": "x", "state": "answering", "response": ""}
BEGIN, EVENTS = ("POST", "/api/turns"), ("GET", "/api/turns/q1/events")
STOP, READ = ("DELETE", "/api/turns/q1"), ("POST", "/api/turns/q1/read")


def answer_with(daemon: ScriptedDaemon, *events: tuple[str, object], **changes: object) -> None:
    stream = Response(events=[*events, ("answer", ANSWER | changes)])
    daemon.routes |= {BEGIN: Response(TURN, 201), EVENTS: stream, READ: Response(None, 204)}


def answer_without_end(daemon: ScriptedDaemon, *events: tuple[str, object]) -> None:
    stream = Response(events=[*events], hold=threading.Event())
    daemon.routes |= {BEGIN: Response(TURN, 201), EVENTS: stream, STOP: Response(None, 204)}


def asked(daemon: ScriptedDaemon) -> list[tuple[object, object]]:
    """The texts and conversations of the questions that came."""
    bodies = [cast("dict[str, object]", body) for method, path, body in daemon.requests if (method, path) == BEGIN]
    return [(body["text"], body.get("conversation_id")) for body in bodies]


def opened(
    home: Path, columns: int = 80, words: tuple[str, ...] = ("shell",), after: str = ":", **environment: str
) -> Iterator[Terminal]:
    """It runs below another program, as below a person's own shell, which does `after` when it has ended."""
    argv, inherited = Cli(home).command(*words)
    argv = ["/bin/sh", "-c", f'"$@"; code=$?; {after}; exit $code', "sh", *argv]
    for name in ("TERM", "NO_COLOR", "COLUMNS", "LINES"):
        inherited.pop(name, None)
    with terminal(argv, {**inherited, **environment}, columns) as shown:
        yield shown


@pytest.fixture
def shell(home: Path, daemon: ScriptedDaemon) -> Iterator[Terminal]:
    for shown in opened(home):
        shown.wait_for_prompt()
        yield shown


def test_it_welcomes_and_says_goodbye(shell: Terminal) -> None:
    assert "Senter Interactive Shell" in shell.text()
    assert "Type queries or commands. Use /help for available commands." in shell.text()
    shell.enter("")
    shell.enter("/exit")
    assert shell.wait_for_end() == 0
    assert shell.text().endswith("Goodbye.")
    assert shell.is_as_found()


def test_an_answer_is_drawn_once_with_a_line_below_it(shell: Terminal, daemon: ScriptedDaemon) -> None:
    receipt = {"kind": "goal", "id": "4", "title": "x", "done": "x", "note": "", "goal_id": 4, "undoable": True}
    source = {"source": "notes.md", "address": "/n.md", "quote": "x"}
    pieces = [
        ("delta", {"offset": 0, "text": "**Python** is a lang"}),
        ("delta", {"offset": 20, "text": "uage.\n\nIt"}),
    ]
    answer_with(daemon, *pieces, focus="research", receipts=[receipt], sources=[source])
    shell.enter("What is Python?")
    text = shell.wait_for_prompt("[research] >")
    assert "Focus: research | Latency: 1.23s | Model: tiny | Used: notes.md\nMade: goal 4 (/undo)" in text
    assert text.count("Python is a language.") == text.count("It is old.") == 1


def test_a_conversation_goes_on_until_a_new_one_is_begun(shell: Terminal, daemon: ScriptedDaemon) -> None:
    answer_with(daemon)
    for line in ("one", "two", "/new", "three"):
        shell.enter_and_wait(line)
    assert asked(daemon) == [("one", None), ("two", "c1"), ("three", None)]


def test_a_number_chooses_where_the_answer_asked_back(shell: Terminal, daemon: ScriptedDaemon) -> None:
    choices = [{"label": "a", "says": "the first of it"}, {"label": "b", "says": "the second of it"}]
    answer_with(daemon, asks={"question": "Which?", "alternatives": choices})
    for line in ("this or that", "2", "2"):
        shell.enter_and_wait(line)
    assert [text for text, _ in asked(daemon)] == ["this or that", "the second of it", "the second of it"]


def test_commands_are_those_of_the_command_line(shell: Terminal, daemon: ScriptedDaemon) -> None:
    assert "Health score 100 of 100" in shell.enter_and_wait("/status")
    assert "Did you mean status?" in shell.enter_and_wait("/stauts")
    assert "every command has a slash" in shell.enter_and_wait("/help")
    assert "You are in the shell." in shell.enter_and_wait("/shell")
    assert "A quotation mark is not closed." in shell.enter_and_wait('/goal add "open')
    assert asked(daemon) == []


def test_what_waits_stands_in_the_prompt(home: Path, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/goals"] = Response({"goals": [], "approvals_waiting": 2})
    for shown in opened(home):
        shown.wait_for_prompt("[general \N{MIDDLE DOT} 2 waiting] >")


def test_news_is_told_above_what_is_being_typed(home: Path, daemon: ScriptedDaemon) -> None:
    news: list[tuple[str, object]] = [
        ("activity_log", {"kind": "reminder", "summary": f"Reminder: nr {number}\x1b[31m", "correlation_id": None})
        for number in range(200)
    ]
    for shown in opened(home):
        shown.wait_for_prompt()
        shown.type("half of")
        shown.wait_for_prompt("[general] > half of")
        daemon.routes["GET", "/api/events"] = Response(events=news, hold=threading.Event())
        daemon.drop_readers()
        shown.wait_for("196 more: /progress")
        text = shown.wait_for_prompt("[general] > half of")
        assert text.index("Reminder: nr 3") < text.index("196 more")
        assert "Reminder: nr 4" not in text


def test_what_an_answer_told_is_no_news_but_what_goes_on_is(shell: Terminal, daemon: ScriptedDaemon) -> None:
    receipt = {"kind": "goal", "id": "4", "title": "x", "done": "x", "note": "", "goal_id": 4, "undoable": True}
    goal = {"id": 4, "text": "read it", "kind": "work", "focus": "research", "finished_at": None}
    daemon.routes["GET", "/api/goals/4"] = Response({"goal": goal})
    answer_with(daemon, receipts=[receipt])
    assert "Background work has begun." in shell.enter_and_wait("Read it.")
    (turn_id,) = (
        cast("dict[str, object]", body)["request_id"] for _, path, body in daemon.requests if path == BEGIN[1]
    )
    done = {"kind": "goal_completed", "correlation_id": turn_id}
    news: list[tuple[str, object]] = [
        ("activity_log", done | {"summary": "Done: at once", "details": {"goal_id": 3}}),
        ("activity_log", done | {"summary": "Done: read it", "details": {"goal_id": 4}}),
    ]
    daemon.routes["GET", "/api/events"] = Response(events=news, hold=threading.Event())
    daemon.drop_readers()
    assert "at once" not in shell.wait_for("Done: read it")


def test_keys_show_at_once_while_an_answer_comes_and_go_into_the_next_prompt(
    shell: Terminal, daemon: ScriptedDaemon
) -> None:
    answer_without_end(daemon, ("delta", {"offset": 0, "text": "One.\n\nTwo"}))
    shell.enter("tell me")
    shell.wait_for("One.")
    shell.type("and the")
    shell.wait_for("> and the")
    shell.type("\x03")
    shell.wait_for("Stopped.")
    text = shell.wait_for_prompt("[general] > and the")
    assert "Two" in text
    assert STOP in [(method, path) for method, path, _ in daemon.requests]


def test_a_line_that_was_typed_ahead_is_asked_next(shell: Terminal, daemon: ScriptedDaemon) -> None:
    answer_without_end(daemon)
    shell.enter("first")
    shell.wait_until(lambda: len(asked(daemon)) == 1, "the first question")
    shell.wait_for("Thinking")
    shell.enter("second")
    shell.type("th")
    shell.wait_for("> th")
    daemon.reader_left.clear()
    shell.type("\x03")
    shell.wait_until(lambda: len(asked(daemon)) == 2, "the second question")
    shell.type("\x03")
    shell.wait_for_prompt("[general] > th")
    assert [text for text, _ in asked(daemon)] == ["first", "second"]


def test_ctrl_c_at_the_prompt_says_how_to_leave_and_ctrl_d_leaves(shell: Terminal) -> None:
    shell.type("half")
    shell.wait_for_prompt("[general] > half")
    shell.type("\x03")
    shell.wait_for("\n[general] > half\n[general] >")
    shell.type("\x03")
    shell.wait_for("Use /exit to quit.\n[general] >")
    shell.type("\x04")
    assert shell.wait_for_end() == 0
    assert shell.is_as_found()


def test_one_paste_is_one_question_and_is_not_drawn(shell: Terminal, daemon: ScriptedDaemon) -> None:
    answer_with(daemon)
    pasted = "\r".join(f"line {number}" for number in range(5_000))
    shell.type("sum up: ")
    for begin in range(0, len(pasted), 2_000):
        shell.type(("\x1b[200~" if not begin else "") + pasted[begin : begin + 2_000])
        shell.read_for(0)
    shell.type("\x1b[201~")
    shell.wait_for("[Pasted 5,000 lines #1]")
    shell.enter("")
    shell.wait_for("Focus:")
    assert asked(daemon) == [("sum up: " + pasted.replace("\r", "\n"), None)]
    assert "line 4999" not in shell.text()


@pytest.mark.parametrize("columns", [40, 23])
def test_a_narrow_terminal_and_one_that_changes_its_size(home: Path, daemon: ScriptedDaemon, columns: int) -> None:
    answer_without_end(daemon, ("delta", {"offset": 0, "text": "One.\n\nTwo"}))
    for shown in opened(home, columns):
        shown.wait_for_prompt()
        shown.enter("tell me")
        shown.wait_for("One.")
        shown.resize(100, 40)
        shown.resize(columns - 3, 10)
        shown.type("\x03")
        shown.wait_for("Stopped.")
        shown.wait_for_prompt()
        assert shown.sent.count(b"One.") == 1, shown.sent


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_be_drawn_on_gets_plain_lines(home: Path, daemon: ScriptedDaemon, term: str) -> None:
    answer_with(daemon)
    for shown in opened(home, TERM=term):
        shown.wait_for_prompt()
        shown.type("What is Python?\n")
        shown.wait_for("Focus: general")
        shown.wait_for_prompt()
        shown.type("/exit\n")
        assert shown.wait_for_end() == 0
        assert b"\x1b" not in shown.sent
        assert shown.is_as_found()


@pytest.mark.parametrize("at", ["the prompt", "an answer"])
def test_a_shell_that_is_killed_leaves_the_terminal_as_it_was(shell: Terminal, daemon: ScriptedDaemon, at: str) -> None:
    if at == "an answer":
        answer_without_end(daemon)
        shell.enter("tell me")
        shell.wait_for("Thinking")
    assert not shell.is_as_found()
    os.kill(_child_of(_child_of(shell.process.pid)), signal.SIGKILL)
    assert shell.wait_for_end() == 128 + signal.SIGKILL
    assert shell.is_as_found()


def test_where_the_guardian_is_killed_the_shell_puts_the_terminal_back(home: Path, daemon: ScriptedDaemon) -> None:
    for shown in opened(home, after="read -r line"):
        shown.wait_for_prompt()
        os.kill(_child_of(shown.process.pid), signal.SIGKILL)
        shown.wait_until(shown.is_as_found, "the terminal as it was found")
        shown.type("\n")
        assert shown.wait_for_end() == 128 + signal.SIGKILL


def test_history_is_private_and_comes_back(home: Path, shell: Terminal, daemon: ScriptedDaemon) -> None:
    answer_with(daemon)
    shell.enter("What is Python?")
    shell.wait_for("Focus:")
    shell.wait_for_prompt()
    assert stat.S_IMODE((home / "data" / "shell_history").stat().st_mode) == 0o600
    for again in opened(home):
        again.wait_for_prompt()
        again.type("\x1b[A")
        again.wait_for_prompt("[general] > What is Python?")


def test_the_program_alone_on_a_terminal_is_the_shell(home: Path, daemon: ScriptedDaemon) -> None:
    for shown in opened(home, words=()):
        shown.wait_for_prompt()
        shown.enter("/quit")
        assert shown.wait_for_end() == 0


def test_no_terminal_is_said_in_a_sentence(home: Path) -> None:
    refused = Cli(home).run("shell")
    assert refused.returncode == 2
    assert "The shell needs a terminal." in refused.stderr


def _child_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])
