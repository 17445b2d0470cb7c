"""An assistant in a process of its own, killed while it answers: what it acknowledged is never answered anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.assistant.spec import SPEC
from senter.messages.conversations import Conversation, GetConversation, ListConversations, TurnState
from senter.messages.message import ComponentName
from senter.messages.query import QueryAnswer, QueryId, UserQuery
from tests.support.scripted_worker import ScriptedWorker

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
KILLS = 5
ASKER = Manifest(sends=(UserQuery, ListConversations, GetConversation))
ASSISTANT = """
import asyncio, itertools, sys, uuid
from pathlib import Path
import structlog
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.assistant.spec import SPEC
from senter.messages.query import UserQuery
from tests.support.scripted_worker import ScriptedWorker

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
home, run = Path(sys.argv[1]), sys.argv[2]

async def ask_for_ever(bus, line):
    for number in itertools.count():
        query_id = f"topic-{run}-{line}-{number}"  # a name, as figures would be reckoned with
        print("asked", query_id, flush=True)
        answer = await bus.request(UserQuery(query_id=query_id, text=f"What is {query_id}?"), timeout_seconds=30)
        print("answered", query_id, answer.response, flush=True)

async def main():
    broker = MemoryBroker()
    worker = ScriptedWorker(broker)
    worker.answer = lambda request: uuid.uuid4().hex
    await worker.open()
    bus = broker.bus("api", Manifest(sends=(UserQuery,)))
    async with run_component(SPEC, home, broker=broker), asyncio.TaskGroup() as group:
        for line in range(4):
            group.create_task(ask_for_ever(bus, line))

asyncio.run(main())
"""


def run_until_killed(home: Path, run: int) -> list[list[str]]:
    """Start an assistant, kill -9 it after a while, and return the lines it printed, split."""
    process = subprocess.Popen(
        [sys.executable, "-c", ASSISTANT, str(home), str(run)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
    )
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(40 + run * 13)]
    process.kill()
    lines.extend(process.communicate()[0].splitlines(keepends=True))
    return [line.split() for line in lines if line.endswith("\n")]


async def ask(bus: Bus, query_id: str) -> QueryAnswer:
    return await bus.request(UserQuery(query_id=QueryId(query_id), text=f"What is {query_id}?"), timeout_seconds=10)


async def turn_states(bus: Bus) -> dict[str, TurnState]:
    listed = await bus.request(ListConversations(limit=1_000), timeout_seconds=10)
    states: dict[str, TurnState] = {}
    for summary in listed.conversations:
        read: Conversation = await bus.request(GetConversation(conversation_id=summary.id), timeout_seconds=10)
        states.update({turn.query_id: turn.state for turn in read.turns})
    return states


async def test_a_killed_assistant_says_what_happened_and_answers_nothing_twice(tmp_path: Path) -> None:
    printed = [line for run in range(KILLS) for line in run_until_killed(tmp_path, run)]
    answered = {line[1]: line[2] for line in printed if line[0] == "answered"}
    asked = {line[1] for line in printed if line[0] == "asked"}
    assert len(answered) > KILLS * 10
    broker = MemoryBroker()
    worker, bus = ScriptedWorker(broker), broker.bus(ComponentName("api"), ASKER)
    await worker.open()
    async with run_component(SPEC, tmp_path, broker=broker):
        states = await turn_states(bus)
        assert set(states) <= asked
        assert set(states.values()) <= {TurnState.ANSWERED, TurnState.INTERRUPTED}
        for query_id, response in answered.items():
            assert (await ask(bus, query_id)).response == response
        assert worker.requests == []
        for query_id in asked - set(answered):
            assert (await ask(bus, query_id)).response
        assert set((await turn_states(bus)).values()) == {TurnState.ANSWERED}
    await worker.close()
    await bus.close()
