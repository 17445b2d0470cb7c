"""Runs docs/test-playbook.md, block by block, in one home and with a real daemon."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.left_behind import end_with_these_tests
from tests.support.scripted_daemon import NO_MODELS

ROOT = Path(__file__).parents[2]
PLAYBOOK = ROOT / "docs" / "test-playbook.md"
COMMAND_TIMEOUT_SECONDS = 100.0

_FENCE = re.compile(r"^(?P<indent> *)```console(?P<by_hand> by-hand)?\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One command of the playbook and what it should print."""

    line: int
    command: str
    expected: str
    exit_code: int


def steps(document: str) -> Iterator[Step]:
    """Every command outside the blocks for hands only."""
    for fence in _FENCE.finditer(document):
        if fence["by_hand"]:
            continue
        line = document.count("\n", 0, fence.start("body")) + 1
        body = textwrap.dedent(fence["body"])
        for command in re.finditer(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", body, re.MULTILINE):
            offset = body.count("\n", 0, command.start())
            yield _step(line + offset, command["command"], command["output"])


def _step(line: int, command: str, output: str) -> Step:
    ended = re.search(r"^\[exit (\d+)\]\n", output, re.MULTILINE)
    expected = output.replace(ended[0], "") if ended else output
    return Step(line, command, expected.strip(), int(ended[1]) if ended else 0)


def agrees(expected: str, printed: str) -> bool:
    """A line that is `...` stands for any lines or none; within a line it stands for anything."""
    pattern = "".join(_line_pattern(line) for line in expected.splitlines())
    shown = "".join(line + "\n" for line in printed.strip().splitlines())
    return re.fullmatch(pattern, shown) is not None


def _line_pattern(line: str) -> str:
    if line.strip() == "...":
        return r"(?:[^\n]*\n)*?"
    return "[^\\n]*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[^\S\n]*\n"


@pytest.fixture
def shell() -> Iterator[dict[str, str]]:
    """The environment of a person with a fresh home and `senter` on the PATH."""
    with tempfile.TemporaryDirectory(prefix="sn", dir="/tmp") as folder:
        program = Path(folder) / "bin" / "senter"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m senter "$@"\n')
        program.chmod(0o755)
        end_with_these_tests(Path(folder) / "home")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
        yield {
            **inherited,
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONIOENCODING": "utf-8",
            "SENTER_HOME": f"{folder}/home",
            "SENTER_API__PORT": "0",
            **NO_MODELS,
        }
        subprocess.run(
            [program, "stop"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "SENTER_HOME": f"{folder}/home"},
            capture_output=True,
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )


def test_the_playbook_holds_every_scenario() -> None:
    text = PLAYBOOK.read_text(encoding="utf-8")
    headings = re.findall(r"^## \d+\. (.*)$", text, re.MULTILINE)
    assert headings[:2] == ["From query to response", "Recovery from failure"]
    assert len(headings) == 14
    assert len(list(steps(text))) > 20


def test_a_step_that_prints_something_else_does_not_agree() -> None:
    assert agrees("api: running...", "api: running (pid 12)\n")
    assert not agrees("api: running...", "api: stopped\n")
    assert agrees("first\n...\nlast", "first\nlast\n")
    assert agrees("first\n...\nlast", "first\nand\nso on\nlast\n")
    assert not agrees("first\nlast", "first\nand\nlast\n")
    assert not agrees("Senter has stopped.", "Senter has stopped.\nTraceback (most recent call last):")


@pytest.mark.process
@pytest.mark.model
@pytest.mark.timeout(600)
def test_every_step_of_the_playbook_does_what_it_says(shell: dict[str, str]) -> None:
    Path(shell["SENTER_HOME"]).mkdir()
    for step in steps(PLAYBOOK.read_text(encoding="utf-8")):
        done = subprocess.run(
            ["bash", "-c", step.command],
            env=shell,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
        where = f"{PLAYBOOK.name}:{step.line}: {step.command}\n{done.stdout}"
        assert done.returncode == step.exit_code, where
        assert agrees(step.expected, done.stdout), where
        assert "Traceback" not in done.stdout, where
