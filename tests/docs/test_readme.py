"""README's tour: its commands parse, and what it shows is what the real renderers print."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from senter.cli.main import senter
from senter.components.specs import SPECS
from senter.messages.model import RULES
from senter.messages.query import QueryAnswer
from senter.paths import Paths
from senter.supervisor.launch import MARKS
from senter.supervisor.progress import STEPS
from tests.support.scripted_daemon import Cli, ScriptedDaemon, component_row, healthy_control, running_status

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODES = re.compile(r"\x1b\[[0-9;]*m")


def shown() -> Iterator[tuple[str, str]]:
    """Each command with the output below it."""
    for block in BLOCK.findall(README.read_text(encoding="utf-8")):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = piece.partition("\n")
            yield command, output


def output_of(beginning: str) -> str:
    """What is shown below the first command that begins so."""
    return next(output for command, output in shown() if command.startswith(beginning) and output)


def shape(table: str) -> str:
    """A drawing without what differs from run to run: numbers, and the widths they cause."""
    return re.sub(r"[ ━─]+", " ", re.sub(r"(?:\d+[dhms] ?)+|\d+", "0", CODES.sub("", table))).strip()


@pytest.fixture
def cli() -> Iterator[Cli]:
    with tempfile.TemporaryDirectory(prefix="sn", dir="/tmp") as folder:
        home = Path(folder)
        Paths(home).make_folders()
        script = ScriptedDaemon(Paths(home), healthy_control)
        names = ["zygote", "nats-server", *(spec.name for spec in SPECS)]
        rows = dict.fromkeys(names, component_row())
        rows["model_research"] = component_row(health={"status": "healthy", "detail": "", "facts": {"planner": RULES}})
        script.control = lambda command, component: {"result": running_status(**rows)}
        with script.listening():
            yield Cli(home, {"TERM": "xterm-256color", "NO_COLOR": "1"})


def test_the_two_commands_come_first() -> None:
    commands = [command for command, _ in shown()]
    assert commands[:2] == ['bin/senter ask "What is Python?"', "bin/test"]


def test_every_command_of_the_tour_parses() -> None:
    found = [command for text, _ in shown() for command in re.findall(r"bin/senter ([^|)\n]+)", text)]
    assert len(found) > 8
    for command in found:
        asked = CliRunner().invoke(senter, [*shlex.split(command), "--help"])
        assert asked.exit_code == 0, f"{command}: {asked.output}"


def test_the_status_is_drawn_as_it_is_shown(cli: Cli) -> None:
    printed = cli.on_terminal("status", columns=88).replace("\r\n", "\n")
    assert shape(output_of("bin/senter status")) == shape(printed)


def test_the_json_of_an_answer_has_the_fields_of_the_api() -> None:
    fields = QueryAnswer.model_fields.items()
    shown = {field.serialization_alias or name for name, field in fields if field.is_required()}
    assert set(json.loads(output_of("bin/senter ask --json"))) == shown


def test_the_start_shows_all_steps_with_their_marks() -> None:
    lines = output_of("bin/senter start").splitlines()
    headings = [line for line in lines if line.startswith("[")]
    assert headings == [f"[{number}/{len(STEPS)}] {title}" for number, title in enumerate(STEPS, start=1)]
    assert all(line.startswith(f"  {MARKS['ok']} ") for line in lines if line not in headings[:] and line != lines[-1])
    assert lines[-1] == "All systems operational"
