"""A command that is forked for a test is like one that was started: to the system, and to whoever waits for it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from senter.errors import StartError
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support import warm_commands
from tests.support.left_behind import processes_of
from tests.support.scripted_daemon import Cli

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif("sys.platform != 'linux'", reason="commands are forked on Linux only"),
]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("--version",), ""),
        (("status", "--json"), ""),
        (("nonsense",), ""),
        (("config", "set", "models.primary.api_key", "-", "--json"), "sk-1\r\n"),
        (("config", "path", "--json"), ""),
    ],
    ids=["version", "status", "nonsense", "config set", "config path"],
)
def test_it_says_and_ends_as_a_started_one(tmp_path: Path, arguments: tuple[str, ...], given: str) -> None:
    argv, environment = Cli(tmp_path / "home").command(*arguments)
    forked = warm_commands.run(argv, environment, given, 20.0)
    started = subprocess.run(
        argv, env=environment, input=given, capture_output=True, text=True, encoding="utf-8", timeout=20, check=False
    )
    assert warm_commands.command(argv, environment) is not subprocess.Popen
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_it_is_found_by_its_home_and_hears_what_it_is_sent(tmp_path: Path) -> None:
    Paths(tmp_path).make_folders()
    argv, environment = Cli(tmp_path).command("logs", "--follow")
    for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        kind = warm_commands.command(argv, environment)
        with kind(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0) as process:
            found = eventually(lambda: processes_of(tmp_path).get(process.pid, ""))
            own_group = os.getpgid(process.pid) == process.pid
            running = process.poll() is None
            process.send_signal(number)
            assert (process.wait(20), own_group, running) == (code, True, True)
            assert found.rstrip().endswith("-m senter logs --follow")
        assert not processes_of(tmp_path)


def eventually(found: Callable[[], str]) -> str:
    """What is there after some time; nothing when that is long."""
    told = [""]
    with suppress(StartError):
        wait_until(lambda: bool(told.append(found()) or told[-1]), "nothing is there", 10.0)
    return told[-1]


def test_it_stands_in_the_folder_that_it_is_given(tmp_path: Path) -> None:
    argv, environment = Cli(Path("mine")).command("config", "path", "--json")
    assert str(tmp_path / "mine") in warm_commands.run(argv, environment, "", 20.0, str(tmp_path)).stdout


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    Paths(tmp_path).make_folders()
    with pytest.raises(subprocess.TimeoutExpired):
        warm_commands.run(*Cli(tmp_path).command("logs", "--follow"), "", 0.5)
    assert not processes_of(tmp_path)


def test_another_interpreter_is_started_in_earnest(tmp_path: Path) -> None:
    argv, environment = Cli(tmp_path).command("status")
    for other in ({"PYTHONOPTIMIZE": "1"}, {"LC_ALL": "de_DE.ISO-8859-1"}, {"PYTHONPATH": "/elsewhere"}):
        assert warm_commands.command(argv, {**environment, **other}) is subprocess.Popen
    assert warm_commands.command([argv[0], "-X", "importtime", *argv[1:]], environment) is subprocess.Popen
