"""An assistant killed while it has something done: the next one has it done under the same id, as it was read then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
ASSISTANT = """
import asyncio, os, signal, sys
from pathlib import Path
import structlog
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.messages.acts import ActKind
from senter.messages.turns import AwaitTurn, BeginTurn
from tests.support.acting_engine import ActingEngine
from tests.support.scripted_reading import act, reading_assistant

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
home, die = Path(sys.argv[1]), sys.argv[2]

class DyingEngine(ActingEngine):
    async def carry_out(self, command):
        if die == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        print("done", command.request_id, command.asked_at.isoformat(), flush=True)
        if die == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().carry_out(command)

def read(text, known):
    return (act(ActKind.REMINDER, text, "call mom", due="2027-01-01T09:00"),)

async def main():
    broker = MemoryBroker()
    engine = DyingEngine.on(broker)
    await engine.start()
    bus = broker.bus("api", Manifest(sends=(BeginTurn, AwaitTurn)))
    async with reading_assistant(broker, home, read):
        if die:
            await bus.request(BeginTurn(request_id="t1", text="Remind me to call mom"), timeout_seconds=5)
        turn = await bus.request(AwaitTurn(turn_id="t1"), timeout_seconds=20)
        print("answered", turn.response, flush=True)

asyncio.run(main())
"""


def run(home: Path, die: str) -> tuple[int, list[str]]:
    """An assistant that is told something, and dies when the engine is about to do it, or has; or goes on with it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    ended = subprocess.run(
        [sys.executable, "-c", ASSISTANT, str(home), die],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout.splitlines()


@pytest.mark.parametrize("die", ["before", "after"])
def test_what_was_understood_is_done_once_whatever_dies_between_and_said(tmp_path: Path, die: str) -> None:
    code, first = run(tmp_path, die)
    assert code == -signal.SIGKILL
    assert [line.split()[0] for line in first] == ([] if die == "before" else ["done"])
    code, second = run(tmp_path, "")
    done, answered = second
    assert code == 0
    assert done.startswith("done t1-act0 ")
    if die == "after":
        assert first == [done]
    assert answered.startswith("answered Senter was restarted in between; this was done once. Reminder 1: call mom")
