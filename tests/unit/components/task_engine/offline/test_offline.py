"""Goals from asking to result, without a network or a capable model: engine, tools and documents on one bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.models import RESEARCH
from senter.component.testing import run_component
from senter.components.documents.spec import SPEC as DOCUMENTS
from senter.components.task_engine.agent.task_run import CUT_OFF
from senter.components.task_engine.spec import SPEC as TASK_ENGINE
from senter.errors import InvalidInput, Unclear
from senter.messages.documents import AddFolder, Folder, ListFolders
from senter.messages.goals import ENDED, CreateGoal, GetGoal, GoalId, GoalReply, Status
from senter.messages.message import ComponentName
from senter.quoting.grounding import UNCHECKED
from tests.support.scripted_worker import ScriptedWorker
from tests.unit.components.task_engine.conftest import DOCUMENTS as TEXTS

ASKER = Manifest(sends=(AddFolder, ListFolders, CreateGoal, GetGoal))


@dataclass
class House:
    """Somebody who asks, and what answers."""

    bus: Bus
    folder: Path
    worker: ScriptedWorker

    async def name_folder(self) -> None:
        """Name the folder and wait until it is indexed."""
        await self.bus.request(AddFolder(path=str(self.folder)), timeout_seconds=5)
        async with asyncio.timeout(20):
            while any(found.busy or found.indexed_at is None for found in await self._folders()):
                await asyncio.sleep(0.02)

    async def _folders(self) -> tuple[Folder, ...]:
        return (await self.bus.request(ListFolders(), timeout_seconds=5)).folders

    async def do(self, text: str) -> GoalReply:
        """Ask for a goal and wait for its end."""
        asked = CreateGoal(text=text)
        goal = (await self.bus.request(asked, timeout_seconds=10)).goal
        async with asyncio.timeout(30):
            while (reply := await self._look(goal.id)).goal.status not in ENDED:
                await asyncio.sleep(0.05)
        return reply

    async def _look(self, goal_id: GoalId) -> GoalReply:
        return await self.bus.request(GetGoal(goal_id=goal_id), timeout_seconds=10)


@asynccontextmanager
async def house(home: Path) -> AsyncGenerator[House]:
    folder = home / "texts"
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    broker = MemoryBroker()
    async with AsyncExitStack() as stack:
        worker = ScriptedWorker(broker, RESEARCH)
        await worker.open()
        stack.push_async_callback(worker.close)
        bus = broker.bus(ComponentName("asker"), ASKER)
        stack.push_async_callback(bus.close)
        await stack.enter_async_context(run_component(DOCUMENTS, home / "senter", broker=broker))
        await stack.enter_async_context(run_component(TASK_ENGINE, home / "senter", broker=broker))
        yield House(bus, folder, worker)


def read(file: str) -> tuple[Path, str]:
    """The folder a file lies in, and its text."""
    return Path(file).parent, Path(file).read_text()


async def test_research_in_ones_own_documents_ends_in_a_verified_cited_file(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.name_folder()
        reply = await it.do("Research Python decorators and write me a summary")
    assert (reply.goal.status, reply.goal.error) == (Status.COMPLETED, "")
    assert reply.goal.executed and reply.goal.verified and reply.goal.delivered
    assert reply.planned_by == "rules"
    (result,) = reply.goal.results
    folder, text = read(result)
    assert folder == tmp_path / "senter" / "data" / "Focuses" / "research" / "results"
    for fact in ("returns another function", "version 2.4", "PEP 3129", "128"):
        assert fact in text
    assert str(it.folder / "decorators.md") in text
    assert "verified: true" in text


async def test_research_with_nothing_to_search_says_that_nothing_has_a_source(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        reply = await it.do("Research Python decorators and write me a summary")
    assert reply.goal.status is Status.FAILED
    assert "nothing will have a source" in reply.note
    assert reply.goal.error.startswith("Task 1 failed: Cannot do this: ")
    _, text = read(reply.goal.results[0])
    assert "nothing will have a source" in text
    assert UNCHECKED not in text


async def test_a_text_that_the_model_had_to_break_off_says_so(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        it.worker.finish_reason = "length"
        reply = await it.do("Write a poem about the sea")
    assert CUT_OFF in read(reply.goal.results[0])[1]


@pytest.mark.parametrize(
    "text",
    [
        "Send an email to anna@example.org",
        "Text Ana that I am late",
        "Could you call the dentist",
        "Please run the command ls",
        "Sort /srv/photos by face",
    ],
)
async def test_what_only_a_deed_would_meet_fails_where_nothing_can_do_it(tmp_path: Path, text: str) -> None:
    async with house(tmp_path) as it:
        reply = await it.do(text)
    assert reply.goal.status is Status.FAILED
    assert "Nothing was done" in reply.goal.error
    assert not reply.goal.executed


@pytest.mark.parametrize("text", ["Translate /srv/a.txt into German", "What is new in my inbox?"])
async def test_what_nobody_looked_at_is_not_answered(tmp_path: Path, text: str) -> None:
    async with house(tmp_path) as it:
        reply = await it.do(text)
    assert reply.goal.status is Status.FAILED
    assert "Nothing was looked at" in reply.goal.error


async def test_a_note_is_a_note(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        reply = await it.do("Note that we need milk")
    assert (reply.goal.status, reply.goal.verified) == (Status.COMPLETED, True)
    assert "we need milk" in Path(reply.goal.results[1]).read_text()


async def test_an_answer_that_no_machine_can_check_is_not_called_verified(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        reply = await it.do("Write a poem about the sea")
    assert (reply.goal.status, reply.goal.executed, reply.goal.verified) == (Status.PLEASE_LOOK, True, False)


async def test_a_reminder_without_a_time_is_asked_about_with_answers_to_choose_from(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        with pytest.raises(Unclear, match="water the plants") as asked:
            await it.do("Remind me to water the plants")
    assert "senter goal 'Remind me to water the plants" in asked.value.hint


async def test_a_deadline_is_said_in_words_and_one_that_cannot_be_met_is_refused(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        asked = CreateGoal(request_id="1", text="Research bread", deadline="in 2 hours")
        due = (await it.bus.request(asked, timeout_seconds=10)).goal.deadline
        assert due is not None
        for wrong in ("yesterday", "soon"):
            again = CreateGoal(request_id=wrong, text="Research bread", deadline=wrong)
            with pytest.raises(InvalidInput, match=wrong):
                await it.bus.request(again, timeout_seconds=10)
