"""What people read when they type something wrong: one snapshot file for each command, checked as a whole.

Tests of behaviour assert codes and fields; sentences are here. After a change of words, write the files anew with
`SENTER_WRITE_SNAPSHOTS=1 bin/test tests/unit/cli/test_sentences.py` and read what differs.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.support.scripted_daemon import Cli

FILES = sorted((Path(__file__).parent / "snapshots").glob("*.txt"))


def shown(cli: Cli, command: str) -> str:
    done = cli.run(*shlex.split(command)[1:])
    return f"$ {command}\n{done.stdout}{done.stderr}[exit {done.returncode}]\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_wrong_is_said_as_in_the_snapshot(cli: Cli, file: Path) -> None:
    commands = [line[2:] for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("$ ")]
    said = "\n".join(shown(cli, command) for command in commands)
    if os.environ.get("SENTER_WRITE_SNAPSHOTS"):
        file.write_text(said, encoding="utf-8")
    assert commands
    assert said == file.read_text(encoding="utf-8")
