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
from tests.support.scripted_worker import ScriptedWorker
from tests.support.tool_talk import call, in_turn

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
home, die, text = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

class DyingEngine(ActingEngine):
    async def carry_out(self, command):
        if die == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        print("done", command.request_id, command.asked_at.isoformat(), flush=True)
        if die == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().carry_out(command)

def read(text, known):
    if not text.startswith("Remind"):
        return (act(ActKind.QUESTION, text, subject="world"),)
    return (act(ActKind.REMINDER, text, "call mom", due="2027-01-01T09:00"),)

async def main():
    broker = MemoryBroker()
    engine = DyingEngine.on(broker)
    await engine.start()
    worker = ScriptedWorker(broker)
    worker.capable = True
    worker.answer = in_turn(call("do", sentence="Remind me to call mom"), "Never heard.")
    await worker.open()
    bus = broker.bus("api", Manifest(sends=(BeginTurn, AwaitTurn)))
    async with reading_assistant(broker, home, read):
        if die:
            await bus.request(BeginTurn(request_id="t1", text=text), timeout_seconds=5)
        turn = await bus.request(AwaitTurn(turn_id="t1"), timeout_seconds=20)
        print("answered", turn.response, flush=True)

asyncio.run(main())
"""


def run(home: Path, die: str, text: str) -> tuple[int, list[str]]:
    """An assistant that is told something, and dies when the engine is about to do it, or has; or goes on with it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    ended = subprocess.run(
        [sys.executable, "-c", ASSISTANT, str(home), die, text],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout.splitlines()


@pytest.mark.parametrize(
    ("text", "name"),
    [("Remind me to call mom", "t1-act0"), ("Mom feels forgotten", "t1-order0-act0")],
    ids=["as it was said", "as a model wanted it"],
)
@pytest.mark.parametrize("die", ["before", "after"])
def test_what_was_understood_is_done_once_whatever_dies_between_and_said(
    tmp_path: Path, die: str, text: str, name: str
) -> None:
    code, first = run(tmp_path, die, text)
    assert code == -signal.SIGKILL
    assert [line.split()[0] for line in first] == ([] if die == "before" else ["done"])
    code, second = run(tmp_path, "", text)
    done, answered = second
    assert code == 0
    assert done.startswith(f"done {name} ")
    if die == "after":
        assert first == [done]
    assert answered.startswith("answered Senter was restarted in between; this was done once. Reminder 1: call mom")
