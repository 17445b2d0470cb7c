"""Every table fits the terminal, whatever stands in it: long names, wide characters, a narrow screen."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import cast

import pytest

from senter.paths import Paths
from senter.terminal.output import print_table, width_of
from tests.support.scripted_daemon import Answer, Cli, Response, ScriptedDaemon, component_row, running_status
from tests.unit.cli.scenes import SCENES

COMMANDS = (
    "status",
    "status assistant",
    "config show",
    "config get user",
    "documents",
    "documents --skipped",
    "conversations",
    "models",
    "models list",
    "goals",
    "schedule",
    "schedule history",
    "undo --list",
    "tools",
    "audit",
    "dead-letters",
    "progress",
    "notify test",
)
DRIVER = """
import sys
from senter.cli.main import run
for command in sys.argv[1:]:
    print(f"@ {command}", flush=True)
    run(command.split())
"""
WIDE = " 資料の整理と長い名前 \N{PARTY POPPER}\N{PARTY POPPER} and-one-word-that-is-much-longer-than-any-column-can-be"
FREE_TEXT = frozenset(
    {"description", "detail", "error", "goal", "job", "path", "problem", "reason", "summary", "text", "title", "topic"}
)
DRAWN = re.compile(r"[│┃┏┡├└┌]")
OF_TABLE = re.compile(rf"{DRAWN.pattern}|  (?!\w+ \d)")
"""Sentences beside tables, and dated ones, are wrapped by the terminal."""
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def widened(value: object, key: str = "") -> object:
    """The same answer with long and wide text wherever people put text."""
    if isinstance(value, dict):
        return {name: widened(inner, name) for name, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [widened(inner, key) for inner in cast("list[object]", value)]
    return value + WIDE if isinstance(value, str) and key in FREE_TEXT else value


def control(command: str, component: str | None) -> Answer:
    """Answers with much to say of everything."""
    if command == "describe":
        line = {"at": "2026-03-02T09:00:00Z", "unit": "assistant", "outcome": "restarted", "downtime_seconds": 0.2}
        return {"result": component_row() | {"history": [{**line, "reason": "killed by SIGKILL" + WIDE}]}}
    return {
        "result": running_status(
            assistant=component_row("stopped", reason="why" + WIDE), model_research=component_row()
        )
    }


def shown(home: Path, columns: int) -> dict[str, list[str]]:
    """What each command draws on a terminal of that width."""
    _, environment = Cli(home).command()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", DRIVER, *COMMANDS],
        env={**environment, "COLUMNS": str(columns), "TERM": "xterm", "SENTER_USER__NAME": "Anna" + WIDE[:60]},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while piece := _read(ours):
        said += piece
    assert process.wait(30) == 0, said.decode()
    blocks = CODES.sub("", said.decode()).replace("\r\n", "\n").split("@ ")[1:]
    return {block.partition("\n")[0]: block.partition("\n")[2].splitlines() for block in blocks}


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says EIO when the other side is closed
        return b""


@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_of_a_table_is_longer_than_the_terminal(home: Path, columns: int) -> None:
    scene = SCENES["running"]
    routes = {place: Response(widened(one.body), one.status) for place, one in scene.routes.items()}
    with ScriptedDaemon(Paths(home), control, routes).listening():
        tables = shown(home, columns)
    assert set(tables) == set(COMMANDS)
    for command, lines in tables.items():
        assert lines, command
        too_long = [line for line in lines if OF_TABLE.match(line) and width_of(line) > columns]
        assert too_long == [], command
        for is_drawn, table in groupby(lines, lambda line: bool(DRAWN.match(line))):
            assert not is_drawn or len({width_of(line) for line in table}) == 1, command


def test_a_column_with_nothing_in_it_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("#", "Reminder", "State"), [("1", "tea", ("", "")), ("2", "milk", "")])
    print_table(("#", "Reminder", "State"), [("1", "tea", ("", "")), ("2", "milk", "over")])
    assert capsys.readouterr().out.splitlines() == [
        "#  Reminder",
        "1  tea",
        "2  milk",
        "#  Reminder  State",
        "1  tea",
        "2  milk      over",
    ]
