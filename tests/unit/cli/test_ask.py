from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from typing import cast

import pytest

from senter.components.assistant.commands.answer import TerminalView
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

ANSWER: dict[str, object] = {
    "id": "q1",
    "conversation_id": "c1",
    "response": "**Python** is a language.",
    "focus": "general",
    "model": "tiny",
    "latency_seconds": 0.42,
    "degraded": False,
    "tokens": 6,
}
TURN: dict[str, object] = {
    "id": "q1",
    "conversation_id": "c1",
    "text": "What is Python?",
    "state": "answering",
    "response": "",
}
BEGIN = ("POST", "/api/turns")
EVENTS = ("GET", "/api/turns/q1/events")
STOP = ("DELETE", "/api/turns/q1")
READ = ("POST", "/api/turns/q1/read")
DEGRADED = ANSWER | {"degraded": True, "degraded_reason": "http://localhost:9 refuses connections"}


def delta(offset: int, text: str) -> tuple[str, object]:
    return ("delta", {"offset": offset, "text": text, "attempt": 1})


def stream(*events: tuple[str, object], answer: dict[str, object] = ANSWER) -> Response:
    return Response(events=[*events, ("answer", answer)])


def script(daemon: ScriptedDaemon, response: Response) -> None:
    daemon.routes |= {
        BEGIN: Response(TURN, 201),
        EVENTS: response,
        READ: Response(None, 204),
        STOP: Response(None, 204),
    }


def asked(daemon: ScriptedDaemon) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in daemon.requests]


def test_in_a_pipe_there_is_the_answer_and_nothing_else(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(("progress", {"text": "loading"}), delta(0, "**Python**"), delta(10, " is a language.")))
    shown = cli.run("ask", "What", "is", "Python?")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "**Python** is a language.\n", "")
    method, path, body = daemon.requests[0]
    assert (method, path) == BEGIN
    assert isinstance(body, dict)
    assert body["text"] == "What is Python?"
    assert asked(daemon) == [BEGIN, EVENTS, READ]


def test_query_is_the_same_command(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream())
    assert cli.run("query", "What is Python?").stdout == "**Python** is a language.\n"


def test_the_answer_is_whole_although_pieces_were_dropped(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(delta(0, "**Py"), ("dropped", {"count": 1}), delta(11, "is")))
    assert cli.run("ask", "x").stdout == "**Python** is a language.\n"


@pytest.mark.parametrize(
    ("reason", "how_to_get_more"),
    [("length", 'senter ask -c conversa "Go on."'), ("content_filter", "Ask in other words.")],
)
def test_an_answer_that_was_cut_off_says_so_below_and_how_to_get_more(
    cli: Cli, daemon: ScriptedDaemon, reason: str, how_to_get_more: str
) -> None:
    cut = ANSWER | {"cut_off": reason, "conversation_id": "conversation-1"}
    script(daemon, stream(answer=cut))
    shown = cli.run("ask", "x")
    assert (shown.returncode, shown.stdout) == (0, "**Python** is a language.\n")
    assert shown.stderr.count("\n") == 1
    assert how_to_get_more in shown.stderr
    daemon.routes["POST", "/api/query"] = Response(cut)
    assert json.loads(cli.run("ask", "--json", "x").stdout)["cut_off"] == reason


def test_json_has_the_agreed_shape(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(delta(0, "**Py")))
    shown = cli.run("ask", "--json", "x")
    assert shown.returncode == 0
    assert json.loads(shown.stdout) == ANSWER


@pytest.mark.parametrize("arguments", [("ask", "-"), ("ask",)])
def test_the_question_can_be_piped_in(cli: Cli, daemon: ScriptedDaemon, arguments: tuple[str, ...]) -> None:
    script(daemon, stream())
    assert cli.run(*arguments, stdin="What is größer?\n").returncode == 0
    body = daemon.requests[0][2]
    assert isinstance(body, dict)
    assert body["text"] == "What is größer?\n"


def test_a_conversation_is_gone_on_with(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream())
    cli.run("ask", "-c", "c1", "And then?")
    body = daemon.requests[0][2]
    assert isinstance(body, dict)
    assert body["conversation_id"] == "c1"


@pytest.mark.parametrize("arguments", [("ask", ""), ("ask", "  \n "), ("ask",)])
def test_nothing_to_ask_is_wrong_use(cli: Cli, daemon: ScriptedDaemon, arguments: tuple[str, ...]) -> None:
    assert cli.refused(*arguments) == (2, "invalid_input")
    assert daemon.requests == []


def test_text_that_is_not_utf_8_is_refused_with_a_sentence(cli: Cli, daemon: ScriptedDaemon) -> None:
    argv, environment = cli.command("ask")
    for command in ([*argv, b"caf\xe9"], [*argv, "-"]):
        refused = subprocess.run(
            command, env=environment, input=b"caf\xe9", capture_output=True, timeout=20, check=False
        )
        assert refused.returncode == 2
        assert b"not valid UTF-8" in refused.stderr
        assert b"Traceback" not in refused.stderr
    assert daemon.requests == []


PROBLEM = {
    "type": "urn:senter:problem:invalid_input",
    "title": "Cannot be understood",
    "status": 422,
    "detail": "the question has 120000 characters; at most 100000 can be asked.",
    "hint": "",
    "code": "invalid_input",
    "request_id": "r1",
}


def test_what_the_api_cannot_understand_is_wrong_use(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes[BEGIN] = Response(PROBLEM, 422, content_type="application/problem+json")
    assert cli.refused("ask", "x") == (2, "invalid_input")


def test_a_failure_in_mid_answer_leaves_what_was_said(cli: Cli, daemon: ScriptedDaemon) -> None:
    problem = PROBLEM | {"code": "model_error", "status": 502, "detail": "The model broke off.", "hint": "Try again."}
    script(daemon, Response(events=[delta(0, "**Py"), ("failed", problem)]))
    refused = cli.run("ask", "x")
    assert (refused.returncode, refused.stdout) == (1, "**Py\n")
    assert "--resume" not in refused.stderr
    assert asked(daemon)[-1] == READ


def test_ctrl_c_cancels_the_question_quietly(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, Response(events=[delta(0, "**Py")], hold=threading.Event()))
    process = cli.start("ask", "x")
    assert daemon.stream_begun.wait(20)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)
    assert err.strip() == ""
    assert out.strip() in ("", "**Py")
    assert daemon.reader_left.wait(20)
    assert asked(daemon)[-1] == STOP


def test_sigterm_withdraws_the_question_and_a_lost_terminal_does_not(cli: Cli, daemon: ScriptedDaemon) -> None:
    for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, -signal.SIGHUP)):
        daemon.requests.clear()
        daemon.stream_begun.clear()
        script(daemon, Response(events=[delta(0, "**Py")], hold=threading.Event()))
        process = cli.start("ask", "x")
        assert daemon.stream_begun.wait(20)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (code, "")
        assert (STOP in asked(daemon)) == (number == signal.SIGTERM)


def test_a_question_that_cannot_be_withdrawn_is_said_to_go_on(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, Response(events=[delta(0, "**Py")], hold=threading.Event()))
    problem = PROBLEM | {"code": "unavailable", "status": 503, "detail": "assistant is stopped."}
    daemon.routes[STOP] = Response(problem, 503, content_type="application/problem+json")
    process = cli.start("ask", "x")
    assert daemon.stream_begun.wait(20)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (143, "The question could not be withdrawn. assistant is stopped.\n")


def test_a_closed_pipe_withdraws_the_question(cli: Cli, daemon: ScriptedDaemon) -> None:
    more = 200_000  # than what a pipe holds and what is read from it at once: it is still being written
    script(daemon, Response(events=[delta(0, "a" * more), delta(more, "b")], hold=threading.Event()))
    process = cli.start("ask", "x")
    assert process.stdout
    assert process.stdout.read(1) == "a"
    process.stdout.close()
    process.wait(60)
    assert asked(daemon)[-1] == STOP
    assert process.stderr
    with process.stderr:
        assert "Traceback" not in process.stderr.read()


def test_time_that_the_process_was_stopped_for_does_not_count(cli: Cli, daemon: ScriptedDaemon) -> None:
    """As after Ctrl-Z: the question is kept, and read on when the process goes on."""
    held = Response(events=[delta(0, "**Py")], hold=threading.Event())
    script(daemon, held)
    process = cli.start("ask", "--timeout", "1.5", "x")
    assert daemon.stream_begun.wait(20)
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.7)
    daemon.routes[EVENTS] = stream(delta(4, "thon**"))
    process.send_signal(signal.SIGCONT)
    out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "**Python** is a language.\n")
    assert asked(daemon) == [BEGIN, EVENTS, EVENTS, READ]


def test_an_answer_whose_daemon_is_lost_can_be_read_on(cli: Cli, daemon: ScriptedDaemon) -> None:
    problem = PROBLEM | {"code": "unavailable", "status": 503, "detail": "assistant is stopped.", "hint": "Start it."}
    script(daemon, Response(events=[delta(0, "**Py"), ("error", problem)]))
    refused = cli.run("ask", "x")
    assert refused.returncode == 1
    assert "Start it." in refused.stderr
    assert "senter ask --resume q1" in refused.stderr
    assert STOP not in asked(daemon)
    assert READ not in asked(daemon)


def test_resume_shows_the_newest_answer_that_nobody_read(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(delta(0, "**Python**")))
    daemon.routes["GET", "/api/turns"] = Response({"turns": [TURN]})
    daemon.routes["GET", "/api/turns/q1"] = Response(TURN)
    shown = cli.run("ask", "--resume")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "**Python** is a language.\n", "")
    assert asked(daemon)[0] == ("GET", "/api/turns?unread=true&limit=1")
    assert asked(daemon)[-1] == READ
    assert json.loads(cli.run("ask", "--resume", "--json").stdout) == ANSWER
    assert "> What is Python?" in cli.on_terminal("ask", "--resume", "q1")


def test_nothing_to_resume_is_said(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/turns"] = Response({"turns": []})
    assert cli.refused("ask", "--resume") == (1, "not_found")
    assert cli.refused("ask", "--resume", "q1", "What?") == (2, "invalid_input")


def test_an_answer_begun_again_is_told_in_a_pipe(cli: Cli, daemon: ScriptedDaemon) -> None:
    again = ("restart", {"reason": "The answer was begun again."})
    script(daemon, stream(delta(0, "Well"), again, delta(0, "**Python**")))
    shown = cli.run("ask", "x")
    assert shown.stdout == "Well\n\n**Python** is a language.\n"
    assert "began again" in shown.stderr


def test_no_answer_in_time_says_after_how_long(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, Response(events=[delta(0, "**Py")], hold=threading.Event()))
    refused = cli.run("ask", "--timeout", "0.3", "x")
    assert refused.returncode == 1
    assert "timed out after 0.3 s" in refused.stderr
    assert asked(daemon)[-1] == STOP


def test_a_daemon_that_is_starting_is_waited_for(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream())
    states = iter(["starting", "starting"])
    usual = daemon.control

    def control(command: str, component: str | None) -> dict[str, object]:
        answer = dict(usual(command, component))
        result = answer["result"]
        assert isinstance(result, dict)
        return {"result": result | {"state": next(states, "running")}}

    daemon.control = control
    willing = Cli(cli.home, {"SENTER_NO_START": ""})
    assert willing.run("ask", "x").stdout == "**Python** is a language.\n"
    assert len(daemon.commands) == 3


def test_the_setup_is_offered_once_below_the_first_answer_on_a_terminal(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream())
    assert "senter setup" not in cli.run("ask", "x").stdout
    first, second = cli.on_terminal("ask", "x"), cli.on_terminal("ask", "x")
    assert "New here? senter setup" in first.rstrip().splitlines()[-1]
    assert "senter setup" not in second


def on_a_terminal(cli: Cli, *arguments: str, interrupt_when: threading.Event | None = None) -> tuple[int, str]:
    argv, environment = cli.command(*arguments)
    parent, child = pty.openpty()
    process = subprocess.Popen(
        argv, env={**environment, "TERM": "xterm", "COLUMNS": "80"}, stdin=child, stdout=child, stderr=child
    )
    os.close(child)
    if interrupt_when:
        assert interrupt_when.wait(20)
        process.send_signal(signal.SIGINT)
    shown = b""
    while True:
        try:
            shown += os.read(parent, 65_536)
        except OSError:  # Linux says EIO when the other side is closed
            break
    os.close(parent)
    return process.wait(20), shown.decode()


def test_on_a_terminal_markdown_is_drawn_with_the_model_and_the_time_below(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(("progress", {"text": "Loading the model"}), delta(0, "**Python**"), answer=DEGRADED))
    code, shown = on_a_terminal(cli, "ask", "x")
    assert code == 0
    assert "**" not in shown.rpartition("is a language.")[0][-30:]
    below = shown.rpartition("is a language.")[2]
    assert "tiny" in below
    assert "0.4 s" in below
    assert "degraded: http://localhost:9 refuses connections" in below


def test_ctrl_c_on_a_terminal_leaves_what_was_said_and_the_cursor(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, Response(events=[delta(0, "**Py")], hold=threading.Event()))
    code, shown = on_a_terminal(cli, "ask", "x", interrupt_when=daemon.stream_begun)
    # Where the signal met code that was being run from a text, as libraries do, Python 3.11 ends by it at last.
    assert code in (130, -signal.SIGINT)
    assert "Traceback" not in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")
    assert daemon.reader_left.wait(20)


def test_what_breaks_an_answer_off_during_an_import_is_told_as_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rich.markdown", None)
    with pytest.raises(KeyboardInterrupt), TerminalView():
        raise KeyboardInterrupt


def test_an_answer_cannot_drive_the_terminal(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(answer=ANSWER | {"response": "safe \x1b]0;owned\x07 text"}))
    code, shown = on_a_terminal(cli, "ask", "x")
    assert code == 0
    assert "\x1b]0;" not in shown
    assert "safe ]0;owned text" in shown


def test_below_the_answer_a_terminal_gets_what_goes_on_with_the_conversation(cli: Cli, daemon: ScriptedDaemon) -> None:
    script(daemon, stream(answer=ANSWER | {"conversation_id": "0123456789abcdef"}))
    assert "tiny \N{MIDDLE DOT} 0.4 s \N{MIDDLE DOT} conversation 01234567" in cli.on_terminal("ask", "x")
    assert "89abcdef" not in cli.on_terminal("ask", "x")


ASKS = ANSWER | {
    "response": "When?\n1. tomorrow at 9\n2. tonight",
    "asks": {
        "lacks": "when",
        "question": "When?",
        "alternatives": [
            {"label": "tomorrow at 9", "says": "Remind me to call mom tomorrow at 9"},
            {"label": "tonight", "says": "Remind me to call mom tonight"},
        ],
        "acts": [],
    },
}


@pytest.mark.parametrize(
    ("typed", "said"), [("2", "Remind me to call mom tonight"), ("at noon", "at noon"), ("", None)]
)
def test_a_question_back_can_be_answered_at_once_by_a_number_or_in_words_and_left_open(
    cli: Cli, daemon: ScriptedDaemon, typed: str, said: str | None
) -> None:
    script(daemon, stream(answer=ASKS))
    shown = answered_on_a_terminal(cli, daemon, typed, stream())
    begun = [cast("dict[str, str]", body) for method, path, body in daemon.requests if (method, path) == BEGIN]
    texts = [body["text"] for body in begun]
    assert texts == ["Remind me to call mom", *([said] if said else [])]
    assert (" is a language." in shown) == bool(said)


def answered_on_a_terminal(cli: Cli, daemon: ScriptedDaemon, typed: str, then: Response) -> str:
    """Ask, type a line when something is offered, and return all that was shown."""
    argv, environment = cli.command("ask", "Remind me to call mom")
    parent, child = pty.openpty()
    with subprocess.Popen(argv, stdin=child, stdout=child, stderr=child, env=environment) as process:
        os.close(child)
        shown = b""
        while b"leaves it open" not in shown:
            shown += os.read(parent, 4_096)
        script(daemon, then)
        os.write(parent, f"{typed}\n".encode())
        while chunk := read_all(parent):
            shown += chunk
    os.close(parent)
    assert process.returncode == 0
    return shown.decode()


def read_all(terminal: int) -> bytes:
    """What comes next; nothing at the end."""
    try:
        return os.read(terminal, 4_096)
    except OSError:
        return b""


def test_below_an_answer_that_rests_on_files_stands_where_they_are(cli: Cli, daemon: ScriptedDaemon) -> None:
    file = {"source": "trip.txt", "address": "/home/anna/trip.txt", "quote": "Lisbon, 14 December (trip.txt)"}
    reminder = {"source": "call mom", "address": "reminder 3", "quote": "Reminder 3: call mom"}
    script(daemon, stream(answer=ANSWER | {"sources": [file, reminder]}))
    shown = cli.on_terminal("ask", "x")
    assert "trip.txt: /home/anna/trip.txt" in shown
    assert "reminder 3" not in shown
