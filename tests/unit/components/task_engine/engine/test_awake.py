"""Keeping the machine awake, with a program in the place of the system's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import structlog

from senter.components.task_engine.engine.machine import Awake
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program's name differs")

HOLDER = """#!/bin/sh
echo held >> "$HELD"
cat
echo released >> "$HELD"
"""


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "systemd-inhibit"
    program.write_text(HOLDER)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("HELD", str(tmp_path / "held"))
    return tmp_path / "held"


def awake(*, wanted: bool = True) -> Awake:
    return Awake(structlog.stdlib.get_logger("task_engine"), wanted=wanted)


async def test_the_machine_is_held_awake_while_there_is_work(held: Path) -> None:
    keeper = awake()
    await keeper.keep(busy=True)
    await keeper.keep(busy=True)
    await until(lambda: held.exists() and bool(lines(held)))
    assert keeper.holds
    await keeper.keep(busy=False)
    assert not keeper.holds
    assert lines(held)[0] == "held"
    assert lines(held).count("held") == 1


async def test_it_is_not_held_awake_unless_asked_for(held: Path) -> None:
    keeper = awake(wanted=False)
    await keeper.keep(busy=True)
    assert not keeper.holds


async def test_a_system_that_cannot_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    keeper = awake()
    await keeper.keep(busy=True)
    await keeper.keep(busy=True)
    assert not keeper.holds


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
