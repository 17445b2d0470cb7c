"""What people read from each command: one snapshot file for each, checked as a whole.

Tests of behaviour assert codes and fields; sentences are here. In a snapshot `@ NAME` sets a scene of `scenes.py`,
and before the first no daemon runs; `HOME` and `VERSION` stand for those of the test. After a change of words, write
the files anew with `SENTER_WRITE_SNAPSHOTS=1 bin/test tests/unit/cli/test_sentences.py` and read what differs.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from senter import __version__
from senter.cli.main import run
from senter.paths import Paths
from senter.terminal.commands import COMMANDS
from tests.support.scripted_daemon import ScriptedDaemon
from tests.unit.cli.scenes import SCENES

FILES = sorted((Path(__file__).parent / "snapshots").glob("*.txt"))
ELSEWHERE = {"prove-crash", "restart", "shell"}
"""A proof of its own, one whose sentences are those of start and stop, and one that needs a terminal."""


@dataclass(frozen=True)
class Reader:
    """Types what a snapshot says, here and now, and reads what comes."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def read(self, lines: list[str]) -> Iterator[str]:
        with ExitStack() as daemon:
            for line in lines:
                if line.startswith("@ "):
                    daemon.close()
                    scene = SCENES[line[2:]]
                    script = ScriptedDaemon(Paths(self.home), scene.control, dict(scene.routes))
                    daemon.enter_context(script.listening())
                    yield f"{line}\n"
                elif line.startswith("$ "):
                    yield f"{line}\n{self._typed(shlex.split(line[2:]))}"

    def _typed(self, words: list[str]) -> str:
        words = [word.replace("HOME", str(self.home)) for word in words]
        begin = words.index("senter")
        with self.monkeypatch.context() as environment:
            for name, _, value in (word.partition("=") for word in words[:begin]):
                environment.setenv(name, value)
            code = run(words[begin + 1 :])
        said = "".join(self.capsys.readouterr())
        return f"{said.replace(str(self.home), 'HOME').replace(__version__, 'VERSION')}[exit {code}]\n"


@pytest.fixture
def reader(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Reader:
    for name in [name for name in os.environ if name.startswith("SENTER_")]:
        if name not in ("SENTER_WRITE_SNAPSHOTS", "SENTER_NO_START"):
            monkeypatch.delenv(name)
    for name, value in (("SENTER_HOME", home), ("XDG_CONFIG_HOME", home / "config"), ("SENTER_USER__TIMEZONE", "UTC")):
        monkeypatch.setenv(name, str(value))
    return Reader(home, monkeypatch, capsys)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_said_is_what_the_snapshot_says(reader: Reader, file: Path) -> None:
    said = "\n".join(reader.read(file.read_text(encoding="utf-8").splitlines()))
    if os.environ.get("SENTER_WRITE_SNAPSHOTS"):
        file.write_text(said, encoding="utf-8")
    assert "$ " in said
    assert said == file.read_text(encoding="utf-8")


def test_every_command_has_a_snapshot() -> None:
    assert {*COMMANDS, "senter"} - ELSEWHERE == {file.stem for file in FILES}
