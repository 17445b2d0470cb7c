from __future__ import annotations

import json
import runpy
import subprocess
from pathlib import Path

import click
import pytest

from senter.cli.help import OTHERS, grouped
from senter.cli.main import OF_THE_PROGRAM, senter
from senter.reference.sources import own_commands
from senter.terminal.commands import COMMANDS
from tests.support.commands import every_command, problems_of
from tests.support.examples import ENVIRONMENT
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.support.troupe import installed

REPOSITORY = Path(__file__).parents[3]
OWN = [command.name for command in own_commands()]
OF_GROUPS = {
    "goal": ("add", "plan", "show", "pause", "resume", "cancel", "accept", "reopen", "move", "retry", "prioritise"),
    "task": ("done", "fail", "feed"),
    "approvals": ("list", "approve", "deny"),
    "audit": ("list", "verify", "export"),
    "tools": ("list", "show", "test"),
    "documents": ("list", "add", "show", "remove"),
    "models": ("show", "list", "get", "use", "remove", "exam"),
    "notify": ("test",),
    "remind": ("add", "list", "show", "done", "snooze", "skip", "cancel", "undo"),
    "timer": ("start", "list", "stop"),
    "calendar": ("show", "add", "remove", "list", "connect", "disconnect"),
    "schedule": ("list", "add", "show", "change", "pause", "resume", "run", "remove", "history"),
    "config": ("show", "path", "check", "edit", "get", "set", "unset"),
    "conversations": ("list", "show", "export", "delete"),
    "dead-letters": ("list", "show", "replay", "drop"),
    "service": ("install", "remove", "status"),
}

EACH_FIRST = """
import importlib, os, sys
import senter.cli.main
for name in sys.argv[1:]:
    if not (pid := os.fork()):
        importlib.import_module(name)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        print(name)
"""


def test_every_command_has_help_with_an_example_and_an_option_for_json() -> None:
    for name, command in every_command(senter, "senter"):
        lacks = ["an option --json"] if name == "senter shell" else []  # a conversation is for people
        assert problems_of(name, command) == lacks, name


def test_the_commands_below_others_are_these() -> None:
    groups = {
        name: set(command.commands)
        for name in OWN
        if isinstance(command := senter.get_command(click.Context(senter), name), click.Group)
    }
    assert groups == {name: set(commands) for name, commands in OF_GROUPS.items()}


def test_every_command_belongs_to_the_command_line_or_to_exactly_one_component() -> None:
    assert sorted(OWN) == sorted(set(OWN)) == sorted(COMMANDS)


def test_the_first_run_knows_which_commands_start_nothing() -> None:
    known = runpy.run_path(str(REPOSITORY / "bin" / "make_environment.py"))["STARTS_NOTHING"]
    of_the_program = {name for name, (target, _) in COMMANDS.items() if target.startswith(OF_THE_PROGRAM)}
    assert known == of_the_program - {"shell", "start", "restart", "setup", "dead-letters"} | {"panic"}


def test_the_list_of_commands_names_every_one(cli: Cli) -> None:
    shown = cli.run("--help")
    assert shown.returncode == 0
    assert all(f"  {name} " in shown.stdout for name in COMMANDS)
    assert "Example: senter ask" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_every_command_stands_in_one_group_and_takes_one_whole_line() -> None:
    rows = [row for _, rows in grouped({name: text for name, (_, text) in COMMANDS.items()}) for row in rows]
    assert sorted(name.strip() for name, _ in rows) == sorted(COMMANDS)
    assert OTHERS not in dict(grouped({name: text for name, (_, text) in COMMANDS.items()}))
    assert not [text for _, text in rows if text.endswith("...")]


def test_help_shows_a_command_or_those_about_a_word(cli: Cli) -> None:
    assert cli.run("help").stdout == cli.run("--help").stdout
    assert cli.run("help", "goal", "add").stdout == cli.run("goal", "add", "--help").stdout
    assert "remind" in json.loads(cli.run("help", "reminders", "--json").stdout)["commands"]
    assert cli.refused("help", "xyzzy") == (2, "invalid_input")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("what", "is", "on", "today"), 'senter ask "what is on today"'),
        (("what is on today",), 'senter ask "what is on today"'),
        (("buy", "some", "milk"), 'senter ask "buy some milk"'),
        (("remnd", "me", "to", "call"), "Did you mean remind?"),
        (("STAUTS",), "Did you mean status?"),
        (("cal",), "Did you mean calendar?"),
        (("status", "--jason"), "Did you mean '--json'?"),
        (("schedule", "ad"), "Did you mean add?"),
    ],
)
def test_words_that_are_no_command_are_met_with_what_was_meant(cli: Cli, words: tuple[str, ...], says: str) -> None:
    done = cli.run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    "arguments", [("nonsense", "--json"), ("config", "pat", "--json"), ("status", "--jason", "--json")]
)
def test_with_json_wrong_use_is_json_on_standard_output(cli: Cli, arguments: tuple[str, ...]) -> None:
    refused = cli.run(*arguments)
    assert (refused.returncode, refused.stderr) == (2, "")
    error = json.loads(refused.stdout)["error"]
    assert set(error) == {"code", "message", "hint"}
    assert error["code"] == "wrong_use"


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("stop",),
        ("restart", "assistant"),
        ("start", "assistant"),
        ("models",),
        ("conversations", "list"),
        ("dead-letters", "list"),
        ("ask", "--no-start", "x"),
    ],
    ids=" ".join,
)
def test_a_command_that_needs_the_daemon_exits_with_3_without_it(cli: Cli, command: tuple[str, ...]) -> None:
    assert cli.refused(*command) == (3, "not_running")


def test_a_component_of_a_third_party_brings_its_command(home: Path) -> None:
    with_example = Cli(home, ENVIRONMENT)
    assert "  echo  " in with_example.run("--help").stdout
    shown = with_example.run("echo", "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "senter echo" in shown.stdout
    assert "Did you mean echo?" in with_example.run("ehco").stderr


def test_the_command_of_the_example_asks_its_component(home: Path, daemon: ScriptedDaemon) -> None:
    reply = {"text": "hi", "count": 3}
    daemon.routes["POST", "/api/echo"] = Response(reply)
    with_example = Cli(home, ENVIRONMENT)
    assert with_example.run("echo", "hi").stdout == "hi\n"
    assert daemon.requests[-1] == ("POST", "/api/echo", {"text": "hi"})
    assert json.loads(with_example.run("echo", "hi", "--json").stdout) == reply


def test_a_command_of_a_third_party_that_cannot_be_imported_is_a_sentence(home: Path) -> None:
    assert Cli(home, installed(home, "mute")).refused("mumble") == (1, "component_error")
    assert Cli(home, installed(home, "mute")).run("--help").returncode == 0


def test_the_status_command_imports_nothing_heavy(cli: Cli, daemon: ScriptedDaemon) -> None:
    argv, environment = cli.command("status", "--json")
    shown = subprocess.run(
        [argv[0], "-X", "importtime", *argv[1:]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in shown.stderr.splitlines()}
    heavy = {"pydantic", "httpx", "httpx2", "asyncio", "structlog", "rich", "psutil", "tomllib"}
    assert "click" in imported
    assert not heavy & imported


def test_each_command_can_be_the_first_that_is_imported(cli: Cli) -> None:
    """Those of other tests are forked from a process that has imported all of them."""
    argv, environment = cli.command()
    modules = sorted({module.partition(":")[0] for module, _ in COMMANDS.values()})
    done = subprocess.run(
        [argv[0], "-P", "-c", EACH_FIRST, *modules],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_reader_that_leaves_early_is_met_quietly(cli: Cli, daemon: ScriptedDaemon) -> None:
    process = cli.start("status")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(20) == 141
    assert complaint == ""


def test_a_terminal_without_unicode_and_colours_gets_plain_characters(cli: Cli, daemon: ScriptedDaemon) -> None:
    plain = Cli(cli.home, {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1", "TERM": "xterm"})
    shown = plain.on_terminal("status")
    assert "+ Running" in shown
    assert "SENTER DAEMON" in shown
    assert "\x1b[3" not in shown
    assert shown.isascii()


def test_a_terminal_gets_ticks_and_colours(cli: Cli, daemon: ScriptedDaemon) -> None:
    coloured = Cli(cli.home, {"TERM": "xterm-256color", "NO_COLOR": ""})
    assert "\x1b[32m\N{CHECK MARK} Running" in coloured.on_terminal("status")


def test_a_terminal_too_narrow_for_the_columns_gets_a_block_for_each_row(cli: Cli, daemon: ScriptedDaemon) -> None:
    plain = Cli(cli.home, {"TERM": "xterm-256color", "NO_COLOR": "1"})
    shown = plain.on_terminal("status", columns=30)
    lines = [line.rstrip() for line in shown.splitlines()]
    assert lines[lines.index("  PID       4243") - 1] == "  Status    \N{CHECK MARK} Running"
    assert "Component" not in shown
    assert "Component" in plain.on_terminal("status", columns=80)


def test_shells_can_complete_commands_and_their_options(cli: Cli) -> None:
    def complete(words: str, index: int) -> str:
        asked = {"_SENTER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(index)}
        return Cli(cli.home, asked).run().stdout

    assert "plain,status" in complete("senter st", 1)
    assert "plain,--follow" in complete("senter logs --fo", 2)
    assert "complete" in Cli(cli.home, {"_SENTER_COMPLETE": "zsh_source"}).run().stdout


def test_no_command_at_all_shows_the_first_steps(cli: Cli) -> None:
    shown = cli.run()
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "senter setup" in shown.stdout
    assert len(shown.stdout.splitlines()) < 10
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_a_full_disk_under_standard_output_is_a_sentence(cli: Cli, daemon: ScriptedDaemon) -> None:
    argv, environment = cli.command("status")
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        refused = subprocess.run(
            argv, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, timeout=20, check=False
        )
    assert refused.returncode == 1
    assert refused.stderr == "Error: The system refuses: No space left on device.\n"


def test_a_relative_home_is_taken_from_the_callers_folder_and_said(tmp_path: Path) -> None:
    argv, environment = Cli(Path("mine")).command("config", "path", "--json")
    done = subprocess.run(argv, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
    assert json.loads(done.stdout)["home"] == str(tmp_path / "mine")
    assert done.stderr == f"SENTER_HOME=mine is a relative path: it is taken as {tmp_path}/mine\n"


def test_a_home_below_the_users_is_taken_from_there_without_a_word(tmp_path: Path) -> None:
    done = Cli(Path("~/mine"), {"HOME": str(tmp_path)}).run("config", "path", "--json")
    assert (json.loads(done.stdout)["home"], done.stderr) == (str(tmp_path / "mine"), "")


@pytest.mark.parametrize("home", ["~no-such-user/x", "/etc/passwd/x"])
def test_a_home_that_cannot_be_is_a_sentence(home: str) -> None:
    for command in ("status", "start", "ask"):
        refused = Cli(Path(home)).run(command, *(["x"] if command == "ask" else []))
        assert refused.returncode in (1, 3)
        assert refused.stderr.startswith("Error: ")
        assert "Traceback" not in refused.stderr
